"""The rows of a list of people, read in portions from where the last one ended."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from campaigns.jobs import parts
from campaigns.jobs.engine import JobStopped
from contacts.importers.supporters_csv import Person, Plan, read
from contacts.importers.values import BadValue
from contacts.models import Job, JobPart

PORTION = 2000
MOST_ROWS = 1_000_000


@dataclass
class Portion:
    """The rows of a portion, with what became of each."""

    people: list[Person] = field(default_factory=list)
    outcomes: dict[int, tuple[str, str]] = field(default_factory=dict)
    read: int = 0

    def say(self, row: int, outcome: str, why: str = "") -> None:
        self.outcomes[row] = (outcome, why.replace("\0", ""))

    def add(self, row: int, why: str) -> None:
        """Say more of a row of which something was said."""
        outcome, before = self.outcomes[row]
        self.outcomes[row] = (outcome, f"{before} {why}".strip())

    @property
    def is_last(self) -> bool:
        return self.read < PORTION


def plan_of(job: Job) -> Plan:
    organization = job.organization
    return Plan(tuple(job.params["columns"]), organization.country, organization.language)


class Lines:
    """The lines of a list from a place in it on; `offset` is where the next one begins."""

    def __init__(self, job: Job, offset: int) -> None:
        self.offset = offset
        self._pieces = parts.pieces(job, JobPart.SOURCE, offset // parts.PIECE)
        self._skip = offset % parts.PIECE

    def __iter__(self) -> Iterator[str]:
        rest = b""
        for piece in self._pieces:
            found = (rest + piece[self._skip :]).split(b"\n")
            self._skip = 0
            rest = found.pop()
            for line in found:
                self.offset += len(line) + 1
                yield line.decode() + "\n"
        if rest:
            self.offset += len(rest)
            yield rest.decode()


def cells(source: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """The rows of a list, empty ones too. Raises JobStopped where it is no table any more."""
    try:
        yield from csv.reader(source, delimiter=delimiter, strict=False)
    except csv.Error as fault:
        raise JobStopped(_("The list can’t be read to its end: %(why)s") % {"why": fault}) from None


def next_rows(job: Job) -> Portion:
    """The next rows, each read or refused; the cursor moves behind them."""
    portion = Portion()
    source = Lines(job, job.cursor.get("offset", job.params["begins_at"]))
    row = job.cursor.get("row", 1)
    plan = plan_of(job)
    for found in cells(source, job.params["delimiter"]):
        row += 1
        portion.read += 1
        if "".join(found).strip():
            try:
                portion.people.append(read(found, row, plan))
            except BadValue as fault:
                portion.say(row, "refused", str(fault))
        if portion.read == PORTION:
            break
    if row > MOST_ROWS:
        raise JobStopped(_("The list has more than a million rows."))
    job.cursor = {**job.cursor, "offset": source.offset, "row": row}
    return portion
