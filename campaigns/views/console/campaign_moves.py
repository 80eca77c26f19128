"""Opening, pausing, closing, archiving and going live, each after a page that lists what will happen."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from campaigns.actions import campaigns as actions
from campaigns.actions import openings
from campaigns.actions.outcomes import why_not_again
from campaigns.checklist import what_is_missing
from campaigns.forms.campaign import CloseForm, GiveBackForm, OpeningForm
from campaigns.letters.write import open_drive
from campaigns.models import Campaign, CampaignState, published_outcome
from campaigns.permissions import ConsoleRequest, console
from campaigns.reach import reach_of
from campaigns.reports import campaign_numbers, tests_of
from campaigns.review import fingerprint_of, review_needed
from campaigns.views.console.campaigns import campaign_crumbs, campaign_of
from campaigns.views.console.page import Step, confirmed
from campaigns.views.console.path import ON_THE_WAY
from contacts.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def campaign_move(
    request: ConsoleRequest, organization: Organization, campaign_id: UUID, verb: str
) -> HttpResponse:
    campaign = campaign_of(organization, campaign_id)
    if verb not in STEPS:
        raise Http404
    step = STEPS[verb](request, campaign)
    if not _is_possible(verb, campaign):
        is_so = TO_STATE.get(verb) == campaign.state
        step = step.done_before(ALREADY[campaign.state]) if is_so else step.barred()
    back = "campaign-review" if campaign.state in ON_THE_WAY and verb in OF_THE_REVIEW else "campaign-detail"
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=reverse(f"campaigns:{back}", args=[organization.slug, campaign.pk]),
        crumbs=campaign_crumbs(organization, campaign),
    )


def _is_possible(verb: str, campaign: Campaign) -> bool:
    """Whether the state that the campaign is in allows it."""
    if verb == "open-later":
        return campaign.state in ON_THE_WAY
    if verb == "not-yet":
        return campaign.state == CampaignState.SCHEDULED
    return verb not in TO_STATE or TO_STATE[verb] in Campaign.MOVES[campaign.state]


def opening_of(campaign: Campaign) -> list[object]:
    """What opening does."""
    if campaign.is_test:
        mode = _("It is in test mode: every letter goes to %(who)s, marked as a test.") % {
            "who": campaign.test_recipient or _("nobody, because its organizer is gone")
        }
    else:
        mode = _("Letters go to the real offices, as its drive allows.")
    return [_("Its page is online for everyone and takes signatures."), mode]


def _open(request: ConsoleRequest, campaign: Campaign) -> Step:
    reasons = [review_needed(campaign, request.user), why_not_again(campaign)]
    consequences = opening_of(campaign)
    if published_outcome(campaign) is not None:
        consequences.append(
            _("What came of it is a draft again, and its page is gone until you publish it anew.")
        )
    return Step(
        title=_("Open the campaign"),
        button=_("Open the campaign"),
        consequences=consequences,
        blockers=what_is_missing(campaign) + [reason for reason in reasons if reason],
        hidden={"seen": fingerprint_of(campaign)},
        act=lambda: actions.open_campaign(
            campaign=campaign, actor=request.user, seen=request.POST.get("seen", "")
        ),
    )


def _open_later(request: ConsoleRequest, campaign: Campaign) -> Step:
    """A day and hour at which it opens by itself, or another one for a campaign that has one."""
    is_set = campaign.state == CampaignState.SCHEDULED
    form = OpeningForm(request.POST or None, initial={"opens_at": campaign.opens_at})
    reason = review_needed(campaign, request.user)
    seen = request.POST.get("seen", "")

    def act() -> None:
        if is_set:
            openings.change_opening(campaign=campaign, actor=request.user, **form.cleaned_data)
        else:
            openings.schedule_opening(campaign=campaign, actor=request.user, seen=seen, **form.cleaned_data)

    return Step(
        title=_("Another hour to open") if is_set else _("Open it later"),
        button=_("Open it then"),
        consequences=[
            _(
                "Its page is online for everyone at once and says when it opens. It takes no signature before."
            ),
            _("At that moment it opens by itself if nothing is missing then; otherwise you get a mail."),
            _("You can open it earlier, choose another hour, or take this back."),
        ],
        blockers=what_is_missing(campaign) + ([reason] if reason else []),
        form=form,
        hidden={} if is_set else {"seen": fingerprint_of(campaign)},
        act=act,
    )


def _not_yet(request: ConsoleRequest, campaign: Campaign) -> Step:
    return Step(
        title=_("Take the opening back"),
        button=_("Make it a draft again"),
        consequences=[
            _("It is a draft again: strangers no longer find its page, and it does not open by itself.")
        ],
        act=lambda: openings.take_opening_back(campaign=campaign, actor=request.user),
    )


def _ask_review(request: ConsoleRequest, campaign: Campaign) -> Step:
    return Step(
        title=_("Ask for the review"),
        button=_("Ask for the review"),
        consequences=[
            _("Another owner or organizer finds it on their home page, and opens it or gives it back."),
            _("Nothing is online before."),
        ],
        blockers=what_is_missing(campaign),
        act=lambda: actions.ask_review(campaign=campaign, actor=request.user),
    )


def _give_back(request: ConsoleRequest, campaign: Campaign) -> Step:
    form = GiveBackForm(request.POST or None)
    return Step(
        title=_("Back to draft"),
        button=_("Make it a draft again"),
        consequences=[_("It is a draft again, with what you write here on its review page.")],
        form=form,
        act=lambda: actions.give_back(campaign=campaign, actor=request.user, **form.cleaned_data),
    )


def _pause(request: ConsoleRequest, campaign: Campaign) -> Step:
    return Step(
        title=_("Pause the campaign"),
        button=_("Pause the campaign"),
        consequences=[
            _("The page stays online and takes no signatures."),
            _("A running drive goes on; pause it by itself if you want that."),
        ],
        act=lambda: actions.pause_campaign(campaign=campaign, actor=request.user),
    )


def _close(request: ConsoleRequest, campaign: Campaign) -> Step:
    form = CloseForm(request.POST or None)
    letters = campaign_numbers(campaign).letters_in
    consequences: list[object] = [_("The page stays online with the outcome and takes no signatures.")]
    if letters["waiting"]:
        text = ngettext(
            "%(n)s letter still waits and will leave with its drive.",
            "%(n)s letters still wait and will leave with their drive.",
            letters["waiting"],
        )
        consequences.append(text % {"n": intcomma(letters["waiting"])})
    if letters["with_supporters"]:
        text = ngettext(
            "%(n)s letter is still with its supporter, who can send it until its drive ends.",
            "%(n)s letters are still with their supporters, who can send them until their drive ends.",
            letters["with_supporters"],
        )
        consequences.append(text % {"n": intcomma(letters["with_supporters"])})
    return Step(
        title=_("Close the campaign"),
        button=_("Close the campaign"),
        consequences=consequences,
        form=form,
        act=lambda: actions.close_campaign(campaign=campaign, actor=request.user, **form.cleaned_data),
    )


def _archive(request: ConsoleRequest, campaign: Campaign) -> Step:
    consequences: list[object] = [
        _("The page is no longer public, and the campaign leaves your lists."),
        _("Nothing is deleted; you find it by filtering for archived campaigns."),
    ]
    if published_outcome(campaign) is not None:
        consequences.append(_("What came of it stays online."))
    return Step(
        title=_("Archive the campaign"),
        button=_("Archive the campaign"),
        consequences=consequences,
        act=lambda: actions.archive_campaign(campaign=campaign, actor=request.user),
    )


def _go_live(request: ConsoleRequest, campaign: Campaign) -> Step:
    """Everything that changes when test mode ends, in numbers."""
    pledges, letters = tests_of(campaign)
    reach = reach_of(campaign)
    drive = open_drive(campaign)
    consequences: list[object] = [
        ngettext(
            "Letters of everyone who signs from now on go to the real office: %(n)s seat "
            "(reached by letters now: %(reachable)s).",
            "Letters of everyone who signs from now on go to real offices: %(n)s seats "
            "(reached by letters now: %(reachable)s).",
            reach.seats,
        )
        % {"n": intcomma(reach.seats), "reachable": intcomma(reach.reachable)}
    ]
    if reach.reachable:
        consequences.append(_("Their ways now: %(ways)s.") % {"ways": reach.in_words})
    if pledges:
        text = ngettext(
            "%(n)s pledge made in test mode stays a test and is never counted.",
            "%(n)s pledges made in test mode stay tests and are never counted.",
            pledges,
        )
        consequences.append(text % {"n": intcomma(pledges)})
    if letters:
        text = ngettext(
            "%(n)s test letter stays a test: if it still waits, it goes to the organizer.",
            "%(n)s test letters stay tests: those that still wait go to the organizer.",
            letters,
        )
        consequences.append(text % {"n": intcomma(letters)})
    if drive is None:
        consequences.append(_("There is no drive yet, so nothing leaves until you set one up."))
    else:
        consequences.append(
            _("The drive “%(drive)s” is %(state)s.")
            % {"drive": drive.name, "state": str(drive.get_state_display()).lower()}
        )
    consequences.append(_("This can't be undone. You can pause the campaign and its drive at any time."))
    return Step(
        title=_("Leave test mode"),
        button=_("Send real letters from now on"),
        consequences=consequences,
        blockers=[] if campaign.is_test else [_("This campaign has left test mode already.")],
        act=lambda: actions.leave_test_mode(campaign=campaign, actor=request.user),
    )


# Moves that are made from the review page, and lead back to it.
OF_THE_REVIEW = {"open", "open-later", "not-yet", "ask-review", "give-back"}
TO_STATE: dict[str, str] = {
    "ask-review": CampaignState.IN_REVIEW,
    "give-back": CampaignState.DRAFT,
    "open": CampaignState.OPEN,
    "pause": CampaignState.PAUSED,
    "close": CampaignState.CLOSED,
    "archive": CampaignState.ARCHIVED,
}
# Somebody who does a thing again, with the browser's button back, is told that it is done.
ALREADY: dict[str, object] = {
    CampaignState.DRAFT: gettext_lazy("It is a draft already."),
    CampaignState.IN_REVIEW: gettext_lazy("It is in review already."),
    CampaignState.OPEN: gettext_lazy("It is open already."),
    CampaignState.PAUSED: gettext_lazy("It is paused already."),
    CampaignState.CLOSED: gettext_lazy("It is closed already."),
    CampaignState.ARCHIVED: gettext_lazy("It is archived already."),
}
STEPS: dict[str, Callable[[ConsoleRequest, Campaign], Step]] = {
    "ask-review": _ask_review,
    "give-back": _give_back,
    "open": _open,
    "open-later": _open_later,
    "not-yet": _not_yet,
    "pause": _pause,
    "close": _close,
    "archive": _archive,
    "go-live": _go_live,
}
