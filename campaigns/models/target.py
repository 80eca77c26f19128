import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from contacts.models import Chamber, Post


class TargetGroup(models.Model):
    """Whom one letter is for: rules, not a list. The first group in order that holds a target takes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="target_groups")
    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    is_fallback = models.BooleanField(
        _("fallback"), default=False, help_text=_("Only for supporters whom no other group gives a target.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name"], name="target_group_name_once")]
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class RuleKind(models.TextChoices):
    MY_REPRESENTATIVES = "my_representatives", _("The supporter's own representatives in a chamber")
    COMMITTEE = "committee", _("Members of a committee")
    FIXED = "fixed", _("One post")
    UNDECIDED = "undecided", _("Members of a chamber whose stance on the measure is undecided or unknown")


class TargetRule(models.Model):
    """One rule of a group; excluding rules take away what the others give."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(TargetGroup, on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField(_("rule"), max_length=20, choices=RuleKind)
    chamber = models.ForeignKey(
        Chamber,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("chamber or committee"),
    )
    post = models.ForeignKey(
        Post, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("post")
    )
    exclude = models.BooleanField(_("leave out instead"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RuleKind.values), name="target_rule_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="fixed", post__isnull=False, chamber__isnull=True)
                | (~Q(kind="fixed") & Q(chamber__isnull=False, post__isnull=True)),
                name="target_rule_names_its_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{'not ' if self.exclude else ''}{self.kind}"


class LetterVersion(models.Model):
    """What is suggested to supporters for one target group and language. Fields are `{{name}}` from a whitelist."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(TargetGroup, on_delete=models.CASCADE, related_name="versions")
    language = models.CharField(_("language"), max_length=10, default="en")
    subject = models.CharField(_("subject"), max_length=140)
    salutation = models.CharField(
        _("salutation"), max_length=120, default="Dear {{title}} {{representative}},"
    )
    opening = models.TextField(_("opening"))
    talking_points = models.TextField(
        _("talking points"), blank=True, help_text=_("One a line; shown as prompts beside the editor.")
    )
    closing = models.TextField(_("closing"))
    # What its `{{evidence:…}}` fields said when it was saved.
    cited = models.JSONField(default=dict, blank=True, editable=False)
    # Another subject on trial: what share of new letters gets it, and whose letters are compared with the first's.
    second_subject = models.CharField(_("second subject"), max_length=140, blank=True, default="")
    second_share = models.PositiveSmallIntegerField(
        _("share that gets the second subject"), default=0, help_text=_("Of a hundred who write.")
    )
    # The first subject that letters are, or were, compared under; the second can't change without another beginning.
    compared_subject = models.CharField(max_length=140, blank=True, default="", editable=False)
    compared_from = models.DateTimeField(null=True, blank=True, editable=False)
    compared_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "language"], name="letter_version_once_per_language"),
            models.CheckConstraint(
                condition=Q(second_share=0) | Q(second_share__lte=100) & ~Q(second_subject=""),
                name="letter_version_share_has_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_tried(self) -> bool:
        """Whether some who write get the second subject, and some the first."""
        return 0 < self.second_share < 100
