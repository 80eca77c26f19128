"""All that an organisation holds of one person, as plain tables: for them to take along."""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from campaigns.delivery.routes import wording
from campaigns.letters.history import timeline
from campaigns.models import (
    Call,
    Endorsement,
    InboundMail,
    Letter,
    MeetingReport,
    OutboxMail,
    PartnerConsent,
    Pledge,
    Registration,
    Story,
)
from campaigns.same_person import endorsements_of, registrations_of
from campaigns.spreadsheet import csv_bytes
from campaigns.stories.held import story_data
from campaigns.targets import holders
from contacts.addresses import address_hash
from contacts.clock import now, today
from contacts.models import Consent, Organization, Residence, Supporter, Suppression, Tagging

Rows = list[dict[str, Any]]
_PERSON = (
    "name",
    "email",
    "prefix",
    "phone",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
    "language",
)


def held_of(
    organization: Organization, pledges: QuerySet[Pledge], supporter: Supporter | None, hashed: str
) -> dict[str, Rows]:
    """Tables by name. Moments are aware; `hashed` is the keyed hash of the address, for stops.

    Of stops, the organisation's own and those for the whole installation; others are nobody's business here.
    """
    stops = Suppression.objects.filter(Q(organization=organization) | Q(organization__isnull=True))
    letters = list(
        Letter.objects.filter(pledge__in=pledges)
        .select_related(
            "post__division",
            "post__chamber",
            "version",
            "legislator",
            "drive",
            "pledge__campaign__organization",
            "pledge__campaign__measure",
        )
        .prefetch_related("history", "attempts")
        .order_by("created_at", "pk")
    )
    known_as = _known_as(pledges, supporter)
    told_from = {address_hash(one) for one in pledges.values_list("canonical_email", flat=True)} | {hashed}
    return {
        "stories": [
            story_data(story)
            for story in Story.objects.filter(organization=organization, address_hash__in=told_from)
            .select_related("key", "division")
            .defer("picture")
            .order_by("told_at", "pk")
        ],
        "person": [_columns(supporter, (*_PERSON, "created_at"))] if supporter else [],
        "pledges": [
            _pledge(pledge) for pledge in pledges.select_related("campaign").order_by("signed_at", "pk")
        ],
        "letters": _letters(letters),
        "what_happened_to_letters": [
            {"letter": letter.pk, "at": step.at, "what": step.text, "evidence": step.evidence}
            for letter in letters
            for step in timeline(letter)
        ],
        "answers_of_offices": [
            {
                "letter": mail.letter_id,
                "received_at": mail.received_at,
                "kind": mail.get_kind_display(),
                "from": f"{mail.sender_name} <{mail.sender}>",
                "subject": mail.subject,
                "text": mail.text,
            }
            for mail in InboundMail.objects.filter(letter__pledge__in=pledges).order_by("received_at")
        ],
        "what_you_told_us_of_answers": [
            {
                "letter": letter.pk,
                "answer": letter.question.get_answer_display(),
                "at": letter.question.answered_at,
            }
            for letter in Letter.objects.filter(pledge__in=pledges, question__isnull=False).select_related(
                "question"
            )
        ],
        "calls": [
            {"office": call.post.label, "outcome": call.get_outcome_display(), "at": call.at}
            for call in Call.objects.filter(pledge__in=pledges).select_related("post").order_by("id")
        ],
        "consents": [
            {
                "at": c.at,
                "purpose": c.get_purpose_display(),
                "given": c.given,
                "words": c.text,
                "where": c.source,
            }
            for c in Consent.objects.filter(supporter=supporter).order_by("id")
        ],
        "partners_you_chose": [
            {
                "at": said.at,
                "partner": said.partnership.organization.name,
                "campaign": said.partnership.campaign.title,
                "given": said.given,
                "words": said.text,
                "where": said.source,
            }
            for said in PartnerConsent.objects.filter(supporter=supporter)
            .select_related("partnership__organization", "partnership__campaign")
            .order_by("id")
        ],
        "places": [
            {
                "place": r.division.name,
                "how_we_know": r.method,
                "certainty": r.confidence,
                "since": r.matched_at,
            }
            for r in Residence.objects.filter(supporter=supporter).select_related("division").order_by("id")
        ],
        "tags": [
            {"tag": tagging.tag.name, "since": tagging.at}
            for tagging in Tagging.objects.filter(supporter=supporter).select_related("tag").order_by("id")
        ],
        "mails_to_you": [
            {"at": mail.created_at, "what": mail.get_kind_display(), "state": mail.get_state_display()}
            for mail in OutboxMail.objects.filter(pledge__in=pledges).order_by("created_at")
        ],
        "stops": [
            {"since": stop.created_at, "why": stop.reason}
            for stop in stops.filter(address_hash=hashed).order_by("created_at")
        ],
        **registrations_held(registrations_of(organization, *known_as)),
        **_endorsements_held(endorsements_of(organization, *known_as)),
    }


def _known_as(pledges: QuerySet[Pledge], supporter: Supporter | None) -> tuple[set[str], set[str]]:
    """The canonical addresses of a person, and the names."""
    known = list(pledges.values_list("canonical_email", "name"))
    if supporter is not None:
        known.append((supporter.canonical_email, supporter.name))
    return {address for address, _name in known}, {name for _, name in known}


def registrations_held(registrations: QuerySet[Registration]) -> dict[str, Rows]:
    """What somebody registered for, and whom they said they met there."""
    return {
        "events": [
            {
                "event": one.event.title,
                "begins": one.event.starts_at,
                "state": one.get_state_display(),
                **_columns(one, ("name", "email", "language", "needs", "registered_at")),
                **_columns(one, ("confirmed_at", "checked_in_at")),
            }
            for one in registrations.select_related("event").order_by("registered_at", "pk")
        ],
        "whom_you_met": [
            {
                "event": report.event.title,
                "legislator": report.legislator.name,
                "day": report.on,
                "said": report.get_said_display(),
                "words": report.words,
            }
            for report in MeetingReport.objects.filter(registration__in=registrations)
            .select_related("event", "legislator")
            .order_by("at", "pk")
        ],
        "mails_about_events": [
            {"at": mail.created_at, "what": mail.get_kind_display(), "state": mail.get_state_display()}
            for mail in OutboxMail.objects.filter(registration__in=registrations).order_by("created_at")
        ],
    }


def _endorsements_held(endorsements: QuerySet[Endorsement]) -> dict[str, Rows]:
    """Which organisations somebody asked to be shown."""
    asked = ("name", "website", "place", "statement")
    who = ("contact_name", "contact_email", "language", "asked_at", "confirmed_at", "decided_at", "reason")
    return {
        "organizations_you_spoke_for": [
            {
                "campaign": one.campaign.title,
                "state": one.get_state_display(),
                **_columns(one, (*asked, *who)),
            }
            for one in endorsements.select_related("campaign").defer("logo").order_by("asked_at", "pk")
        ],
        "mails_about_organizations": [
            {"at": mail.created_at, "what": mail.get_kind_display(), "state": mail.get_state_display()}
            for mail in OutboxMail.objects.filter(endorsement__in=endorsements).order_by("created_at")
        ],
    }


def _columns(row: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _pledge(pledge: Pledge) -> dict[str, Any]:
    return {
        "campaign": pledge.campaign.title,
        "state": pledge.get_state_display(),
        **_columns(pledge, (*_PERSON, "comment", "source", "signed_at", "confirmed_at")),
        "hash_of_network_address": pledge.signer_hash,
    }


def _letters(letters: list[Letter]) -> Rows:
    seated = holders({letter.post for letter in letters}, today())
    rows = []
    for letter in letters:
        seat = seated.get(letter.post_id)
        read = (
            None
            if letter.scrubbed_at
            else wording(letter, letter.legislator or (seat.legislator if seat else None))
        )
        rows.append(
            {
                "letter": letter.pk,
                "to": letter.post.label,
                "state": letter.get_state_display(),
                "subject": read.subject if read else "",
                "text": read.text if read else "",
                **_columns(letter, ("created_at", "sent_at", "accepted_by", "replied_at", "scrubbed_at")),
            }
        )
    return rows


def as_zip(tables: dict[str, Rows]) -> bytes:
    """One file `everything.json`, and a table for spreadsheets of each kind of thing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        whole = {"made_at": now(), **tables}
        archive.writestr("everything.json", json.dumps(whole, default=str, ensure_ascii=False, indent=2))
        for name, rows in tables.items():
            if rows:
                table = [list(rows[0]), *(list(row.values()) for row in rows)]
                archive.writestr(f"{name}.csv", csv_bytes(table, is_first=True))
    return out.getvalue()
