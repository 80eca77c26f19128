from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions.partner_consents import choices_of
from campaigns.forms.supporters import FilterForm, TagForm
from campaigns.letters.tones import tone_of
from campaigns.models import Letter, Pledge
from campaigns.people import find, with_pledge_count
from campaigns.permissions import ConsoleRequest, console, zone_of
from campaigns.views.console.page import page_of, query_without_page, show
from contacts.models import Consent, Organization, Purpose, Supporter, Tag

_LETTERS = 100  # of one person on their page


def asked_for(request: ConsoleRequest, organization: Organization) -> tuple[FilterForm, QuerySet[Supporter]]:
    """The filter in an address and who fits; nobody when something in it can't be read. Raises Http404."""
    form = FilterForm(request.GET, organization=organization)
    if form.is_valid():
        return form, find(organization, form.wanted(), zone_of(organization))
    if form.names_nothing:
        raise Http404
    return form, Supporter.objects.none()


def person_of(organization: Organization, supporter_id: UUID) -> Supporter:
    """The person an address is of; of a record that was merged into another, the one they are now. Raises Http404."""
    own = Supporter.objects.filter(organization=organization).select_related("merged_into")
    found: Supporter = get_object_or_404(own, pk=supporter_id)
    person = found.merged_into or found
    if person.erased_at is not None:
        raise Http404
    person.organization = organization
    return person


def supporter_crumbs(organization: Organization) -> list[tuple[object, str]]:
    return [(_("Supporters"), reverse("campaigns:supporter-list", args=[organization.slug]))]


@require_safe
@console("people")
def supporter_list(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """The people an organisation knows, by what is known of them."""
    form, people = asked_for(request, organization)
    rows = with_pledge_count(people).prefetch_related("taggings__tag").order_by("-created_at", "pk")
    context = {
        "form": form,
        "page": page_of(request, rows),
        "query": query_without_page(request),
        "is_filtered": bool(form.errors or form.wanted().to_plain()),
    }
    return show(request, organization, "campaigns/console/supporter_list.html", "supporters", context)


@require_safe
@console("people")
def supporter_detail(request: ConsoleRequest, organization: Organization, supporter_id: UUID) -> HttpResponse:
    """What a person promised, which letters are theirs, where they live and what they agreed to."""
    supporter = person_of(organization, supporter_id)
    if supporter.pk != supporter_id:
        messages.info(request, _("The record you came for was merged into this one."))
        return redirect("campaigns:supporter", org=organization.slug, supporter_id=supporter.pk)
    last: dict[str, Consent] = {}
    for consent in supporter.consents.order_by("id"):
        last[consent.purpose] = consent
    theirs = Letter.objects.filter(pledge__supporter=supporter).select_related("post", "drive__campaign")
    letters = list(theirs.order_by("-created_at", "pk")[: _LETTERS + 1])
    context = {
        "supporter": supporter,
        "crumbs": supporter_crumbs(organization),
        "pledges": Pledge.objects.filter(supporter=supporter)
        .select_related("campaign")
        .order_by("-signed_at"),
        "letters": [(letter, tone_of(letter)) for letter in letters[:_LETTERS]],
        "has_more_letters": len(letters) > _LETTERS,
        "residences": supporter.residences.select_related("division").order_by("division__name"),
        "consents": [(label, last.get(purpose)) for purpose, label in Purpose.choices],
        "chosen": [one for one in choices_of(supporter) if one.given],
        "tags": Tag.objects.filter(taggings__supporter=supporter),
        "all_tags": Tag.objects.filter(organization=organization),
        "tag_form": TagForm(),
    }
    return show(request, organization, "campaigns/console/supporter.html", "supporters", context)
