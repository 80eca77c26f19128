"""Postal code areas, their districts and the House's seats from rows, set-wise."""

from uuid import UUID

from django.db import transaction

from contacts.importers.difference import Difference, Endings
from contacts.importers.load_places import BATCH, save_chambers, save_divisions, save_jurisdiction
from contacts.importers.statistics import count_again
from contacts.importers.us_congress import COUNTRY_CODE, HOUSE, JURISDICTION, district_row, house_seat, places
from contacts.importers.us_places import district_id
from contacts.importers.zip_districts import ZipDistricts, counts
from contacts.models import Division, Post, PostalArea

_AREAS = 5000


def load_zip_districts(
    found: ZipDistricts, endings: Endings | None = None
) -> tuple[dict[str, int], Difference]:
    """Store areas, districts and House seats; areas the file no longer names are taken out.

    A seat made here is vacant until an import of people says who holds it. Raises TooManyEndings when so
    many areas are missing that the file is more likely cut short.
    """
    difference = Difference()
    endings = endings or Endings(allowed=not found.bad)
    districts = sorted(found.districts)
    with transaction.atomic():
        rows = places() + [district_row(state, number) for state, number in districts if number]
        divisions = save_divisions(rows, difference)
        jurisdiction = save_jurisdiction(JURISDICTION, divisions, difference)
        house = save_chambers([HOUSE], jurisdiction, "", difference)[HOUSE.code]
        seated = set(Post.objects.filter(chamber=house).values_list("division__ocd_id", flat=True))
        seats = [house_seat(state, number) for state, number in districts]
        vacant = [
            Post(chamber=house, division=divisions[seat.division], role=seat.role, label=seat.label)
            for seat in seats
            if seat.division not in seated
        ]
        for post in vacant:
            difference.create(f"post {post.label}")
        Post.objects.bulk_create(vacant, batch_size=BATCH)
        ids = {place: divisions[district_id(*place)].pk for place in districts}
        _save_areas(
            {(code, ids[place]) for code, where in found.areas.items() for place in where},
            endings,
            difference,
        )
        count_again(Division, Post, PostalArea)
    return counts(found), difference


def _save_areas(wanted: set[tuple[str, UUID]], endings: Endings, difference: Difference) -> None:
    known = {
        (code, division): pk
        for pk, code, division in PostalArea.objects.filter(country=COUNTRY_CODE).values_list(
            "pk", "code", "division"
        )
    }
    gone = [known[key] for key in known.keys() - wanted]
    if gone and endings.allowed:
        endings.check(len(gone), len(known), "postal areas")
        for start in range(0, len(gone), _AREAS):
            PostalArea.objects.filter(pk__in=gone[start : start + _AREAS]).delete()
        difference.end(f"{len(gone):,} postal areas", len(gone))
    new = sorted(wanted - known.keys(), key=str)
    if new:
        PostalArea.objects.bulk_create(
            (PostalArea(country=COUNTRY_CODE, code=code, division_id=division) for code, division in new),
            batch_size=_AREAS,
        )
        difference.create(f"{len(new):,} postal areas", len(new))
