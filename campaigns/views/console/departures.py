"""Letters whose representative left office, seat by seat, and what a person decides about them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions.departures import cancel_departed, held_for, readdress
from campaigns.models import Drive, Letter, LetterState
from campaigns.permissions import ConsoleRequest, console
from campaigns.targets import holders
from campaigns.views.console.drives import drive_crumbs, drive_of
from campaigns.views.console.page import Step, as_id, confirmed, show
from contacts.clock import today
from contacts.models import Legislator, Membership, Organization, Post


@dataclass(frozen=True)
class Departure:
    """Letters of one drive that wait because somebody left a seat; `successor` is who holds it now, if anybody."""

    drive: Drive
    post: Post
    left: Legislator
    left_on: date | None
    successor: Legislator | None
    letters: int
    until: datetime | None


def departures_of(organization: Organization) -> list[Departure]:
    """Seats that changed hands while letters waited, those with the nearest deadline first."""
    held = (
        Letter.objects.counted()
        .filter(drive__campaign__organization=organization, state=LetterState.HELD, legislator__isnull=False)
        .values("drive", "post", "legislator")
        .annotate(n=Count("pk"), until=Min("deadline"))
        .order_by("until", "post", "drive")
    )
    groups = list(held)
    seats = holders(list(Post.objects.filter(pk__in={g["post"] for g in groups})), today())
    groups = [
        g for g in groups if g["post"] not in seats or seats[g["post"]].legislator_id != g["legislator"]
    ]
    drives = Drive.objects.select_related("campaign").in_bulk({g["drive"] for g in groups})
    posts = Post.objects.in_bulk({g["post"] for g in groups})
    people = Legislator.objects.in_bulk({g["legislator"] for g in groups})
    ends = _ends({g["post"] for g in groups}, set(people))
    return [
        Departure(
            drive=drives[g["drive"]],
            post=posts[g["post"]],
            left=people[g["legislator"]],
            left_on=ends.get((g["post"], g["legislator"])),
            successor=seats[g["post"]].legislator if g["post"] in seats else None,
            letters=g["n"],
            until=g["until"],
        )
        for g in groups
    ]


def _ends(posts: set[UUID], people: set[UUID]) -> dict[tuple[UUID | None, UUID], date | None]:
    """The first day on which each of them was not in the seat any more, where it is known."""
    past = Membership.objects.filter(post__in=posts, legislator__in=people).order_by("start_on", "pk")
    return {(m.post_id, m.legislator_id): m.end_on or m.term_ends_on for m in past}


@require_safe
@console("people")
def departure_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    context = {
        "rows": departures_of(organization),
        "crumbs": [(_("Letters"), reverse("campaigns:letter-list", args=[organization.slug]))],
    }
    return show(request, organization, "campaigns/console/departures.html", "campaigns", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def departure_move(
    request: ConsoleRequest,
    organization: Organization,
    drive_id: UUID,
    post_id: UUID,
    legislator_id: UUID,
    verb: str,
) -> HttpResponse:
    """Readdress or cancel all letters of a drive to somebody who left a seat."""
    drive = drive_of(organization, drive_id)
    post, left = get_object_or_404(Post, pk=post_id), get_object_or_404(Legislator, pk=legislator_id)
    seat = holders([post], today()).get(post.pk)
    successor = seat.legislator if seat else None
    if verb not in {"readdress", "cancel"} or successor == left:
        raise Http404
    n = held_for(drive, post, left).count()
    if verb == "cancel":
        step = _cancel(request, drive, post, left, n)
    else:
        step = _readdress(request, drive, post, left, successor, n)
    back = reverse("campaigns:departures", args=[organization.slug])
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=back,
        crumbs=[*drive_crumbs(organization, drive), (_("Left office"), back)],
    )


def _readdress(
    request: ConsoleRequest, drive: Drive, post: Post, left: Legislator, successor: Legislator | None, n: int
) -> Step:
    if successor is None:
        blocker = _("Nobody is known to hold this seat now. Letters can be readdressed once somebody does.")
        return Step(title=_("Readdress"), button="", consequences=[], act=str, blockers=[blocker])
    chosen = (
        get_object_or_404(Legislator, pk=as_id(request.POST["to"])) if "to" in request.POST else successor
    )

    def act() -> str:
        done = readdress(drive=drive, post=post, left=left, successor=chosen, actor=request.user)
        return ngettext(
            "Readdressed: %(n)s letter goes to %(name)s.", "Readdressed: %(n)s letters go to %(name)s.", done
        ) % {"n": intcomma(done), "name": chosen.name}

    names = {"n": intcomma(n), "left": left.name, "new": successor.name, "post": post.label}
    return Step(
        title=_("Readdress to %(new)s") % names,
        button=ngettext("Readdress %(n)s letter", "Readdress %(n)s letters", n) % names,
        consequences=[
            ngettext(
                "%(n)s letter written to %(left)s goes to %(new)s, who holds the seat now: %(post)s.",
                "%(n)s letters written to %(left)s go to %(new)s, who holds the seat now: %(post)s.",
                n,
            )
            % names,
            _(
                "Name, greeting and address become the successor’s. The supporters’ own words stay as they are."
            ),
            _("They leave in the drive’s hours like all others. Supporters see it on their page."),
        ],
        act=act,
        hidden={"to": str(successor.pk)},
    )


def _cancel(request: ConsoleRequest, drive: Drive, post: Post, left: Legislator, n: int) -> Step:
    def act() -> str:
        done = cancel_departed(drive=drive, post=post, left=left, actor=request.user)
        return ngettext(
            "%(n)s letter is cancelled, and its supporter is told.",
            "%(n)s letters are cancelled, and their supporters are told.",
            done,
        ) % {"n": intcomma(done)}

    names = {"n": intcomma(n), "left": left.name, "post": post.label}
    return Step(
        title=ngettext("Cancel %(n)s letter", "Cancel %(n)s letters", n) % names,
        button=ngettext("Cancel %(n)s letter", "Cancel %(n)s letters", n) % names,
        consequences=[
            ngettext(
                "%(n)s letter written to %(left)s is not sent to anybody: %(post)s.",
                "%(n)s letters written to %(left)s are not sent to anybody: %(post)s.",
                n,
            )
            % names,
            _("Each supporter gets one mail that says so, with the letter’s text."),
        ],
        is_danger=True,
        act=act,
    )
