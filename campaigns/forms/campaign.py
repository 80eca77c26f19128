from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaigns.channels.cwc import TOPICS
from campaigns.errors import UnknownMergeField
from campaigns.forms.layout import SHORT, InSections, Layout, day, moment
from campaigns.forms.offers import mark, offer
from campaigns.letters.compose import check
from campaigns.models import Campaign, ChannelName, OutcomeResult
from campaigns.models.channel import every_channel
from contacts.models import Organization
from policy.actions.issues import issue_slug
from policy.models import Issue, Measure
from policy.xml_text import carriable


def free_slug(title: str, others: QuerySet[Campaign]) -> str:
    """An address for a headline that none of the organisation's other campaigns has."""
    stem = slugify(title)[:50].rstrip("-") or "campaign"
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)


class CampaignForm(InSections, forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Letters may be written in others too; this one every target group needs."),
    )

    channel_choice = forms.MultipleChoiceField(
        label=_("Ways that letters may go"),
        choices=ChannelName.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each letter takes the first of them that reaches the office, in this order."),
    )
    first_channel = forms.ChoiceField(
        label=_("Try this way first"),
        choices=[("", _("In the order above")), *ChannelName.choices],
        required=False,
    )
    topic = forms.ChoiceField(
        label=_("Topic for the US Congress"),
        choices=[("", _("None")), *((topic, topic) for topic in TOPICS)],
        required=False,
        help_text=_("Congressional offices take no message without one (Communicating With Congress)."),
    )

    layout: ClassVar[Layout] = [
        (_("What it is about"), ["issue", "measure"]),
        (_("The page"), ["title", "ask", "why", "language goal", "slug"]),
        (_("How letters go"), ["channel_choice", "first_channel", "bundle_similar", "topic"]),
        (_("Calls"), ["call_script"]),
        (_("Signing"), ["ask_street", "allow_households", "minimum_age editing_minutes"]),
    ]

    class Meta:
        model = Campaign
        fields = [
            "issue",
            "measure",
            "title",
            "ask",
            "why",
            "language",
            "goal",
            "slug",
            "topic",
            "bundle_similar",
            "call_script",
            "ask_street",
            "allow_households",
            "minimum_age",
            "editing_minutes",
        ]
        widgets = {"ask": forms.Textarea(attrs={"rows": 2}), "why": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "measure": _("Without one, letters can't name a bill and stances don't count."),
            "ask": _("One sentence that a representative can say yes to."),
            "ask_street": _("Some offices answer only people whose street they know."),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        order = self.instance.channels or every_channel()
        self.initial.setdefault("channel_choice", order)
        if order != [name for name in every_channel() if name in order]:
            self.initial.setdefault("first_channel", order[0])
        offer(self, "issue", Issue.objects.filter(organization=organization), empty=_("Choose the issue"))
        measures = Measure.objects.filter(organization=organization)
        offer(self, "measure", measures, choices=self._measures_by_issue())
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _(
            "Lower-case letters, digits and hyphens. Made from the headline when empty."
        )
        for name in set(self.fields) - self.in_layout():
            del self.fields[name]

    def clean_goal(self) -> int:
        goal: int = self.cleaned_data["goal"]
        if goal < 1:
            raise forms.ValidationError(_("The goal is one person at least."))
        return goal

    def _measures_by_issue(self) -> list[tuple[Any, Any]]:
        """Every measure under the name of its issue, the chosen issue's first."""
        chosen = str(self["issue"].value() or "")
        measures = Measure.objects.filter(organization=self.organization).select_related("issue")
        groups: dict[Issue, list[tuple[Any, str]]] = {}
        for measure in sorted(measures, key=lambda one: (str(one.issue_id) != chosen, one.issue.title)):
            groups.setdefault(measure.issue, []).append((measure.pk, str(measure)))
        return [("", _("No measure")), *((issue.title, rows) for issue, rows in groups.items())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in {"title", "ask", "why"} & data.keys():
            data[name] = carriable(data[name])
        if "slug" in data:
            data["slug"] = data["slug"] or free_slug(data.get("title", ""), self._others())
            if self._others().filter(slug=data["slug"]).exists():
                self.add_error("slug", _("Another campaign of yours has this address."))
        if "channel_choice" in self.fields:
            self._order_channels(data)
        measure = data.get("measure")
        if measure and data.get("issue") and measure.issue_id != data["issue"].pk:
            self.add_error(
                "measure",
                _("This measure belongs to another issue: %(issue)s. Choose one of this issue, or none.")
                % {"issue": measure.issue.title},
            )
        return data

    def _order_channels(self, data: dict[str, Any]) -> None:
        """The ways that were chosen, first choice first."""
        chosen, first = data.pop("channel_choice", []), data.pop("first_channel", "")
        if first and first not in chosen:
            self.add_error("first_channel", _("This way is not among those that letters may go."))
        ordered = [name for name in every_channel() if name in chosen]
        data["channels"] = sorted(ordered, key=lambda name: name != first)
        if data.get("bundle_similar") and ChannelName.PRINT not in ordered:
            self.add_error("bundle_similar", _("A bundle is printed: let letters go by print as well."))

    def clean_call_script(self) -> str:
        script: str = self.cleaned_data["call_script"].replace("\r\n", "\n")
        try:
            check(script, office_fields=True)
        except UnknownMergeField as fact:
            raise forms.ValidationError(str(fact.message)) from None
        return script

    def _others(self) -> Any:
        return Campaign.objects.filter(organization=self.organization).exclude(pk=self.instance.pk)


class AskForm(CampaignForm):
    """The first step of a campaign: what it is about and what it asks. The rest has a beginning that works."""

    new_issue = forms.CharField(
        label=_("Or name a new issue"),
        required=False,
        max_length=160,
        help_text=_("The problem in a few words, such as “Waiting for mental health care”."),
    )

    layout: ClassVar[Layout] = [
        (_("What it is about"), ["issue", "new_issue", "measure"]),
        (_("The page"), ["title", "ask", "why", "goal slug"]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issue"].required = False
        mark(self, "issue", _("choose one or name a new one"))
        mark(self, "new_issue", _("needed if you choose none"))
        if not Issue.objects.filter(organization=self.organization).exists():
            del self.fields["issue"]
            self.fields["new_issue"].label = _("Issue")
            self.fields["new_issue"].required = True
            mark(self, "new_issue", "")
        if not Measure.objects.filter(organization=self.organization).exists():
            del self.fields["measure"]

    def clean_new_issue(self) -> str:
        title = carriable(self.cleaned_data["new_issue"])
        same = Issue.objects.filter(organization=self.organization, slug=issue_slug(title))
        if title and same.exists():
            raise forms.ValidationError(_("You have an issue with this title already."))
        return title

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        issue, new_issue = data.get("issue"), data.get("new_issue")
        if issue and new_issue:
            self.add_error("new_issue", _("Choose an issue or name a new one, not both."))
        elif not issue and not new_issue and not self.errors.keys() & {"issue", "new_issue"}:
            self.add_error("issue", _("Choose one or name a new one."))
        elif new_issue and data.get("measure"):
            self.add_error(
                "measure", _("A new issue has no measure yet. Choose none, or the measure's issue.")
            )
        return data


class SigningForm(CampaignForm):
    """The step about the pledge form: its language, what it asks, and how the letters go."""

    layout: ClassVar[Layout] = [
        (_("The pledge form"), ["language", "ask_street", "allow_households", "minimum_age editing_minutes"]),
        *CampaignForm.layout[2:4],
    ]


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Headline of the copy"), max_length=140)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "title" in data:
            data["title"] = carriable(data["title"])
            data["slug"] = free_slug(data["title"], Campaign.objects.filter(organization=self.organization))
        return data


class OpeningForm(forms.Form):
    opens_at = forms.DateTimeField(
        label=_("Day and hour"),
        help_text=_("On your organisation’s clock."),
        widget=moment(),
    )


class GiveBackForm(forms.Form):
    reason = forms.CharField(
        label=_("What should be changed"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs=SHORT),
    )


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[("", _("Not known yet")), *OutcomeResult.choices],
        required=False,
        help_text=_("What you say here is published at once. You can also write it later, as a draft."),
    )
    outcome_text = forms.CharField(
        label=_("What changed"),
        required=False,
        max_length=10_000,
        help_text=_("Markdown; shown on the page."),
        widget=forms.Textarea(attrs=SHORT),
    )
    outcome_on = forms.DateField(label=_("Day of the outcome"), required=False, widget=day())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("outcome") and (data.get("outcome_on") or data.get("outcome_text")):
            self.add_error("outcome", _("Say what came of it, or leave its text and day out."))
        return data
