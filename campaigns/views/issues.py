"""Issues for everybody: what is known and where from, myths against facts, what can be done, and what to pass on."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from campaigns.kept_pages import keep
from campaigns.models import CampaignState, Event
from campaigns.sharing import ShareKit, issue_picture_url, issue_picture_words, issue_url, share_kit
from campaigns.views.share import drawn
from contacts.clock import now, today
from contacts.models import Organization, Role
from policy.help import has_help
from policy.languages import name_of
from policy.markdown import to_html
from policy.models import Issue, Toolkit
from policy.told import claims_in, said_of, words_of
from policy.words import Words, partly_in

_EVENTS_SHOWN = 4
_TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


@require_safe
def issue_pages(request: HttpRequest, org: str) -> HttpResponse:
    """The issues of an organisation that have a page."""
    organization = get_object_or_404(Organization, slug=org, is_partner_only=False)
    issues = Issue.objects.filter(organization=organization, is_public=True).order_by("title", "pk")
    shown = [(issue, words_of(issue, organization)) for issue in issues]
    notice = partly_in(*(words[name] for _issue, words in shown for name in ("title", "summary")))
    context = {"organization": organization, "issues": shown, "notice": notice, "messages": ()}
    response = render(request, "campaigns/public/issue_list.html", context)
    keep(request, response)
    return response


def visible_issue(request: HttpRequest, org: str, slug: str) -> Issue:
    """An issue this visitor may see: one without a public page only people of its organisation. Raises Http404."""
    issue = get_object_or_404(Issue.objects.select_related("organization"), organization__slug=org, slug=slug)
    if not issue.is_public:
        mine = Role.objects.filter(organization=issue.organization, user=request.user.pk)
        if not mine.exists():
            raise Http404
    return issue


@require_safe
def issue_page(request: HttpRequest, org: str, slug: str) -> HttpResponse:
    issue = visible_issue(request, org, slug)
    organization = issue.organization
    on = today()
    words = issue.words
    evidence = said_of(issue.evidence.all(), organization)
    myths = list(issue.myths.select_related("evidence"))
    # Facts against myths point to their source by its number in the list below them.
    number = {item.pk: n for n, (item, _said) in enumerate(evidence, 1)}
    said = {myth.pk: words_of(myth, organization) for myth in myths}
    kit = share_kit(issue, issue.share_texts.all())
    parts = [*words.values(), *claims_in(evidence), *(part for one in said.values() for part in one.values())]
    context = {
        "issue": issue,
        "organization": organization,
        "words": words,
        "notice": Words(words["title"]).only_in(*parts),
        "body": to_html(words["body"]),
        "evidence": [(item, one, item.is_old(on, organization.evidence_days)) for item, one in evidence],
        "myths": [
            (said[myth.pk], number[myth.evidence_id], myth.evidence.is_old(on, organization.evidence_days))
            for myth in myths
        ],
        "campaigns": issue.campaigns.filter(state=CampaignState.OPEN, is_test=False)
        .select_related("outcome")
        .prefetch_related("translations")
        .order_by("title", "pk"),
        "events": Event.objects.of(organization)
        .filter(issue=issue, state="open")
        .ahead(now())[:_EVENTS_SHOWN],
        "kit": [(one, name_of(one.language)) for one in kit],
        "toolkits": [(one, name_of(one.language)) for one in issue.toolkits.defer("content")],
        "page_url": issue_url(issue),
        "picture_url": issue_picture_url(issue, organization.language, _own_headline(issue, kit)),
        "has_help": has_help(organization),
        "messages": (),
    }
    response = render(request, "campaigns/public/issue.html", context)
    keep(request, response)
    return response


def _own_headline(issue: Issue, kit: list[ShareKit]) -> str:
    """What stands on the picture in the organisation's own language."""
    return next((one.headline for one in kit if one.language == issue.organization.language), issue.title)


@require_safe
def issue_picture(request: HttpRequest, org: str, slug: str, language: str) -> HttpResponseBase:
    """The words to share in a language as a PNG; the issue's title where there are none."""
    issue = visible_issue(request, org, slug)
    words = issue.share_texts.filter(language=language).first()
    if words is None and language != issue.organization.language:
        raise Http404
    headline = words.headline if words else issue.title
    return drawn(request, issue_picture_words(issue.organization, headline, issue))


@require_safe
def toolkit(request: HttpRequest, org: str, slug: str, toolkit_id: object) -> HttpResponse:
    """A file to download; browsers are told to save it and never to show it."""
    issue = visible_issue(request, org, slug)
    found = get_object_or_404(Toolkit, issue=issue, pk=toolkit_id)
    response = HttpResponse(bytes(found.content), content_type=_TYPES[found.kind])
    name = f"{slugify(found.title)[:60] or 'toolkit'}-{found.language}.{found.kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=300" if issue.is_public else "no-store"
    return response
