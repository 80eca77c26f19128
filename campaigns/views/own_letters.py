"""A supporter's letters as their own pages show them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.actions.letters import EDITABLE
from campaigns.channels.base import Wording
from campaigns.delivery.addressees import Addressee, resolve
from campaigns.delivery.routes import wording
from campaigns.letters.compose import LetterText, letter_text
from campaigns.letters.history import Step, timeline
from campaigns.letters.reasons import TAKEN_BACK, last_reason
from campaigns.letters.tones import tone_of
from campaigns.letters.words import Circumstances, for_supporter, once_sent
from campaigns.models import Breaker, ChannelName, InboundMail, Letter, LetterState, Pledge
from contacts.clock import day_in, now
from contacts.models import Legislator

# States that are somebody else's words for what the reader of these pages did, or is to do.
_OF_YOURS: dict[tuple[str, str], object] = {
    (ChannelName.LINK, LetterState.QUEUED): gettext_lazy("Waits for you to send it"),
    (ChannelName.LINK, LetterState.SENT): gettext_lazy("Sent by you, as you told us"),
    (ChannelName.LINK, LetterState.SETTLED): gettext_lazy("Sent by you, as you told us"),
}


@dataclass
class OwnLetter:
    """One letter of a pledge as it is at a moment; a page that asks for one part of it makes no other."""

    letter: Letter
    holder: Legislator | None
    at: datetime
    known: Circumstances

    @cached_property
    def text(self) -> LetterText:
        """The exact letter with the words that stand in it when a page first asks."""
        return letter_text(self.letter, self.holder)

    @cached_property
    def wording(self) -> Wording:
        return wording(self.letter, self.holder)

    @property
    def words(self) -> str:
        return for_supporter(self.letter, self.at, self.known)

    @property
    def once_sent(self) -> str:
        """What its writer is told of it as soon as they send it."""
        return once_sent(self.letter, self.at, self.known)

    @property
    def is_for_nobody(self) -> bool:
        """Whether it can't be composed as it stands: it is written to nobody by name, and nobody holds its seat."""
        return self.holder is None and self.letter.state in EDITABLE

    @property
    def can_leave(self) -> bool:
        """Whether nothing but its hour keeps it; known of vacant seats before planning writes it on the letter."""
        return not (self.letter.is_stuck or self.is_for_nobody)

    @property
    def state(self) -> str:
        if self.letter.state == LetterState.READY and not self.can_leave:
            return _("Can’t leave yet")
        if self.letter.state == LetterState.WITHDRAWN:
            is_yours = last_reason(self.letter) == TAKEN_BACK
            return _("Taken back by you") if is_yours else pgettext("a letter", "Taken back")
        yours = _OF_YOURS.get((self.letter.channel, self.letter.state))
        return str(yours or self.letter.get_state_display())

    @property
    def tone(self) -> str:
        is_ready = self.letter.state == LetterState.READY
        return "warn" if is_ready and not self.can_leave else tone_of(self.letter)

    @property
    def steps(self) -> list[Step]:
        return timeline(self.letter)

    @property
    def can_withdraw(self) -> bool:
        return self.letter.state in Letter.WAITING


def letters_of(pledge: Pledge) -> list[OwnLetter]:
    """The pledge's letters, with all that became of them at hand."""
    answers = Prefetch("inbound", InboundMail.objects.answers().defer("raw"), "replies")
    return _own(pledge.letters.prefetch_related("history", "attempts", answers))


def editable_letters_of(pledge: Pledge) -> list[OwnLetter]:
    """Those that their writer can still change."""
    return _own(pledge.letters.filter(state__in=EDITABLE))


def leaving_letters_of(pledge: Pledge) -> list[OwnLetter]:
    """Those that have not left, and that their writer is done with."""
    waiting = pledge.letters.filter(state__in=Letter.WAITING).exclude(state=LetterState.DRAFT)
    return _own(waiting.prefetch_related("history"))


def _own(rows: QuerySet[Letter]) -> list[OwnLetter]:
    letters = list(
        rows.select_related("post__division", "post__chamber__jurisdiction", "version", "legislator", "drive")
        .select_related("pledge__campaign__organization", "pledge__campaign__measure", "question", "batch")
        .defer("batch__pdf", "batch__manifest")
        .order_by("version__group__order", "version__group__name", "post__label")
    )
    at = now()  # asked once for all of them
    if not letters:
        return []
    # Where each would go now, as a drive is planned.
    offices = resolve({letter.post for letter in letters}, letters[0].pledge.campaign, day_in("UTC", at))
    refusing = Breaker.objects.domains().filter(name__in={letter.domain for letter in letters})
    stopped = set(refusing.values_list("name", flat=True))
    return [
        OwnLetter(
            letter,
            letter.legislator or offices[letter.post_id].legislator,
            at,
            _circumstances(letter, offices[letter.post_id], letter.domain in stopped),
        )
        for letter in letters
    ]


def _circumstances(letter: Letter, office: Addressee, is_stopped: bool) -> Circumstances:
    way = None if office.problem else office.way_of(letter)
    return Circumstances(
        is_stopped=is_stopped,
        is_vacant=office.legislator is None,
        is_for_paper=way is not None and way.channel == ChannelName.PRINT,
        is_carried=way is not None and not way.route.is_timed,
    )


def said_once(letters: Iterable[OwnLetter], say: Callable[[OwnLetter], str]) -> list[tuple[str, list[str]]]:
    """Sentences with whom the letters are to that each is true of: what many letters share is read once."""
    found: dict[str, list[str]] = {}
    for own in letters:
        found.setdefault(say(own), []).append(own.text.to)
    return list(found.items())
