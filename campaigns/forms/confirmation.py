"""What was ticked at signing, shown to the owner of the address before they confirm."""

from collections.abc import Collection

from django import forms
from django.utils.translation import get_language, override

from campaigns.actions.confirmations import LeftTicked, asked_in
from campaigns.actions.partner_consents import ticked_in
from campaigns.forms.consents import CONSENTS, SEND_UNTOUCHED
from campaigns.forms.partner_boxes import box, name_of, named_in
from campaigns.models import Pledge

_UNTOUCHED = "send_untouched"


class LeftTickedForm(forms.Form):
    """Each box is ticked as it was then, so that nobody has to choose twice; but it stands in its words right above
    the button, since it may have been a stranger who ticked it. What a page without these boxes sends is a no."""

    def __init__(self, pledge: Pledge) -> None:
        super().__init__()
        # Names of boxes, with the language of their words.
        self._own: list[tuple[str, str]] = []
        self._partners: list[tuple[str, str]] = []
        if pledge.send_untouched:
            self.fields[_UNTOUCHED] = _ticked(str(SEND_UNTOUCHED))
            self._own.append((_UNTOUCHED, get_language() or "en"))
        for one in asked_in(pledge):
            self.fields[one["purpose"]] = _ticked(one["text"])
            self._own.append((one["purpose"], one["language"]))
        for partner in ticked_in(pledge):
            name = name_of(partner.partnership)
            with override(partner.language):
                self.fields[name] = box(partner.partnership, partner.words, initial=True)
            self._partners.append((name, partner.language))

    def own(self) -> list[tuple[str, forms.BoundField]]:
        """What the campaign's organisation asks, each with the language of its words."""
        return [(language, self[name]) for name, language in self._own]

    def partners(self) -> list[tuple[str, forms.BoundField]]:
        """Partners who may write, the same."""
        return [(language, self[name]) for name, language in self._partners]


def _ticked(words: str) -> forms.BooleanField:
    return forms.BooleanField(label=words, required=False, initial=True)


def left_in(sent: Collection[str]) -> LeftTicked:
    """What was left ticked, by the names of what a page sent."""
    return LeftTicked(
        purposes=[purpose for purpose in CONSENTS if purpose in sent],
        partners=named_in(sent),
        send_untouched=_UNTOUCHED in sent,
    )
