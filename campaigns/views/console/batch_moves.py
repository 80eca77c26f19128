"""What a person says became of a batch: posted, not posted after all, discarded."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from campaigns.actions import batches as actions
from campaigns.models import BatchState, PrintBatch
from campaigns.permissions import ConsoleRequest, console
from campaigns.views.console.batches import batch_of, print_crumbs
from campaigns.views.console.page import Step, confirmed
from contacts.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
@console("campaigns")
def batch_move(
    request: ConsoleRequest, organization: Organization, batch_id: UUID, verb: str
) -> HttpResponse:
    batch = batch_of(organization, batch_id)
    if verb not in STEPS:
        raise Http404
    step = STEPS[verb](request, batch)
    if batch.state == TO_STATE[verb]:
        step = step.done_before(_already(batch))
    elif TO_STATE[verb] not in PrintBatch.MOVES[batch.state]:
        step = step.barred()
    return confirmed(
        request,
        organization,
        step,
        section="campaigns",
        back=reverse("campaigns:print-batch", args=[organization.slug, batch.pk]),
        crumbs=[
            *print_crumbs(organization, batch.drive),
            (batch.post.label, reverse("campaigns:print-batch", args=[organization.slug, batch.pk])),
        ],
    )


def _already(batch: PrintBatch) -> str:
    """That a batch is as somebody would make it, by a second press or because a colleague did it."""
    if batch.state == BatchState.POSTED:
        return _("It is handed over already.") if batch.is_bundle else _("It is marked as posted already.")
    if batch.state == BatchState.DISCARDED:
        return _("It is discarded already.")
    return (
        _("It waits already, as not handed over.")
        if batch.is_bundle
        else _("It waits already, as not posted.")
    )


def _posted(request: ConsoleRequest, batch: PrintBatch) -> Step:
    left = actions.still_in(batch)
    out = batch.letter_count - left
    if batch.is_bundle:
        return _handed_over(request, batch, left, out)

    def act() -> str:
        n = actions.mark_posted(batch=batch, actor=request.user)
        return noted(n)

    consequences = posting(left)
    if out:
        text = ngettext(
            "%(n)s letter was stopped meanwhile. Take it out of the pile: the batch’s page says which.",
            "%(n)s letters were stopped meanwhile. Take them out of the pile: the batch’s page says which.",
            out,
        )
        consequences.insert(0, text % {"n": intcomma(out)})
    return Step(
        title=_("Mark as posted"), button=_("They are in the post"), consequences=consequences, act=act
    )


def posting(letters: int) -> list[object]:
    """What becomes of so many letters that are said to be posted."""
    text = ngettext(
        "%(n)s letter counts as posted, with your name and the time.",
        "%(n)s letters count as posted, with your name and the time.",
        letters,
    )
    return [text % {"n": intcomma(letters)}, _("Their supporters see that it was posted.")]


def noted(letters: int) -> str:
    """That it was noted of so many."""
    text = ngettext("Noted: %(n)s letter is posted.", "Noted: %(n)s letters are posted.", letters)
    return text % {"n": intcomma(letters)}


def _handed_over(request: ConsoleRequest, batch: PrintBatch, left: int, out: int) -> Step:
    def act() -> str:
        n = actions.mark_posted(batch=batch, actor=request.user)
        return ngettext(
            "Noted: a bundle of %(n)s letter is handed over.",
            "Noted: a bundle of %(n)s letters is handed over.",
            n,
        ) % {"n": intcomma(n)}

    consequences: list[object] = [
        ngettext(
            "%(n)s letter counts as posted, with your name and the time.",
            "%(n)s letters count as posted, with your name and the time.",
            left,
        )
        % {"n": intcomma(left)},
        _("Their supporters see that it went in a bundle, with their own sentences in full."),
    ]
    if out:
        text = ngettext(
            "%(n)s signer stopped meanwhile. Strike the name out, or discard the bundle and have it made anew.",
            "%(n)s signers stopped meanwhile. Strike the names out, or discard the bundle and have it made anew.",
            out,
        )
        consequences.insert(0, text % {"n": intcomma(out)})
    return Step(
        title=_("Mark as handed over"), button=_("The office has it"), consequences=consequences, act=act
    )


def _not_posted(request: ConsoleRequest, batch: PrintBatch) -> Step:
    def act() -> str:
        n = actions.correct_posted(batch=batch, actor=request.user)
        return ngettext("Corrected: %(n)s letter waits again.", "Corrected: %(n)s letters wait again.", n) % {
            "n": intcomma(n)
        }

    return Step(
        title=_("Correct: it was not posted"),
        button=_("It was not posted"),
        consequences=[
            _("Its letters no longer count as posted and wait in this batch again."),
            _("The correction stays in the history of the batch and of every letter."),
        ],
        is_danger=True,
        act=act,
    )


def _discard(request: ConsoleRequest, batch: PrintBatch) -> Step:
    def act() -> str:
        n = actions.discard_batch(batch=batch, actor=request.user)
        return ngettext(
            "Discarded. %(n)s letter waits for another batch.",
            "Discarded. %(n)s letters wait for another batch.",
            n,
        ) % {"n": intcomma(n)}

    return Step(
        title=_("Discard the batch"),
        button=_("Discard the batch"),
        consequences=[
            _("Destroy what you have printed of it, or these letters go out twice."),
            _("The file and the list are deleted. The letters wait to be printed again."),
        ],
        is_danger=True,
        act=act,
    )


TO_STATE: dict[str, str] = {
    "posted": BatchState.POSTED,
    "not-posted": BatchState.MADE,
    "discard": BatchState.DISCARDED,
}
STEPS: dict[str, Callable[[ConsoleRequest, PrintBatch], Step]] = {
    "posted": _posted,
    "not-posted": _not_posted,
    "discard": _discard,
}
