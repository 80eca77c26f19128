"""Did the office answer? A supporter says so, behind their signed link."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from campaigns.actions.replies import answer_question
from campaigns.errors import ActionRefused
from campaigns.models import Heard, OfficeQuestion, Pledge
from campaigns.views.signed_links import with_pledge


@require_http_methods(["GET", "HEAD", "POST"])
@with_pledge
def answer(request: HttpRequest, pledge: Pledge, *, token: str, letter_id: UUID) -> HttpResponse:
    """GET shows the answer that was clicked in the mail, POST gives it; it may be changed at any time."""
    question = get_object_or_404(
        OfficeQuestion.objects.select_related("letter__post", "letter__legislator"),
        letter_id=letter_id,
        letter__pledge=pledge,
    )
    fault = ""
    if request.method == "POST":
        try:
            answer_question(question=question, answer=request.POST.get("answer", ""))
        except ActionRefused as fact:
            fault = str(fact.message)
        else:
            messages.success(request, _t("Thank you. It counts towards what we know of this office."))
            return redirect("campaigns:my-page", token=token)
    chosen = request.GET.get("answer", "") or question.answer
    return render(
        request,
        "campaigns/public/answer.html",
        {
            "pledge": pledge,
            "campaign": pledge.campaign,
            "organization": pledge.campaign.organization,
            "token": token,
            "question": question,
            "choices": [(value, label, value == chosen) for value, label in Heard.choices],
            "fault": fault,
        },
        status=422 if fault else 200,
    )
