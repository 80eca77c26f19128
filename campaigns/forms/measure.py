from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import SHORT, InSections, Layout, day
from campaigns.forms.offers import offer
from contacts.models import Chamber, Jurisdiction, Legislator, Level
from policy.models import (
    MILESTONES,
    Issue,
    Measure,
    MeasureEvent,
    RelatedMeasure,
    Sponsorship,
)


class JurisdictionForm(forms.Form):
    """A government that no import brought: a town, a region, a body of several countries."""

    name = forms.CharField(
        label=_("Name"), max_length=160, help_text=_("E.g. Harbour Town Council, or World Health Assembly.")
    )
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    division = forms.CharField(
        label=_("Open Civic Data id of its place"),
        max_length=200,
        required=False,
        help_text=_(
            "E.g. ocd-division/country:us/state:vt/place:burlington. Only a body of several countries goes without."
        ),
    )
    time_zone = forms.CharField(label=_("Time zone"), max_length=60, help_text=_("E.g. America/New_York."))


class MeasureForm(InSections, forms.ModelForm):
    layout: ClassVar[Layout] = [
        (_("As published"), ["jurisdiction", "kind", "identifier session", "title", "url", "vote_on"]),
        (_("What you say about it"), ["issue", "summary", "position since", "reasons"]),
    ]
    since = forms.DateField(
        label=_("Position since"),
        required=False,
        widget=day(),
        help_text=_("Today when empty. Earlier positions stay in the history."),
    )

    class Meta:
        model = Measure
        fields = [
            "jurisdiction",
            "kind",
            "identifier",
            "session",
            "title",
            "url",
            "vote_on",
            "issue",
            "summary",
            "position",
            "reasons",
        ]
        widgets = {
            "vote_on": day(),
            "summary": forms.Textarea(attrs=SHORT),
            "reasons": forms.Textarea(attrs=SHORT),
        }
        help_texts = {
            "vote_on": _("Leave it empty while no date is set."),
            "jurisdiction": _("Not in the list? Save nothing yet: add it from the list of measures."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = self.instance.organization
        offer(self, "issue", Issue.objects.filter(organization=organization), empty=_("Choose the issue"))
        everybody = Jurisdiction.objects.order_by("level", "name")
        offer(self, "jurisdiction", everybody, empty=_("Choose whose measure it is"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = Measure.objects.filter(
            organization=self.instance.organization,
            jurisdiction=data.get("jurisdiction"),
            session=data.get("session", ""),
            identifier=data.get("identifier", ""),
        ).exclude(pk=self.instance.pk)
        if data.get("jurisdiction") and same.exists():
            self.add_error("identifier", _("You follow this measure already."))
        return data


def chambers_of(measure: Measure) -> Any:
    """The chambers and committees in which something can happen to a measure."""
    chambers = Chamber.objects.filter(jurisdiction=measure.jurisdiction_id, ended_on__isnull=True)
    return chambers.order_by("name", "pk")


class MeasureEventForm(forms.ModelForm):
    class Meta:
        model = MeasureEvent
        fields = ["kind", "on", "chamber", "note", "source_url"]
        widgets = {"on": day()}
        help_texts = {"source_url": _("The official page or record that says so.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", choices=MILESTONES, empty=_("Choose what happened"))
        offer(self, "chamber", chambers_of(self.instance.measure), empty=_("None in particular"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = self.instance.measure.events.filter(
            kind=data.get("kind", ""), on=data.get("on"), note=data.get("note", ""), strikes__isnull=True
        )
        if data.get("on") and not self.instance.strikes_id and same.exists():
            raise forms.ValidationError(_("This milestone is there already."))
        return data


class StrikeForm(MeasureEventForm):
    """Why a milestone was wrong, and what is right instead; without a kind it did not happen at all."""

    field_order = ["reason", "source_url", "kind", "on", "chamber", "note"]

    class Meta(MeasureEventForm.Meta):
        fields = ["reason", "source_url", "kind", "on", "chamber", "note"]
        help_texts = {
            "reason": _("Kept beside the struck milestone for everybody to read."),
            "source_url": _("The official page or record that says what is right."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["kind"].required = self.fields["on"].required = False
        self.fields["kind"].label = _("What is right instead")
        offer(self, "kind", choices=MILESTONES, empty=_("Nothing: it did not happen"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") and not data.get("on"):
            self.add_error("on", _("Say on which day."))
        return data


class SponsorForm(forms.ModelForm):
    class Meta:
        model = Sponsorship
        fields = ["legislator", "name", "kind"]
        labels = {"legislator": _("Legislator")}
        help_texts = {"name": _("Only for somebody who is not in the list: as published.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = self.instance.measure
        sitting = Q(memberships__chamber__jurisdiction=measure.jurisdiction_id)
        people = Legislator.objects.filter(sitting, memberships__post__isnull=False).distinct()
        people = people.order_by("family_name", "name", "pk")
        offer(self, "legislator", people, empty=_("Choose the legislator"))
        self.fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("legislator") and not data.get("name"):
            self.add_error("legislator", _("Choose a legislator or write a name."))
        return data


class RelatedMeasureForm(forms.ModelForm):
    class Meta:
        model = RelatedMeasure
        fields = ["kind", "other"]
        labels = {"other": _("Measure")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure = self.instance.measure
        others = Measure.objects.filter(organization=measure.organization_id).exclude(pk=measure.pk)
        offer(self, "other", others, empty=_("Choose the other measure"))
