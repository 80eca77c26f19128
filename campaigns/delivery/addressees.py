"""Posts → who gets the letter there now, at which contact point, and in which time zone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from campaigns.delivery.hours import is_zone
from campaigns.models import Campaign
from campaigns.targets import holders
from contacts.models import (
    ContactKind,
    ContactPoint,
    Health,
    Legislator,
    Office,
    OfficeKind,
    Post,
    Suppression,
)

VACANT = _("the seat is vacant")
NO_CONTACT_POINT = _("no working contact point")
ASKED_TO_STOP = _("the office asked us to stop")
UNKNOWN_ZONE = _("the office's time zone is not known")
NO_TEST_RECIPIENT = _("nobody to send test letters to")

# A post whose zone nobody entered is taken to keep the hours of UTC; the importers fill it in.
DEFAULT_ZONE = "UTC"


@dataclass(frozen=True)
class Addressee:
    """Where a letter to a post would go today; `problem` says why it can't go."""

    post: Post
    legislator: Legislator | None
    contact_point: ContactPoint | None
    zone: str
    problem: str = ""
    suppressed: bool = False

    @property
    def email(self) -> str:
        return self.contact_point.value if self.contact_point else ""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2].lower()


def resolve(posts: Collection[Post], campaign: Campaign, on: date) -> dict[UUID, Addressee]:
    """An addressee for every post, in a fixed number of queries."""
    in_office = holders(posts, on)
    people = {m.legislator_id for m in in_office.values()}
    points = _mail_points(people)
    asked_to_stop = set(
        Suppression.objects.filter(organization=campaign.organization_id, legislator__in=people).values_list(
            "legislator_id", flat=True
        )
    )
    found = {}
    for post in posts:
        membership = in_office.get(post.pk)
        zone = zone_of(post, None)
        if membership is None:
            found[post.pk] = Addressee(post, None, None, zone, problem=str(VACANT))
            continue
        person = membership.legislator
        point = points.get(person.pk)
        if person.pk in asked_to_stop:
            found[post.pk] = Addressee(post, person, point, zone, problem=str(ASKED_TO_STOP), suppressed=True)
        elif point is None:
            found[post.pk] = Addressee(post, person, None, zone, problem=str(NO_CONTACT_POINT))
        else:
            zone = zone_of(post, point.office)
            problem = "" if is_zone(zone) else str(UNKNOWN_ZONE)
            found[post.pk] = Addressee(post, person, point, zone, problem=problem)
    return found


def zone_of(post: Post, office: Office | None) -> str:
    """The zone of an office: its own, a district office's by its district, else that of the government's seat."""
    own = office.time_zone if office else ""
    if not own and office and office.kind == OfficeKind.DISTRICT:
        own = post.division.time_zone
    return own or post.chamber.jurisdiction.time_zone or DEFAULT_ZONE


def _mail_points(people: Iterable[UUID]) -> dict[UUID, ContactPoint]:
    """The best mail address per legislator: working before doubtful, then by office and value."""
    points = (
        ContactPoint.objects.working()
        .filter(kind=ContactKind.EMAIL, office__legislator__in=people)
        .select_related("office")
        .order_by("office__kind", "office__key", "value")
    )
    best: dict[UUID, ContactPoint] = {}
    for point in sorted(points, key=lambda p: p.health != Health.OK):
        best.setdefault(point.office.legislator_id, point)
    return best
