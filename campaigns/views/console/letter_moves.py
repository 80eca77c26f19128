"""Many letters at once: a page says what will happen to how many, and then one press decides."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Exists, Model, OuterRef
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.actions.many_letters import MOST_AT_ONCE, cancel_many, decidable, release_many, send_elsewhere
from campaigns.delivery.causes import CANCEL, ELSEWHERE, RELEASE, causes_of
from campaigns.errors import ActionRefused
from campaigns.models import LetterChange, LetterState
from campaigns.models.letter import LetterQuerySet
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.letter_filter import Asked, asked_of, list_crumbs
from campaigns.views.console.page import Step, as_id, confirmed
from contacts.clock import now
from contacts.models import Organization

_STOPPED = {LetterState.HELD, LetterState.FAILED}
_DECIDE: dict[str, Callable[..., int]] = {
    RELEASE: release_many,
    CANCEL: cancel_many,
    ELSEWHERE: send_elsewhere,
}


def decisions_on(asked: Asked) -> list[tuple[str, str, str]]:
    """What can be decided about the letters that a list shows: its name, and the words for the chosen and for all."""
    causes = [asked.cause] if asked.cause else []
    if not causes and asked.state in _STOPPED:
        causes = [cause for cause, _n in causes_of(asked.found())]
    fit = frozenset[str]().union(*(cause.decisions for cause in causes))
    words = [
        (RELEASE, _("Release the chosen"), _("release all")),
        (CANCEL, _("Cancel the chosen"), _("cancel all")),
        (ELSEWHERE, _("Send the chosen to another address"), _("send all to another address")),
    ]
    return [one for one in words if one[0] in fit and not (asked.tests and one[0] == ELSEWHERE)]


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def letters_move(request: ConsoleRequest, organization: Organization, decision: str) -> HttpResponse:
    """Decide about the letters that were chosen (`one`), or about `all` that the filter finds."""
    if decision not in _DECIDE:
        raise Http404
    asked = asked_of(request, organization)
    found = _chosen(request, asked)
    about: Model = asked.drive or organization
    back = f"{reverse('campaigns:letter-list', args=[organization.slug])}?{asked.query()}"

    def act() -> str:
        letters = _seen(found, moment_looked_at(request.POST.get("at", "")))
        done = _DECIDE[decision](organization=organization, letters=letters, about=about, actor=request.user)
        return _told(decision, done, _number(request.POST.get("seen", "")) - done)

    return confirmed(
        request,
        organization,
        _step(decision, found, act),
        section="campaigns",
        back=back,
        crumbs=[*list_crumbs(organization, asked), (_("Letters"), back)],
    )


def _chosen(request: ConsoleRequest, asked: Asked) -> LetterQuerySet:
    """All only where somebody pressed that: who ticked nothing chose nothing."""
    found = asked.found()
    if request.GET.get("all") == "1":
        return found
    return found.filter(pk__in=[pk for one in request.GET.getlist("one") if (pk := as_id(one))])


def moment_looked_at(text: str) -> datetime:
    """When somebody looked, as the page sent it along. Raises ActionRefused for anything else."""
    try:
        at = parse_datetime(text)
    except ValueError:  # written like a date, and none
        at = None
    if at is None or at.tzinfo is None:
        raise ActionRefused(_("It is not known when you looked at these letters. Choose them again."))
    return at


def _seen(letters: LetterQuerySet, at: datetime) -> LetterQuerySet:
    """Those that were there when somebody looked: what came into the same state since is not decided about."""
    since = LetterChange.objects.filter(letter=OuterRef("pk"), to_state=OuterRef("state"), at__gt=at)
    return letters.exclude(Exists(since))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _step(decision: str, found: LetterQuerySet, act: Callable[[], str]) -> Step:
    at, chosen = now(), found.count()
    n = len(decidable(found, decision))
    title, button, consequences = _words(decision, n)
    if not n:
        blocker = (
            _("None of them can go to another address: none is known that works, or their time is over.")
            if decision == ELSEWHERE and chosen
            else _("They need another decision: their cause names it.")
            if chosen
            else _("None is chosen.")
        )
        return Step(title=title, button="", consequences=[], act=act, blockers=[blocker])
    if n == MOST_AT_ONCE < chosen:
        consequences.append(
            _("At most %(n)s go on at a time; the rest stays here.") % {"n": intcomma(MOST_AT_ONCE)}
        )
    elif n < chosen:
        consequences.append(_left_as_they_are(decision, chosen - n))
    return Step(
        title=title,
        button=button,
        consequences=consequences,
        act=act,
        is_danger=decision == CANCEL,
        hidden={"at": at.isoformat(), "seen": str(n)},
    )


def _left_as_they_are(decision: str, n: int) -> str:
    if decision == ELSEWHERE:
        text = ngettext(
            "%(n)s more stays failed: no other address of its office works, or its time is over.",
            "%(n)s more stay failed: no other address of their offices works, or their time is over.",
            n,
        )
    else:
        text = ngettext(
            "%(n)s more stays held: its cause needs another decision.",
            "%(n)s more stay held: their cause needs another decision.",
            n,
        )
    return text % {"n": intcomma(n)}


def _words(decision: str, n: int) -> tuple[str, str, list[object]]:
    """Title, button, and what will happen."""
    names = {"n": intcomma(n)}
    if decision == RELEASE:
        title = ngettext("Release %(n)s letter", "Release %(n)s letters", n) % names
        return title, title, [_("They go on where they were, in their drive’s hours.")]
    if decision == CANCEL:
        title = ngettext("Cancel %(n)s letter", "Cancel %(n)s letters", n) % names
        return (
            title,
            title,
            [
                _("They are never sent. This can’t be undone."),
                _("Their supporters are not mailed, and read on their pages that they were stopped."),
            ],
        )
    title = (
        ngettext("Send %(n)s letter to another address", "Send %(n)s letters to another address", n) % names
    )
    return (
        title,
        title,
        [
            _(
                "They were refused for good, so none has arrived. They go to an address of the same office that works."
            ),
            _("They leave in the drive’s hours like all others. Supporters see it on their page."),
            _(
                "Their supporters were told that the letter failed, and got its text: some may have sent it themselves."
            ),
        ],
    )


def _told(decision: str, done: int, changed: int) -> str:
    names = {"n": intcomma(done)}
    told = {
        RELEASE: ngettext("%(n)s letter is released.", "%(n)s letters are released.", done),
        CANCEL: ngettext("%(n)s letter is cancelled.", "%(n)s letters are cancelled.", done),
        ELSEWHERE: ngettext("%(n)s letter goes out again.", "%(n)s letters go out again.", done),
    }[decision] % names
    if changed <= 0:
        return told
    left = ngettext(
        "%(n)s had changed meanwhile and was left as it is.",
        "%(n)s had changed meanwhile and were left as they are.",
        changed,
    )
    return f"{told} {left % {'n': intcomma(changed)}}"
