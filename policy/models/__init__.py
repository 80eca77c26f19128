from policy.models.brief import Brief, BriefKind, BriefState, BriefWording, RecallReason
from policy.models.brief_set import BriefSet, BriefSetItem, ItemState, SetState
from policy.models.brief_trail import BriefCopy, BriefMention, CopyKind, MentionKind
from policy.models.calendar_feed import CalendarFeed
from policy.models.evidence import Evidence, EvidenceVersion
from policy.models.follow import Digest, DigestState, DigestWish, Follow, Rhythm
from policy.models.indicator import Better, Indicator, IndicatorValue
from policy.models.issue import Issue
from policy.models.issue_page import Myth, ShareText, Toolkit, ToolkitKind
from policy.models.logo import Logo
from policy.models.measure import Measure, MeasureKind, Position
from policy.models.measure_date import DateKind, MeasureDate, next_vote
from policy.models.measure_event import ENDS, MILESTONES, EventKind, MeasureEvent, status_of, with_status
from policy.models.measure_import import ImportSource, MeasureImport
from policy.models.measure_position import MeasurePosition
from policy.models.related_measure import INVERSE, RelatedMeasure, RelationKind
from policy.models.resource import WAYS, Age, Cost, OpeningHours, Resource, ResourceKind
from policy.models.sponsorship import SponsorKind, Sponsorship
from policy.models.stance import Stance, StanceLevel
from policy.models.translated import TextsIn, Translated
from policy.models.vote_rule import Majority, VoteRule

__all__ = [
    "ENDS",
    "INVERSE",
    "MILESTONES",
    "WAYS",
    "Age",
    "Better",
    "Brief",
    "BriefCopy",
    "BriefKind",
    "BriefMention",
    "BriefSet",
    "BriefSetItem",
    "BriefState",
    "BriefWording",
    "CalendarFeed",
    "CopyKind",
    "Cost",
    "DateKind",
    "Digest",
    "DigestState",
    "DigestWish",
    "EventKind",
    "Evidence",
    "EvidenceVersion",
    "Follow",
    "ImportSource",
    "Indicator",
    "IndicatorValue",
    "Issue",
    "ItemState",
    "Logo",
    "Majority",
    "Measure",
    "MeasureDate",
    "MeasureEvent",
    "MeasureImport",
    "MeasureKind",
    "MeasurePosition",
    "MentionKind",
    "Myth",
    "OpeningHours",
    "Position",
    "RecallReason",
    "RelatedMeasure",
    "RelationKind",
    "Resource",
    "ResourceKind",
    "Rhythm",
    "SetState",
    "ShareText",
    "SponsorKind",
    "Sponsorship",
    "Stance",
    "StanceLevel",
    "TextsIn",
    "Toolkit",
    "ToolkitKind",
    "Translated",
    "VoteRule",
    "next_vote",
    "status_of",
    "with_status",
]
