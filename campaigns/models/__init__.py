from campaigns.models.attempt import Attempt, AttemptOutcome
from campaigns.models.batch import BatchKind, BatchState, PrintBatch, PrintBatchChange
from campaigns.models.brakes import (
    Breaker,
    BreakerKind,
    Sending,
    SendingChange,
    SendingState,
    Throttle,
    ThrottleKind,
)
from campaigns.models.call import Call, CallOutcome
from campaigns.models.campaign import Campaign, CampaignChange, CampaignState
from campaigns.models.channel import ChannelName
from campaigns.models.drive import Drive, DriveChange, DriveState
from campaigns.models.endorsement import Endorsement, EndorsementChange, EndorsementState
from campaigns.models.event import Event, EventChange, EventKind, EventState
from campaigns.models.heartbeat import Heartbeat
from campaigns.models.idempotency import IdempotencyKey
from campaigns.models.inbound import Coding, InboundKind, InboundMail, InboundState
from campaigns.models.invalidation import InvalidatedPledge, Invalidation
from campaigns.models.letter import Letter, LetterChange, LetterQuerySet, LetterState, SubjectArm
from campaigns.models.merge import SupporterMerge
from campaigns.models.outbox import BULK, MailKind, MailState, OutboxMail
from campaigns.models.outcome import (
    Outcome,
    OutcomeCorrection,
    OutcomeResult,
    outcome_of,
    published_outcome,
)
from campaigns.models.partnership import (
    FOR_A_PARTNER,
    OWN_PAGE,
    InvitationState,
    PartnerConsent,
    PartnerInvitation,
    Partnership,
    chosen_by,
)
from campaigns.models.pledge import HeldFor, Pledge, PledgeChange, PledgeKind, PledgeState
from campaigns.models.question import Heard, OfficeQuestion
from campaigns.models.registration import (
    EXPECTED,
    WITH_PLACE,
    MeetingReport,
    Registration,
    RegistrationChange,
    RegistrationState,
    Said,
)
from campaigns.models.story import (
    GONE,
    Story,
    StoryChange,
    StoryConsent,
    StoryKey,
    StoryScope,
    StoryState,
)
from campaigns.models.story_quote import StoryQuote
from campaigns.models.tally import Tally, TallyKind
from campaigns.models.target import LetterVersion, RuleKind, TargetGroup, TargetRule
from campaigns.models.translation import CampaignTranslation, UpdateTranslation
from campaigns.models.update import CampaignUpdate

__all__ = [
    "BULK",
    "EXPECTED",
    "FOR_A_PARTNER",
    "GONE",
    "OWN_PAGE",
    "WITH_PLACE",
    "Attempt",
    "AttemptOutcome",
    "BatchKind",
    "BatchState",
    "Breaker",
    "BreakerKind",
    "Call",
    "CallOutcome",
    "Campaign",
    "CampaignChange",
    "CampaignState",
    "CampaignTranslation",
    "CampaignUpdate",
    "ChannelName",
    "Coding",
    "Drive",
    "DriveChange",
    "DriveState",
    "Endorsement",
    "EndorsementChange",
    "EndorsementState",
    "Event",
    "EventChange",
    "EventKind",
    "EventState",
    "Heard",
    "Heartbeat",
    "HeldFor",
    "IdempotencyKey",
    "InboundKind",
    "InboundMail",
    "InboundState",
    "InvalidatedPledge",
    "Invalidation",
    "InvitationState",
    "Letter",
    "LetterChange",
    "LetterQuerySet",
    "LetterState",
    "LetterVersion",
    "MailKind",
    "MailState",
    "MeetingReport",
    "OfficeQuestion",
    "OutboxMail",
    "Outcome",
    "OutcomeCorrection",
    "OutcomeResult",
    "PartnerConsent",
    "PartnerInvitation",
    "Partnership",
    "Pledge",
    "PledgeChange",
    "PledgeKind",
    "PledgeState",
    "PrintBatch",
    "PrintBatchChange",
    "Registration",
    "RegistrationChange",
    "RegistrationState",
    "RuleKind",
    "Said",
    "Sending",
    "SendingChange",
    "SendingState",
    "Story",
    "StoryChange",
    "StoryConsent",
    "StoryKey",
    "StoryQuote",
    "StoryScope",
    "StoryState",
    "SubjectArm",
    "SupporterMerge",
    "Tally",
    "TallyKind",
    "TargetGroup",
    "TargetRule",
    "Throttle",
    "ThrottleKind",
    "UpdateTranslation",
    "chosen_by",
    "outcome_of",
    "published_outcome",
]
