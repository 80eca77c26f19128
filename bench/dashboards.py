"""Dashboards at size: numbers beside the counts they replace, and how long pages take: `make bench-dashboards`.

On PostgreSQL, with a million pledges and 2,000 measures. Both sides of each ratio run in turn in one run; progress goes
to standard error, the last line on standard output is JSON. See docs/benchmarks.md.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.dashboard_world import DashboardWorld, triggers
from bench.world import empty, set_up

# Signatures since the last fold, when pages are looked at: more than a second of a storm.
UNFOLDED = 500
SIGNED_EACH = 60


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def counts(campaign) -> dict[str, tuple[Callable[[], object], Callable[[], object]]]:
    """Each number as pages have it, and as it would be counted row by row; both must say the same."""
    from django.db.models import Count, Q
    from django.db.models.functions import TruncDate

    from campaigns import reports, tallies
    from campaigns.models import Letter, Pledge
    from contacts.models import Residence

    people = Pledge.objects.counted().filter(campaign=campaign)
    letters = Letter.objects.counted().filter(drive__campaign=campaign)

    def total() -> object:
        found = Pledge.objects.filter(campaign=campaign, is_test=False).aggregate(
            people=Count("pk", filter=Q(state="confirmed")), pending=Count("pk", filter=Q(state="pending"))
        )
        reached = letters.filter(state__in=Letter.ACCEPTED).exclude(reports.REPORTED)
        return reports.Numbers(
            found["people"],
            found["pending"],
            reports.in_groups(reports.by_way(letters)),
            reached.values("post").distinct().count(),
        )

    def days() -> object:
        rows = people.annotate(day=TruncDate("confirmed_at")).values("day").annotate(n=Count("pk"))
        return list(rows.order_by("day").values_list("day", "n"))

    def districts() -> object:
        rows = Residence.objects.filter(
            supporter__pledges__campaign=campaign,
            supporter__pledges__state="confirmed",
            supporter__pledges__is_test=False,
        )
        found = rows.values("division__name").annotate(n=Count("supporter", distinct=True))
        ordered = found.order_by("-n", "division__name")
        return sorted(ordered.values_list("division__name", "n"), key=lambda row: (-row[1], row[0]))

    def towns() -> object:
        rows = people.values("city", "postal_code").annotate(n=Count("pk")).order_by("-n", "city")
        found: dict[str, int] = {}
        for city, code, n in rows.values_list("city", "postal_code", "n"):
            found[city or code] = found.get(city or code, 0) + n
        return sorted(found.items(), key=lambda row: (-row[1], row[0]))[:12]

    assert tallies.differences() == []
    return {
        "numbers": (lambda: reports.campaign_numbers(campaign), total),
        "days": (lambda: reports.signed_by_day(campaign), days),
        "districts": (lambda: reports.by_district(campaign), districts),
        "towns": (lambda: reports.by_locality(campaign), towns),
    }


def ratios(campaign, rounds: int) -> dict[str, float]:
    """Ours ÷ counted row by row: the median of each round's."""
    found: dict[str, float] = {}
    for name, (ours, counted) in counts(campaign).items():
        if ours() != counted():
            raise SystemExit(f"error: {name} are not what a count says")
        times = [(seconds(ours), seconds(counted)) for _round in range(rounds)]
        found[f"ratio_{name}"] = round(median(one / other for one, other in times), 4)
        one, other = (median(side) * 1000 for side in zip(*times, strict=True))
        say(f"{name}: {one:.1f} ms, counted {other:.0f} ms")
    return found


def pages(world: DashboardWorld, rounds: int) -> dict[str, object]:
    """How long each page takes, from request to bytes, as an organizer and as a stranger open it."""
    from django.test import Client
    from django.urls import reverse

    from tests.factories import RoleFactory

    campaign, slug = world.campaign, world.organization.slug
    role = RoleFactory(organization=world.organization, name="organizer")
    client, stranger = Client(), Client()
    client.force_login(role.user)
    urls = {
        "home": reverse("campaigns:console-home", args=[slug]),
        "campaigns": reverse("campaigns:campaign-list", args=[slug]),
        "campaign": reverse("campaigns:campaign-detail", args=[slug, campaign.pk]),
        "drive": reverse("campaigns:drive", args=[slug, world.drive.pk]),
        "issues": reverse("campaigns:issue-list", args=[slug]),
        "issue": reverse("campaigns:issue", args=[slug, campaign.issue_id]),
        "measures": reverse("campaigns:measure-list", args=[slug]),
        "measure": reverse("campaigns:measure", args=[slug, campaign.measure_id]),
        "calendar": reverse("campaigns:agenda", args=[slug]),
        "search": reverse("campaigns:search", args=[slug]) + "?q=measure",
        "public_campaign": reverse("campaigns:campaign", args=[slug, campaign.slug]),
        "public_home": reverse("campaigns:home"),
        "api_counts": reverse("campaigns:api-counts", args=[campaign.pk]),
    }
    found: dict[str, object] = {}
    for name, url in urls.items():
        who = stranger if name.startswith(("public", "api")) else client
        if (answer := who.get(url)).status_code != 200:
            raise SystemExit(f"error: {url} answers {answer.status_code}")
        times = sorted(seconds(lambda url=url, who=who: who.get(url)) for _round in range(rounds))
        p95 = times[min(int(len(times) * 0.95), len(times) - 1)]
        found[f"ms_{name}"] = round(p95 * 1000)
        say(f"{name}: p50 {median(times) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    return {"p95_ms": max(found.values()), "slowest": max(found, key=found.__getitem__)[3:], **found}


def sign(world: DashboardWorld, count: int, mark: str) -> None:
    """So many people sign and confirm, one after the other."""
    from campaigns.actions.confirmations import confirm_pledge
    from campaigns.actions.pledges import Matched, Signing, sign_pledge
    from campaigns.links import confirm_token
    from contacts.models import Post

    division = Post.objects.values_list("division", flat=True).first()
    for n in range(count):
        signing = Signing(
            name="Ada",
            email=f"ada-{mark}-{n}@people.example",
            city="Town 1",
            postal_code="20001",
            country="zz",
            divisions=[Matched(division, "postal code")],
        )
        confirm_pledge(token=confirm_token(sign_pledge(campaign=world.campaign, signing=signing)))


def price(what: str, work: Callable[[str], None], rounds: int) -> float:
    """Work with the triggers ÷ without: the median of each round's."""
    from campaigns import tallies

    found = []
    for number in range(rounds):
        took = {}
        for how in ("ENABLE", "DISABLE") if number % 2 else ("DISABLE", "ENABLE"):
            triggers(how)
            took[how] = seconds(lambda how=how, number=number: work(f"{how}{number}"))
        found.append(took["ENABLE"] / took["DISABLE"])
        say(f"{what}: {took['ENABLE'] * 1000:.0f} ms counted, {took['DISABLE'] * 1000:.0f} ms not")
    triggers("ENABLE")
    tallies.mend()
    return round(median(found), 3)


def windows(count: int) -> Callable[[str], None]:
    """Letters claimed, begun and recorded in windows of a hundred, as a worker moves them."""
    from campaigns.models import Letter

    ids = list(Letter.objects.filter(state="settled").values_list("pk", flat=True)[: count * 100])

    def work(_mark: str) -> None:
        for start in range(0, len(ids), 100):
            letters = Letter.objects.filter(pk__in=ids[start : start + 100])
            for state in ("claimed", "committing", "sent", "settled"):
                letters.update(state=state, lease_until=now())

    from contacts.clock import now

    return work


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.dashboards", description=__doc__)
    parser.add_argument("--pledges", type=int, default=1_000_000)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--measures", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="a hundredth of all: does it run at all?")
    given = parser.parse_args()
    part = 100 if given.quick else 1
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder), sink_port=9)

        from django.conf import settings
        from django.db import connection

        from campaigns import tallies

        settings.ALLOWED_HOSTS.append("testserver")
        if connection.vendor != "postgresql":
            raise SystemExit("error: DATABASE_URL must name a PostgreSQL. Run `make bench-dashboards`.")
        empty()
        made: list[DashboardWorld] = []
        sizes = given.pledges // part, min(given.letters, given.pledges) // part, given.measures // part
        building = seconds(lambda: made.append(DashboardWorld(*sizes)))
        world = made[0]
        say(f"{sizes[0]:,} pledges, {sizes[1]:,} letters and {sizes[2]:,} measures made in {building:.0f} s")
        sign(world, UNFOLDED // part, "tail")
        found: dict[str, object] = dict(ratios(world.campaign, given.rounds))
        found |= pages(world, max(given.rounds * 4, 20))
        found["ratio_signing"] = price("signing", lambda mark: sign(world, SIGNED_EACH, mark), given.rounds)
        found["ratio_windows"] = price("windows of letters", windows(10), given.rounds)
        found["seconds_recount"] = round(seconds(tallies.differences), 1)
    print(json.dumps({**found, "pledges": sizes[0], "letters": sizes[1], "measures": sizes[2]}))


if __name__ == "__main__":
    main()
