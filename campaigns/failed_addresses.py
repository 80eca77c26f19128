"""What waits because an address failed, and by which kinds of address letters may go. Reads only."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from campaigns.delivery.addressees import routes_of
from campaigns.letters.reasons import NO_WAY_LEFT
from campaigns.models import Campaign, Drive, Letter, LetterState
from campaigns.models.letter import LetterQuerySet
from contacts.clock import today
from contacts.models import ContactPoint, Membership, Organization


@dataclass(frozen=True)
class Waiting:
    """Letters that go on once an address works: held ones were fixed for it, stuck ones never for any."""

    held: int
    stuck: int

    @property
    def whole(self) -> int:
        return self.held + self.stuck


def kinds_by_campaign(organization: Organization) -> dict[UUID, set[str]]:
    """The kinds of contact points that letters go to, for each campaign with a drive that is not over."""
    under_way = Drive.objects.filter(campaign=OuterRef("pk"), state__in=Drive.TAKES_LETTERS)
    campaigns = Campaign.objects.filter(Exists(under_way), organization=organization)
    return {campaign.pk: {str(route.contact_kind) for route in routes_of(campaign)} for campaign in campaigns}


def held_at(organization: Organization, points: Iterable[ContactPoint]) -> LetterQuerySet:
    """Letters held because one of these addresses failed and their office has no other."""
    held = _here(organization).filter(state=LetterState.HELD, note=NO_WAY_LEFT)
    return held.filter(contact_point__in=[point.pk for point in points])


def stuck_at(organization: Organization, point: ContactPoint, kinds: dict[UUID, set[str]]) -> LetterQuerySet:
    """Letters to the seats of an address's holder that can't leave, of campaigns that go to such an address."""
    taking = [campaign for campaign, own in kinds.items() if point.kind in own]
    return _stuck(organization, [point.office.legislator_id]).filter(drive__campaign__in=taking)


def waiting_at(
    organization: Organization, points: Collection[ContactPoint], kinds: dict[UUID, set[str]]
) -> dict[UUID, Waiting]:
    """What waits for each of these addresses, in three queries.

    A letter that was never fixed for an address waits for whichever of its office works first.
    """
    held = dict(held_at(organization, points).order_by().values_list("contact_point").annotate(n=Count("pk")))
    people = {point.office.legislator_id for point in points}
    rows = _stuck(organization, people).order_by().values("post", "drive__campaign").annotate(n=Count("pk"))
    holder = dict(_seats(people).values_list("post", "legislator"))
    stuck: Counter[UUID] = Counter()
    for post, campaign, n in rows.values_list("post", "drive__campaign", "n"):
        for point in points:
            if point.office.legislator_id == holder.get(post) and point.kind in kinds.get(campaign, ()):
                stuck[point.pk] += n
    return {point.pk: Waiting(held.get(point.pk, 0), stuck[point.pk]) for point in points}


def _here(organization: Organization) -> LetterQuerySet:
    return Letter.objects.counted().filter(
        drive__campaign__organization=organization, drive__state__in=Drive.TAKES_LETTERS
    )


def _seats(people: Iterable[UUID]) -> QuerySet[Membership]:
    return Membership.objects.current(today()).filter(legislator__in=people, post__isnull=False)


def _stuck(organization: Organization, people: Iterable[UUID]) -> LetterQuerySet:
    seats = _seats(people)
    return _here(organization).stuck().filter(note=NO_WAY_LEFT, post__in=seats.values("post"))
