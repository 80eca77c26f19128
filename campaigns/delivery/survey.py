"""Did the office answer? Supporters are asked two weeks after their letter left, and once more a week later."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from campaigns.delivery.owed import owe_question
from campaigns.models import Letter, MailKind, OfficeQuestion, OutboxMail, PledgeState
from contacts.clock import now

ASK_AFTER = timedelta(days=14)
REMIND_AFTER = timedelta(days=7)
# Nobody is asked about a letter of last month only because nobody was asked in time.
TOO_LATE = timedelta(days=28)
# Letters of one supporter leave over hours or days: they are asked about together, not one by one.
APART = timedelta(days=2)


@transaction.atomic
def ask(limit: int = 1000) -> int:
    """Ask about letters that left two weeks ago and that no answer came to by us; gives how many."""
    at = now()
    just_asked = OutboxMail.objects.filter(
        pledge=OuterRef("pledge"), kind=MailKind.QUESTION, created_at__gt=at - APART
    )
    letters = (
        Letter.objects.counted()
        .filter(
            state__in=Letter.ACCEPTED,
            sent_at__lte=at - ASK_AFTER,
            sent_at__gt=at - TOO_LATE,
            replied_at__isnull=True,
            question__isnull=True,
            pledge__state=PledgeState.CONFIRMED,
            pledge__supporter__erased_at__isnull=True,
        )
        .exclude(Exists(just_asked))
        .select_related("pledge__campaign", "pledge__supporter")
        .order_by("sent_at", "pk")[:limit]
    )
    questions = OfficeQuestion.objects.bulk_create(
        OfficeQuestion(letter=letter, asked_at=at) for letter in letters
    )
    _owe(questions, MailKind.QUESTION)
    return len(questions)


@transaction.atomic
def remind(limit: int = 1000) -> int:
    """Ask once more, a week later, where nothing was heard from supporter or office; gives how many."""
    at = now()
    silent = OfficeQuestion.objects.filter(
        answer="",
        reminded_at__isnull=True,
        asked_at__lte=at - REMIND_AFTER,
        letter__replied_at__isnull=True,
        letter__pledge__state=PledgeState.CONFIRMED,
        letter__pledge__supporter__erased_at__isnull=True,
    )
    questions = list(
        silent.select_related("letter__pledge__campaign", "letter__pledge__supporter").order_by("asked_at")[
            :limit
        ]
    )
    OfficeQuestion.objects.filter(pk__in=[q.pk for q in questions]).update(reminded_at=at)
    _owe(questions, MailKind.QUESTION_AGAIN)
    return len(questions)


def _owe(questions: Iterable[OfficeQuestion], kind: str) -> None:
    """One mail a supporter, about all their letters."""
    told = set()
    for question in questions:
        pledge = question.letter.pledge
        if pledge.pk not in told:
            told.add(pledge.pk)
            owe_question(
                pledge, kind, str(question.pk), question.asked_at if kind == MailKind.QUESTION else now()
            )
