"""Signatures that wait for a person, why, and where signatures come from lately."""

from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions.review import MOST_AT_ONCE, let_sign, reviewed_of, turn_down, waiting_of
from campaigns.findings.trending import trending
from campaigns.models import Campaign, CampaignState, HeldFor, PledgeState
from campaigns.models.pledge import PledgeQuerySet
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.page import Step, confirmed, page_of, query_without_page, show
from campaigns.views.console.supporters import supporter_crumbs
from contacts.clock import now
from contacts.models import Organization

MOST_SOURCES = 10


def _asked(organization: Organization, query: QueryDict) -> PledgeQuerySet:
    """The signatures that the filter finds: held ones, or with `turned_down` those a person did not count."""
    state = PledgeState.INVALIDATED if query.get("turned_down") else PledgeState.HELD
    found = reviewed_of(organization).filter(state=state)
    if state == PledgeState.INVALIDATED:
        # Others were confirmed, and are not counted for another reason.
        found = found.filter(confirmed_at__isnull=True)
    if query.get("reason") in HeldFor.values:
        found = found.filter(held_for=query["reason"])
    if place := query.get("place", "").replace("\0", ""):
        found = found.filter(signer_hash=place[:64])
    try:
        if campaign := query.get("campaign", ""):
            found = found.filter(campaign=UUID(str(campaign)))
        if query.getlist("one"):
            found = found.filter(pk__in=[UUID(pk) for pk in query.getlist("one")])
    except (ValueError, ValidationError):
        raise Http404 from None
    return found


@require_safe
@console("people")
def review_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    found = _asked(organization, request.GET)
    page = page_of(request, found.order_by("-signed_at", "pk"))
    together = dict(
        waiting_of(organization)
        .filter(signer_hash__in=[pledge.signer_hash for pledge in page])
        .exclude(signer_hash="")
        .values_list("signer_hash")
        .annotate(n=Count("pk"))
        .order_by()
    )
    campaigns = list(Campaign.objects.of(organization).exclude(state=CampaignState.ARCHIVED))
    chosen = request.GET.get("campaign", "")
    looked_at = [one for one in campaigns if not chosen or one.pk == UUID(chosen)]
    context = {
        "page": page,
        "rows": [(pledge, together.get(pledge.signer_hash, 0)) for pledge in page],
        "query": query_without_page(request),
        "turned_down": bool(request.GET.get("turned_down")),
        "reason": request.GET.get("reason", ""),
        "place": request.GET.get("place", "").replace("\0", ""),
        "reasons": HeldFor.choices,
        "chosen": chosen,
        "campaigns": campaigns,
        "sources": trending(looked_at, now(), MOST_SOURCES),
        "crumbs": supporter_crumbs(organization),
    }
    return show(request, organization, "campaigns/console/review.html", "supporters", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console("people")
def review_move(request: ConsoleRequest, organization: Organization, verb: str) -> HttpResponse:
    """Let the signatures that were chosen go on, or don't count them, after a page that says how many."""
    if verb not in {"let-sign", "turn-down"}:
        raise Http404
    pledges = _asked(organization, request.GET)
    n = pledges.count()
    if verb == "let-sign":
        step = _let_sign(request, organization, pledges, n)
    else:
        step = _turn_down(request, organization, pledges, n)
    if not n:
        step = Step(title=step.title, button="", consequences=[], act=str, blockers=[_("None is chosen.")])
    back = reverse("campaigns:review", args=[organization.slug])
    crumbs = [*supporter_crumbs(organization), (_("Signatures to review"), back)]
    return confirmed(request, organization, step, section="supporters", back=back, crumbs=crumbs)


def _let_sign(request: ConsoleRequest, organization: Organization, pledges: PledgeQuerySet, n: int) -> Step:
    def act() -> str:
        done = let_sign(organization=organization, pledges=pledges, actor=request.user)
        return ngettext(
            "%(n)s signature goes on: its owner gets the mail to confirm it.",
            "%(n)s signatures go on: their owners get the mail to confirm them.",
            done,
        ) % {"n": intcomma(done)}

    names = {"n": intcomma(min(n, MOST_AT_ONCE))}
    return Step(
        title=ngettext("Let %(n)s signature go on", "Let %(n)s signatures go on", n) % names,
        button=ngettext("Let %(n)s go on", "Let %(n)s go on", n) % names,
        consequences=[
            ngettext(
                "%(n)s person gets the mail with the link to confirm.",
                "%(n)s people get the mail with the link to confirm.",
                n,
            )
            % names,
            _("A signature counts once it is confirmed, as any other."),
            *([_("At most %(n)s go on at a time; the rest stays here.") % names] if n > MOST_AT_ONCE else []),
        ],
        act=act,
    )


def _turn_down(request: ConsoleRequest, organization: Organization, pledges: PledgeQuerySet, n: int) -> Step:
    def act() -> str:
        done = turn_down(organization=organization, pledges=pledges, actor=request.user)
        return ngettext("%(n)s signature is not counted.", "%(n)s signatures are not counted.", done) % {
            "n": intcomma(done)
        }

    names = {"n": intcomma(n)}
    return Step(
        title=ngettext("Don’t count %(n)s signature", "Don’t count %(n)s signatures", n) % names,
        button=ngettext("Don’t count it", "Don’t count them", n),
        consequences=[
            _("Nobody is mailed."),
            _("You find them under “Turned down”, and can let them go on after all."),
        ],
        is_danger=True,
        act=act,
    )
