"""An organizer at the console: signs in and sets up a campaign, page by page, as a person would."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from campaigns.demo import content
from campaigns.demo.browser import Browser, LostVisitor, Page
from campaigns.demo.stage import LETTERS, WHY, Stage
from campaigns.models import Campaign, Drive
from contacts.clock import now, today

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Organizer:
    """Somebody with the organizer's role, at a browser."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.browser, self.stage = browser, stage
        self.console = f"/console/{stage.organization.slug}/"

    def sign_in(self) -> None:
        form = self.browser.get(f"/accounts/login/?next={self.console}").form_with("password")
        page = self.browser.submit(
            form, {"login": self.stage.organizer.email, "password": self.stage.password}
        )
        if urlsplit(page.url).path != self.console:
            raise LostVisitor(f"the organizer could not sign in: {page.status} at {page.url}")

    def set_up(self) -> tuple[Campaign, Drive]:
        """From an issue to an open campaign with a drive that waits to be started."""
        issue = self._issue()
        measure = self._measure(issue)
        campaign = self._fill(
            f"{self.console}campaigns/new/",
            "ask",
            {
                "issue": issue,
                "measure": measure,
                "title": str(content.CAMPAIGN["title"]),
                "ask": str(content.CAMPAIGN["ask"]),
                "why": WHY,
                "goal": "5000",
                "slug": "four-weeks",
            },
        )
        # Letters that nobody touches leave at once, and not after an hour.
        self._fill(
            f"{self.console}campaigns/{campaign}/steps/form/",
            "editing_minutes",
            {"editing_minutes": "0", "onward": "1"},
        )
        for letter in LETTERS:
            self._target_group(campaign, letter)
        drive = self._drive(campaign)
        self._agree(f"{self.console}campaigns/{campaign}/do/open/")
        self._agree(f"{self.console}campaigns/{campaign}/do/go-live/")
        opened = Campaign.objects.select_related("organization", "measure", "issue").get(pk=campaign)
        if not opened.is_open or opened.is_test:
            raise LostVisitor("the organizer could not open the campaign")
        return opened, Drive.objects.select_related("campaign__organization").get(pk=drive)

    def rehearse_and_start(self, drive: Drive) -> None:
        """Look at the plan, then say start."""
        page = self.browser.get(f"{self.console}drives/{drive.pk}/rehearsal/")
        if page.status != 200:
            raise LostVisitor(f"the rehearsal does not open: {page.status}")
        self._agree(f"{self.console}drives/{drive.pk}/do/start/")

    def _issue(self) -> str:
        issue = self._fill(
            f"{self.console}issues/new/",
            "summary",
            {
                "title": content.ISSUE["title"],
                "summary": "People wait months for a first appointment, longest where there is least help.",
                "body": content.ISSUE["body"],
            },
        )
        on = today()
        for claim, figure, unit, source, url, days_ago in content.EVIDENCE:
            entered = {
                "claim": claim,
                "figure": figure,
                "unit": unit,
                "source_title": source,
                "source_url": url,
                "published_on": f"{on - timedelta(days=days_ago)}",
                "retrieved_on": f"{on}",
                "is_example": "on",
            }
            self._fill(f"{self.console}issues/{issue}/evidence/new/", "claim", entered)
        self._fill(
            f"{self.console}resources/new/", "verified_on", {**content.RESOURCE, "verified_on": f"{on}"}
        )
        return issue

    def _measure(self, issue: str) -> str:
        on = today()
        about = {
            "issue": issue,
            "jurisdiction": str(self.stage.jurisdiction.pk),
            "vote_on": f"{on + timedelta(days=content.VOTE_IN_DAYS)}",
        }
        measure = self._fill(f"{self.console}measures/new/", "identifier", {**content.MEASURE, **about})
        for kind, days_ago, _chamber, note in content.EVENTS[:3]:
            form = self.browser.get(f"{self.console}measures/{measure}/").form_to("/milestones/")
            entered = {"kind": kind, "on": f"{on - timedelta(days=days_ago)}", "note": note}
            self._done(self.browser.submit(form, {**entered, "source_url": content.MEASURE["url"]}))
        return measure

    def _target_group(self, campaign: str, letter: dict[str, str]) -> None:
        """A group for the supporter's own members of one chamber, and its letter."""
        texts = dict(letter)
        name, chamber = texts.pop("group"), texts.pop("chamber")
        group = self._fill(f"{self.console}campaigns/{campaign}/groups/new/", "order", {"name": name})
        form = self.browser.get(f"{self.console}groups/{group}/").form_to("/rules/my_representatives/")
        mine = self.stage.jurisdiction.chambers.get(code=chamber)
        self._done(self.browser.submit(form, {"my_representatives-chamber": str(mine.pk)}))
        self._fill(f"{self.console}groups/{group}/letters/new/", "salutation", {"language": "en", **texts})

    def _drive(self, campaign: str) -> str:
        """Around the clock and fast: this run has to end."""
        at = now()
        most = "1000000"
        form = self.browser.get(f"{self.console}campaigns/{campaign}/drives/new/").form_with("per_site_hour")
        form.values["weekdays"] = [str(day) for day in range(7)]
        entered = {
            "name": "Trial run",
            "starts_at": f"{at:%Y-%m-%dT%H:%M}",
            "ends_at": f"{at + timedelta(days=2):%Y-%m-%dT%H:%M}",
            "opens": "00:00",
            "closes": "23:59",
            "all_day": "on",
            "per_office_hour": most,
            "per_domain_hour": most,
            "per_site_hour": most,
        }
        return self._done(self.browser.submit(form, entered))

    def _fill(self, address: str, field: str, entered: dict[str, str]) -> str:
        """Open a page, fill in the form that has a field, send it; gives the id of what it made."""
        page = self.browser.get(address)
        return self._done(self.browser.submit(page.form_with(field), entered), was=page.url)

    def _agree(self, url: str) -> None:
        """Press the button of a page that lists what will happen."""
        page = self.browser.get(url)
        form = page.form_to(urlsplit(url).path)
        self._done(self.browser.submit(form, {}), was=page.url)

    def _done(self, page: Page, was: str = "") -> str:
        """The last id in the address that a form led to. Raises LostVisitor when it led nowhere."""
        if page.status != 200 or page.url == was:
            raise LostVisitor(f"the organizer was sent back: {page.status} at {page.url}")
        ids = _ID.findall(urlsplit(page.url).path)
        return str(UUID(ids[-1])) if ids else ""
