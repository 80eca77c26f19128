"""Words of people who signed, for briefs: only of those whose last word on that is yes."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from campaigns.models import Pledge
from campaigns.stories.quotes import hold_stories
from contacts.models import Consent, Purpose, Supporter
from policy.briefs.sections import Document, Mention, Quote, Quotes
from policy.models import MentionKind

QUOTES = 5
QUOTE_LENGTHS = range(30, 341)
# Enough to choose from; the first who signed.
QUOTES_READ = 200


def quotable(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Pledges whose words may be printed: with first name and town, in briefs to representatives."""
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.STORY).order_by("-id")
    return (
        pledges.exclude(comment="")
        .exclude(name="")
        .filter(supporter__erased_at__isnull=True)
        .annotate(quotable=Subquery(last.values("given")[:1]))
        .filter(quotable=True)
    )


def nameable(pledges: QuerySet[Pledge]) -> QuerySet[Pledge]:
    """Pledges whose maker's name may be printed: their last word on that is yes."""
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.NAME).order_by("-id")
    return (
        pledges.filter(supporter__erased_at__isnull=True)
        .annotate(nameable=Subquery(last.values("given")[:1]))
        .filter(nameable=True)
    )


def mention(pledge_id: UUID) -> Mention:
    """How a brief notes whose words or name it prints."""
    return Mention(f"pledge:{pledge_id}")


def may_still_be_printed(document: Document) -> bool:
    """Whether everybody quoted and named in a document still agrees; in a transaction that then stores it.

    Their rows stay locked, so that whoever withdraws at this moment waits, and finds the version to take back.
    """
    ids: dict[str, set[UUID]] = {MentionKind.WORDS: set(), MentionKind.NAME: set()}
    for of, kind in document.mentions():
        whose, _colon, key = of.partition(":")
        if whose != "story":
            ids[kind].add(UUID(key))
    told = Pledge.objects.filter(pk__in=ids[MentionKind.WORDS] | ids[MentionKind.NAME])
    lock_supporters(Supporter.objects.filter(pk__in=told.values("supporter")))
    stories = _of_stories(document)
    if stories and not hold_stories(stories):
        return False
    counted = Pledge.objects.counted()
    words = quotable(counted.filter(pk__in=ids[MentionKind.WORDS])).count()
    names = nameable(counted.filter(pk__in=ids[MentionKind.NAME])).count()
    return (words, names) == (len(ids[MentionKind.WORDS]), len(ids[MentionKind.NAME]))


def _of_stories(document: Document) -> dict[UUID, list[Quote]]:
    """The passages of stories in a document, by their story."""
    found: dict[UUID, list[Quote]] = defaultdict(list)
    for section in document.sections:
        for quote in section.quotes if isinstance(section, Quotes) else ():
            whose, _colon, key = quote.mention.of.partition(":") if quote.mention else ("", "", "")
            if whose == "story":
                found[UUID(key)].append(quote)
    return dict(found)


def lock_supporters(supporters: QuerySet[Supporter]) -> None:
    """Until the transaction ends nobody else stores a brief that quotes them, or takes their words back."""
    list(supporters.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def quotes_by_pledge(told: QuerySet[Pledge], pledge_ids: Collection[UUID]) -> dict[UUID, Quote]:
    """The words of these pledges that are fit to print, each with the consent that allows it."""
    last = Consent.objects.filter(supporter=OuterRef("supporter"), purpose=Purpose.STORY).order_by("-id")
    found: dict[UUID, Quote] = {}
    ids = sorted(pledge_ids)
    for start in range(0, len(ids), 1000):
        rows = told.filter(pk__in=ids[start : start + 1000]).annotate(
            consent=Subquery(last.values("pk")[:1]), words_version=Subquery(last.values("text_version")[:1])
        )
        fields = ("pk", "comment", "name", "city", "language", "consent", "words_version")
        for pk, comment, name, city, language, consent, version in rows.values_list(*fields):
            words = " ".join(comment.split())
            if len(words) in QUOTE_LENGTHS:
                proof = f"consent {consent}, words {version}"
                found[pk] = Quote(words, name.split()[0], city.strip(), proof, language, mention(pk))
    return found


def quotes(pledges: QuerySet[Pledge]) -> tuple[Quote, ...]:
    """Words of those who made these pledges."""
    told = quotable(pledges)
    ids = list(told.order_by("confirmed_at", "pk").values_list("pk", flat=True)[:QUOTES_READ])
    by_pledge = quotes_by_pledge(told, ids)
    return choose([by_pledge[pk] for pk in ids if pk in by_pledge])


def choose(candidates: Iterable[Quote]) -> tuple[Quote, ...]:
    """Up to five quotes spread over places first and arguments second: each the least like those before it."""
    waiting: dict[str, tuple[Quote, frozenset[str]]] = {}
    for quote in candidates:
        waiting.setdefault(quote.text.casefold(), (quote, _content_words(quote.text)))
    left = list(waiting.values())
    chosen: list[tuple[Quote, frozenset[str]]] = []
    while left and len(chosen) < QUOTES:
        places = [quote.place.casefold() for quote, _words in chosen]

        def cost(candidate: tuple[Quote, frozenset[str]], places: list[str] = places) -> tuple[int, float]:
            quote, words = candidate
            likeness = max((_likeness(words, other) for _quote, other in chosen), default=0.0)
            return places.count(quote.place.casefold()), likeness

        best = min(left, key=cost)
        left.remove(best)
        chosen.append(best)
    return tuple(quote for quote, _words in chosen)


def _content_words(text: str) -> frozenset[str]:
    """The longer words of a text: they say what it argues; the short ones hold it together."""
    words = ("".join(filter(str.isalpha, word)).casefold() for word in text.split())
    return frozenset(word for word in words if len(word) > 4)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of their words that two texts have in common, 0 to 1."""
    return len(one & other) / max(len(one | other), 1)
