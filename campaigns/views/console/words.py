"""How states look and read in the console."""

from dataclasses import dataclass
from datetime import datetime

from campaigns.models import CampaignState, DriveState

CAMPAIGN_TONES: dict[str, str] = {
    CampaignState.DRAFT: "quiet",
    CampaignState.IN_REVIEW: "info",
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


@dataclass(frozen=True)
class Need:
    """Something on the home page that waits for a person: until when, and where to act on it."""

    text: str
    until: datetime | None
    url: str
    action: str
    tone: str
