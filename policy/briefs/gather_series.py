"""Rows → series of figures per place: maps for an issue, and what they mean in each place. Reads only."""

from collections.abc import Sequence
from uuid import UUID

from contacts.models import Division
from policy.briefs.sections import Meaning, Source, TileMap, TileRow
from policy.indicator_map import finding, short_codes
from policy.indicators import Standing, figure, meanings_around, standing, with_unit
from policy.models import Indicator, IndicatorValue, Issue

# More tiles than this are too small to read on paper.
TILES = 60
MAPS = 2
Cited = tuple[Source, ...]


def series_of(issue: Issue) -> list[Indicator]:
    return list(
        Indicator.objects.filter(organization=issue.organization_id, issue=issue).order_by("name", "pk")
    )


def maps(series: Sequence[Indicator], within: Division | None = None) -> tuple[tuple[TileMap, ...], Cited]:
    """The newest period of each series as a map, with its sources; `within` shows the places inside one if it can."""
    found: list[TileMap] = []
    sources: dict[str, Source] = {}
    for indicator in series:
        inside = standing(indicator, within=within) if within else None
        ranked = inside if inside and len(inside.known) > 1 else standing(indicator)
        if (
            len(found) == MAPS
            or ranked is None
            or not 1 < len(ranked.places) <= TILES
            or len(ranked.known) < 2
        ):
            continue
        found.append(_map(ranked))
        values = [place.value for place in ranked.known if place.value]
        sources |= {source.key: source for source in (*map(_source, values), *_target(indicator))}
    return tuple(found), tuple(sources.values())


def _map(ranked: Standing) -> TileMap:
    indicator = ranked.indicator
    codes = short_codes(
        [place.division for place in sorted(ranked.places, key=lambda one: one.division.ocd_id)]
    )
    target = _target(indicator)
    return TileMap(
        heading=indicator.name,
        finding=finding(ranked),
        rows=tuple(
            TileRow(
                code=codes[place.division.pk],
                place=place.division.name,
                value=None if place.number is None else float(place.number),
                in_tile="" if place.number is None else figure(place.number, ranked.decimals),
                said=with_unit(place.number, indicator.unit, ranked.decimals),
                falls_short=place.falls_short,
                source=_source(place.value).key if place.value and place.number is not None else "",
            )
            for place in ranked.places
        ),
        is_states=any(
            place.division.ocd_id.count("/") == 2 and "/country:us/state:" in place.division.ocd_id
            for place in ranked.places
        ),
        target_source=target[0].key if target else "",
    )


def meanings_for_each(
    series: Sequence[Indicator], divisions: Sequence[UUID]
) -> dict[UUID, tuple[tuple[Meaning, ...], Cited]]:
    """What the series say of each place, with the sources; a series without a figure there is left out."""
    if not series or not divisions:
        return {}
    chains = _chains(divisions)
    told = meanings_around(series, list(chains.values()))
    found: dict[UUID, tuple[tuple[Meaning, ...], Cited]] = {}
    for division, sentences in zip(chains, told, strict=True):
        rows: list[Meaning] = []
        sources: dict[str, Source] = {}
        for one in sentences:
            if not one.source:
                continue
            source, target = cited(one.source, one.source_url), _target(one.indicator)
            rows.append(
                Meaning(one.indicator.name, one.sentence, source.key, target[0].key if target else "")
            )
            sources |= {cited.key: cited for cited in (source, *target)}
        found[division] = (tuple(rows), tuple(sources.values()))
    return found


def _chains(divisions: Sequence[UUID]) -> dict[UUID, list[Division]]:
    """Each place followed by those it lies in, nearest first; one query a level."""
    known: dict[UUID, Division] = {}
    layer = set(divisions)
    while layer:
        known |= Division.objects.in_bulk(layer)
        layer = {place.parent_id for place in known.values() if place.parent_id} - set(known)
    chains: dict[UUID, list[Division]] = {}
    for division in dict.fromkeys(divisions):
        chain = [known[division]]
        while (parent := chain[-1].parent_id) and known[parent] not in chain:
            chain.append(known[parent])
        chains[division] = chain
    return chains


def _source(value: IndicatorValue) -> Source:
    return cited(value.source, value.source_url)


def cited(title: str, url: str) -> Source:
    return Source(f"series:{title}|{url}", title, url)


def _target(indicator: Indicator) -> Cited:
    """Where the target comes from, as one source or none."""
    if indicator.target is None:
        return ()
    return (Source(f"target:{indicator.target_source}", indicator.target_source, ""),)
