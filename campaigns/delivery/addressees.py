"""Posts → who gets the letter there now, by which ways it may go, and in which time zone."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.channels.base import Route
from campaigns.delivery.hours import is_zone
from campaigns.delivery.routes import ROUTES
from campaigns.letters.bundle import is_near_identical
from campaigns.models import Campaign, ChannelName, Letter, Pledge, TargetRule
from campaigns.targets import holders
from contacts.models import ContactPoint, Health, Legislator, Office, OfficeKind, Post, Suppression

VACANT = _("the seat is vacant")
NO_CONTACT_POINT = _("no working contact point")
ASKED_TO_STOP = _("the office asked us to stop")
UNKNOWN_ZONE = _("the office's time zone is not known")
ASKS_FOR_MORE = _("the office asks for more about the writer than we know")
NO_TEST_RECIPIENT = _("nobody to send test letters to")

# A post whose zone nobody entered is taken to keep the hours of UTC; the importers fill it in.
DEFAULT_ZONE = "UTC"


@dataclass(frozen=True)
class Way:
    """A channel and the address on it; without a contact point the address follows from the post."""

    route: Route
    recipient: str
    contact_point: ContactPoint | None
    zone: str

    @property
    def channel(self) -> str:
        return self.route.name

    @property
    def domain(self) -> str:
        return self.route.domain_of(self.recipient)


@dataclass(frozen=True)
class Addressee:
    """Where a letter to a post would go today; `problem` says why none can. The best way comes first."""

    post: Post
    legislator: Legislator | None
    ways: tuple[Way, ...]
    zone: str
    problem: str = ""
    suppressed: bool = False
    # Near-identical letters are handed over in a bundle.
    bundles: bool = False

    def way_of(self, letter: Letter) -> Way | None:
        """How a letter goes: in a bundle on paper where the campaign wants that of near-identical ones."""
        if self.bundles and is_near_identical(letter):
            paper = (
                w for w in self.ways if w.channel == ChannelName.PRINT and not w.route.missing(letter.pledge)
            )
            if bundle := next(paper, None):
                return bundle
        return self.way_for(letter.pledge)

    def way_for(self, pledge: Pledge) -> Way | None:
        """The best way for this writer: one that asks for nothing they left out."""
        return next((way for way in self.ways if not way.route.missing(pledge)), None)

    def problem_for(self, letter: Letter) -> str:
        """Why this letter can't go; empty when it can."""
        if self.problem or letter.is_test:
            return self.problem
        return "" if self.way_of(letter) else str(ASKS_FOR_MORE)


def routes_of(campaign: Campaign) -> list[Route]:
    """The channels a campaign's letters may go by, first choice first."""
    return [ROUTES[name] for name in campaign.channels if name in ROUTES and ROUTES[name].is_open(campaign)]


def demanded(campaign: Campaign) -> set[str]:
    """What offices among a campaign's targets demand of every writer, as fields of a pledge."""
    asking = [route for route in routes_of(campaign) if route.asks]
    if not asking:
        return set()
    rules = TargetRule.objects.filter(group__campaign=campaign, exclude=False)
    here = set(rules.values_list("chamber__jurisdiction__ocd_id", flat=True))
    here |= set(rules.values_list("post__chamber__jurisdiction__ocd_id", flat=True))
    return {name for route in asking if here & set(route.asked_in) for name in route.asks}


def resolve(posts: Collection[Post], campaign: Campaign, on: date) -> dict[UUID, Addressee]:
    """An addressee for every post, in a fixed number of queries."""
    in_office = holders(posts, on)
    people = {m.legislator_id for m in in_office.values()}
    routes = routes_of(campaign)
    points = _points(people, routes)
    asked = Suppression.objects.filter(organization=campaign.organization_id).filter(
        Q(legislator__in=people) | Q(contact_point__office__legislator__in=people)
    )
    stops = list(asked.values_list("legislator_id", "contact_point_id"))
    asked_to_stop, shut = {person for person, _point in stops}, {point for _person, point in stops}
    found = {}
    for post in posts:
        membership = in_office.get(post.pk)
        zone = zone_of(post, None)
        if membership is None:
            found[post.pk] = Addressee(post, None, (), zone, problem=str(VACANT))
            continue
        person = membership.legislator
        known = points.get(person.pk, [])
        ways = _ways(post, known, routes, shut)
        zone = ways[0].zone if ways else zone
        if person.pk in asked_to_stop:
            found[post.pk] = Addressee(post, person, ways, zone, problem=str(ASKED_TO_STOP), suppressed=True)
        elif not ways and any(point.pk in shut for point in known):
            found[post.pk] = Addressee(post, person, (), zone, problem=str(ASKED_TO_STOP), suppressed=True)
        elif not ways:
            found[post.pk] = Addressee(post, person, (), zone, problem=str(NO_CONTACT_POINT))
        else:
            # Hours matter only to what leaves by itself.
            usable = tuple(way for way in ways if is_zone(way.zone) or not way.route.is_timed)
            problem = "" if usable else str(UNKNOWN_ZONE)
            found[post.pk] = Addressee(
                post, person, usable or ways, zone, problem=problem, bundles=campaign.bundle_similar
            )
    return found


def zone_of(post: Post, office: Office | None) -> str:
    """The zone of an office: its own, a district office's by its district, else that of the government's seat."""
    own = office.time_zone if office else ""
    if not own and office and office.kind == OfficeKind.DISTRICT:
        own = post.division.time_zone
    return own or post.chamber.jurisdiction.time_zone or DEFAULT_ZONE


def _points(people: Iterable[UUID], routes: list[Route]) -> dict[UUID, list[ContactPoint]]:
    """Contact points per legislator, of the kinds that the routes go to, in a fixed order; dead ones too."""
    kinds = [route.contact_kind for route in routes]
    rows = (
        ContactPoint.objects.filter(kind__in=kinds, office__legislator__in=people)
        .select_related("office")
        .order_by("office__kind", "office__key", "value")
    )
    points = defaultdict(list)
    for point in rows:
        points[point.office.legislator_id].append(point)
    return points


def _ways(
    post: Post, points: list[ContactPoint], routes: list[Route], shut: Collection[UUID | None]
) -> tuple[Way, ...]:
    """Working ways before doubtful ones; among equals, in the campaign's order of channels.

    Contact points that the office asked not to be written to are known and not used.
    """
    ranked: list[tuple[bool, Way]] = []
    for route in routes:
        known = [point for point in points if point.kind == route.contact_kind]
        ranked += [
            (point.health != Health.OK, Way(route, point.value, point, zone_of(post, point.office)))
            for point in known
            if point.health in {Health.OK, Health.SUSPECT} and point.pk not in shut
        ]
        if not known and (recipient := route.derived(post)):
            ranked.append((False, Way(route, recipient, None, zone_of(post, None))))
    return tuple(way for _is_doubtful, way in sorted(ranked, key=lambda pair: pair[0]))
