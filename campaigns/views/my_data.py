"""A supporter's own data, behind their signed link: correct it, choose mails, take it along, have it erased.

GET never changes anything; what can't be taken back is said before the button.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from campaigns.actions import details as correcting
from campaigns.actions import erasing
from campaigns.actions.my_data import take_along
from campaigns.actions.partner_consents import choices_of
from campaigns.actions.wishes import set_wishes, wishes_of
from campaigns.delivery.addressees import demanded
from campaigns.errors import BadMove
from campaigns.forms.my_data import WISHES, DetailsForm, WishesForm
from campaigns.models import Pledge
from campaigns.places import Places, Question, places
from campaigns.targets import called
from campaigns.views.signed_links import with_pledge
from contacts.clock import today

# What a pledge calls the title is another thing of every form.
_FIELD = {"prefix": "title"}


def _page(
    request: HttpRequest, pledge: Pledge, token: str, name: str, status: int = 200, **context: Any
) -> HttpResponse:
    shared = {
        "pledge": pledge,
        "campaign": pledge.campaign,
        "organization": pledge.campaign.organization,
        "token": token,
    }
    return render(request, f"campaigns/public/{name}.html", {**shared, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def details(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Correct name and address: the form, where one lives if several places are possible, what will happen, done."""
    together = correcting.corrected_together(pledge)
    known = {name: getattr(pledge, name) for name in correcting.FIELDS}
    needed = {name for one in together for name in demanded(one.campaign)} & set(known)
    form = DetailsForm(
        request.POST or None,
        initial={_FIELD.get(name, name): value for name, value in known.items()},
        country=pledge.country,
        needed={_FIELD.get(name, name) for name in needed},
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, pledge, token, "my_details", 422 if form.errors else 200, form=form)
    typed = {name: form.cleaned_data[_FIELD.get(name, name)] for name in known}
    found = _found(together, typed["postal_code"]) if typed["postal_code"] != pledge.postal_code else {}
    lost = [where for where in found.values() if where.needed and not where.match.is_known]
    if lost and not form.cleaned_data["sign_anyway"]:
        form.add_error(
            "postal_code",
            _t("We don't know this postal code, so we can't find your representatives. Please check it."),
        )
        return _page(request, pledge, token, "my_details", 422, form=form, is_unknown=True)
    matched = {}
    for pk, where in found.items():
        answer = where.answered(form.data)
        if answer is None:
            return _ask_where(request, pledge, token, form, found)
        matched[pk] = answer
    if "sure" in request.POST:
        try:
            correcting.correct_details(pledge=pledge, details=typed, places=matched)
        except BadMove as fact:
            messages.error(request, str(fact.message))
        else:
            messages.success(request, _t("Your name and address are corrected. A mail to you says so, too."))
        return redirect("campaigns:my-page", token=token)
    answers = {q.name: form.data[q.name] for q in _questions(found)}
    effect = correcting.effect_of(pledge, matched)
    return _page(
        request,
        pledge,
        token,
        "my_details_check",
        form=form,
        effect=effect,
        names=_names(effect),
        answers=answers,
        together=together,
    )


def _names(effect: correcting.Effect) -> dict[str, list[Any]]:
    """Whom the letters of each kind are to, as their writer knows them."""
    letters = [*effect.changed, *effect.withdrawn]
    known = called([*(x.post for x in letters), *effect.written, *effect.unserved], today())
    return {
        "changed": [(known[x.post_id], x in effect.own_words) for x in effect.changed],
        "withdrawn": [known[x.post_id] for x in effect.withdrawn],
        "written": [known[post.pk] for post in effect.written],
        "unserved": [known[post.pk] for post in effect.unserved],
        "fixed": [x.addressee for x in effect.fixed],
    }


def _found(together: list[Pledge], code: str) -> dict[Any, Places]:
    return {
        one.pk: places(one.campaign, one.campaign.organization.country, code, today()) for one in together
    }


def _questions(found: dict[Any, Places]) -> list[Question]:
    """Each question once, whichever campaigns ask it."""
    return list({q.name: q for where in found.values() for q in where.questions}.values())


def _ask_where(
    request: HttpRequest, pledge: Pledge, token: str, form: DetailsForm, found: dict[Any, Places]
) -> HttpResponse:
    asked = "asked" in form.data
    questions = _questions(found)
    unanswered = [q for q in questions if asked and not q.takes(form.data.get(q.name, ""))]
    return _page(
        request,
        pledge,
        token,
        "my_details_which",
        422 if asked else 200,
        form=form,
        questions=[(q, form.data.get(q.name, ""), q in unanswered) for q in questions],
        unanswered=unanswered,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def wishes(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Which mails a supporter wants, and what they agree to."""
    if pledge.supporter is None:
        return redirect("campaigns:my-page", token=token)
    choices = choices_of(pledge.supporter)
    form = WishesForm(
        request.POST if request.method == "POST" else None,
        initial=wishes_of(pledge.supporter),
        organization=pledge.campaign.organization,
        choices=choices,
    )
    if request.method == "POST" and form.is_valid():
        words = {purpose: str(form[purpose].label) for purpose in WISHES}
        language = get_language() or pledge.language
        one_press = request.POST.get("take_back")
        wanted = {pk: False for pk in form.words() if str(pk) == one_press} if one_press else form.chosen()
        if set_wishes(
            pledge=pledge,
            wishes={} if one_press else form.cleaned_data,
            words=words,
            language=language,
            partners=wanted,
            partner_words=form.words(),
        ):
            messages.success(request, _t("Saved. It holds from now on, and a mail to you says so, too."))
        else:
            messages.success(request, _t("Nothing was changed."))
        return redirect("campaigns:my-wishes", token=token)
    ended = [one.partnership for one in choices if not one.is_asking]
    chosen = {one.partnership.pk for one in choices if one.given}
    campaigns = {one.partnership.campaign_id for one in choices}
    return _page(
        request,
        pledge,
        token,
        "my_wishes",
        form=form,
        ended=ended,
        chosen=chosen,
        is_of_several=len(campaigns) > 1,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def export(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """All that is held of a person, as one file. POST hands it out, and a mail says that it was."""
    if request.method != "POST":
        return _page(request, pledge, token, "my_export")
    content = take_along(pledge=pledge)
    name = f"my-data-{pledge.campaign.organization.slug}-{today().isoformat()}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def erase(request: HttpRequest, pledge: Pledge, *, token: str) -> HttpResponse:
    """Erase a person; GET says what goes, what stays as a number, and what can't be called back."""
    if request.method == "POST" and request.POST.get("sure"):
        done = erasing.erase_supporter(pledge=pledge)
        return _page(request, pledge, token, "my_erased", effect=done)
    status = 422 if request.method == "POST" else 200
    effect = erasing.effect_of(pledge)
    return _page(request, pledge, token, "my_erase", status, effect=effect, unsure=status == 422)
