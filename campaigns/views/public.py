"""Pages anyone may open: the start, a campaign, what our numbers mean, and what programs are told."""

import shlex
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import Case, Prefetch, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from campaigns.actions.endorsements import can_ask
from campaigns.calls import calls_of
from campaigns.delivery.hours import zone_or_utc
from campaigns.demo.content import COALITION
from campaigns.forms.pledge import PledgeForm
from campaigns.inbound.address import answers_by_us
from campaigns.kept_pages import keep, may_keep
from campaigns.models import (
    Campaign,
    CampaignState,
    CampaignUpdate,
    Outcome,
    Partnership,
    RuleKind,
    TargetRule,
    published_outcome,
)
from campaigns.models.words import CampaignWords
from campaigns.page_views import viewed
from campaigns.partners_now import partner_called, partners_of
from campaigns.reports import campaign_numbers, people_of
from campaigns.sharing import feed_url, page_url, partner_url, picture_url, written_in
from campaigns.sources import source_of
from campaigns.stories.wall import public_stories
from campaigns.targets import holders, posts_of_group
from contacts.clock import now, today
from contacts.models import Organization, Role
from policy.help import has_help
from policy.markdown import to_html
from policy.models import Evidence, MeasureEvent, Stance
from policy.told import claims_in, milestones_of, said_of
from policy.words import Passage, partly_in, reading

_MOST_PEOPLE_SHOWN = 12
_NEWS_SHOWN = 20
_ORGANIZATIONS_SHOWN = 6
_OUTCOMES_SHOWN = 4
_EVIDENCE_SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Open campaigns of every organisation here, and what came of the last that ended."""
    campaigns = list(
        Campaign.objects.filter(state=CampaignState.OPEN, is_test=False)
        .select_related("organization", "measure", "outcome")
        .prefetch_related("translations")[:50]
    )
    people = people_of(campaigns)
    response = render(
        request,
        "campaigns/public/home.html",
        {
            "campaigns": [(campaign, people.get(campaign.pk, 0)) for campaign in campaigns],
            "outcomes": list(Outcome.objects.public()[:_OUTCOMES_SHOWN]),
            "trial": _trial() if settings.EMBEDDED else "",
            "trial_settings": _trial_settings() if settings.EMBEDDED else "",
        },
    )
    keep(request, response)
    return response


def _trial_settings() -> str:
    """What a command has to be given to reach this very trial, where that is not what it takes by itself."""
    folder = "" if settings.DATA_DIR == settings.BASE_DIR / "var" else shlex.quote(str(settings.DATA_DIR))
    port = "" if settings.PORT == 8000 else str(settings.PORT)
    given = {"OUTSPOKEN_DATA_DIR": folder, "PORT": port}
    return "".join(f"{name}={value} " for name, value in given.items() if value)


def _trial() -> str:
    """What somebody who tries the program out finds in it: the demo, organisations of their own, or nothing yet."""
    slugs = Organization.objects.values_list("slug", flat=True)
    if slugs.filter(slug=COALITION["slug"]).exists():
        return "demo"
    return "own" if slugs.exists() else "empty"


def visible_campaign(request: HttpRequest, org: str, slug: str) -> Campaign:
    """A campaign this visitor may see: drafts only people of its organisation. Raises Http404."""
    campaign = get_object_or_404(
        Campaign.objects.select_related("organization", "issue", "measure__jurisdiction", "outcome"),
        organization__slug=org,
        slug=slug,
    )
    hidden = campaign.state in {CampaignState.DRAFT, CampaignState.IN_REVIEW, CampaignState.ARCHIVED}
    if hidden and not Role.objects.filter(organization=campaign.organization, user=request.user.pk).exists():
        raise Http404
    return campaign


@require_safe
def campaign_page(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    campaign = visible_campaign(request, org, slug)
    source = source_of(request.GET)
    form = PledgeForm(campaign=campaign, initial={"source": source})
    own = form.leave_open() if may_keep(request) else {}
    response = render(request, "campaigns/public/campaign.html", page_context(campaign, form, request))
    keep(request, response, own, partial(viewed, campaign.pk, source))
    return response


@require_safe
def partner_page(request: HttpRequest, org: str, slug: str, code: str) -> HttpResponse:
    """The campaign in a partner's name. Of one that has left, or has run out, the way leads to the campaign itself."""
    campaign = visible_campaign(request, org, slug)
    partner = partner_called(campaign, code)
    if partner is None:
        # A code that was never any partner's is no page.
        get_object_or_404(Partnership, campaign=campaign, source_code=code)
        query = request.GET.copy()
        query["source"] = code
        return redirect(f"{reverse('campaigns:campaign', args=[org, slug])}?{query.urlencode()}")
    form = PledgeForm(campaign=campaign, initial={"source": code}, partner=partner)
    own = form.leave_open() if may_keep(request) else {}
    response = render(request, "campaigns/public/campaign.html", page_context(campaign, form, request))
    keep(request, response, own, partial(viewed, campaign.pk, code))
    return response


def page_context(campaign: Campaign, form: PledgeForm, request: HttpRequest) -> dict[str, object]:
    """Everything the campaign page shows, in a fixed number of queries; most are only made when they are shown."""
    organization = campaign.organization
    deciders = SimpleLazyObject(lambda: _deciders(campaign))
    words, measure = campaign.words, campaign.measure_words
    evidence = SimpleLazyObject(lambda: _evidence(campaign))
    news = SimpleLazyObject(lambda: _news(campaign))
    news_notice = SimpleLazyObject(lambda: _not_translated(words, news))
    outcome = published_outcome(campaign)
    partners = partners_of(campaign)
    return {
        "campaign": campaign,
        "organization": organization,
        "form": form,
        "page_url": page_url(campaign, language=words.language),
        "own_url": page_url(campaign),
        "partner": form.partner,
        "partner_url": partner_url(campaign, form.partner, words.language) if form.partner else "",
        "feed_url": feed_url(campaign, words.language),
        "written": written_in(campaign),
        "languages_read": "-".join(reading()),
        "picture_url": SimpleLazyObject(lambda: picture_url(campaign, words.language)),
        "calls": SimpleLazyObject(lambda: calls_of(campaign) if campaign.call_script else {}),
        "numbers": campaign_numbers(campaign),
        "zone": zone_or_utc(organization.time_zone).key,
        "is_late": campaign.opens_at is not None and campaign.opens_at <= now(),
        "why": SimpleLazyObject(lambda: to_html(words.why)),
        "outcome": outcome,
        "changed": SimpleLazyObject(lambda: to_html(words.outcome_text)),
        "measure": measure,
        "measure_summary": SimpleLazyObject(lambda: to_html(measure.get("summary", ""))),
        "evidence": evidence,
        # It is said once on a page, wherever the first such part stands.
        "facts_notice": SimpleLazyObject(
            lambda: {} if words.notice or news_notice else _facts_notice(measure, evidence)
        ),
        "milestones": SimpleLazyObject(lambda: _milestones(campaign)),
        "partnerships": partners,
        "partner_codes": ",".join(one.source_code for one in partners),
        "endorsed": SimpleLazyObject(lambda: _endorsed(campaign)),
        "can_endorse": can_ask(campaign),
        "news": news,
        "news_notice": news_notice,
        "has_stories": SimpleLazyObject(lambda: public_stories(organization).exists()),
        "has_help": SimpleLazyObject(lambda: has_help(organization)),
        "who_decides": deciders,
    }


def _evidence(campaign: Campaign) -> list[tuple[Evidence, dict[str, Passage]]]:
    """The first figures of what it is about, each with what is read of it."""
    found = Evidence.objects.filter(issue=campaign.issue)[:_EVIDENCE_SHOWN]
    return said_of(found, campaign.organization)


def _milestones(campaign: Campaign) -> list[tuple[MeasureEvent, Passage]]:
    events = campaign.measure.events.standing() if campaign.measure else []
    return milestones_of(events, campaign.organization)


def _facts_notice(
    measure: dict[str, Passage],
    evidence: Iterable[tuple[Evidence, dict[str, Passage]]],
) -> dict[str, str]:
    """What is said of figures and a measure in another language, and beside which of them."""
    if notice := partly_in(*claims_in(evidence)):
        return {"evidence": notice}
    return {"measure": partly_in(*(measure[name] for name in ("title", "summary") if measure))}


def _endorsed(campaign: Campaign) -> dict[str, object]:
    """How many organisations support it, and the first of them; those with a logo come first."""
    rows = list(
        campaign.endorsements.standing().order_by(
            Case(When(logo_hash="", then=1), default=0), "name_key", "pk"
        )[: _ORGANIZATIONS_SHOWN + 1]
    )
    more = len(rows) > _ORGANIZATIONS_SHOWN
    count = campaign.endorsements.standing().count() if more else len(rows)
    return {"count": count, "rows": rows[:_ORGANIZATIONS_SHOWN], "more": more}


def _news(campaign: Campaign) -> list[tuple[CampaignUpdate, str]]:
    updates = campaign.updates.published().prefetch_related("translations")[:_NEWS_SHOWN]
    return [(update, to_html(update.words.text)) for update in updates]


def _not_translated(words: CampaignWords, news: Iterable[tuple[CampaignUpdate, str]]) -> str:
    """What is said of news in another language, unless the top of the page says it of the campaign already."""
    told = [update.words for update, _html in news]
    return "" if words.notice else words.only_in(*(part for one in told for part in (one.title, one.text)))


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
        sitting = [seat.legislator_id for seat in seated.values()]
        latest = Stance.objects.filter(
            measure=campaign.measure, legislator__in=sitting
        ).latest_per_legislator()
        stances = {s.legislator_id: s for s in latest}
    people = [
        (post, seated.get(post.pk), stances.get(seated[post.pk].legislator_id) if post.pk in seated else None)
        for post in shown
    ]
    return {
        "chambers": list(chambers.values()),
        "people": people,
        "more": max(len(posts) - len(shown), 0),
    }


@require_safe
def how_we_count(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/public/how_we_count.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/public/privacy.html", {"answers_by_us": answers_by_us()})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /p/",
        "Disallow: /partner/",
        "Disallow: /r/",
        "Disallow: /e/",
        "Disallow: /u/",
        "Disallow: /story/",
        "Disallow: /console/",
        "Disallow: /accounts/",
        "Disallow: /mailbox/",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116): the public address of the first organisation here."""
    owner = Organization.objects.filter(is_partner_only=False).order_by("created_at").first()
    if owner is None:
        raise Http404
    # The RFC asks for a date within a year; a page made on each request is as fresh as its request.
    expires = (now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: mailto:{owner.email}", f"Expires: {expires}", "Preferred-Languages: en", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
