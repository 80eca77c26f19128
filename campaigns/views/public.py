"""Pages anyone may open: the start, a campaign, signing it, and what our numbers mean."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import limits
from campaigns.actions.pledges import Matched, Signing, resend_link, sign_pledge
from campaigns.errors import CampaignClosed
from campaigns.forms.letter import AddressForm
from campaigns.forms.pledge import PledgeForm
from campaigns.models import Campaign, CampaignState, Partnership, RuleKind, TargetRule
from campaigns.places import Places, places
from campaigns.reports import campaign_numbers, people_of
from campaigns.targets import holders, posts_of_group
from contacts.addresses import signer_hash
from contacts.clock import today
from contacts.models import Role
from policy.markdown import to_html
from policy.models import Evidence, Resource, Stance

_MOST_PEOPLE_SHOWN = 12


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open campaigns of every organisation here."""
    campaigns = list(
        Campaign.objects.filter(state=CampaignState.OPEN, is_test=False).select_related("organization", "measure")[:50]
    )
    people = people_of(campaigns)
    return render(
        request,
        "campaigns/public/home.html",
        {"campaigns": [(campaign, people.get(campaign.pk, 0)) for campaign in campaigns]},
    )


def visible_campaign(request: HttpRequest, org: str, slug: str) -> Campaign:
    """A campaign this visitor may see: drafts only people of its organisation. Raises Http404."""
    campaign = get_object_or_404(
        Campaign.objects.select_related("organization", "issue", "measure__jurisdiction"),
        organization__slug=org,
        slug=slug,
    )
    if campaign.state in {CampaignState.DRAFT, CampaignState.IN_REVIEW, CampaignState.ARCHIVED}:
        signed_in = request.user.is_authenticated
        if not signed_in or not Role.objects.filter(organization=campaign.organization, user=request.user).exists():
            raise Http404
    return campaign


@require_safe
def campaign_page(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    campaign = visible_campaign(request, org, slug)
    form = PledgeForm(campaign=campaign)
    return render(request, "campaigns/public/campaign.html", page_context(campaign, form, request))


def page_context(campaign: Campaign, form: PledgeForm, request: HttpRequest) -> dict[str, object]:
    """Everything the campaign page shows, in a fixed number of queries."""
    organization = campaign.organization
    return {
        "campaign": campaign,
        "organization": organization,
        "form": form,
        "source": request.GET.get("source", "")[:80],
        "numbers": campaign_numbers(campaign),
        "why": to_html(campaign.why),
        "outcome": to_html(campaign.outcome_text),
        "evidence": Evidence.objects.filter(issue=campaign.issue)[:6],
        "events": campaign.measure.events.all() if campaign.measure else [],
        "partnerships": Partnership.objects.filter(campaign=campaign, left_at__isnull=True).select_related("organization"),
        "resources": Resource.objects.filter(organization=organization)[:3],
        **_deciders(campaign),
    }


def _deciders(campaign: Campaign) -> dict[str, object]:
    """Who gets the letters: people where the rules name them, chambers where it depends on the signer."""
    rules = Prefetch("rules", TargetRule.objects.select_related("chamber__jurisdiction"))
    on = today()
    chambers, posts = {}, {}
    for group in campaign.target_groups.prefetch_related(rules):
        group.campaign = campaign
        own = [r for r in group.rules.all() if r.kind == RuleKind.MY_REPRESENTATIVES and not r.exclude]
        for rule in own:
            if rule.chamber is not None:
                chambers[rule.chamber.pk] = rule.chamber
        if not own:
            posts.update({post.pk: post for post in posts_of_group(group, None, on)})
    shown = list(posts.values())[:_MOST_PEOPLE_SHOWN]
    seated = holders(shown, on)
    stances = {}
    if campaign.measure:
        latest = Stance.objects.filter(measure=campaign.measure).latest_per_legislator()
        stances = {s.legislator_id: s for s in latest}
    people = [
        (post, seated.get(post.pk), stances.get(seated[post.pk].legislator_id) if post.pk in seated else None)
        for post in shown
    ]
    return {"chambers": list(chambers.values()), "deciders": people, "deciders_more": max(len(posts) - len(shown), 0)}


@require_POST
def sign(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """Take a pledge. New, repeated and limited signatures get the same answer."""
    campaign = visible_campaign(request, org, slug)
    form = PledgeForm(request.POST, campaign=campaign)
    if not campaign.is_open:
        return render(request, "campaigns/public/campaign.html", page_context(campaign, form, request), status=409)
    if form.is_valid():
        answer = _sign(request, campaign, form)
        if answer is not None:
            return answer
    return render(request, "campaigns/public/campaign.html", page_context(campaign, form, request), status=422)


def _sign(request: HttpRequest, campaign: Campaign, form: PledgeForm) -> HttpResponse | None:
    """Sign with a form that is valid in itself; None when the postal code still needs mending."""
    data = form.cleaned_data
    where = places(campaign, campaign.organization.country, data["postal_code"], today())
    if where.needed and not where.match.is_known and not data["sign_anyway"]:
        form.add_error(
            "postal_code",
            _t("We don't know this postal code, so we can't find your representatives. Please check it."),
        )
        return None
    divisions = where.answered(request.POST.dict())
    if divisions is None:
        return render(
            request,
            "campaigns/public/which.html",
            {"campaign": campaign, "organization": campaign.organization, "form": form, "places": where},
            # The second time, nothing was chosen.
            status=422 if "asked" in request.POST else 200,
        )
    address = limits.client_address(request)
    if limits.may_sign(address, campaign.pk) and not form.is_robot:
        try:
            sign_pledge(campaign=campaign, signing=_signing(request, campaign, form, divisions, address))
        except CampaignClosed as fact:
            form.add_error(None, str(fact.message))
            return None
    request.session[f"signed-{campaign.pk}"] = {"email": data["email"], "vacant": _vacant(where, divisions)}
    return redirect("campaigns:check-mail", org=campaign.organization.slug, slug=campaign.slug)


def _signing(
    request: HttpRequest, campaign: Campaign, form: PledgeForm, divisions: list[Matched], address: str
) -> Signing:
    data = form.cleaned_data
    return Signing(
        name=data["name"],
        email=data["email"],
        postal_code=data["postal_code"],
        country=campaign.organization.country,
        street=data.get("street", ""),
        city=data["city"],
        language=getattr(request, "LANGUAGE_CODE", campaign.language)[:2],
        comment=data["comment"].strip(),
        consents=form.consents(),
        send_untouched=data["send_untouched"],
        divisions=divisions,
        source=request.POST.get("source", "")[:80],
        signer_hash=signer_hash(address),
    )


def _vacant(where: Places, divisions: list[Matched]) -> list[str]:
    """Labels of vacant seats among the signer's own."""
    mine = {place.division_id for place in divisions}
    return [
        seat.post.label
        for chamber in where.match.chambers
        for candidate in chamber.candidates
        if candidate.division.pk in mine
        for seat in candidate.seats
        if seat.is_vacant
    ]


@require_safe
def check_mail(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    """What to do next, with the address the mail went to and a way to correct it."""
    campaign = visible_campaign(request, org, slug)
    signed = request.session.get(f"signed-{campaign.pk}", {})
    return render(
        request,
        "campaigns/public/check_mail.html",
        {
            "campaign": campaign,
            "organization": campaign.organization,
            "email": signed.get("email", ""),
            "vacant": signed.get("vacant", []),
        },
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


@require_safe
def how_we_count(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/public/how_we_count.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/public/privacy.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /p/", "Disallow: /console/", "Disallow: /accounts/", "Disallow: /mailbox/", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
