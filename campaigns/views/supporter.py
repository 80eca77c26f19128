"""A supporter's own pages, behind a signed link: confirm, my page, withdraw, never write again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import limits
from campaigns.actions.confirmations import confirm_pledge
from campaigns.actions.letters import EDITABLE, has_letters_to_write, withdraw_letter
from campaigns.actions.pledges import resend_link, withdraw_pledge
from campaigns.actions.returning import can_return, send_after_all, taken_back
from campaigns.actions.supporters import never_write_again
from campaigns.calls import can_call
from campaigns.errors import ActionRefused, BadMove, LinkSpent
from campaigns.forms.confirmation import LeftTickedForm, left_in
from campaigns.letters.write import open_drive
from campaigns.links import manage_token, read_confirm, read_spent
from campaigns.models import (
    Letter,
    LetterState,
    Pledge,
    PledgeState,
    Story,
    StoryState,
    published_outcome,
)
from campaigns.partners_now import partner_called
from campaigns.reason_words import reason_in_words
from campaigns.stories.links import manage_token as story_token
from campaigns.targets import called
from campaigns.views.own_letters import letters_of
from campaigns.views.signed_links import is_late, private, spent, with_pledge
from campaigns.visits import forget
from contacts.addresses import address_hash
from contacts.clock import now, today


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is confirmed, POST confirms: programs that open every link in a mail change nothing."""
    try:
        if request.method == "POST":
            return _confirmed(request, confirm_pledge(token=token, left=left_in(request.POST)))
        pledge = read_confirm(token)
        if pledge.state != PledgeState.PENDING or is_late(pledge):
            raise LinkSpent
    except ActionRefused as fact:
        return spent(request, token, fact)
    campaign = pledge.campaign
    return render(
        request,
        "campaigns/public/confirm.html",
        {
            "pledge": pledge,
            "campaign": campaign,
            "organization": campaign.organization,
            "partner": partner_called(campaign, pledge.source) if pledge.source else None,
            "form": LeftTickedForm(pledge),
        },
    )


def _confirmed(request: HttpRequest, pledge: Pledge) -> HttpResponse:
    if has_letters_to_write(pledge):
        response = redirect("campaigns:my-letter", token=manage_token(pledge))
    else:
        done = (
            _t("Thank you. Your test is confirmed.")
            if pledge.is_test
            else _t("Thank you. Your pledge is confirmed and counts.")
        )
        messages.success(request, done)
        response = redirect("campaigns:my-page", token=manage_token(pledge))
    forget(request, response, pledge.campaign)
    return response


@private
@require_POST
def fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail the owner of a spent link a fresh one, to the address they signed with and under the same caps."""
    pledge = read_spent(token)
    if pledge is None or pledge.erased_at is not None:
        raise Http404
    campaign = pledge.campaign
    if limits.may_sign(limits.client_address(request), f"link-{campaign.pk}"):
        resend_link(campaign=campaign, email=pledge.email)
    return render(
        request,
        "campaigns/public/send_link.html",
        {"campaign": campaign, "organization": campaign.organization, "done": True},
    )


@require_safe
@with_pledge
def my_page(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Every letter with where it is, in plain words."""
    letters = letters_of(pledge)
    return render(
        request,
        "campaigns/public/my_page.html",
        {
            "pledge": pledge,
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "letters": letters,
            "outcome": published_outcome(pledge.campaign),
            "not_counted_why": _why_not_counted(pledge),
            "taken_back": taken_back(pledge, [own.letter for own in letters], now()),
            "waits_for_drive": not letters and open_drive(pledge.campaign) is None,
            "can_call": can_call(pledge),
            "stories": _stories(pledge),
            "can_edit": any(own.letter.state in EDITABLE for own in letters)
            and pledge.state != PledgeState.INVALIDATED,
            "can_withdraw": pledge.state in {PledgeState.PENDING, PledgeState.CONFIRMED},
        },
    )


def _stories(pledge: Pledge) -> list[tuple[Story, str]]:
    """The stories told from this address, each with the token of its page: whoever opens this one has the mailbox."""
    hashed = address_hash(pledge.canonical_email)
    found = Story.objects.light().filter(organization=pledge.campaign.organization_id, address_hash=hashed)
    return [
        (story, story_token(story)) for story in found.exclude(state=StoryState.PENDING).order_by("told_at")
    ]


def _why_not_counted(pledge: Pledge) -> str:
    """The reason that was given for not counting a pledge; empty for one that counts."""
    if pledge.state != PledgeState.INVALIDATED:
        return ""
    last = pledge.history.filter(to_state=PledgeState.INVALIDATED).last()
    return reason_in_words(last.reason) if last else ""


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def withdraw(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Take the whole pledge back, after a page that says what will happen."""
    waiting = Letter.objects.filter(pledge=pledge, state__in=Letter.WAITING).count()
    gone = Letter.objects.filter(pledge=pledge, state__in=[*Letter.ACCEPTED, *Letter.LEAVING]).count()
    if request.method == "POST" and pledge.state == PledgeState.WITHDRAWN:
        messages.info(request, _t("You have taken it back already."))
        return redirect("campaigns:my-page", token=token)
    if request.method == "POST":
        try:
            stopped = withdraw_pledge(pledge=pledge)
        except BadMove:
            messages.error(request, str(BadMove.message))
        else:
            messages.success(request, _withdrawn(stopped))
        return redirect("campaigns:my-page", token=token)
    return render(
        request,
        "campaigns/public/withdraw.html",
        {
            "pledge": pledge,
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "waiting": waiting,
            "gone": gone,
        },
    )


def _withdrawn(stopped: int) -> str:
    if not stopped:
        return _t("Your pledge is taken back.")
    return ngettext(
        "Your pledge is taken back, and %(n)s letter is not sent.",
        "Your pledge is taken back, and %(n)s letters are not sent.",
        stopped,
    ) % {"n": stopped}


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def withdraw_one(request: HttpRequest, pledge: Pledge, *, token: str, letter_id: UUID) -> HttpResponse:
    """Take one letter back, after a page that says which."""
    letter = get_object_or_404(
        Letter.objects.select_related("post", "drive", "legislator"), pledge=pledge, pk=letter_id
    )
    if request.method == "POST" and letter.state == LetterState.WITHDRAWN:
        messages.info(request, _t("You have taken it back already."))
        return redirect("campaigns:my-page", token=token)
    if request.method == "POST":
        try:
            withdraw_letter(letter=letter)
        except BadMove:
            messages.error(request, str(BadMove.message))
        else:
            messages.success(request, _t("Your letter is taken back and is not sent."))
        return redirect("campaigns:my-page", token=token)
    return render(
        request,
        "campaigns/public/withdraw_one.html",
        {
            "to": letter.addressee if letter.legislator else called([letter.post], today())[letter.post_id],
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "can_return": can_return(letter, now()),
        },
    )


@require_POST
@with_pledge
def return_one(request: HttpRequest, pledge: Pledge, *, token: str, letter_id: UUID) -> HttpResponse:
    """Send a letter after all that was taken back."""
    letter = get_object_or_404(Letter, pledge=pledge, pk=letter_id)
    try:
        send_after_all(letter=letter)
    except BadMove:
        messages.error(request, str(BadMove.message))
    else:
        messages.success(
            request, _t("Your letter is sent after all. Until it leaves you can change it or take it back.")
        )
    return redirect("campaigns:my-page", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def stop(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Never write to this address again, from any organisation here."""
    done = False
    if request.method == "POST":
        never_write_again(canonical=pledge.canonical_email)
        done = True
    return render(
        request,
        "campaigns/public/stop.html",
        {
            "pledge": pledge,
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "done": done,
        },
    )
