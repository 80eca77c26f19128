"""Figures and what each of them counts; no figure leaves without its definition."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.reports import Numbers

DEFINITIONS: dict[str, object] = {
    "people_confirmed": _("People who signed and confirmed it by the link in their mail. Tests never count."),
    "pledges_pending": _("Signatures whose link in the mail was not used yet. They are in no public number."),
    "letters_total": _(
        "Letters of pledges that were confirmed, one a person and office, whatever became of letter or pledge."
    ),
    "letters_accepted": _(
        "Letters that a mail server or an office's system took over, also of people who took their pledge back since. "
        "It does not mean delivered or read."
    ),
    "letters_posted": _("Letters printed, put into envelopes and posted, as the organisation says."),
    "letters_reported": _(
        "Letters that supporters sent through an office's web form themselves, as they say."
    ),
    "letters_waiting": _(
        "Letters that are ready, in the queue, put off or to be printed: their supporters are done with them."
    ),
    "letters_with_supporters": _("Letters that their supporters have not sent yet."),
    "letters_leaving": _("Letters that are being handed to a mail server now."),
    "letters_held": _("Letters that only a person at the organisation can let go on."),
    "letters_uncertain": _(
        "Letters whose mail server's answer was lost: they may have arrived. Only a person sends them again."
    ),
    "letters_failed": _("Letters that were refused for good, came back, or were given up."),
    "letters_stopped": _(
        "Letters that were withdrawn or cancelled, or whose time ran out, before they left."
    ),
    "offices_reached": _("Different seats for which at least one letter was accepted or posted."),
}
PUBLIC = ("people_confirmed", "letters_accepted", "letters_posted", "letters_reported", "offices_reached")


def values(numbers: Numbers) -> dict[str, int]:
    """All figures of a campaign by their name here."""
    letters = numbers.letters_in
    return {
        "people_confirmed": numbers.people,
        "pledges_pending": numbers.pending,
        "letters_total": numbers.letters,
        "letters_accepted": numbers.letters_accepted,
        "letters_posted": letters["posted"],
        "letters_reported": letters["reported"],
        "letters_waiting": letters["waiting"],
        "letters_with_supporters": letters["with_supporters"],
        "letters_leaving": letters["leaving"],
        "letters_held": letters["held"],
        "letters_uncertain": letters["uncertain"],
        "letters_failed": letters["failed"],
        "letters_stopped": letters["stopped"],
        "offices_reached": numbers.offices_reached,
    }


def with_definitions(figures: dict[str, int]) -> list[dict[str, object]]:
    """Figures as rows: name, value, and the sentence that says what is counted."""
    more = f"{settings.SITE_URL}/how-we-count/"
    return [
        {"name": name, "value": value, "definition": str(DEFINITIONS[name]), "more": more}
        for name, value in figures.items()
    ]
