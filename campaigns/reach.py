"""Whom seats let a campaign write to, and by which way, found as a drive is planned."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import ngettext

from campaigns.delivery.addressees import Addressee, resolve
from campaigns.models import Campaign, ChannelName
from campaigns.targets import posts_of_group
from contacts.clock import today
from contacts.models import Post


@dataclass(frozen=True)
class Reach:
    """Seats, how many are vacant, and how many are reached by which way.

    `bundled` are those of another way whose near-identical letters go on paper, and `fruitless` names the groups whose
    rules give no seat.
    """

    seats: int
    vacant: int
    ways: dict[str, int] = field(default_factory=dict)
    bundled: int = 0
    fruitless: tuple[str, ...] = ()

    @property
    def reachable(self) -> int:
        return sum(self.ways.values())

    @property
    def without(self) -> int:
        """Offices that somebody holds and that no way leads to."""
        return self.seats - self.vacant - self.reachable

    @property
    def on_paper(self) -> int:
        """Offices that the organisation prints letters for."""
        return self.ways.get(ChannelName.PRINT, 0) + self.bundled

    @property
    def in_words(self) -> str:
        """How many offices by which way, the ways in their order; empty where none is reached."""
        said = [_said(way, n) for way in ChannelName.values if (n := self.ways.get(way))]
        if self.bundled:
            text = ngettext(
                "near-identical letters to %(n)s of them in bundles on paper",
                "near-identical letters to %(n)s of them in bundles on paper",
                self.bundled,
            )
            said.append(text % {"n": intcomma(self.bundled)})
        return ", ".join(said)


def _said(way: str, n: int) -> str:
    texts = {
        ChannelName.EMAIL: ngettext("%(n)s by mail", "%(n)s by mail", n),
        ChannelName.CWC: ngettext(
            "%(n)s through the office’s own system", "%(n)s through the offices’ own system", n
        ),
        ChannelName.PRINT: ngettext(
            "%(n)s to be printed and posted by you", "%(n)s to be printed and posted by you", n
        ),
        ChannelName.LINK: ngettext(
            "%(n)s by its supporters, through the office’s web form",
            "%(n)s by their supporters, through the offices’ web forms",
            n,
        ),
    }
    return texts[ChannelName(way)] % {"n": intcomma(n)}


def reach_of(campaign: Campaign) -> Reach:
    """Whom all its groups together can write to now."""
    on = today()
    posts: set[Post] = set()
    fruitless = []
    for group in campaign.target_groups.prefetch_related("rules"):
        group.campaign = campaign
        given = posts_of_group(group, None, on)
        posts.update(given)
        if group.rules.all() and not given:
            fruitless.append(group.name)
    return reach_by(resolve(posts, campaign, on).values(), tuple(fruitless))


def reach_by(found: Collection[Addressee], fruitless: tuple[str, ...] = ()) -> Reach:
    """The same of seats whose addressees are known."""
    reached = [who for who in found if not who.problem]
    ways = Counter(who.ways[0].channel for who in reached)
    bundled = sum(who.bundles and _may_go_on_paper(who) for who in reached)
    vacant = sum(who.legislator is None for who in found)
    return Reach(len(found), vacant, dict(ways), bundled, fruitless)


def _may_go_on_paper(who: Addressee) -> bool:
    """Whether paper is a way to an office, and not its first."""
    return ChannelName.PRINT in {way.channel for way in who.ways[1:]} - {who.ways[0].channel}
