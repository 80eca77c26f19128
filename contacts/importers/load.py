"""The one upsert for every reader: rows in, differences counted, nothing deleted.

All or nothing: one transaction. A person, office or membership that the source no longer names is ended or
retired, never deleted; rows of other sources are left alone.
"""

from datetime import date

from django.db import transaction

from contacts.importers.difference import Difference, Endings
from contacts.importers.load_offices import NO_LONGER_LISTED, save_offices
from contacts.importers.load_people import save_committees, save_people, save_seats
from contacts.importers.load_places import PostsOfImport, save_chambers, save_divisions, save_jurisdiction
from contacts.importers.rows import Source
from contacts.importers.statistics import count_again
from contacts.models import Chamber, ContactPoint, Division, Identifier, Legislator, Membership, Office, Post


def load(source: Source, on: date, endings: Endings | None = None) -> tuple[dict[str, int], Difference]:
    """Store a source; gives what it keeps in the database afterwards, counted there, and what changed.

    Raises TooManyEndings when so much is missing that the files are more likely cut short.
    """
    difference = Difference()
    endings = endings or Endings(allowed=not source.bad)
    with transaction.atomic():
        divisions = save_divisions(source.divisions, difference)
        jurisdiction = save_jurisdiction(source.jurisdiction, divisions, difference)
        chambers = save_chambers(source.chambers, jurisdiction, "", difference)
        people = save_people(source.people, difference)
        posts = PostsOfImport(source.people, people, chambers, divisions, difference, not endings.allowed)
        save_seats(source, posts, people, on, endings, difference)
        save_committees(source, jurisdiction, people, on, endings, difference)
        save_offices(source, people, endings, difference)
        count_again(Division, Chamber, Legislator, Identifier, Post, Membership, Office, ContactPoint)
        return _counts(source), difference


def _counts(source: Source) -> dict[str, int]:
    """What the source keeps in the database, counted there."""
    scope = source.scope
    memberships = Membership.objects.filter(source=scope, end_on__isnull=True)
    seats = memberships.filter(post__isnull=False)
    # An office without any way to reach it that is still listed has closed.
    listed = ContactPoint.objects.filter(office__source=scope).exclude(health_reason=NO_LONGER_LISTED)
    offices = Office.objects.filter(
        source=scope, legislator__in=seats.values("legislator"), pk__in=listed.values("office")
    )
    committees = Chamber.objects.filter(source=scope, kind="committee", ended_on__isnull=True)
    return {
        "people": seats.values("legislator").distinct().count(),
        "posts": seats.values("post").distinct().count(),
        "memberships_current": seats.count(),
        "offices": offices.count(),
        "capitol_offices": offices.filter(kind="capitol").count(),
        "district_offices": offices.filter(kind="district").count(),
        "committees": committees.exclude(parent__kind="committee").count(),
        "subcommittees": committees.filter(parent__kind="committee").count(),
        "committee_memberships": memberships.filter(post__isnull=True).count(),
        "unresolved_members": source.unresolved_members,
    }
