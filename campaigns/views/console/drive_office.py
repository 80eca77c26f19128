"""One office in one drive: who holds the seat and how they are reached, the letters to it, and what came back."""

from uuid import UUID

from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.delivery.routes import ROUTES
from campaigns.letters.tones import tone_of
from campaigns.models import Drive, InboundKind, InboundMail, InboundState, Letter
from campaigns.permissions import ConsoleRequest, console, may
from campaigns.reports import by_way, stuck_of
from campaigns.targets import holders
from campaigns.views.console.board import states_of
from campaigns.views.console.drives import drive_crumbs, drive_of
from campaigns.views.console.legislators import HEALTH_TONES
from campaigns.views.console.page import page_of, query_without_page, show
from campaigns.views.console.replies import CODING_TONES, KIND_TONES
from contacts.clock import today
from contacts.models import ContactPoint, Health, Organization, Post

_LETTERS_SHOWN = 10


def holder_of(post: Post) -> dict[str, object]:
    """Who holds a post now and what reaches them that a letter can go to, with how well each works."""
    seat = holders([post], today()).get(post.pk)
    if seat is None:
        return {"holder": None, "points": []}
    kinds = [route.contact_kind for route in ROUTES.values()]
    points = ContactPoint.objects.filter(kind__in=kinds, office__legislator=seat.legislator)
    return {
        "holder": seat.legislator,
        "points": [(point, HEALTH_TONES[Health(point.health)]) for point in points],
    }


@require_safe
@console("look")
def drive_office(
    request: ConsoleRequest, organization: Organization, drive_id: UUID, post_id: UUID
) -> HttpResponse:
    """All that went to an office in a drive and all that came back; names and mails to those who may read them."""
    drive = drive_of(organization, drive_id)
    post = get_object_or_404(Post.objects.select_related("chamber"), pk=post_id)
    letters = Letter.objects.counted().filter(drive=drive, post=post)
    counts = by_way(letters)
    context = {
        "drive": drive,
        "post": post,
        "office": holder_of(post),
        "crumbs": [
            *drive_crumbs(organization, drive),
            (_("Offices"), reverse("campaigns:drive-offices", args=[organization.slug, drive.pk])),
        ],
        "states": states_of(counts, stuck_of(letters)),
        "total": sum(n for _way, _state, n in counts),
        "letters_url": f"{reverse('campaigns:letter-list', args=[organization.slug])}?drive={drive.pk}&post={post.pk}",
    }
    if may(request.roles, "people"):
        latest = letters.select_related("pledge").order_by(
            F("sent_at").desc(nulls_last=True), "-created_at", "pk"
        )
        context["letters"] = [(letter, tone_of(letter)) for letter in latest[:_LETTERS_SHOWN]]
    if may(request.roles, "replies"):
        context |= _received(request, drive, post)
    return show(request, organization, "campaigns/console/drive_office.html", "campaigns", context)


def _received(request: ConsoleRequest, drive: Drive, post: Post) -> dict[str, object]:
    """What came back for the letters to an office, the newest first, and how many of each kind."""
    mails = InboundMail.objects.filter(
        organization=drive.campaign.organization,
        state=InboundState.MATCHED,
        letter__drive=drive,
        letter__post=post,
        letter__is_test=False,
    )
    kinds = dict(mails.order_by().values_list("kind").annotate(n=Count("pk")))
    page = page_of(request, mails.defer("raw", "text").order_by("-received_at", "pk"))
    return {
        "page": page,
        "mails": [(mail, KIND_TONES[mail.kind], CODING_TONES.get(mail.coding, "warn")) for mail in page],
        "kinds": [(label, kinds[kind]) for kind, label in InboundKind.choices if kind in kinds],
        "to_judge": mails.filter(kind=InboundKind.REPLY, coding="").count(),
        "query": query_without_page(request),
    }
