"""How states look and read in the console."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import CampaignState, DriveState

CAMPAIGN_TONES: dict[str, str] = {
    CampaignState.DRAFT: "quiet",
    CampaignState.IN_REVIEW: "info",
    CampaignState.SCHEDULED: "info",
    CampaignState.OPEN: "good",
    CampaignState.PAUSED: "warn",
    CampaignState.CLOSED: "quiet",
    CampaignState.ARCHIVED: "quiet",
}
DRIVE_TONES: dict[str, str] = {
    DriveState.DRAFT: "quiet",
    DriveState.SCHEDULED: "info",
    DriveState.RUNNING: "good",
    DriveState.PAUSED: "warn",
    DriveState.FINISHED: "quiet",
    DriveState.CANCELLED: "bad",
}

# Groups of letters (campaigns.reports.GROUPS): what they are called wherever they are counted, in full and in a column.
GROUP_LABELS: dict[str, object] = {
    "accepted": pgettext_lazy("letters", "Accepted by a mail server"),
    "posted": pgettext_lazy("letters", "Printed and posted"),
    "reported": _("Sent by their supporters, as they say"),
    "leaving": pgettext_lazy("letters", "Leaving now"),
    "waiting": _("Waiting to leave"),
    # Not a group of its own in reports: of those that wait, what the drive's board counts apart.
    "stuck": _("Can’t leave yet"),
    "with_supporters": _("Still with their supporters"),
    "uncertain": pgettext_lazy("letters", "Uncertain"),
    "held": pgettext_lazy("letters", "Held for a person"),
    "failed": pgettext_lazy("letters", "Could not be delivered"),
    "stopped": _("Withdrawn or stopped"),
}
GROUP_COLUMNS: dict[str, object] = {
    "accepted": pgettext_lazy("letters", "Accepted"),
    "posted": pgettext_lazy("letters", "Posted"),
    "reported": _("By supporters"),
    "leaving": _("Leaving"),
    "waiting": _("Waiting"),
    "with_supporters": _("With supporters"),
    "uncertain": pgettext_lazy("letters", "Uncertain"),
    "held": pgettext_lazy("letters", "Held"),
    "failed": pgettext_lazy("letters", "Failed"),
    "stopped": pgettext_lazy("letters", "Stopped"),
}

# The parts of a campaign that are translated.
PART_LABELS: dict[str, object] = {
    "title": _("headline"),
    "ask": _("what we ask of representatives"),
    "why": _("why it matters"),
    "call_script": _("what to say on the phone"),
    "outcome_text": _("what changed"),
}


def parts_of(names: list[str]) -> str:
    """The names of a campaign's texts, for people."""
    return ", ".join(str(PART_LABELS[name]) for name in names)


@dataclass(frozen=True)
class Task:
    """A step on the way to an open campaign: what to do, whether it is done, and where."""

    text: str
    is_done: bool
    url: str


@dataclass(frozen=True)
class Alarm:
    """Something that is wrong or waits for a person, with where to act on it."""

    tone: str
    text: str
    url: str = ""
    action: str = ""
    # Whether it leads to letters, which not everybody may see who sees the page.
    is_letters: bool = False


@dataclass(frozen=True)
class Need:
    """Something on the home page that waits for a person: until when, and where to act on it."""

    text: str
    until: datetime | None
    url: str
    action: str
    tone: str
