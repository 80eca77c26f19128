"""Places by what people and files call them."""

from contacts.models import Division

_AT_A_TIME = 500


def places_named(names: set[str], country: str) -> dict[str, list[Division]]:
    """What each Open Civic Data id or name may mean: ids anywhere, names in one country. A few queries."""
    ids = sorted(name for name in names if name.startswith("ocd-division/"))
    words = sorted(names - set(ids))
    found: dict[str, list[Division]] = {}
    for start in range(0, len(ids), _AT_A_TIME):
        for division in Division.objects.filter(ocd_id__in=ids[start : start + _AT_A_TIME]):
            found[division.ocd_id] = [division]
    for start in range(0, len(words), _AT_A_TIME):
        chunk = words[start : start + _AT_A_TIME]
        for division in Division.objects.filter(country=country, name__in=chunk).order_by("ocd_id"):
            found.setdefault(division.name, []).append(division)
    return found
