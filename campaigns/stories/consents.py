"""What may be agreed to for a story, in words for its writer; kept with each consent."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from campaigns.models import Story, StoryScope

VERSION = "2"
# Where the public may read it: the choice on the form -> the scope it gives; "none" gives none.
WHERE = {
    "public": _("On your public pages, with the name I choose."),
    "unnamed": _("On your public pages, without any name."),
    "none": _("Nowhere in public."),
}
BRIEFS = _("You may also quote it in letters and briefs to legislators.")
PRIVATE = _("Your reviewers may read it, and nobody else in your organisation before it is approved.")
TEXTS = {
    StoryScope.PUBLIC: WHERE["public"],
    StoryScope.UNNAMED: WHERE["unnamed"],
    StoryScope.BRIEFS: BRIEFS,
    StoryScope.PRIVATE: PRIVATE,
}
# How long it may be used, in years.
YEARS = {"1": _("One year"), "2": _("Two years"), "5": _("Five years")}


@dataclass(frozen=True)
class Agreed:
    """What somebody agrees to for a story. `where` is one of WHERE."""

    where: str
    in_briefs: bool
    until: date
    language: str = "en"
    source: str = ""

    def scopes(self) -> dict[str, bool]:
        """Every scope with whether it is given."""
        return {
            StoryScope.PUBLIC: self.where == "public",
            StoryScope.UNNAMED: self.where == "unnamed",
            StoryScope.BRIEFS: self.in_briefs,
            StoryScope.PRIVATE: True,
        }

    def columns(self) -> dict[str, object]:
        """What holds now, as a story keeps it. Briefs carry a name only where public pages may."""
        return {
            "is_public": self.where != "none",
            "with_name": self.where == "public",
            "in_briefs": self.in_briefs,
            "until": self.until,
        }


def holding(story: Story) -> list[object]:
    """What a story's writer agrees to now, in the words that were shown."""
    found: list[object] = [PRIVATE]
    if story.is_public:
        found.append(WHERE["public" if story.with_name else "unnamed"])
    if story.in_briefs:
        found.append(BRIEFS)
    return found


def in_years(on: date, years: int) -> date:
    """The same day some years later; the last of February for the 29th."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)
