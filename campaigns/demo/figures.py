"""Local figures for the demo: days of waiting in each district of Northmere, all invented."""

from campaigns.demo.places import DELEGATES, lower
from contacts.models import User
from policy.actions.indicators import check_values, import_values, save_indicator
from policy.importers.indicators_csv import read
from policy.models import Indicator, Issue

# Days by district number; an empty one is a district whose clinics did not answer that year.
_NOW = [
    "41",
    "38",
    "63",
    "58",
    "29",
    "33",
    "47",
    "27",
    "36",
    "52",
    "24",
    "44",
    "39",
    "31",
    "57",
    "28",
    "49",
    "35",
    "26",
    "61",
    "43",
    "30",
    "37",
    "46",
]
_BEFORE = [
    "37",
    "39",
    "55",
    "54",
    "31",
    "30",
    "44",
    "28",
    "33",
    "49",
    "26",
    "41",
    "34",
    "32",
    "50",
    "29",
    "45",
    "36",
    "25",
    "57",
    "40",
    "33",
    "35",
    "42",
]
_SILENT = 17


def load_figures(issue: Issue, year: int, actor: User) -> None:
    """An indicator with its target and the figures of two years, by the way every file takes."""
    indicator = save_indicator(
        indicator=Indicator(
            organization=issue.organization,
            issue=issue,
            key="waiting-days",
            name="Days until half of all people have had a first appointment",
            unit="days",
            better="lower",
            target=28,
            target_source="Example: the four weeks that the bill would set",
        ),
        actor=actor,
    )
    lines = ["division,period,value,unit,source,source_url"]
    for period, figures in ((year - 2, _BEFORE), (year - 1, _NOW)):
        for district, days in zip(range(1, len(DELEGATES) + 1), figures, strict=False):
            value = "" if district == _SILENT and figures is _NOW else days
            lines.append(
                f"{lower(district)},{period},{value},days,Example: Northmere Care Survey {period},"
                "https://survey.example.org/northmere/districts"
            )
    found = read("\n".join(lines).encode(), "figures.csv")
    import_values(indicator=indicator, checked=check_values(indicator, found), actor=actor)
