"""What a mail tells of, as it is when the mail leaves."""

from django.db.models import Q

from campaigns.letters.reasons import TAKEN_BACK, last_move
from campaigns.models import (
    Campaign,
    CampaignState,
    CampaignUpdate,
    Heard,
    InboundMail,
    Letter,
    LetterState,
    MailKind,
    OfficeQuestion,
    OutboxMail,
    Outcome,
)
from contacts.models import Job


def news_in(mail: OutboxMail) -> CampaignUpdate | None:
    """The news a mail carries, as it is now."""
    if mail.kind != MailKind.UPDATE:
        return None
    published = CampaignUpdate.objects.filter(published_at__isnull=False)
    return published.prefetch_related("translations").filter(pk=mail.about).first()


def unopened_in(mail: OutboxMail) -> Campaign | None:
    """The campaign that did not open, while it still waits for a person."""
    waiting = Campaign.objects.filter(state=CampaignState.SCHEDULED, opening_failed_at__isnull=False)
    return (
        waiting.select_related("organization", "measure", "issue")
        .filter(pk=mail.about.partition(".")[0])
        .first()
    )


def outcome_in(mail: OutboxMail) -> Outcome | None:
    """What a mail of thanks tells of, as it is now; with how many acted when the mails were begun."""
    if mail.kind != MailKind.THANKS:
        return None
    published = Outcome.objects.filter(pk=mail.about, published_at__isnull=False)
    outcome = published.select_related("campaign__organization", "thanks_job").first()
    if outcome is not None and outcome.thanks_job is not None:
        outcome.people_count = outcome.thanks_job.params.get("people", outcome.people_count)
    return outcome


def job_in(mail: OutboxMail) -> Job | None:
    """The job a mail tells the end of, for somebody who still works here and has not seen it."""
    return Job.objects.filter(
        Q(requested_by__is_active=True) | Q(params__by_itself=True),
        pk=mail.about.partition(".")[0],
        organization=mail.organization,
        seen_at__isnull=True,
        organization__roles__user=mail.user,
    ).first()


def withdrawn_in(mail: OutboxMail) -> list[Letter]:
    """The letters that a supporter took back one by one since the mail was owed, as it is now.

    None in a mail about the whole pledge; what was taken back before was told of before.
    """
    if mail.kind != MailKind.WITHDRAWN or not mail.about:
        return []
    letters = Letter.objects.filter(pledge=mail.pledge_id, state=LetterState.WITHDRAWN)
    found = letters.select_related("post").prefetch_related("history").order_by("post__label", "pk")
    moves = [(letter, last_move(letter)) for letter in found]
    return [x for x, last in moves if last and last.reason == TAKEN_BACK and last.at >= mail.created_at]


def questions_in(mail: OutboxMail, page: str) -> list[dict[str, object]]:
    """The questions a supporter has not answered, each with a link for every answer."""
    if mail.kind not in {MailKind.QUESTION, MailKind.QUESTION_AGAIN}:
        return []
    questions = OfficeQuestion.objects.filter(
        letter__pledge=mail.pledge, answer="", letter__replied_at__isnull=True
    )
    return [
        {
            "letter": question.letter,
            "url": f"{page}/answers/{question.letter_id}/",
            "links": [
                {"label": label, "url": f"{page}/answers/{question.letter_id}/?answer={value}"}
                for value, label in Heard.choices
            ],
        }
        for question in questions.select_related("letter__post").order_by("letter__post__label")
    ]


def reply_in(mail: OutboxMail) -> InboundMail | None:
    """The answer that a mail passes on."""
    if mail.kind != MailKind.REPLY:
        return None
    return InboundMail.objects.select_related("letter__post").get(pk=mail.about)
