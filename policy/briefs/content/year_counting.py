"""How the report of a year counts: what each of its numbers says."""

from django.utils.translation import gettext as _

from policy.briefs.sections import Table
from policy.briefs.year_facts import YearFacts


def how_counted(year: YearFacts, source: str) -> Table:
    """What each number that is printed counts; of the others nothing is said."""
    letters = [
        sum(getattr(one, name) for one in year.campaigns) for name in ("accepted", "posted", "reported")
    ]
    rows = [
        (
            bool(year.campaigns),
            _("Campaigns"),
            _("Those that could be signed on a day of the year."),
        ),
        (
            bool(year.people),
            _("People"),
            _("Who confirmed a signature in the year and has not taken it back. In all, each person once."),
        ),
        (
            bool(letters[0]),
            _("Letters accepted"),
            _("Taken over in the year by a mail server or an office's system, and not come back."),
        ),
        (
            bool(letters[1] or letters[2]),
            _("Letters posted, or sent by their writers"),
            _("By what people say who posted or sent them; apart from letters accepted."),
        ),
        (
            any(one.answers for one in year.campaigns),
            _("Answers"),
            _("Mails of offices that came in the year and belong to a letter."),
        ),
        (bool(year.outcomes), _("Outcomes"), _("Published ones, by the day that their page names.")),
        (
            bool(year.moves or year.newly_known),
            _("Positions"),
            _(
                "The last one recorded by the start of the year and by its end: moved where both are known, "
                "became known where only the second is."
            ),
        ),
        (bool(year.events), _("Events"), _("Those that ended in the year and were not cancelled.")),
        (
            bool(year.stories),
            _("Stories"),
            _("Confirmed in the year and not taken back, whoever may read them."),
        ),
        (
            bool(year.organizations),
            _("Organisations"),
            _("First approved in the year and still standing, each once."),
        ),
    ]
    return Table(
        heading=_("How this is counted"),
        caption=_("Days are those of the organisation. Tests are never counted."),
        head=(_("Number"), _("What it counts")),
        rows=tuple((name, text) for is_said, name, text in rows if is_said),
        source=source,
    )
