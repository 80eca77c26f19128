"""The look of a second person at a campaign before it opens: what was looked at, and whether that is still needed."""

import json
from hashlib import sha256

from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from campaigns.letters.write import open_drive
from campaigns.models import Campaign, CampaignState
from contacts.models import User

# What changes by itself, or may be changed after a second person looked.
_NOT_LOOKED_AT = ["state", "goal", "opens_at"]


def fingerprint_of(campaign: Campaign) -> str:
    """Changes with anything that its readers or offices would see; what a reviewer looked at is known by it."""
    told = [model_to_dict(campaign, exclude=_NOT_LOOKED_AT)]
    told += [model_to_dict(translation) for translation in campaign.translations.order_by("pk")]
    for group in campaign.target_groups.order_by("pk"):
        told.append(model_to_dict(group))
        told += [model_to_dict(rule) for rule in group.rules.order_by("pk")]
        versions = list(group.versions.order_by("pk"))
        told += [model_to_dict(version) for version in versions]
        told += [version.cited for version in versions]  # the figures that stand in it
    evidence = list(campaign.issue.evidence.order_by("pk"))
    told += [model_to_dict(item) for item in evidence]
    if campaign.measure is not None:
        told.append(model_to_dict(campaign.measure, fields=["identifier", "title", "summary"]))
    told += [
        row.translations for row in (campaign.measure, *evidence) if row is not None and row.translations
    ]
    drive = open_drive(campaign)
    if drive is not None:
        # A vote that is moved takes the drive's end along.
        moves = ["ends_at", "vote_on"] if drive.hours_before_vote is not None else []
        told.append(model_to_dict(drive, exclude=["state", "epoch", "paused_by", *moves]))
    return sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def review_needed(campaign: Campaign, actor: User | None) -> str:
    """Why this person may not open the campaign yet, where its organisation wants a second one to look; else empty."""
    if not campaign.organization.second_person_opens or campaign.opened_at is not None:
        return ""
    if campaign.state == CampaignState.SCHEDULED:
        if _was_looked_at(campaign):
            return ""
        return _(
            "No second person looked at what it says now: take the opening back, and ask for the review."
        )
    if campaign.state != CampaignState.IN_REVIEW:
        return _(
            "In your organisation a second person looks at a campaign before it opens: ask for the review."
        )
    asked = campaign.history.filter(to_state=CampaignState.IN_REVIEW).select_related("actor").last()
    if actor is None or asked is None or asked.actor is None or asked.actor.pk == actor.pk:
        return _("Somebody other than who asked for the review opens it.")
    return ""


def _was_looked_at(campaign: Campaign) -> bool:
    """Whether a campaign that opens by itself came from a review and says what it said then."""
    scheduled = campaign.history.filter(to_state=CampaignState.SCHEDULED).last()
    asked = campaign.history.filter(to_state=CampaignState.IN_REVIEW).last()
    if scheduled is None or asked is None or scheduled.from_state != CampaignState.IN_REVIEW:
        return False
    is_second = scheduled.actor_id is not None and scheduled.actor_id != asked.actor_id
    return is_second and campaign.opens_seen == fingerprint_of(campaign)
