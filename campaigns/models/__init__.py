from campaigns.models.campaign import Campaign, CampaignChange, CampaignOutcome, CampaignState, Partnership
from campaigns.models.drive import Drive, DriveChange, DriveState
from campaigns.models.heartbeat import Heartbeat
from campaigns.models.idempotency import IdempotencyKey
from campaigns.models.letter import Attempt, AttemptOutcome, Letter, LetterChange, LetterState
from campaigns.models.outbox import MailKind, MailState, OutboxMail
from campaigns.models.pledge import Pledge, PledgeChange, PledgeKind, PledgeState
from campaigns.models.target import LetterVersion, RuleKind, TargetGroup, TargetRule

__all__ = [
    "Attempt",
    "AttemptOutcome",
    "Campaign",
    "CampaignChange",
    "CampaignOutcome",
    "CampaignState",
    "Drive",
    "DriveChange",
    "DriveState",
    "Heartbeat",
    "IdempotencyKey",
    "Letter",
    "LetterChange",
    "LetterState",
    "LetterVersion",
    "MailKind",
    "MailState",
    "OutboxMail",
    "Partnership",
    "Pledge",
    "PledgeChange",
    "PledgeKind",
    "PledgeState",
    "RuleKind",
    "TargetGroup",
    "TargetRule",
]
