"""A window's letters on their way to the relay, over one connection of the worker or over several at once."""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from types import TracebackType
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import connection

from campaigns.channels.base import ChannelTrouble, Outcome
from campaigns.channels.email import Envelope, SmtpSession
from campaigns.channels.provider import ProviderSession
from campaigns.channels.relay import Relay
from campaigns.delivery.lease_clock import LeaseClock
from campaigns.delivery.ledger import Claimed
from campaigns.delivery.results import Result
from campaigns.delivery.spool import Mark, WindowFile

# Fewer letters than this are not worth another connection.
LETTERS_A_CONNECTION = 2


Session = SmtpSession | ProviderSession


def new_session() -> Session:
    """A way to the relay, or to the mail service that stands in its place."""
    if settings.MAIL_PROVIDER:
        return ProviderSession(settings.MAIL_PROVIDER)
    return SmtpSession(Relay.from_settings())


class Connections:
    """A worker's connections to the relay, as a context manager; raises ConnectFailed and AuthFailed.

    The first is made on entering, so that a login that is refused touches no letter; the others when a window has
    letters for them. More than one pays where the relay is far away: each waits for its own answers.
    """

    def __init__(self) -> None:
        self.sessions = [new_session() for _ in range(settings.SMTP_CONNECTIONS_PER_WORKER)]
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as begun:
            begun.enter_context(self.sessions[0])
            for session in self.sessions[1:]:
                begun.callback(session.close)
            # Its threads end before the connections they use are closed.
            self._pool = begun.enter_context(ThreadPoolExecutor(len(self.sessions)))
            self._ends = begun.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def hand_over(
        self,
        spool: WindowFile,
        clock: LeaseClock,
        claims: Sequence[Claimed],
        allowed: Sequence[Claimed],
        envelopes: Mapping[UUID, Envelope],
    ) -> tuple[list[Result], ChannelTrouble | None]:
        """The allowed letters through their phases, as far as lease, time and the relay let them.

        `claims` are all letters of the spool, in its order. Gives what was seen, and the first trouble that ended
        a connection before a letter of its own.
        """
        window = _Window(spool, clock, claims, allowed, envelopes)
        used = self.sessions[: -(-len(allowed) // LETTERS_A_CONNECTION)]
        if len(used) == 1:
            window.hand_over(used[0])
        else:
            working = [self._pool.submit(window.work_through, session) for session in used]
            # Whatever one of them meets with: the spool is not left before all are back.
            wait(working)
            for one in working:
                one.result()
        return window.seen, window.trouble


class _Window:
    """What the connections of a worker share while they work through a window."""

    def __init__(
        self,
        spool: WindowFile,
        clock: LeaseClock,
        claims: Sequence[Claimed],
        allowed: Sequence[Claimed],
        envelopes: Mapping[UUID, Envelope],
    ) -> None:
        self.spool, self.clock, self.envelopes = spool, clock, envelopes
        self.places = {claim.pk: place for place, claim in enumerate(claims)}
        self.waiting = deque(allowed)
        self.seen: list[Result] = []
        self.trouble: ChannelTrouble | None = None

    def work_through(self, session: Session) -> None:
        """In a thread of its own, which leaves no connection to the database behind."""
        try:
            self.hand_over(session)
        finally:
            connection.close()

    def hand_over(self, session: Session) -> None:
        """One letter after the other over this connection, until none waits."""
        claim = self._next()
        while claim is not None:
            place = self.places[claim.pk]
            if self.clock.out_of_time():
                break
            self.spool.mark(place, Mark.TALKING)
            try:
                outcome: Outcome | None = session.begin(self.envelopes[claim.pk], claim.raw)
            except ChannelTrouble as trouble:
                self.spool.mark(place, Mark.WAITING)
                self.trouble = self.trouble or trouble
                break
            following = self._next()
            if outcome is None:
                self.spool.mark(place, Mark.DOT)
                # After the mark: a worker that was frozen sees here that its letters are no longer its own.
                if not self.clock.good():
                    session.abandon()
                    self.spool.mark(place, Mark.WAITING)
                    break
                try:
                    outcome = session.finish(self.envelopes[following.pk] if following else None)
                except ChannelTrouble as trouble:
                    # The other side never heard of the letter (a mail service; a relay says so before the dot).
                    self.spool.mark(place, Mark.WAITING)
                    self.trouble = self.trouble or trouble
                    break
            self.spool.answer(place, outcome, session.host)
            self.seen.append(Result(claim.pk, claim.token, outcome, session.host))
            claim = following

    def _next(self) -> Claimed | None:
        try:
            return self.waiting.popleft()
        except IndexError:
            return None
