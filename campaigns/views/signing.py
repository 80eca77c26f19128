"""Signing a campaign: the form's answer, “which of these is you?”, “check your mail”, and the link once more."""

from copy import copy
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import limits
from campaigns.actions.pledges import Matched, Signing, resend_link, sign_pledge
from campaigns.doubts import Proof, doubt_about, judge
from campaigns.errors import CampaignClosed
from campaigns.forms.letter import AddressForm
from campaigns.forms.pledge import PledgeForm
from campaigns.models import Campaign
from campaigns.partners_now import partner_called
from campaigns.places import Places, places
from campaigns.reading import ASKS, asked_language, asking
from campaigns.same_origin import came_from_elsewhere
from campaigns.targets import holders, posts_for
from campaigns.views.public import page_context, visible_campaign
from campaigns.visits import recall, remember
from contacts.addresses import signer_hash
from contacts.clock import roughly_now, today
from contacts.lookups import looked_up


@csrf_exempt
@require_POST
def sign(request: HttpRequest, org: str, slug: str, code: str = "") -> HttpResponse:
    """Take a pledge. New, repeated, held and limited signatures get the same answer. By a partner's page `code` is its.

    Whoever signs is nobody to us, so there is no cookie's right to borrow: the page carries none, and can be the same
    for everybody. That another site's page has somebody sign unasked is refused all the same.
    """
    if came_from_elsewhere(request):
        raise PermissionDenied
    found = looked_up(
        ("campaign", org, slug),
        lambda: visible_campaign(request, org, slug),
        worth=lambda campaign: campaign.is_open,
    )
    campaign = copy(found)
    partner = partner_called(campaign, code) if code else None
    form = PledgeForm(request.POST, campaign=campaign, partner=partner)
    if not campaign.is_open:
        return mend(request, campaign, form, status=409)
    return answer(request, campaign, form)


@require_http_methods(["GET", "HEAD", "POST"])
def check_mail(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """What to do next. POST signs again with the address corrected and everything else as it was."""
    campaign = visible_campaign(request, org, slug)
    signed = recall(request, campaign)
    email = signed.get("typed", {}).get("email", "")
    partner = partner_called(campaign, code) if (code := signed.get("typed", {}).get("source", "")) else None
    address = AddressForm(request.POST or None, initial={"email": email})
    if request.method == "POST":
        if not signed or not campaign.is_open:
            return redirect("campaigns:campaign", org=org, slug=slug)
        if address.is_valid():
            typed = {**signed["typed"], "email": address.cleaned_data["email"]}
            return answer(request, campaign, PledgeForm(typed, campaign=campaign, partner=partner))
    seats = _seats(campaign, signed["divisions"]) if signed else []
    return render(
        request,
        "campaigns/public/check_mail.html",
        {
            "campaign": campaign,
            "organization": campaign.organization,
            "email": email,
            "partner": partner,
            "form": address,
            "signed": bool(signed),
            "seats": seats,
            "vacant": [seat for seat in seats if seat["holder"] is None],
        },
        status=422 if address.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def send_link(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """Mail a supporter their link again. The answer is the same whether the address signed or not."""
    campaign = visible_campaign(request, org, slug)
    form = AddressForm(request.POST or None)
    context = {"campaign": campaign, "organization": campaign.organization, "form": form, "done": False}
    if request.method == "POST" and form.is_valid():
        if limits.may_sign(limits.client_address(request), f"link-{campaign.pk}"):
            resend_link(campaign=campaign, email=form.cleaned_data["email"])
        return render(request, "campaigns/public/send_link.html", {**context, "done": True})
    return render(request, "campaigns/public/send_link.html", context, status=422 if form.errors else 200)


def mend(request: HttpRequest, campaign: Campaign, form: PledgeForm, status: int = 422) -> HttpResponse:
    """The campaign page with what was typed and what is wrong with it."""
    page = "embed" if form.is_embedded else "campaign"
    return render(
        request, f"campaigns/public/{page}.html", page_context(campaign, form, request), status=status
    )


def answer(request: HttpRequest, campaign: Campaign, form: PledgeForm) -> HttpResponse:
    """Sign with what the form holds; or ask, or show what has to be mended."""
    if not form.is_valid():
        return mend(request, campaign, form)
    data = form.cleaned_data
    where = places(campaign, campaign.organization.country, data["postal_code"], roughly_now().date())
    if where.needed and not where.match.is_known and not data["sign_anyway"]:
        form.add_error(
            "postal_code",
            _t("We don't know this postal code, so we can't find your representatives. Please check it."),
        )
        return mend(request, campaign, form)
    divisions = where.answered(form.data)
    if divisions is None:
        return _ask_which(request, campaign, form, where)
    proof = judge(data["proof"]) if form.puzzle else Proof.NOT_ASKED
    if form.puzzle and (proof == Proof.STALE or not form.was_asked_proof):
        # Opened before the rush, open for too long, or sent before: it is shown again with a fresh puzzle.
        form.add_error(None, _t("Very many people are signing right now. Please send it once more."))
        return mend(request, campaign, form)
    address = limits.client_address(request)
    is_fresh_page, is_within = limits.may_send(address, campaign.pk, form.nonce)
    if not is_fresh_page:
        form.renew()
        form.add_error(None, _t("This page was sent several times. Please send it once more."))
        return mend(request, campaign, form)
    doubt = doubt_about(
        data["email"],
        is_robot=form.is_robot,
        is_one_too_many=not is_within,
        is_unproven=proof == Proof.NONE,
    )
    if not doubt or limits.may_hold(campaign.pk):
        try:
            sign_pledge(campaign=campaign, signing=_signing(campaign, form, divisions, address), doubt=doubt)
        except CampaignClosed as fact:
            form.add_error(None, str(fact.message))
            return mend(request, campaign, form)
    if form.is_embedded:
        # No session: browsers give frames of other sites no cookie.
        signed = reverse("campaigns:embed-signed", args=[campaign.organization.slug, campaign.slug])
        asked = {ASKS: asked_language(request)} if asked_language(request) else {}
        by = {"source": form.partner.source_code} if form.partner else {}
        return redirect(f"{signed}?{urlencode({'host': form.host, **by, **asked})}")
    check = reverse("campaigns:check-mail", args=[campaign.organization.slug, campaign.slug])
    response = redirect(f"{check}{asking(request)}")
    remember(
        response,
        campaign,
        {"typed": _typed(form, where), "divisions": [str(place.division_id) for place in divisions]},
    )
    return response


def _ask_which(request: HttpRequest, campaign: Campaign, form: PledgeForm, where: Places) -> HttpResponse:
    asked = "asked" in form.data
    unanswered = [q for q in where.questions if asked and not q.takes(form.data.get(q.name, ""))]
    return render(
        request,
        "campaigns/public/which.html",
        {
            "campaign": campaign,
            "organization": campaign.organization,
            "form": form,
            "questions": [(q, form.data.get(q.name, ""), q in unanswered) for q in where.questions],
            "unanswered": unanswered,
        },
        status=422 if asked else 200,
    )


def _typed(form: PledgeForm, where: Places) -> dict[str, str]:
    # A proof is good for one sending.
    names = {*form.fields, *(question.name for question in where.questions)} - {"proof"}
    return {name: str(value) for name, value in form.data.items() if name in names}


def _signing(campaign: Campaign, form: PledgeForm, divisions: list[Matched], address: str) -> Signing:
    data = form.cleaned_data
    return Signing(
        name=data["name"],
        email=data["email"],
        postal_code=data["postal_code"],
        country=campaign.organization.country,
        prefix=data.get("title", ""),
        street=data.get("street", ""),
        city=data["city"],
        language=data["language"],
        comment=data["comment"].strip(),
        consents=form.consents(),
        send_untouched=data["send_untouched"],
        divisions=divisions,
        source=data["source"],
        signer_hash=signer_hash(address),
    )


def _seats(campaign: Campaign, divisions: list[str]) -> list[dict[str, Any]]:
    """Whom the signer's letters are for, each with its holder, or nobody when the seat is vacant."""
    posts = [post for post, _group in posts_for(campaign, [UUID(pk) for pk in divisions], today())]
    seated = holders(posts, today())
    return [{"post": post, "holder": seated.get(post.pk)} for post in posts]
