"""A whole drive to real offices of three states, each in its own time zone, from the import to the last answer.

Used by a test (PostgreSQL) and by a journey that looks at its pages. Everything goes through the front door: the
import command, the console, the public pages, the workers' tasks, a mail server in a process of its own, the pipe.
"""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

from django.core import mail
from django.core.management import call_command
from django.db.models import Min, Q
from django.test import Client
from django.urls import reverse

from campaigns import tasks
from campaigns.delivery import outbox
from campaigns.delivery.rehearsal import rehearse
from campaigns.demo.browser import Page
from campaigns.demo.people import COMMENTS, northmere
from campaigns.models import Attempt, Campaign, Drive, InboundMail, Letter, PrintBatch, TargetGroup
from contacts import clock
from contacts.models import Chamber, ContactPoint, Health, Jurisdiction, PostalArea
from tests import factories as make
from tests.campaigns.incoming import pipe, sample
from tests.campaigns.visitor import link_in

ZONES = {"wy": "America/Denver", "or": "America/Los_Angeles", "vt": "America/New_York"}
DISTRICTS = 12  # of each chamber of each state have supporters
# Winter time begins in the night to Sunday, in the middle of the drive.
SET_UP = datetime(2026, 10, 29, 18, 0, tzinfo=UTC)
STARTS = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)  # midnight in Vermont, nobody's office hours
ENDS = datetime(2026, 11, 6, 23, 0, tzinfo=UTC)
SWITCHED_OFF = STARTS + timedelta(hours=15)
VERSION = {
    "language": "en",
    "subject": "Please vote for care within four weeks",
    "salutation": "Dear {{title}} {{representative}},",
    "opening": "I live in {{city}} and ask you to vote for care within four weeks.",
    "talking_points": "How long did you wait?\nWhat would help in time have changed?",
    "closing": "Please tell me how you will vote.",
}


class WholeDrive:
    """One organizer, some hundred supporters, one drive. `sink` is a running `tests.sink.Sink`."""

    def __init__(self, desk, sink, supporters):
        self.desk, self.sink, self.supporters = desk, sink, supporters

    # --- before ---------------------------------------------------------------------------------------

    def prepare(self, data):
        """Import the offices, set the campaign up, let everybody sign; gives the drive, still a draft."""
        clock.move(SET_UP - clock.now())
        call_command("import_legislators", "openstates", data / "openstates", stdout=StringIO())
        self._postal_areas()
        self._odd_offices()
        organization = self.desk.organization
        organization.country, organization.time_zone = "us", "America/Chicago"
        organization.save()
        self.campaign = self._campaign()
        self.drive = self._drive()
        self.desk.post("campaign-move", self.campaign.pk, "open")
        self.desk.post("campaign-move", self.campaign.pk, "go-live")
        people = northmere(self.supporters)
        for first in range(0, len(people), 5):
            self._sign(people[first : first + 5], first)
        clock.move(timedelta(hours=1))  # the time to edit is over
        return self.drive

    def _postal_areas(self):
        """A postal code of its own for a lower and an upper district of each state; the published set has none."""
        self.codes = []
        for state in ZONES:
            here = Jurisdiction.objects.get(ocd_id=f"ocd-jurisdiction/country:us/state:{state}/government")
            lower, upper = (
                list(here.chambers.get(code=code).posts.order_by("division__ocd_id").values_list("division"))
                for code in ("lower", "upper")
            )
            lower, upper = list(dict.fromkeys(lower)), list(dict.fromkeys(upper))
            for n in range(DISTRICTS):
                code = f"{97 + len(self.codes) // DISTRICTS}{n:03}"
                self.codes.append(code)
                for (division,) in (lower[n], upper[n % len(upper)]):
                    PostalArea.objects.create(country="us", code=code, division_id=division)

    def _odd_offices(self):
        """One office has only a web form, one only its postal address, one nothing that reaches it."""
        areas = PostalArea.objects.filter(code__in=[self.codes[0], self.codes[12], self.codes[24]])
        lower = Chamber.objects.get(jurisdiction__ocd_id__contains="state:wy", code="lower")
        posts = [
            area.division.posts.filter(chamber__code=lower.code).first()
            for area in areas.filter(division__posts__chamber__code="lower").distinct().order_by("code")
        ]
        people = [post.memberships.get(end_on=None).legislator for post in posts]
        for person, kinds in zip(people, (["email", "postal"], ["email"], ["email", "postal"]), strict=True):
            points = ContactPoint.objects.filter(office__legislator=person, kind__in=kinds)
            points.update(
                health=Health.RETIRED, health_reason="the office says so", health_changed_at=clock.now()
            )
        form = people[0].offices.first()
        ContactPoint.objects.create(
            office=form, kind="web_form", value="https://assembly.example.org/write-to-me"
        )

    def _campaign(self):
        desk = self.desk
        # About no single measure: those can only be asked about in their own legislature.
        fields = {
            "issue": make.IssueFactory(organization=desk.organization).pk,
            "title": "Care within four weeks, in every state",
            "ask": "Vote for care within four weeks",
            "why": "Waiting makes people worse.",
            "language": "en",
            "goal": 200,
            "editing_minutes": 30,
            "channel_choice": ["email", "print", "link"],
        }
        desk.post("campaign-new", **fields)
        campaign = Campaign.objects.get()
        desk.post("campaign-edit", campaign.pk, **fields, slug=campaign.slug)
        for order, (code, name) in enumerate((("lower", "Your representative"), ("upper", "Your senator"))):
            desk.post("target-group-new", campaign.pk, name=name, order=order)
            group = TargetGroup.objects.get(name=name)
            for chamber in Chamber.objects.filter(code=code):
                desk.post(
                    "rule-add", group.pk, "my_representatives", **{"my_representatives-chamber": chamber.pk}
                )
            desk.post("version-new", group.pk, **VERSION)
        return campaign

    def _drive(self):
        local = timedelta(hours=-5)  # the organisation's clock: Chicago, still in summer time
        self.desk.post(
            "drive-new",
            self.campaign.pk,
            name="Before the vote",
            starts_at=f"{STARTS + local:%Y-%m-%dT%H:%M}",
            ends_at=f"{ENDS + timedelta(hours=-6):%Y-%m-%dT%H:%M}",
            weekdays=[0, 1, 2, 3, 4],
            opens="09:00",
            closes="17:00",
            per_office_hour=3,
            per_domain_hour=5,
            per_site_hour=25,
        )
        return Drive.objects.get()

    def _sign(self, people, first):
        """Five open the page in one place, sign, and confirm by their mail; the fifth writes in their own words."""
        browser = Client(REMOTE_ADDR=f"10.{first // 5}.0.7")
        page = reverse("campaigns:campaign", args=[self.desk.organization.slug, self.campaign.slug])
        form = _page(browser.get(page)).form_with("postal_code")
        clock.move(timedelta(seconds=4))
        for number, person in enumerate(people, first):
            entered = {
                "name": person.name,
                "email": person.email,
                "postal_code": self.codes[number % len(self.codes)],
                "city": person.town,
                "street": f"{number + 1} Harbour Lane",
            }
            if person is not people[-1]:
                entered["send_untouched"] = "on"
            browser.post(form.action, {**form.values, **entered})
        outbox.send_due()
        for person in people:
            link = link_in(next(m for m in reversed(mail.outbox) if person.email in m.to))
            form = _page(browser.get(link)).form_to("/confirm/")
            answer = browser.post(link, form.values, follow=person is people[-1])
        form = _page(answer).form_to("/letter/")
        words = {
            name: f"{COMMENTS[first // 5 % len(COMMENTS)]}\n\nThat was in {people[-1].town}."
            for name in form.values
            if name.endswith("-body")
        }
        send = _page(browser.post(form.action, {**form.values, **words}, follow=True)).form_to("/send/")
        browser.post(send.action, send.values)

    # --- the plan and the run -------------------------------------------------------------------------

    def rehearse(self):
        """The plan by the command an operator types, which must be the plan letter by letter; gives the moments."""
        out = StringIO()
        call_command("rehearse", str(self.drive.pk), "--json", stdout=out)
        said, plan = json.loads(out.getvalue()), rehearse(Drive.objects.get(), with_moments=True)
        assert said["planned"] == plan.planned == len(plan.moments) > 0
        assert sum(office["letters"] for office in said["by_office"]) == plan.planned
        return plan.moments

    def run(self, until):
        """Beat and workers up to a moment, the clock moved on from each letter's moment to the next."""
        tasks.tick()
        while (at := self._next()) and at < until:
            self._clock(at)
            tasks.tick()
        self._clock(until)
        tasks.tick()

    def rest(self, until):
        """The same while nothing may leave: a tick every quarter of an hour."""
        while clock.now() < until:
            clock.move(timedelta(minutes=15))
            tasks.tick()

    def _next(self):
        """The first moment at which a letter is due. Those that can't go (their note says why) are looked at anyway."""
        due = Letter.objects.filter(Q(state="ready", note="") | Q(state="deferred"), drive=self.drive)
        return due.aggregate(at=Min("send_after"))["at"]

    def _clock(self, at):
        if at > clock.now():
            clock.move(at - clock.now())

    def move(self, verb):
        self.desk.post("drive-move", self.drive.pk, verb)
        self.drive.refresh_from_db()

    def trouble(self, **rules):
        """For one letter the mail server does what `rules` say (see tests/sink.py); gives that letter."""
        self.sink.for_all(**rules)
        at = self._next()
        self._clock(at)
        tasks.tick()
        self.sink.for_all()
        return (
            Attempt.objects.exclude(outcome__in=["accepted", "refused"])
            .filter(started_at__gte=at)
            .latest("started_at")
            .letter
        )

    def first_tries(self):
        """When each letter's first try began, by id."""
        rows = Attempt.objects.filter(letter__drive=self.drive, number=1)
        return dict(rows.values_list("letter", "started_at"))

    # --- what comes back ------------------------------------------------------------------------------

    def sent_to(self, state):
        """Letters to a state that a mail server accepted and nobody answered yet, one an office."""
        letters = (
            Letter.objects.filter(
                drive=self.drive,
                state="sent",
                channel="email",
                post__division__ocd_id__contains=f"state:{state}",
            )
            .exclude(pk__in=InboundMail.objects.exclude(letter=None).values("letter"))
            .order_by("sent_at")
        )
        return list({letter.post_id: letter for letter in reversed(letters)}.values())[::-1]

    def comes_back(self, name, letter, maildir=None):
        """One of our sample mails about a letter, by the pipe or into the maildir; gives its row once it is read."""
        raw = sample(name, letter).replace(b"kim@assembly.example", letter.recipient.encode())
        if maildir:
            (maildir / "new" / f"{InboundMail.objects.count()}.{name}").write_bytes(raw)
        else:
            pipe(raw, f"--to={sample_address(raw)}")
        known = set(InboundMail.objects.values_list("pk", flat=True))
        tasks.read_inbound()
        return (
            InboundMail.objects.exclude(pk__in=known).first()
            if maildir
            else InboundMail.objects.latest("received_at")
        )

    def print_and_post(self):
        """What staff do with letters on paper: make the files, post the first, leave the rest."""
        self.desk.post("print-make", self.drive.pk)
        batches = list(PrintBatch.objects.order_by("made_at"))
        self.desk.post("print-move", batches[0].pk, "posted")
        return batches


def sample_address(raw):
    """Whom a sample is delivered for: its first To line."""
    return next(line[4:].strip().decode() for line in raw.splitlines() if line.startswith(b"To: "))


def _page(answer):
    return Page(answer.status_code, answer.wsgi_request.get_full_path(), answer.content.decode())
