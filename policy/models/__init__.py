from policy.models.brief import Brief, BriefKind, BriefState
from policy.models.evidence import Evidence
from policy.models.issue import Issue
from policy.models.measure import EventKind, Measure, MeasureEvent, MeasureKind, Position
from policy.models.resource import Resource, ResourceKind
from policy.models.stance import Stance, StanceLevel
from policy.models.vote_rule import Majority, VoteRule

__all__ = [
    "Brief",
    "BriefKind",
    "BriefState",
    "EventKind",
    "Evidence",
    "Issue",
    "Majority",
    "Measure",
    "MeasureEvent",
    "MeasureKind",
    "Position",
    "Resource",
    "ResourceKind",
    "Stance",
    "StanceLevel",
    "VoteRule",
]
