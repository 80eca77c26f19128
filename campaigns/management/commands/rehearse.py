"""`manage.py rehearse DRIVE`: the whole plan of a drive at the terminal. Nothing is changed."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from campaigns.delivery.hours import zone_or_utc
from campaigns.delivery.rehearsal import OfficePlan, Rehearsal, as_data, rehearse
from campaigns.models import Drive

_BAR = 40  # characters of the fullest hour's bar


class Command(BaseCommand):
    help = "Show when each letter of a drive would leave, by the functions that plan the sending."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("drive", help="the drive's id, as in its address in the console")
        parser.add_argument("--json", action="store_true", help="the whole plan for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        drive = _drive(options["drive"])
        plan = rehearse(drive)
        if options["json"]:
            self.stdout.write(json.dumps({"drive": drive.pk, **as_data(plan)}, cls=DjangoJSONEncoder))
        else:
            self.stdout.write("\n".join(_lines(drive, plan)))


def _drive(name: str) -> Drive:
    drives: QuerySet[Drive] = Drive.objects.select_related("campaign__organization", "campaign__measure")
    try:
        return drives.get(pk=UUID(name))
    except (ValueError, Drive.DoesNotExist) as fault:
        raise CommandError(f"There is no drive {name}.") from fault


def _lines(drive: Drive, plan: Rehearsal) -> list[str]:
    zone = zone_or_utc(drive.campaign.organization.time_zone).key
    lines = [
        f"{drive.campaign}, {drive.name}: {plan.planned:,} letters to {len(plan.by_office):,} offices",
        *(
            ["  a test: planned as if real; in test mode all go to the organizer at once"]
            if plan.of_tests
            else []
        ),
        f"  begins       {_moment(plan.start, zone)}",
        f"  last letter  {_moment(plan.last_at, zone)}",
        f"  last moment  {_moment(plan.deadline, zone)}",
        f"  too late     {plan.too_late:,}",
        *(f"    {n:,}: {reason}" for reason, n in plan.reasons_in_words),
        f"  being written                   {plan.being_written:,}",
        f"  supporters without a letter     {plan.unmatched_supporters:,}",
        f"  offices overloaded              {len(plan.overloaded):,}",
        f"  offices without a contact point {len(plan.without_contact):,}",
        f"  vacant seats                    {len(plan.vacant):,}",
    ]
    for title, names in [("Without a contact point", plan.without_contact), ("Vacant seats", plan.vacant)]:
        if names:
            lines += ["", title, *(f"  {name}" for name in names)]
    if plan.days_off:
        lines += ["", "Days without letters"]
        for chamber, days in plan.days_off:
            lines += [f"  {chamber}", *(f"    {d.first} to {d.last}  {d.name}" for d in days)]
    if plan.by_hour:
        most = max(n for _hour, n in plan.by_hour)
        lines += ["", f"Letters by hour ({zone})"]
        lines += [
            f"  {_moment(hour, zone)}  {n:>7,}  {'#' * -(-n * _BAR // most)}" for hour, n in plan.by_hour
        ]
    if plan.by_office:
        lines += ["", "By office, on its own clock: letters, fullest hour, last letter, last moment"]
        lines += [_office(office, plan.deadline) for office in plan.by_office]
    return lines


def _office(office: OfficePlan, deadline: datetime) -> str:
    hour, most = office.busiest or (None, 0)
    said = f"  {office.label} ({office.zone}): {office.letters:,}"
    if hour:
        said += f", {most:,} from {_moment(hour, office.zone)}, last {_moment(office.last_at, office.zone)}"
    said += f", until {_moment(deadline, office.zone)}"
    if office.too_late:
        said += f", {office.too_late:,} TOO LATE"
    return said + (", OVERLOADED" if office.is_overloaded else "")


def _moment(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}" if at else "none"
