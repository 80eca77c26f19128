"""What came of a campaign, for its organizers: write, publish, correct, and thank the people who acted."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.acted import Thanked, acted, mails_by_state, who_is_thanked
from campaigns.actions import outcomes as actions
from campaigns.actions.jobs import begin
from campaigns.delivery.mail_texts import preview_thanks
from campaigns.errors import ActionRefused
from campaigns.forms.outcome import OutcomeForm
from campaigns.models import Campaign, MailState, Outcome, outcome_of
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import Step, confirmed, reason_of, show, show_form
from campaigns.views.outcomes import outcome_context
from contacts.models import Job, JobState, Organization


def _page(organization: Organization, campaign: Campaign) -> str:
    return reverse("campaigns:campaign-outcome", args=[organization.slug, campaign.pk])


def _written(campaign: Campaign) -> Outcome:
    outcome = outcome_of(campaign)
    if outcome is None:
        raise Http404
    return outcome


@require_safe
@console("look")
def outcome_detail(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """The outcome as visitors will read it, its state, and what became of the thanks."""
    campaign = campaign_of(organization, campaign_id)
    outcome = outcome_of(campaign)
    context: dict[str, object] = {"campaign": campaign, "outcome": outcome}
    if outcome is not None:
        context |= outcome_context(outcome)
        context |= {"can_thank": actions.can_thank(outcome), "mails": _mails(outcome)}
    context["crumbs"] = campaign_crumbs(organization, campaign)
    return show(request, organization, "campaigns/console/outcome.html", "campaigns", context)


def _mails(outcome: Outcome) -> list[tuple[object, int]]:
    """Mails of thanks by what is known of them, in words; those there are none of are left out."""
    if outcome.thanked_at is None:
        return []
    found = mails_by_state(outcome)
    groups = [
        (_("Handed over to our mail server"), [MailState.SENT]),
        (_("Waiting to leave"), [MailState.QUEUED, MailState.SENDING]),
        (_("Could not be handed over"), [MailState.FAILED]),
        (_("Uncertain: begun, and the answer was lost. They are not sent again"), [MailState.UNCERTAIN]),
        (_("Not sent: their owner said no or took the pledge back meanwhile"), [MailState.DROPPED]),
    ]
    counted = [(words, sum(found.get(state, 0) for state in states)) for words, states in groups]
    return [(words, n) for words, n in counted if n]


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def outcome_form(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """Write it, change the draft, or correct what is published."""
    campaign = campaign_of(organization, campaign_id)
    outcome = outcome_of(campaign)
    form = OutcomeForm(request.POST or None, instance=outcome, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            if outcome is None:
                actions.write_outcome(campaign=campaign, actor=request.user, **form.cleaned_data)
                messages.success(request, _("It is saved as a draft. Publish it when it is ready."))
            else:
                actions.edit_outcome(outcome=outcome, actor=request.user, **form.cleaned_data)
                messages.success(request, _("Saved."))
        except ActionRefused as fact:
            form.add_error(fact.field, reason_of(fact))
        else:
            return redirect(_page(organization, campaign))
    is_public = outcome is not None and outcome.published_at is not None
    return show_form(
        request,
        organization,
        "campaigns",
        form,
        title=_("Correct what came of it") if is_public else _("What came of it"),
        button=_("Publish the correction") if is_public else _("Save as a draft"),
        crumbs=[
            *campaign_crumbs(organization, campaign),
            (_("What came of it"), _page(organization, campaign)),
        ],
        intro=_("It is public: readers are told that it was changed, when and why.")
        if is_public
        else _(
            "Won, partly won or lost: those who took part want to know, and so do those who come after you."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def outcome_move(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, verb: str
) -> HttpResponse:
    """Publish, delete, or thank, each after a page that says what will happen."""
    campaign = campaign_of(organization, campaign_id)
    outcome = _written(campaign)
    if verb not in STEPS:
        raise Http404
    page = _page(organization, campaign)
    return confirmed(
        request,
        organization,
        STEPS[verb](request, outcome),
        section="campaigns",
        back=page,
        crumbs=[*campaign_crumbs(organization, campaign), (_("What came of it"), page)],
    )


def _publish(request: ConsoleRequest, outcome: Outcome) -> Step:
    reason = actions.why_not_publish(outcome)
    return Step(
        title=_("Publish what came of it"),
        button=_("Publish it"),
        consequences=[
            _(
                "It has a page of its own, and stands on the campaign’s page, among your outcomes and in their feed."
            ),
            _("It can’t be taken down afterwards. Corrections are shown with their day and reason."),
            _("Nobody gets a mail. You can thank the people who acted afterwards."),
        ],
        blockers=[reason] if reason else [],
        act=lambda: actions.publish_outcome(outcome=outcome, actor=request.user),
    )


def _delete(request: ConsoleRequest, outcome: Outcome) -> Step:
    is_public = outcome.published_at is not None
    return Step(
        title=_("Delete the draft"),
        button=_("Delete the draft"),
        consequences=[_("The draft is gone. This can't be undone.")],
        blockers=[_("It is published. Correct it instead: readers are told what was changed.")]
        if is_public
        else [],
        is_danger=True,
        act=lambda: actions.delete_outcome(outcome=outcome, actor=request.user),
    )


def _thank(request: ConsoleRequest, outcome: Outcome) -> Step:
    """How many are thanked and why others are not, counted before anything leaves."""
    reason = actions.why_not_thank(outcome)
    counts = who_is_thanked(outcome) if not reason else Thanked(0, 0, 0, 0, 0)
    if not reason and not counts.mails:
        reason = _("None of those who acted may be written to, so there is nobody to mail.")
    return Step(
        title=_("Thank the people who acted"),
        button=ngettext("Thank %(n)s person", "Thank %(n)s people", counts.mails)
        % {"n": intcomma(counts.mails)},
        consequences=[
            *in_words(counts),
            _("Each gets one mail: what came of it, and what their own part was. Look at the preview first."),
            _("Whoever says no to such mails or takes their pledge back before it leaves gets none."),
            _(
                "Mails about people’s own letters go first. Where a mail server’s answer is lost, a mail counts as "
                "uncertain and is not sent again."
            ),
            _("This can't be undone."),
        ],
        blockers=[reason] if reason else [],
        act=lambda: _thanked(begin(actions.thank_people(outcome=outcome, actor=request.user))),
    )


def in_words(counts: Thanked) -> list[str]:
    """Who is thanked and who is not, a sentence for each reason there is."""
    text = ngettext(
        "%(n)s person is thanked, of %(all)s who signed before it was published and confirmed.",
        "%(n)s people are thanked, of %(all)s who signed before it was published and confirmed.",
        counts.mails,
    )
    lines = [text % {"n": intcomma(counts.mails), "all": intcomma(counts.acted)}]
    reasons = [
        (
            counts.already,
            ngettext("%(n)s was thanked already.", "%(n)s were thanked already.", counts.already),
        ),
        (
            counts.unwilling,
            ngettext(
                "%(n)s did not agree to be written to about the campaign, or said no later.",
                "%(n)s did not agree to be written to about the campaign, or said no later.",
                counts.unwilling,
            ),
        ),
        (
            counts.failed,
            ngettext(
                "%(n)s has an address that our last mail could not be handed over to.",
                "%(n)s have an address that our last mail could not be handed over to.",
                counts.failed,
            ),
        ),
        (
            counts.stopped,
            ngettext(
                "%(n)s asked never to be written to.",
                "%(n)s asked never to be written to.",
                counts.stopped,
            ),
        ),
    ]
    lines += [words % {"n": intcomma(n)} for n, words in reasons if n]
    return [
        *lines,
        _("Pledges that were withdrawn, erased or not counted are not among them, and neither are tests."),
    ]


def _thanked(job: Job) -> str:
    people = job.result.get("mails", 0)
    if job.state != JobState.DONE:
        return _("The mails are being put on their way, %(n)s so far. You get a mail when all are.") % {
            "n": intcomma(people)
        }
    return ngettext("%(n)s mail is on its way.", "%(n)s mails are on their way.", people) % {
        "n": intcomma(people)
    }


@require_safe
@console("people")
def thanks_preview(request: ConsoleRequest, organization: Organization, campaign_id: UUID) -> HttpResponse:
    """The mail as one of the people who acted would get it: one with letters where there is one."""
    campaign = campaign_of(organization, campaign_id)
    outcome = _written(campaign)
    people = acted(outcome) if outcome.published_at else campaign.pledges.counted()
    outcome.people_count = people.count()  # what it will say, if they are thanked now
    people = people.select_related("campaign__organization", "supporter")
    pledge = people.filter(letters__sent_at__isnull=False).first() or people.first()
    context = {
        "campaign": campaign,
        "outcome": outcome,
        "mail": preview_thanks(outcome, pledge) if pledge else None,
        "crumbs": [
            *campaign_crumbs(organization, campaign),
            (_("What came of it"), _page(organization, campaign)),
        ],
    }
    return show(request, organization, "campaigns/console/thanks_preview.html", "campaigns", context)


STEPS: dict[str, Callable[[ConsoleRequest, Outcome], Step]] = {
    "publish": _publish,
    "delete": _delete,
    "thank": _thank,
}
