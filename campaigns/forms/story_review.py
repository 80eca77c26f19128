"""What a reviewer decides about a story."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.layout import SHORT
from campaigns.forms.letter import LongText

VERBS = {"approve", "changes", "decline"}


class StoryReviewForm(forms.Form):
    """Spans and words to black out, and what the writer is told."""

    black_words = LongText(
        label=_("Other words to black out"),
        required=False,
        max_length=2000,
        help_text=_("One a line, as they stand in the story. Every place where they stand is blacked out."),
        widget=forms.Textarea(attrs={**SHORT, "autocomplete": "off"}),
    )
    answer = LongText(
        label=_("To its writer"),
        required=False,
        max_length=2000,
        help_text=_(
            "They get it by mail when you hand the story back or decline it. Say what, and why, kindly."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, text: str, verb: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.verb = verb

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.verb in {"changes", "decline"} and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Write to them what to change, or why you decline it."))
        for line in self._lines(data):
            if line not in self.text:
                self.add_error(
                    "black_words", _("“%(words)s” does not stand in the story like this.") % {"words": line}
                )
                break
        return data

    def spans(self, chosen: list[str]) -> list[tuple[int, int]]:
        """Where to black out: findings that were chosen ("start-end"), and every place of the other words."""
        found = []
        for one in chosen:
            start, _dash, end = one.partition("-")
            if start.isdecimal() and end.isdecimal() and len(one) < 14:
                found.append((int(start), int(end)))
        for line in self._lines(self.cleaned_data):
            at = self.text.find(line)
            while at >= 0:
                found.append((at, at + len(line)))
                at = self.text.find(line, at + len(line))
        return found

    def _lines(self, data: dict[str, Any]) -> list[str]:
        return [line.strip() for line in data.get("black_words", "").split("\n") if line.strip()]
