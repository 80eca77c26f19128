"""Addresses of offices that letters came back from, and what a person does about them."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions.addresses import say_works_again
from campaigns.delivery.routes import ROUTES
from campaigns.failed_addresses import kinds_by_campaign, waiting_at
from campaigns.letters.reasons import NO_WAY_LEFT
from campaigns.models import Letter
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.calendars import legislator_tabs
from campaigns.views.console.page import Step, confirmed, page_of, show
from contacts.models import ContactPoint, Health, Organization

TONES = {Health.FAILING: "bad", Health.SUSPECT: "warn"}


def failed_for(organization: Organization) -> QuerySet[ContactPoint]:
    """Addresses that failed or are in doubt, of legislators whom the organisation writes to; the latest first."""
    letters = Letter.objects.counted().filter(drive__campaign__organization=organization)
    written_to = letters.filter(legislator=OuterRef("office__legislator"))
    # What was never fixed for an address knows its seat alone.
    stuck = letters.stuck().filter(post__memberships__legislator=OuterRef("office__legislator"))
    failed = ContactPoint.objects.filter(health__in=TONES)
    return failed.filter(Exists(written_to) | Exists(stuck)).order_by("-health_changed_at", "pk")


@require_safe
@console("look")
def address_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    points = page_of(request, failed_for(organization).select_related("office__legislator"))
    kinds = kinds_by_campaign(organization)
    waiting = waiting_at(organization, list(points), kinds)
    have_other = _have_other(points, kinds)
    context = {
        "page": points,
        "rows": [
            (
                point,
                TONES[Health(point.health)],
                waiting[point.pk],
                # Nothing would wait if any other way were one that these letters may go.
                point.pk in have_other and not waiting[point.pk].whole,
            )
            for point in points
        ],
        "no_way_left": NO_WAY_LEFT,
        "tabs": legislator_tabs(organization, "addresses"),
    }
    return show(request, organization, "campaigns/console/addresses.html", "legislators", context)


def _have_other(points: Iterable[ContactPoint], kinds: dict[UUID, set[str]]) -> set[UUID]:
    """Those of the addresses whose office has another one that works, of a kind that letters under way go to."""
    taken = set().union(*kinds.values()) or {route.contact_kind for route in ROUTES.values()}
    people = {point.office.legislator_id for point in points}
    working = ContactPoint.objects.working().filter(kind__in=taken, office__legislator__in=people)
    known = list(working.values_list("pk", "office__legislator"))
    return {
        point.pk
        for point in points
        if any(other != point.pk and person == point.office.legislator_id for other, person in known)
    }


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def address_works(request: ConsoleRequest, organization: Organization, point_id: UUID) -> HttpResponse:
    """Write to an address again that had failed."""
    point = get_object_or_404(failed_for(organization).select_related("office__legislator"), pk=point_id)
    back = reverse("campaigns:address-list", args=[organization.slug])

    def act() -> str:
        n = say_works_again(organization=organization, point=point, actor=request.user)
        return ngettext(
            "Written to again: %(n)s letter goes on.", "Written to again: %(n)s letters go on.", n
        ) % {"n": intcomma(n)}

    n = waiting_at(organization, [point], kinds_by_campaign(organization))[point.pk].whole
    step = Step(
        title=_("Write to %(address)s again") % {"address": point.value},
        button=_("It works again"),
        consequences=[
            ngettext(
                "%(n)s letter of yours that waits for this goes on, in its drive’s hours.",
                "%(n)s letters of yours that wait for this go on, in their drives’ hours.",
                n,
            )
            % {"n": intcomma(n)},
            _("Everybody who sends from this installation writes to it again."),
            _("When a letter comes back once more, the address counts as failed again."),
        ],
        act=act,
    )
    crumbs: list[tuple[object, str]] = [
        (_("Legislators"), reverse("campaigns:legislator-list", args=[organization.slug])),
        (_("Addresses that failed"), back),
    ]
    return confirmed(request, organization, step, section="legislators", back=back, crumbs=crumbs)
