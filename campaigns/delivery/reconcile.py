"""Evidence about uncertain letters from the relay's own log, before a person is asked.

Reads what Postfix writes (postfix/cleanup names a queue id and the Message-ID, postfix/qmgr says that the mail of
a queue id was taken over). A letter found is sent; one not found was never taken, but only where the log covers
the whole time in which the relay could have taken it.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from campaigns.channels.base import Accepted
from campaigns.delivery import ledger, results
from campaigns.delivery.results import Result
from campaigns.models import ChannelName, Letter, LetterState
from contacts.clock import now

# Traditional syslog has no year and no zone; RFC 5424's stamps have both.
_STAMP = re.compile(r"(\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) ")
_NAMED = re.compile(r"postfix[^ \[]*/cleanup\[\d+\]: ([0-9A-Za-z]+): (?:resent-)?message-id=(<[^>]*>)")
_TAKEN = re.compile(r"postfix[^ \[]*/qmgr\[\d+\]: ([0-9A-Za-z]+): from=<.*\(queue active\)")
MOST_AT_ONCE = 2000
# How far the relay's clock may be behind ours.
_SLACK = timedelta(minutes=1)


@dataclass
class RelayLog:
    """What the log says: the time it covers, and of each Message-ID the newest queue id it was taken over under, when
    it came in under that, and when the relay last took it up."""

    begins: datetime | None = None
    ends: datetime | None = None
    taken: dict[str, str] = field(default_factory=dict)
    came_at: dict[str, datetime] = field(default_factory=dict)
    taken_at: dict[str, datetime] = field(default_factory=dict)

    def has_since(self, identity: str, moment: datetime) -> bool:
        """Whether the relay took a letter over in a try that began then: an earlier one may have come back."""
        came = self.came_at.get(identity)
        return identity in self.taken and (came is None or came >= moment - _SLACK)

    @classmethod
    def read(cls, path: Path, wanted: set[str]) -> "RelayLog":
        """The log and the one rotated before it (`.1`), oldest first."""
        return cls.read_all([path.with_name(path.name + ".1"), path], wanted)

    @classmethod
    def read_all(cls, paths: list[Path], wanted: Container[str]) -> "RelayLog":
        """Several logs, oldest first. Memory grows with what is found of `wanted` only."""
        log = cls()
        named: dict[str, str] = {}
        came: dict[str, datetime] = {}
        for line in _lines(paths):
            if at := _time(line):
                log.begins = log.begins or at
                log.ends = at
            if (found := _NAMED.search(line)) and found[2] in wanted:
                named[found[1]] = found[2]
                if at:
                    came[found[1]] = at
            elif (found := _TAKEN.search(line)) and found[1] in named:
                identity = named[found[1]]
                log.taken[identity] = found[1]
                if at:
                    log.taken_at[identity] = at
                if found[1] in came:
                    log.came_at[identity] = came[found[1]]
        return log

    def covers(self, begin: datetime, end: datetime) -> bool:
        return self.begins is not None and self.ends is not None and self.begins <= begin and end <= self.ends


@dataclass
class Reconciled:
    sent: int = 0
    requeued: int = 0


def reconcile() -> Reconciled:
    """Settle uncertain letters by the relay's log, after a quiet time in which it could still have taken them."""
    done = Reconciled()
    if not settings.RELAY_LOG or not Path(settings.RELAY_LOG).exists():
        return done
    at, quiet = now(), timedelta(seconds=settings.RECONCILE_QUIET_SECONDS)
    letters = list(
        Letter.objects.filter(state=LetterState.UNCERTAIN, channel=ChannelName.EMAIL)
        .annotate(last_try=Max("attempts__started_at"), ended=Max("attempts__ended_at"))
        .filter(ended__lte=at - quiet)
        .order_by("ended")
        .values_list("pk", "lease_token", "message_id", "last_try", "ended")[:MOST_AT_ONCE]
    )
    if not letters:
        return done
    log = RelayLog.read(
        Path(settings.RELAY_LOG), {identity or "" for _pk, _token, identity, _try, _end in letters}
    )
    sent, never_taken = [], {}
    for pk, token, identity, last_try, ended in letters:
        if identity and log.has_since(identity, last_try):
            said = Accepted(250, f"the relay's log has it as {log.taken[identity]}", settings.EMAIL_HOST)
            sent.append(Result(pk, token, said, settings.EMAIL_HOST))
        elif log.covers(last_try, ended + quiet):
            never_taken[pk] = token
    done.sent = results.record_all(sent)
    done.requeued = ledger.put_back(never_taken, "the relay's log shows that it never took it", charged=False)
    return done


def _lines(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                yield from file


def _time(line: str) -> datetime | None:
    found = _STAMP.match(line)
    if found is None:
        return None
    try:
        if line[0].isdigit():
            at = datetime.fromisoformat(found[1])
            return at if at.tzinfo else at.replace(tzinfo=UTC)
        # No year is written: the latest in which it is not in the future. The relay's clock is taken to be in UTC.
        today = datetime.now(UTC)
        at = datetime.strptime(f"{today.year} {found[1]}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC)
        return at if at <= today + timedelta(days=1) else at.replace(year=today.year - 1)
    except ValueError:
        return None
