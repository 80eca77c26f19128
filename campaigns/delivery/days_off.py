"""A drive and a chamber → the days on which its offices get no letters: public holidays and the chamber's recess."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from campaigns.delivery.hours import HORIZON
from campaigns.models import Drive
from contacts.models import Chamber, Recess
from contacts.public_holidays import holidays_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class DayOff:
    """Days off in a row with their name; `is_recess` tells a chamber's recess from a public holiday."""

    first: date
    last: date
    name: str
    is_recess: bool


class DaysOff:
    """Asks for holidays and recesses only if the drive heeds them; one query for all recesses."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive
        # A day further on both sides: no office's date is more than one away from that of UTC.
        self.first = drive.starts_at.date() - ONE_DAY
        self.last = min(drive.ends_at, drive.starts_at + HORIZON).date() + ONE_DAY
        self._closed: dict[UUID, tuple[date, ...]] = {}
        self._recesses: dict[UUID, list[Recess]] | None = None

    def of(self, chamber: Chamber) -> tuple[date, ...]:
        """The days off of a chamber's offices, in order."""
        if chamber.pk not in self._closed:
            days = {day for off in self.named(chamber) for day in _days(off)}
            self._closed[chamber.pk] = tuple(sorted(day for day in days if self.first <= day <= self.last))
        return self._closed[chamber.pk]

    def named(self, chamber: Chamber) -> list[DayOff]:
        """The same with their names."""
        found = []
        if self.drive.skips_holidays:
            place = chamber.jurisdiction.division.ocd_id
            for day, name in holidays_of(place, self.first, self.last).items():
                found.append(DayOff(day, day, name, is_recess=False))
        if self.drive.skips_recess:
            # A committee rests with its chamber.
            for pk in filter(None, (chamber.pk, chamber.parent_id)):
                for recess in self._by_chamber().get(pk, ()):
                    found.append(DayOff(recess.starts_on, recess.ends_on, recess.name, is_recess=True))
        return sorted(found)

    def _by_chamber(self) -> dict[UUID, list[Recess]]:
        if self._recesses is None:
            self._recesses = {}
            kept = Recess.objects.filter(organization=self.drive.campaign.organization_id)
            for recess in kept.touching(self.first, self.last):
                self._recesses.setdefault(recess.chamber_id, []).append(recess)
        return self._recesses


def _days(off: DayOff) -> Iterable[date]:
    return (off.first + n * ONE_DAY for n in range((off.last - off.first).days + 1))
