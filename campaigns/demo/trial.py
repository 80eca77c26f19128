"""The whole path once through, with nobody at a browser and nothing faked: real HTTP, real worker, real SMTP."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Never

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext
from tqdm import tqdm

from campaigns.actions.briefs import request_brief
from campaigns.delivery.rehearsal import Rehearsal, rehearse
from campaigns.demo.browser import Browser, Line
from campaigns.demo.check import Verdict, due_letters, verdict
from campaigns.demo.crowd import Crowd, crowd
from campaigns.demo.organizer import Organizer
from campaigns.demo.processes import Processes
from campaigns.demo.sink import read_log
from campaigns.demo.stage import Stage, set_up
from campaigns.models import Campaign, Drive, Letter, LetterState, Pledge
from contacts.models import Legislator, User
from policy.models import Brief, BriefKind, BriefState

# Nothing moved for so long: it will not end by itself.
STUCK_SECONDS = 120
BRIEF_SECONDS = 120
LOOK_SECONDS = 0.3

Say = Callable[[str], None]


class Steps:
    """Says each step as it begins, with about how much of the whole is done, in percent as on two cores."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def at(self, percent: int, what: str) -> None:
        self._say(f"[{percent:3} %] {what}")

    def quarters(self, first: int, last: int, total: int, what: str) -> Callable[[int], None]:
        """To be told how many more are done; says every quarter of them, between two shares of the whole."""
        done = 0

        def more(n: int) -> None:
            nonlocal done
            before, done = 4 * done // total, done + n
            quarter = 4 * done // total
            if before < quarter < 4:
                self.at(first + (last - first) * quarter // 4, f"{done:,} of {total:,} {what}")

        return more


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    data: Path | None
    supporters: int
    workers: int
    web_port: int
    sink_log: Path
    pdfs: Path


@dataclass(frozen=True)
class Result:
    legislators: int
    zip_areas: int
    pledges_confirmed: int
    letters: Verdict
    pdfs: list[Path]
    longest_pdf: int
    seconds: float


class Stuck(RuntimeError):
    """The trial waits for something that does not come."""


def run(order: Order, say: Say) -> Result:
    """Everything from an empty database to the checked log of the receiving mail server."""
    began = time.monotonic()
    steps = Steps(say)
    steps.at(0, "Making an empty database …")
    call_command("migrate", verbosity=0, interactive=False)
    line = Line("127.0.0.1", order.web_port)
    with Processes(settings.BASE_DIR, settings.DATA_DIR) as processes, closing(line):
        steps.at(10, "Starting the web server, and loading places and people in office …")
        processes.web(order.web_port)  # gets ready while we import
        stage = set_up(order.data, say)
        steps.at(20, "Starting the worker …")
        processes.wait_for(order.web_port)
        processes.workers(order.workers)
        say(f"{stage.legislators:,} legislators in office, {len(stage.codes):,} postal areas.")
        steps.at(25, "An organizer signs in and sets a campaign up, page by page …")
        organizer = Organizer(Browser(line, "10.0.0.1"), stage)
        organizer.sign_in()
        campaign, drive = organizer.set_up()
        say(f"The organizer signed in and opened “{campaign.title}”.")
        steps.at(30, f"{order.supporters:,} people sign, and confirm by the link in their mail …")
        _sign_and_confirm(order, stage, campaign, processes, say)
        steps.at(65, "Rehearsing the drive, and starting it …")
        due = _rehearse(drive, say)
        organizer.rehearse_and_start(drive)
        steps.at(70, f"{due:,} letters leave …")
        _wait_for_letters(drive, due, processes, steps)
        steps.at(92, "Making two briefs as PDFs …")
        pdfs, pages = _briefs(order, stage.organizer, drive, processes)
    steps.at(98, "Comparing what the mail server got with what was due …")
    found = verdict(drive, read_log(order.sink_log))
    confirmed = Pledge.objects.counted().filter(campaign=campaign).count()
    seconds = round(time.monotonic() - began, 1)
    connections.close_all()
    return Result(stage.legislators, len(stage.codes), confirmed, found, pdfs, pages, seconds)


@contextmanager
def _progress(label: str, total: int) -> Iterator["tqdm[Never]"]:
    """A progress bar on a terminal; where the output is a file, the steps' quarters tell as much."""
    with tqdm(total=total, desc=f"{label:22}", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        yield bar


def _sign_and_confirm(order: Order, stage: Stage, campaign: Campaign, processes: Processes, say: Say) -> None:
    path = reverse("campaigns:campaign", args=[stage.organization.slug, campaign.slug])
    people = Crowd(order.web_port, path, crowd(order.supporters, stage.codes), order.sink_log)
    began = time.monotonic()
    quarter = Steps(say).quarters(30, 65, order.supporters, "have confirmed")
    try:
        with (
            _progress("Signing", order.supporters) as signed,
            _progress("Confirming", order.supporters) as confirmed,
        ):

            def one_more(n: int = 1) -> None:
                confirmed.update(n)
                quarter(n)

            people.come(signed.update, one_more, processes.check)
    finally:
        people.close()
    say(
        f"{order.supporters:,} signed ({people.asked_which:,} were asked which place is theirs) and confirmed "
        f"by the link in their mail, in {time.monotonic() - began:.0f} s."
    )


def _rehearse(drive: Drive, say: Say) -> int:
    """The plan, by the code that sends; gives how many letters have to arrive. Raises Stuck when they differ."""
    plan = rehearse(drive)
    due = len(due_letters(drive))
    say(in_words(plan))
    if plan.planned != due or plan.too_late or plan.being_written:
        raise Stuck(
            f"the rehearsal plans {plan.planned} letters ({plan.too_late} too late, "
            f"{plan.being_written} being written), but {due} are due"
        )
    return due


def in_words(plan: Rehearsal) -> str:
    """The plan in one line; what there is none of is left out."""
    if plan.last_at is None:
        return "Rehearsal: no letter waits."
    letters, offices = plan.planned, len(plan.by_office)
    parts = [
        ngettext("%(n)s letter", "%(n)s letters", letters) % {"n": f"{letters:,}"}
        + ngettext(" to %(n)s office", " to %(n)s offices", offices) % {"n": f"{offices:,}"}
        + f" by {plan.last_at:%H:%M:%S} UTC"
    ]
    if vacant := len(plan.vacant):
        parts.append(ngettext("%(n)s vacant seat", "%(n)s vacant seats", vacant) % {"n": f"{vacant:,}"})
    if lost := plan.unmatched_supporters:
        text = ngettext(
            "%(n)s person without a representative", "%(n)s people without a representative", lost
        )
        parts.append(text % {"n": f"{lost:,}"})
    return f"Rehearsal: {', '.join(parts)}."


def _wait_for_letters(drive: Drive, due: int, processes: Processes, steps: Steps) -> None:
    """Until every letter is accepted or will not be without a person."""
    over = [LetterState.SENT, LetterState.FAILED, LetterState.UNCERTAIN, LetterState.HELD]
    letters = Letter.objects.filter(drive=drive, is_test=False, state__in=over)
    quarter = steps.quarters(70, 92, due, "have left")
    seen = 0
    with _progress("Letters", due) as bar:
        quiet = 0.0  # counted while we look, so that a machine that slept is not taken for one that is stuck
        while (done := letters.count()) < due:
            processes.check()
            if done > seen:
                quiet = 0
                bar.update(done - seen)
                quarter(done - seen)
                seen = done
            elif quiet > STUCK_SECONDS:
                raise Stuck(f"{due - done} letters have not moved for {STUCK_SECONDS} s")
            time.sleep(LOOK_SECONDS)
            quiet += LOOK_SECONDS
        bar.update(done - seen)


def _briefs(order: Order, actor: User, drive: Drive, processes: Processes) -> tuple[list[Path], int]:
    """A leave-behind for the most written-to legislator and an issue brief, built by the worker; the pages of the longest."""
    busiest = (
        Legislator.objects.filter(letters__drive=drive)
        .annotate(n=Count("letters"))
        .order_by("-n", "pk")
        .first()
    )
    campaign = drive.campaign
    wanted = [
        request_brief(campaign=campaign, kind=BriefKind.ISSUE, actor=actor),
        request_brief(
            campaign=campaign,
            kind=BriefKind.LEAVE_BEHIND,
            legislator=busiest,
            actor=actor,
        ),
    ]
    give_up = time.monotonic() + BRIEF_SECONDS
    while True:
        briefs = list(Brief.objects.filter(pk__in=[brief.pk for brief in wanted]))
        if all(brief.state != BriefState.BUILDING for brief in briefs):
            break
        processes.check()
        if time.monotonic() > give_up:
            raise Stuck("the briefs are not made")
        time.sleep(LOOK_SECONDS)
    order.pdfs.mkdir(parents=True, exist_ok=True)
    paths, pages = [], 0
    for brief in briefs:
        if brief.state == BriefState.READY and brief.pdf is not None:
            path = order.pdfs / f"{brief.kind}-{brief.content_hash[:12]}.pdf"
            path.write_bytes(bytes(brief.pdf))
            paths.append(path)
            pages = max(pages, brief.page_count or 0)
    return paths, pages
