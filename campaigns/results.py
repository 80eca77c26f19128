"""What became of a campaign, and who signed it, as plain facts for reports and petitions. Reads only."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count as Number
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.constituents import Counts, add_town, pooled
from campaigns.models import Campaign, Coding, InboundMail, LetterChange, Outcome, Pledge, published_outcome
from campaigns.quotes import mention
from campaigns.reports import campaign_numbers, signed_by_day
from contacts.models import Consent, Purpose
from policy.briefs.facts import Count, ResultFacts, SignerFacts
from policy.briefs.sections import NameGroup

# More would be a book; the places with most people come first, all others are counted.
NAMES_PRINTED = 4000


def result_facts(campaign: Campaign) -> ResultFacts:
    numbers = campaign_numbers(campaign)
    outcome = published_outcome(campaign)
    weeks: dict[object, int] = defaultdict(int)
    for day, people in signed_by_day(campaign):
        weeks[day - timedelta(days=day.weekday())] += people
    answers = dict(
        InboundMail.objects.answers()
        .filter(letter__drive__campaign=campaign)
        .values_list("coding")
        .annotate(n=Number("pk"))
    )
    words = {**dict(Coding.choices), "": _("Not judged yet")}
    newest = LetterChange.objects.filter(letter__drive__campaign=campaign, letter__is_test=False).aggregate(
        at=Max("at")
    )["at"]
    return ResultFacts(
        outcome=str(outcome.get_result_display()) if outcome else "",
        outcome_text=outcome.changed if outcome else "",
        letters=tuple(Count(str(_group(name)), numbers.letters_in[name]) for name in _GROUPS),
        weeks=tuple(sorted(weeks.items())),  # type: ignore[arg-type]
        answers=tuple(Count(str(words[code]), answers[code]) for code in words if code in answers),
        facts_at=max(at for at in (campaign.created_at, newest, *_said(outcome)) if at).replace(
            microsecond=0
        ),
    )


def _said(outcome: Outcome | None) -> tuple[datetime | None, ...]:
    return (outcome.published_at, outcome.edited_at) if outcome else ()


_GROUPS = (
    "accepted",
    "posted",
    "reported",
    "leaving",
    "waiting",
    "with_supporters",
    "uncertain",
    "held",
    "failed",
    "stopped",
)


def _group(name: str) -> str:
    return {
        "accepted": _("Accepted by a mail server or an office's system"),
        "posted": pgettext("letters", "Printed and posted"),
        "reported": _("Sent by the supporter, as they say"),
        "leaving": _("Leaving now"),
        "waiting": _("Waiting for their moment"),
        "with_supporters": _("Still with their supporters"),
        "uncertain": _("Uncertain: begun, and the answer was lost"),
        "held": _("Held for a person to look at"),
        "failed": _("Refused or without a way to the office"),
        "stopped": _("Withdrawn, cancelled or expired"),
    }[name]


def signer_facts(campaign: Campaign) -> SignerFacts:
    """Everybody who signed, by town; names of those whose last word on that is yes, and only where three signed."""
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.NAME).order_by("-id")
    rows = (
        Pledge.objects.counted()
        .filter(campaign=campaign)
        .annotate(shown=Subquery(last.values("given")[:1]), version=Subquery(last.values("text_version")[:1]))
        .values_list("pk", "name", "city", "postal_code", "shown", "version", "supporter__erased_at")
    )
    counts: Counts = {}
    names: dict[object, list[tuple[str, UUID]]] = defaultdict(list)
    versions: set[str] = set()
    for pk, name, city, code, shown, version, erased in rows.iterator():
        add_town(counts, city, code, 1)
        if shown and name.strip() and not erased:
            names[(city.strip() or code).casefold()].append((" ".join(name.split()), pk))
            versions.add(version)
    places = pooled(counts.values(), shown=len(counts))
    shown_places = {place.name for place in places if not place.is_rest}
    groups: list[NameGroup] = []
    left, elsewhere = NAMES_PRINTED, 0
    for key, (town, people) in sorted(counts.items(), key=lambda item: (-item[1][1], item[1][0])):
        here = sorted(names.get(key, []), key=lambda one: (one[0].casefold(), one[1]))[:left]
        if town not in shown_places or not here:
            elsewhere += people
            continue
        left -= len(here)
        printed, mentions = tuple(name for name, _pk in here), tuple(mention(pk) for _name, pk in here)
        groups.append(NameGroup(town, printed, people - len(here), mentions))
    groups.sort(key=lambda group: group.place.casefold())
    if groups and elsewhere:
        groups.append(NameGroup(_("Other places"), (), elsewhere))
    return SignerFacts(
        groups=tuple(groups),
        places=places,
        named=sum(len(group.names) for group in groups),
        consent=f"name, words {', '.join(sorted(versions))}" if versions else "",
    )
