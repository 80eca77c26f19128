"""Calls to offices: whose number is known, what to say, and what people told us of their calls. Reads only."""

from dataclasses import dataclass

from django.db.models import Count

from campaigns.letters.compose import merge, office_values, writer_values
from campaigns.models import Call, CallOutcome, Campaign, Pledge, PledgeState
from campaigns.targets import holders, posts_for
from contacts.clock import today
from contacts.models import ContactKind, ContactPoint, Legislator, Post


@dataclass(frozen=True)
class Office:
    """Somebody to call: their numbers, what to say, and what was said of the call before."""

    post: Post
    legislator: Legislator
    numbers: list[ContactPoint]
    script: str
    outcome: str


def can_call(pledge: Pledge) -> bool:
    """Whether a supporter is offered to call: the campaign wants it, and they stand by their pledge."""
    return (
        bool(pledge.campaign.call_script)
        and pledge.campaign.is_open
        and pledge.state == PledgeState.CONFIRMED
    )


def offices_to_call(pledge: Pledge) -> list[Office]:
    """The offices of a supporter whose seat is held and whose number is known, in the order of their letters."""
    if not can_call(pledge) or pledge.supporter is None:
        return []
    on = today()
    divisions = list(pledge.supporter.residences.values_list("division_id", flat=True))
    posts = [post for post, _group in posts_for(pledge.campaign, divisions, on)]
    seated = holders(posts, on)
    people = {seat.legislator_id for seat in seated.values()}
    numbers: dict[object, list[ContactPoint]] = {}
    points = ContactPoint.objects.working().filter(kind=ContactKind.PHONE, office__legislator__in=people)
    for point in points.select_related("office").order_by("office__kind", "office__key", "pk"):
        numbers.setdefault(point.office.legislator_id, []).append(point)
    said = dict(Call.objects.filter(pledge=pledge).values_list("post", "outcome"))
    found = []
    for post in posts:
        person = seated[post.pk].legislator if post.pk in seated else None
        if person is None or person.pk not in numbers:
            continue
        spoken = pledge.campaign.words.call_script
        words = {**writer_values(pledge, pledge.campaign, spoken.language), **office_values(post, person)}
        script = merge(spoken, words)
        found.append(Office(post, person, numbers[person.pk], script, said.get(post.pk, "")))
    return found


def calls_of(campaign: Campaign) -> dict[str, int]:
    """How many calls people told us of, by what came of them, and under "people" how many people called. No tests."""
    calls = Call.objects.filter(
        pledge__campaign=campaign, pledge__state=PledgeState.CONFIRMED, pledge__is_test=False
    )
    found = dict.fromkeys(CallOutcome.values, 0)
    found |= dict(calls.values_list("outcome").annotate(n=Count("pk")))
    return {**found, "people": calls.values("pledge").distinct().count()}
