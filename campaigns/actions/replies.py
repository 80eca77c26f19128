from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from campaigns.delivery import inbound
from campaigns.errors import ActionRefused, BadMove
from campaigns.models import (
    Coding,
    Heard,
    InboundKind,
    InboundMail,
    InboundState,
    Letter,
    LetterState,
    OfficeQuestion,
)
from contacts.actions.organizations import record
from contacts.clock import now
from contacts.models import Organization, User
from policy.actions.stances import record_stance
from policy.models import Stance, StanceLevel

# What an answer says → where its legislator seems to stand. A person accepts it, changes it or leaves it.
PROPOSED: dict[str, StanceLevel] = {
    Coding.SUPPORTS: StanceLevel.SUPPORTS,
    Coding.OPPOSES: StanceLevel.OPPOSED,
    Coding.EVASIVE: StanceLevel.UNDECIDED,
    Coding.NEEDS_INFORMATION: StanceLevel.UNDECIDED,
}


@transaction.atomic
def code_reply(*, reply: InboundMail, coding: str, actor: User) -> None:
    """Write down what an answer says; a later judgement replaces the earlier one."""
    if coding not in Coding.values:
        raise ActionRefused(_("Choose what the answer says."))
    if not InboundMail.objects.answers().filter(pk=reply.pk).exists():
        raise BadMove
    reply.coding, reply.coded_by, reply.coded_at = coding, actor, now()
    # Another judgement is another proposal.
    reply.stance_declined_at = None
    reply.save(update_fields=["coding", "coded_by", "coded_at", "stance_declined_at"])
    _record(reply, actor, f"code reply: {coding}")


@transaction.atomic
def accept_stance(*, reply: InboundMail, stance: Stance, actor: User) -> Stance:
    """Record where a legislator stands by their answer, once an answer."""
    if not InboundMail.objects.filter(pk=reply.pk, stance__isnull=True).exclude(coding="").exists():
        raise BadMove
    recorded = record_stance(stance=stance, actor=actor)
    InboundMail.objects.filter(pk=reply.pk).update(stance=recorded, stance_declined_at=None)
    return recorded


@transaction.atomic
def decline_stance(*, reply: InboundMail, actor: User) -> None:
    """Leave the stance that an answer seemed to show; it is not proposed again until somebody judges anew."""
    open_ones = InboundMail.objects.filter(pk=reply.pk, stance__isnull=True, coding__in=PROPOSED)
    if not open_ones.update(stance_declined_at=now()):
        raise BadMove
    _record(reply, actor, "decline stance")


@transaction.atomic
def set_aside(*, mail: InboundMail, actor: User) -> None:
    """A person looked at a mail that belongs to no letter, and nothing needs doing."""
    found = InboundMail.objects.filter(pk=mail.pk, state=InboundState.UNMATCHED)
    if not found.update(state=InboundState.SET_ASIDE):
        raise BadMove
    _record(mail, actor, "set mail aside")


def sent_letters(organization: Organization) -> QuerySet[Letter]:
    """Letters that an answer can be about: those that have left, or may have."""
    states = [*Letter.ACCEPTED, *Letter.FAILED, LetterState.UNCERTAIN]
    return Letter.objects.filter(
        drive__campaign__organization=organization, message_id__isnull=False, state__in=states
    )


@transaction.atomic
def match_stray(*, mail: InboundMail, letter: Letter, kind: str, actor: User) -> None:
    """Attach a mail that belonged to no letter to the one a person found; it is then acted on like any other.

    `kind` is what the person takes it for, reply or auto_reply; what came back from a mail server stays what it is.
    Raises BadMove when it is matched already, and ActionRefused for a letter that never left.
    """
    stray = InboundMail.objects.select_for_update(of=("self",), no_key=True).filter(
        pk=mail.pk, state=InboundState.UNMATCHED, organization=letter.drive.campaign.organization_id
    )
    found = stray.first()
    if found is None:
        raise BadMove
    if not sent_letters(letter.drive.campaign.organization).filter(pk=letter.pk).exists():
        raise ActionRefused(_("This letter has not left, so nothing can be an answer to it."))
    if found.kind in {InboundKind.BOUNCE, InboundKind.COMPLAINT}:
        kind = found.kind
    elif kind not in {InboundKind.REPLY, InboundKind.AUTO_REPLY}:
        raise ActionRefused(_("Say whether a person wrote it or a machine."))
    inbound.attach(found, letter.pk, kind)
    _record(found, actor, "match mail by hand")


def answer_question(*, question: OfficeQuestion, answer: str) -> None:
    """A supporter says whether the office answered; the last word holds."""
    if answer not in Heard.values:
        raise ActionRefused(_("Choose one of the answers."))
    OfficeQuestion.objects.filter(pk=question.pk).update(answer=answer, answered_at=now())


def _record(mail: InboundMail, actor: User, verb: str) -> None:
    if mail.organization is not None:
        record(organization=mail.organization, actor=actor, verb=verb, obj=mail)
