import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour as # and six hexadecimal digits."))
# A sending domain becomes part of mail headers: letters, digits, dots and hyphens only.
mail_domain = RegexValidator(
    r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$", _("Enter a domain name.")
)


class Organization(models.Model):
    """An advocacy organisation; the wall between what it knows and what others know."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    about = models.TextField(_("about"), blank=True)
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("public mail address"))
    mail_domain = models.CharField(_("sending domain"), max_length=120, validators=[mail_domain])
    postal_address = models.TextField(_("postal address"), blank=True)
    privacy_url = models.URLField(_("privacy notice"), blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, default="#0b6e5f", validators=[hex_colour])
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    country = models.CharField(_("country"), max_length=2, default="us")
    retention_days = models.PositiveIntegerField(_("days to keep data after a campaign ends"), default=730)
    evidence_days = models.PositiveIntegerField(
        _("days after which a figure is old"),
        default=730,
        help_text=_("Figures published longer ago are flagged where they are used."),
    )
    second_person_opens = models.BooleanField(
        _("a second person looks before a campaign opens"),
        default=False,
        help_text=_("Whoever asks for the review can't open it; another owner or organizer does."),
    )
    resource_days = models.PositiveIntegerField(
        _("days after which help is no longer shown"),
        default=180,
        validators=[MinValueValidator(7), MaxValueValidator(1825)],
        help_text=_(
            "A helpline or service that nobody verified for so long is hidden until somebody does. "
            "The list of helplines says which are near it."
        ),
    )
    # Sites whose pages may show our forms, as origins: https://www.example.org.
    embed_origins = models.JSONField(default=list, blank=True)
    is_partner_only = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(resource_days__gte=7), name="organization_hides_help_in_time")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RoleName(models.TextChoices):
    OWNER = "owner", _("Owner")
    ORGANIZER = "organizer", _("Organizer")
    STAFF = "staff", _("Staff")
    REVIEWER = "reviewer", _("Reviewer")


class RoleQuerySet(models.QuerySet["Role"]):
    def of(self, user_id: object) -> Self:
        return self.filter(user_id=user_id).select_related("organization")


class Role(models.Model):
    """What a person may do in one organisation; several rows for several roles."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey("contacts.User", on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=12, choices=RoleName)
    created_at = models.DateTimeField()

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user", "name"], name="role_once_per_person"),
            models.CheckConstraint(condition=Q(name__in=RoleName.values), name="role_name_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.organization_id}"
