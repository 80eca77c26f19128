"""Evidence → figure rows and the chart that makes the argument."""

from django.utils.translation import gettext as _

from policy.briefs.facts import EvidenceFact
from policy.briefs.sections import BarChart, ChartRow, Figure
from policy.briefs.words import as_number, with_unit
from policy.words import labelled

BARS = 12


def local_evidence(evidence: tuple[EvidenceFact, ...], divisions: frozenset[str], limit: int) -> list[Figure]:
    """Figures of the legislator's own place, each beside the same claim elsewhere where there is one."""
    figures: list[Figure] = []
    for fact in evidence:
        if fact.division not in divisions or not fact.division or len(figures) == limit:
            continue
        twin = next((other for other in evidence if _is_twin(fact, other) and not other.division), None)
        twin = twin or next((other for other in evidence if _is_twin(fact, other)), None)
        beside = ""
        if twin:
            beside = _where(with_unit(twin.figure, twin.unit), twin.place)
        figures.append(
            Figure(
                fact.figure,
                f"{fact.claim} ({fact.place})",
                fact.source.key,
                unit=fact.unit,
                beside=beside,
                beside_source=twin.source.key if twin else "",
            )
        )
    return figures


def _is_twin(one: EvidenceFact, other: EvidenceFact) -> bool:
    return one is not other and one.series == other.series and one.division != other.division


def general_evidence(evidence: tuple[EvidenceFact, ...] | list[EvidenceFact], limit: int) -> list[Figure]:
    """The first figures that hold everywhere; those of one place follow, with the place named."""
    ordered = sorted(evidence, key=lambda fact: bool(fact.place))
    return [
        Figure(
            fact.figure,
            f"{fact.claim} ({fact.place})" if fact.place else fact.claim,
            fact.source.key,
            unit=fact.unit,
        )
        for fact in ordered[:limit]
    ]


def three_figures(evidence: tuple[EvidenceFact, ...], charted: list[EvidenceFact]) -> list[Figure]:
    """The figures at the top: those the chart does not show first, all in the order of the evidence."""
    spare = [fact for fact in evidence if fact not in charted]
    wanted = [*spare, *charted][:3]
    return general_evidence([fact for fact in evidence if fact in wanted], 3)


def argument(evidence: tuple[EvidenceFact, ...]) -> tuple[BarChart | None, list[EvidenceFact]]:
    """The one chart and the evidence in it: a claim known for several places, else claims in one unit."""
    rows = [(value, fact) for fact in evidence if (value := as_number(fact.figure)) is not None]
    by_claim: dict[tuple[str, str], list[tuple[float, EvidenceFact]]] = {}
    by_unit: dict[str, list[tuple[float, EvidenceFact]]] = {}
    for value, fact in rows:
        by_claim.setdefault(fact.series, []).append((value, fact))
        # Shares of different wholes can't be compared; days with days can.
        _claim, unit = fact.series
        if unit and unit != "%":
            by_unit.setdefault(unit, []).append((value, fact))
    of_claim = max(by_claim.values(), key=len, default=[])
    of_unit = max(by_unit.values(), key=len, default=[])
    if len(of_claim) >= 2:
        return _by_place(_highest_first(of_claim)), [fact for _value, fact in of_claim]
    if len(of_unit) >= 3:
        return _by_claim(_highest_first(of_unit)), [fact for _value, fact in of_unit]
    return None, []


def _highest_first(rows: list[tuple[float, EvidenceFact]]) -> list[tuple[float, EvidenceFact]]:
    return sorted(rows, key=lambda row: -row[0])[:BARS]


def _by_place(rows: list[tuple[float, EvidenceFact]]) -> BarChart:
    """One claim in several places; the heading states where it is highest."""
    highest = rows[0][1]
    figure = with_unit(highest.figure, highest.unit)
    heading = labelled(highest.claim, _where(figure, highest.place))
    if highest.claim[:1].islower():  # written to follow its figure: “of adults wait …”
        heading = f"{figure} {highest.claim}"
        heading = labelled(heading, highest.place) if highest.place else heading
    return BarChart(
        heading=heading,
        rows=tuple(_bar(fact.place or _("Overall"), value, fact, fact is highest) for value, fact in rows),
        label_head=_("Place"),
        value_head=_("Figure"),
    )


def _by_claim(rows: list[tuple[float, EvidenceFact]]) -> BarChart:
    """Several claims in one unit, each bar with its whole claim."""
    highest = rows[0][1]
    return BarChart(
        heading=_("From %(least)s to %(most)s")
        % {
            "least": with_unit(rows[-1][1].figure, highest.unit),
            "most": with_unit(highest.figure, highest.unit),
        },
        rows=tuple(
            _bar(f"{fact.claim} ({fact.place})" if fact.place else fact.claim, value, fact, fact is highest)
            for value, fact in rows
        ),
        label_head=_("What"),
        value_head=_("Figure"),
    )


def _bar(label: str, value: float, fact: EvidenceFact, emphasis: bool) -> ChartRow:
    return ChartRow(label, value, with_unit(fact.figure, fact.unit), emphasis, fact.source.key)


def _where(figure: str, place: str) -> str:
    if not place:
        return _("%(figure)s overall") % {"figure": figure}
    return _("%(figure)s in %(place)s") % {"figure": figure, "place": place}
