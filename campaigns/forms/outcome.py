from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import InSections, Layout, day
from campaigns.forms.offers import offer
from campaigns.models import Campaign, Outcome
from contacts.clock import today
from contacts.models import Legislator
from policy.models import Evidence, MeasureEvent
from policy.moved import Move, moves_of
from policy.words import labelled
from policy.xml_text import carriable


def in_words(move: Move) -> str:
    """Undecided → Supports, or what is not known of it."""
    before = move.before.get_level_display() if move.before else _("not known before")
    after = move.after.get_level_display()
    return f"{before} → {after}"


class OutcomeForm(InSections, forms.ModelForm):
    """What came of a campaign. What it links to is offered from what was recorded of its measure and its issue."""

    reason = forms.CharField(
        label=_("What you correct, and why"),
        max_length=240,
        help_text=_("Readers are told, with today’s date."),
    )

    layout: ClassVar[Layout] = [
        (_("What came of it"), ["result on", "headline", "changed", "learned"]),
        (_("What it rests on"), ["events", "legislators", "evidence"]),
        (_("The correction"), ["reason"]),
    ]

    class Meta:
        model = Outcome
        fields = [*Outcome.WORDS, "events", "legislators", "evidence"]
        widgets = {
            "on": day(),
            "changed": forms.Textarea(attrs={"rows": 8}),
            "learned": forms.Textarea(attrs={"rows": 6}),
            **dict.fromkeys(("events", "legislators", "evidence"), forms.CheckboxSelectMultiple),
        }
        help_texts = {
            "legislators": _(
                "Their stances before the campaign began and on the day of the outcome stand on the page, as recorded."
            ),
            "evidence": _("Figures with their sources."),
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.today = today(campaign.organization.time_zone or "UTC")
        if self.instance.published_at is None:
            del self.fields["reason"]
        self.fields["headline"].required = True
        measure = campaign.measure
        events = MeasureEvent.objects.none()
        moves: list[Move] = []
        if measure is not None:
            events = MeasureEvent.objects.standing().filter(measure=measure).order_by("on", "id")
            moves = moves_of(measure, campaign.began_on, self.today)
        self._offer("events", events, [(one.pk, self._event(one)) for one in events])
        people = Legislator.objects.filter(pk__in=[move.legislator.pk for move in moves])
        self._offer(
            "legislators",
            people,
            [(move.legislator.pk, labelled(move.legislator.name, in_words(move))) for move in moves],
        )
        evidence = Evidence.objects.filter(issue=campaign.issue)
        said = [(one.pk, labelled(one.claim, f"{one.said} ({one.source_title})")) for one in evidence]
        self._offer("evidence", evidence, said)

    def _offer(self, name: str, rows: Any, choices: list[tuple[Any, str]]) -> None:
        if not choices:
            del self.fields[name]
            return
        offer(self, name, rows, choices=choices)

    @staticmethod
    def _event(event: MeasureEvent) -> str:
        note = f": {event.note}" if event.note else ""
        return f"{event.on:%Y-%m-%d} · {event.get_kind_display()}{note}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in {"headline", "changed", "learned", "reason"} & data.keys():
            data[name] = carriable(data[name])
        if "on" in data and data["on"] > self.today:
            self.add_error("on", _("This day has not come yet."))
        return data
