"""What the people of a list agreed to; a no of theirs, and data they had erased, come before it."""

from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.delivery.hours import zone_or_utc
from campaigns.delivery.setwise import insert_new
from campaigns.jobs.import_rows import Portion
from contacts.addresses import address_hash
from contacts.importers.supporters_csv import Person
from contacts.models import Consent, Job, Purpose, Suppression
from contacts.models.suppression import ERASED


def agree(
    job: Job, portion: Portion, first: dict[str, Person], ids: dict[str, UUID], suppressed: set[str]
) -> None:
    """Write down what people agreed to, in the words they saw. A no they said since, or before, stays a no."""
    said = job.params.get("consent")
    if not said:
        return
    agreed = {canonical: pk for canonical, pk in ids.items() if first[canonical].agreed}
    for purpose in said["purposes"]:
        willing = agreed
        if purpose == Purpose.CONTACT and suppressed:
            willing = {canonical: pk for canonical, pk in agreed.items() if canonical not in suppressed}
        fresh = {
            canonical: pk
            for canonical, pk in willing.items()
            if portion.outcomes[first[canonical].row][0] == "created"
        }
        others = {pk: canonical for canonical, pk in willing.items() if canonical not in fresh}
        last: dict[UUID, bool] = {}
        if others:
            spoken = Consent.objects.filter(supporter__id__among=list(others), purpose=purpose).order_by("id")
            last = dict(spoken.values_list("supporter", "given"))
        people = [*fresh.values(), *(pk for pk in others if pk not in last)]
        insert_new(Consent, ["supporter"], [people], **consent_columns(job, purpose))
        for pk, given in last.items():
            if not given:
                portion.add(first[others[pk]].row, _("They said no before, and that holds."))
    for canonical in suppressed & set(agreed):
        portion.add(first[canonical].row, _("They asked never to be written to, and that holds."))


def consent_columns(job: Job, purpose: str) -> dict[str, object]:
    """A consent of this import, without whose it is."""
    said = job.params["consent"]
    day = date.fromisoformat(said["on"])
    return {
        "purpose": purpose,
        "given": True,
        "text": said["text"],
        "text_version": f"import {day:%Y-%m-%d}",
        "language": said["language"],
        "source": consent_source(job),
        "at": datetime.combine(day, time(12), tzinfo=zone_or_utc(job.organization.time_zone)),
    }


def consent_source(job: Job) -> str:
    """Where people of an import agreed, told apart from every other import."""
    return f"{job.params['consent']['source'][:90]} (import {job.pk.hex[:12]})"


def stopped(job: Job, canonicals: list[str]) -> tuple[set[str], set[str]]:
    """Those who asked not to be written to, and those of them whose data this organisation erased."""
    stops = Suppression.objects.filter(
        Q(organization=job.organization) | Q(organization__isnull=True)
    ).exclude(address_hash="")
    if not stops.exists():
        return set(), set()
    by_hash = {address_hash(canonical): canonical for canonical in canonicals}
    found = stops.filter(address_hash__among=list(by_hash)).values_list("address_hash", "reason")
    rows = [(by_hash[hashed], reason) for hashed, reason in found]
    return {canonical for canonical, _why in rows}, {canonical for canonical, why in rows if why == ERASED}
