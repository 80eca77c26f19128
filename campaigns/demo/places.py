"""An invented region with its government: Northmere, in the invented country with the code zz."""

from datetime import date

from contacts.importers.load import load
from contacts.importers.rows import (
    ChamberRow,
    CommitteeMemberRow,
    DivisionRow,
    JurisdictionRow,
    OfficeRow,
    PersonRow,
    SeatRow,
    Source,
)
from contacts.models import Chamber, Division, Jurisdiction, Post, PostalArea

COUNTRY = "zz"
SCOPE = "demo:northmere"
NATION = "ocd-division/country:zz"
REGION = f"{NATION}/region:northmere"
JURISDICTION = "ocd-jurisdiction/country:zz/region:northmere/government"
TERM_BEGAN, TERM_ENDS = date(2025, 1, 13), date(2029, 1, 12)

SENATE_PLACES = ["Coast", "Estuary", "Lakes", "Uplands", "Valleys", "Larkhaven"]
# Each district of the House of Delegates: its town; four of them lie in each district of the Senate.
TOWNS = [
    "Saltmouth",
    "Gull Point",
    "Brightstrand",
    "Oyster Quay",
    "Marrow Bay",
    "Reedham Cross",
    "Tidewell",
    "Ferrygate",
    "Stillmere",
    "Heronsford",
    "Alderwater",
    "Cray Island",
    "Highfell",
    "Brackenholm",
    "Windmoor",
    "Staglow",
    "Ashvale",
    "Millbeck",
    "Thornley",
    "Applegarth",
    "Larkhaven North",
    "Larkhaven Market",
    "Larkhaven Docks",
    "Larkhaven Hill",
]
VACANT_DISTRICT = 18
# This postal code lies in two districts (and in two districts of the Senate): the site has to ask.
SPLIT_CODE, SPLIT_BETWEEN = "10130", (8, 9)
COMMITTEE = "HEALTH"

DELEGATES = [
    "Maren Oakes",
    "Tobias Quill",
    "Ines Carrow",
    "Peter Lindqvist-Hale",
    "Salma Benari",
    "Gordon Fetch",
    "Ottilie Brandt",
    "Kwame Asante-Reed",
    "Lucía Ferrán",
    "Edmund Pike",
    "Noor Haddad",
    "Wilhelmina Strand",
    "Jonas Etteridge",
    "Priya Raman",
    "Callum Dray",
    "Beatrix Osei",
    "Søren Falk",
    "",
    "Agnes Tolliver",
    "Dmitri Vance",
    "Rosalind Chu",
    "Hamish Arkwright",
    "Amaia Etxeberria",
    "Theo Marchetti",
]
SENATORS = [
    "Vivian Holloway",
    "Rafael Moreno-Pike",
    "Ingrid Saltmarsh",
    "Desmond Achebe",
    "Catrin Vaughan",
    "Leopold Grange",
]
MINISTER = "Yolanda Prewitt"
PARTIES = ["Civic Union", "Meadow Party", "Progress", "Independent"]
# Members of the Committee on Health and Care, by name; the first one chairs it.
ON_COMMITTEE = ["Salma Benari", "Edmund Pike", "Priya Raman", "Agnes Tolliver", "Theo Marchetti"]


def code_of(district: int) -> str:
    """The postal code of a district's town."""
    return f"{10100 + district}"


def lower(district: int) -> str:
    return f"{REGION}/sldl:{district}"


def upper(district: int) -> str:
    return f"{REGION}/sldu:{district}"


def source() -> Source:
    """Everything about Northmere's government, in the same rows that imports read from published files."""
    people = [
        *(_delegate(n, name) for n, name in enumerate(DELEGATES, 1) if name),
        *(_senator(n, name) for n, name in enumerate(SENATORS, 1)),
        _minister(),
    ]
    members = [
        CommitteeMemberRow(COMMITTEE, _identity(name), "Chair" if i == 0 else "Member")
        for i, name in enumerate(ON_COMMITTEE)
    ]
    return Source(
        scope=SCOPE,
        jurisdiction=JurisdictionRow(JURISDICTION, "Region of Northmere", REGION, "regional", "UTC"),
        divisions=_divisions(),
        chambers=[
            ChamberRow("lower", "House of Delegates", "lower"),
            ChamberRow("upper", "Senate of Northmere", "upper"),
            ChamberRow("executive", "Cabinet of Northmere", "executive"),
        ],
        people=people,
        committees=[ChamberRow(COMMITTEE, "Committee on Health and Care", "committee", "lower")],
        committee_members=members,
    )


def _divisions() -> list[DivisionRow]:
    return [
        DivisionRow(NATION, "Veland", "national", COUNTRY),
        DivisionRow(REGION, "Northmere", "regional", COUNTRY, NATION, "UTC"),
        *(
            DivisionRow(upper(n), f"{place} (Senate district {n})", "regional", COUNTRY, REGION, "UTC")
            for n, place in enumerate(SENATE_PLACES, 1)
        ),
        *(
            DivisionRow(
                lower(n), f"{town} (House district {n})", "regional", COUNTRY, upper((n + 3) // 4), "UTC"
            )
            for n, town in enumerate(TOWNS, 1)
        ),
    ]


def _identity(name: str) -> tuple[str, str]:
    return ("northmere", "".join(c for c in name.lower() if c.isalnum()))


def _party(name: str) -> str:
    return PARTIES[sum(map(ord, name)) % len(PARTIES)]


def _address(name: str, body: str) -> str:
    """A mail address of ASCII letters: first letter, dot, last part of the name."""
    plain = name.translate(str.maketrans("íáøé", "iaoe")).lower()
    first, *_, last = plain.split()
    return f"{first[0]}.{last}@{body}.northmere.example"


def _person(name: str, seat: SeatRow, body: str, town: str, number: int) -> PersonRow:
    given, _, family = name.partition(" ")
    capitol = OfficeRow(
        "capitol",
        "capitol",
        "Assembly House, Larkhaven",
        (
            ("email", _address(name, body)),
            ("phone", f"000 555 {number:04d}"),
            ("postal", "1 Assembly Square, Larkhaven 10124"),
        ),
    )
    district = OfficeRow("district", "district", f"Office in {town}", (("phone", f"000 556 {number:04d}"),))
    return PersonRow(
        where=f"demo:{number}",
        identifiers=(_identity(name),),
        name=name,
        given_name=given,
        family_name=family,
        seats=(seat,),
        offices=(capitol, district),
    )


def _delegate(n: int, name: str) -> PersonRow:
    label = f"Delegate for {TOWNS[n - 1]}"
    seat = SeatRow("lower", lower(n), "Delegate", label, "", _party(name), TERM_BEGAN, TERM_ENDS)
    return _person(name, seat, "house", TOWNS[n - 1], n)


def _senator(n: int, name: str) -> PersonRow:
    label = f"Senator for {SENATE_PLACES[n - 1]}"
    seat = SeatRow("upper", upper(n), "Senator", label, "", _party(name), TERM_BEGAN, TERM_ENDS)
    return _person(name, seat, "senate", TOWNS[4 * n - 4], 100 + n)


def _minister() -> PersonRow:
    seat = SeatRow(
        "executive",
        REGION,
        "Minister",
        "Minister for Health and Care",
        "health",
        _party(MINISTER),
        TERM_BEGAN,
        TERM_ENDS,
    )
    return _person(MINISTER, seat, "cabinet", "Larkhaven", 200)


def load_places(on: date) -> Jurisdiction:
    """Store Northmere, its vacant seat and its postal codes; loading again changes nothing."""
    load(source(), on)
    jurisdiction = Jurisdiction.objects.get(ocd_id=JURISDICTION)
    divisions = {d.ocd_id: d for d in Division.objects.filter(ocd_id__startswith=REGION)}
    Post.objects.get_or_create(
        chamber=Chamber.objects.get(jurisdiction=jurisdiction, code="lower"),
        division=divisions[lower(VACANT_DISTRICT)],
        seat="",
        defaults={"role": "Delegate", "label": f"Delegate for {TOWNS[VACANT_DISTRICT - 1]}"},
    )
    rows = [(code_of(n), lower(n), 1.0) for n in range(1, len(TOWNS) + 1)]
    rows += [
        (SPLIT_CODE, lower(district), weight)
        for district, weight in zip(SPLIT_BETWEEN, (0.6, 0.4), strict=True)
    ]
    PostalArea.objects.bulk_create(
        (
            PostalArea(country=COUNTRY, code=code, division=divisions[ocd_id], weight=weight)
            for code, ocd_id, weight in rows
        ),
        ignore_conflicts=True,
    )
    return jurisdiction
