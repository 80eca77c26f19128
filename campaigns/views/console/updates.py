"""News of a campaign, for its organizers: write, publish, mail."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.actions import updates as actions
from campaigns.actions.jobs import begin
from campaigns.forms.update import UpdateForm
from campaigns.models import CampaignUpdate
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import Step, confirmed, page_of, query_without_page, show, show_form
from contacts.models import Job, JobState, Organization
from policy.markdown import to_html
from policy.words import name_of


def _crumbs(organization: Organization, update: CampaignUpdate) -> list[tuple[object, str]]:
    page = reverse("campaigns:update-list", args=[organization.slug, update.campaign_id])
    return [*campaign_crumbs(organization, update.campaign), (_("News"), page)]


@require_safe
@console("look")
def update_list(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    page = page_of(request, campaign.updates.prefetch_related("translations"))
    context = {
        "campaign": campaign,
        "page": page,
        "rows": [(update, to_html(update.text), _in_languages(update)) for update in page],
        "query": query_without_page(request),
        "crumbs": campaign_crumbs(organization, campaign),
    }
    return show(request, organization, "campaigns/console/update_list.html", "campaigns", context)


def _in_languages(update: CampaignUpdate) -> list[dict[str, object]]:
    """Each language that the news may be in besides the campaign's own, with what there is."""
    written = {one.language: one for one in update.translations.all()}
    for one in written.values():
        one.update = update
    return [
        {"code": code, "name": name_of(code), "translation": written.get(code)}
        for code in dict(settings.LANGUAGES)
        if code != update.campaign.language
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def update_form(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, update_id: UUID | None = None
) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    update = get_object_or_404(CampaignUpdate, campaign=campaign, pk=update_id) if update_id else None
    start = {"title": update.title, "text": update.text} if update else None
    form = UpdateForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        if update is None:
            actions.write_update(campaign=campaign, actor=request.user, **form.cleaned_data)
            messages.success(request, _("It is saved as a draft. Publish it when it is ready."))
        else:
            actions.edit_update(update=update, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
        return redirect("campaigns:update-list", org=organization.slug, campaign_id=campaign.pk)
    page = reverse("campaigns:update-list", args=[organization.slug, campaign.pk])
    intro = _("It is public: readers are told that it was changed.") if update and update.published_at else ""
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Change the news") if update else _("Write news"),
        button=_("Save") if update else _("Save as a draft"),
        crumbs=[*campaign_crumbs(organization, campaign), (_("News"), page)],
        intro=intro,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def update_move(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, update_id: UUID, verb: str
) -> HttpResponse:
    """Publish, take down, delete or mail news, each after a page that says what will happen."""
    updates = CampaignUpdate.objects.select_related("campaign__organization")
    update = get_object_or_404(
        updates, campaign__organization=organization, campaign_id=campaign_id, pk=update_id
    )
    if verb not in STEPS:
        raise Http404
    return confirmed(
        request,
        organization,
        STEPS[verb](request, update),
        section="campaigns",
        back=reverse("campaigns:update-list", args=[organization.slug, campaign_id]),
        crumbs=_crumbs(organization, update),
    )


def _publish(request: ConsoleRequest, update: CampaignUpdate) -> Step:
    return Step(
        title=_("Publish “%(title)s”") % {"title": update.title},
        button=_("Publish it"),
        consequences=[
            _("It stands on the campaign’s page and in its feed, with today’s date."),
            _("Nobody gets a mail. You can mail it afterwards."),
        ],
        blockers=[_("It is published already.")] if update.published_at else [],
        act=lambda: actions.publish_update(update=update, actor=request.user),
    )


def _take_down(request: ConsoleRequest, update: CampaignUpdate) -> Step:
    blocked = update.mailed_at is not None or update.published_at is None
    return Step(
        title=_("Take “%(title)s” down") % {"title": update.title},
        button=_("Take it down"),
        consequences=[_("It is a draft again, and readers no longer find it. Copies in feed readers stay.")],
        blockers=[_("It is a draft, or it was mailed: change its words instead.")] if blocked else [],
        act=lambda: actions.take_down_update(update=update, actor=request.user),
    )


def _delete(request: ConsoleRequest, update: CampaignUpdate) -> Step:
    return Step(
        title=_("Delete “%(title)s”") % {"title": update.title},
        button=_("Delete the draft"),
        consequences=[_("The draft is gone. This can't be undone.")],
        blockers=[_("It is published. Take it down first.")] if update.published_at else [],
        is_danger=True,
        act=lambda: actions.delete_update(update=update, actor=request.user),
    )


def _mail(request: ConsoleRequest, update: CampaignUpdate) -> Step:
    """How many people get it, before anything leaves."""
    people = actions.most_mails(update.campaign)
    signed = update.campaign.pledges.counted().count()
    blockers = []
    if update.published_at is None:
        blockers.append(_("Publish it first: the mail leads to it."))
    if update.mailed_at is not None:
        blockers.append(_("It was mailed already. What was mailed once is not mailed again."))
    if not people:
        blockers.append(_("Nobody who signed agreed to get news, so there is nobody to mail."))
    text = ngettext(
        "At most %(n)s person gets a mail with its whole text: of %(all)s who signed, those who agreed to get news.",
        "At most %(n)s people get a mail with its whole text: of %(all)s who signed, those who agreed to get news.",
        people,
    )
    return Step(
        title=_("Mail “%(title)s”") % {"title": update.title},
        button=_("Mail it"),
        consequences=[
            text % {"n": intcomma(people), "all": intcomma(signed)},
            _("Mails about people’s own letters go first. Each person gets it once and can end such mails."),
            _("Addresses that were stopped since are left out. The list of news says how many were mailed."),
            _("Whoever ends them, or takes their pledge back, before their mail leaves gets none."),
            _("This can't be undone."),
        ],
        blockers=blockers,
        act=lambda: _mailed(begin(actions.mail_update(update=update, actor=request.user))),
    )


def _mailed(job: Job) -> str:
    people = job.result.get("mails", 0)
    if job.state != JobState.DONE:
        return _("The mails are being put on their way, %(n)s so far. You get a mail when all are.") % {
            "n": intcomma(people)
        }
    return ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", people) % {
        "n": intcomma(people)
    }


STEPS: dict[str, Callable[[ConsoleRequest, CampaignUpdate], Step]] = {
    "publish": _publish,
    "take-down": _take_down,
    "delete": _delete,
    "mail": _mail,
}
