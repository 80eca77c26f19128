from contacts.models.api_token import ApiToken
from contacts.models.audit import AuditEntry
from contacts.models.clock import Clock
from contacts.models.consent import Consent, Purpose
from contacts.models.division import Chamber, ChamberKind, Division, Jurisdiction, Level, Post, PostalArea
from contacts.models.job import Job, JobKind, JobPart, JobState
from contacts.models.legislator import Identifier, Legislator, Membership
from contacts.models.office import ContactKind, ContactPoint, Health, Office, OfficeKind
from contacts.models.organization import Organization, Role, RoleName
from contacts.models.recess import Recess
from contacts.models.supporter import Residence, Supporter
from contacts.models.suppression import Suppression
from contacts.models.tag import Tag, Tagging
from contacts.models.user import User

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Chamber",
    "ChamberKind",
    "Clock",
    "Consent",
    "ContactKind",
    "ContactPoint",
    "Division",
    "Health",
    "Identifier",
    "Job",
    "JobKind",
    "JobPart",
    "JobState",
    "Jurisdiction",
    "Legislator",
    "Level",
    "Membership",
    "Office",
    "OfficeKind",
    "Organization",
    "Post",
    "PostalArea",
    "Purpose",
    "Recess",
    "Residence",
    "Role",
    "RoleName",
    "Supporter",
    "Suppression",
    "Tag",
    "Tagging",
    "User",
]
