"""What holds letters back on the whole installation: the switch, channels and domains that stopped by themselves."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import tasks
from campaigns.actions.brakes import let_domain_go_on
from campaigns.delivery import breaker, switch
from campaigns.forms.brakes import StopForm
from campaigns.models import Breaker, ChannelName, Drive, DriveState, Letter, Sending, SendingState
from campaigns.permissions import ConsoleRequest, console, may
from campaigns.views.console.page import Step, confirmed, show
from campaigns.views.console.settings import settings_tabs
from campaigns.views.console.stopped import whom_it_stops
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User


@dataclass(frozen=True)
class Paused:
    """A channel that paused by itself, as the page shows it."""

    name: str
    label: object
    since: datetime | None
    next_try: datetime | None
    said: str
    waiting: int


@dataclass(frozen=True)
class Stopped:
    """A mail domain that refuses us, as the page shows it; `paused` are the organisation's own drives."""

    name: str
    since: datetime | None
    is_tried: bool
    said: str
    waiting: int
    paused: list[Drive]


# Drives under way that the page of sending leads to, so that they can be paused alone.
_DRIVES_SHOWN = 20


def may_stop(user: User) -> bool:
    """Whether an owner may stop everyone's sending: operators, and owners who share with nobody."""
    return (
        settings.EMBEDDED or user.is_staff or Organization.objects.filter(is_partner_only=False).count() == 1
    )


@require_safe
@console("look")
def sending(request: ConsoleRequest, organization: Organization) -> HttpResponse:
    """Whether letters may leave, and what to do when they may not."""
    ours = Letter.objects.counted().filter(drive__campaign__organization=organization)
    waiting = ours.filter(state__in=Letter.OUTGOING)
    context = {
        "switch": Sending.objects.filter(pk=Sending.ONLY).first() or Sending(),
        "paused": [
            Paused(
                shut.name,
                ChannelName(shut.name).label,
                shut.opened_at,
                shut.probe_at,
                shut.said,
                waiting.filter(channel=shut.name).count(),
            )
            for shut in breaker.open_channels()
        ],
        "stopped": _stopped(organization, waiting),
        "leaving": ours.filter(state__in=Letter.LEAVING).count(),
        "may_stop": may(request.roles, "stop") and may_stop(request.user),
        "whom": whom_it_stops(organization),
        "own_drives": Drive.objects.filter(
            campaign__organization=organization, state=DriveState.RUNNING, campaign__is_test=False
        ).order_by("name")[:_DRIVES_SHOWN],
        "tabs": settings_tabs(organization, "sending") if may(request.roles, "settings") else [],
        "at": now(),
    }
    return show(request, organization, "campaigns/console/sending.html", "settings", context)


def _stopped(organization: Organization, waiting: QuerySet[Letter]) -> list[Stopped]:
    return [
        Stopped(
            breaker.name,
            breaker.opened_at,
            breaker.probe_at is not None,
            breaker.said,
            waiting.filter(channel=ChannelName.EMAIL, domain=breaker.name).count(),
            _paused_by(breaker, organization),
        )
        for breaker in Breaker.objects.domains_for(organization)
    ]


def _paused_by(breaker: Breaker, organization: Organization) -> list[Drive]:
    paused = breaker.drives.filter(campaign__organization=organization, state=DriveState.PAUSED)
    return list(paused.order_by("name"))


@require_http_methods(["GET", "HEAD", "POST"])
@console("stop")
def sending_move(request: ConsoleRequest, organization: Organization, verb: str) -> HttpResponse:
    """Stop everything, or start again, after a page that says what will happen."""
    if not may_stop(request.user):
        raise PermissionDenied(
            _("Other organisations send from this installation too. Ask whoever runs it to stop it.")
        )
    row = Sending.objects.filter(pk=Sending.ONLY).first() or Sending()
    steps = {"stop": (_stop, SendingState.STOPPED), "start": (_start, SendingState.ON)}
    if verb not in steps:
        raise Http404
    make, to_state = steps[verb]
    step = make(request, organization)
    if row.state == to_state:
        is_stopped = to_state == SendingState.STOPPED
        step = step.done_before(_("It is stopped already.") if is_stopped else _("Sending is on already."))
    return _confirmed(request, organization, step)


def _confirmed(request: ConsoleRequest, organization: Organization, step: Step) -> HttpResponse:
    back = reverse("campaigns:sending", args=[organization.slug])
    crumbs: list[tuple[object, str]] = [(_("Sending"), back)]
    return confirmed(request, organization, step, section="settings", back=back, crumbs=crumbs)


def _stop(request: ConsoleRequest, organization: Organization) -> Step:
    form = StopForm(request.POST or None)

    def act() -> str:
        switch.stop(reason=form.cleaned_data["reason"], actor=request.user, organization=organization)
        return _("All sending is stopped.")

    ours = Letter.objects.counted().filter(drive__campaign__organization=organization)
    leaving = ours.filter(state__in=Letter.LEAVING).count()
    waiting = ours.filter(state__in=Letter.OUTGOING).count()
    return Step(
        title=_("Stop all sending"),
        button=_("Stop all sending"),
        consequences=[
            whom_it_stops(organization),
            _("No further letter begins to leave, of any drive and any organisation here."),
            _("Mails to supporters wait too, even those that confirm a signature."),
            ngettext("%(n)s letter of yours waits.", "%(n)s letters of yours wait.", waiting)
            % {"n": intcomma(waiting)},
            ngettext(
                "%(n)s letter of yours is leaving already and will finish.",
                "%(n)s letters of yours are leaving already and will finish.",
                leaving,
            )
            % {"n": intcomma(leaving)},
            _(
                "Every page of the console says so to everybody in each organisation, with when, why and whom to ask,"
                " until somebody starts sending again."
            ),
        ],
        act=act,
        is_danger=True,
        form=form,
    )


def _start(request: ConsoleRequest, organization: Organization) -> Step:
    def act() -> str:
        switch.start(actor=request.user, organization=organization)
        tasks.tick.delay_on_commit()
        return _("Letters leave again.")

    return Step(
        title=_("Start sending again"),
        button=_("Start sending again"),
        consequences=[
            _("Letters of running drives leave again, those in the queue first."),
            _("What was missed meanwhile is planned anew, without a burst."),
        ],
        act=act,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console("brakes")
def channel_resume(request: ConsoleRequest, organization: Organization, channel: str) -> HttpResponse:
    """Let a channel go on that paused because the login was refused."""
    if channel not in ChannelName.values:
        raise Http404
    shut = {one.name: one for one in breaker.open_channels()}.get(channel)

    def act() -> str:
        if shut is not None and breaker.close_channel(channel):
            record(organization=organization, actor=request.user, verb="resume channel", obj=shut)
            tasks.tick.delay_on_commit()
        return _("Trying again. If the login is refused once more, this page says so within a minute.")

    step = Step(
        title=_("Try to log in again"),
        button=_("Try again"),
        consequences=[
            _("The next worker logs in. When it may, letters leave again at their drives’ rates."),
            _("When it is refused again, no letter is touched and the channel pauses again."),
        ],
        blockers=[] if shut else [_("This channel is not paused.")],
        act=act,
    )
    return _confirmed(request, organization, step)


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def domain_resume(request: ConsoleRequest, organization: Organization, domain: str) -> HttpResponse:
    """Let letters go again to a mail domain that refused us, one first."""
    breaker = Breaker.objects.domains_for(organization).filter(name=domain).first()
    paused = _paused_by(breaker, organization) if breaker else []

    def act() -> str:
        let_domain_go_on(domain=domain, actor=request.user, organization=organization)
        return _("One letter goes to %(domain)s first. This page says how it went.") % {"domain": domain}

    consequences: list[object] = [
        _(
            "One letter goes to %(domain)s first. When it has not come back after ten minutes, the others follow"
            " at their drives’ rates."
        )
        % {"domain": domain},
        _("When it is refused again, nothing further goes there, and owners and organizers get a mail."),
        *[
            _("“%(drive)s” is resumed: its letters to other offices leave too.") % {"drive": drive.name}
            for drive in paused
        ],
        _("Settle first what the server complains of: each refusal makes it harder to be taken again."),
    ]
    can_go_on = breaker is not None and (breaker.probe_at is None or paused)
    step = Step(
        title=_("Let letters go to %(domain)s again") % {"domain": domain},
        button=_("Try one letter"),
        consequences=consequences,
        blockers=[] if can_go_on else [_("Nothing is stopped there, or a letter is being tried already.")],
        act=act,
    )
    return _confirmed(request, organization, step)
