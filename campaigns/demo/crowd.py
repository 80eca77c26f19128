"""Supporters at their browsers: they sign, open their mail, confirm, and some write their own letter."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

from campaigns.demo.browser import Browser, Line, Page
from campaigns.demo.people import COMMENTS, GIVEN, OWN_WORDS, person
from campaigns.demo.sink import read_log

THREADS = 4
NO_MAIL_SECONDS = 60
_CONFIRM = re.compile(r"https?://\S+/p/[^/\s]+/confirm/")

Tick = Callable[[], object]


@dataclass(frozen=True)
class Visitor:
    """One invented supporter and what they are going to do."""

    number: int
    name: str
    email: str
    postal_code: str
    town: str
    address: str
    comment: str

    @property
    def send_untouched(self) -> bool:
        """Two of five agree to the suggested letter on signing and leave it at that."""
        return self.number % 5 in {0, 1}

    @property
    def writes(self) -> bool:
        """One of five puts the letter into their own words."""
        return self.number % 5 == 2


def crowd(count: int, codes: list[str]) -> list[Visitor]:
    """`count` supporters spread over the postal codes, no two at one mail or network address."""
    random = Random(20261)
    # Each code once before any comes twice.
    order: list[str] = []
    while len(order) < count:
        order += random.sample(codes, min(len(codes), count - len(order)))
    found = []
    for number, code in enumerate(order):
        who = person(number, random, [code])
        address = f"10.{number // 250 % 250 + 1}.{number % 250 + 1}.{random.randint(1, 250)}"
        comment = random.choice(COMMENTS) if number % 10 == 3 else ""
        found.append(
            Visitor(number, who.name, who.email, code, f"{GIVEN[number % 9]}'s Town", address, comment)
        )
    return found


class LostVisitor(RuntimeError):
    """The site did not show a supporter what it should have."""


class Crowd:
    """All supporters of a trial, a few at a time, over kept-alive connections."""

    def __init__(self, port: int, campaign_path: str, visitors: list[Visitor], log: Path) -> None:
        self.port, self.campaign_path, self.log = port, campaign_path, log
        self.visitors = {visitor.email: visitor for visitor in visitors}
        self.browsers: dict[str, Browser] = {}
        self.asked_which = 0
        self._own = threading.local()
        self._lines: list[Line] = []

    @contextmanager
    def _pool(self) -> Iterator[ThreadPoolExecutor]:
        pool = ThreadPoolExecutor(THREADS)
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _line(self) -> Line:
        """This thread's connection."""
        if not hasattr(self._own, "line"):
            self._own.line = Line("127.0.0.1", self.port)
            self._lines.append(self._own.line)
        line: Line = self._own.line
        return line

    def close(self) -> None:
        for line in self._lines:
            line.close()

    def sign_all(self, tick: Tick) -> None:
        """Everybody signs."""
        with self._pool() as pool:
            _all_of([pool.submit(self._one, self._sign, visitor, tick) for visitor in self.visitors.values()])

    def _one(self, does: Callable[..., None], visitor: Visitor, tick: Tick, *more: str) -> None:
        does(Browser(self._line(), visitor.address), visitor, *more)
        tick()

    def _sign(self, browser: Browser, visitor: Visitor) -> None:
        form = browser.get(self.campaign_path).form_with("postal_code")
        ticked = {"send_untouched": "on"} if visitor.send_untouched else {}
        if visitor.comment:
            ticked["quote"] = "on"
        page = browser.submit(
            form,
            name=visitor.name,
            email=visitor.email,
            postal_code=visitor.postal_code,
            city=visitor.town,
            comment=visitor.comment,
            **ticked,
        )
        if any("asked" in form.values for form in page.forms):
            page = self._say_which(browser, page, visitor)
        if not page.url.endswith("/check-mail/"):
            raise LostVisitor(f"supporter {visitor.number} could not sign: {page.status} at {page.url}")

    def _say_which(self, browser: Browser, page: Page, visitor: Visitor) -> Page:
        """Answer “which of these is you?”."""
        self.asked_which += 1
        form = page.form_with("asked")
        places = {
            name: Random(visitor.number).choice([value for value in values if value != "unknown"])
            for name, values in form.choices.items()
            if name.startswith("place-")
        }
        return browser.submit(form, **places)

    def confirm_all(self, tick: Tick, check: Tick) -> None:
        """Everybody opens their mail as it comes, confirms, and does what they came for."""
        waiting = dict(self.visitors)
        read, last = 0, time.monotonic()
        with self._pool() as pool:
            begun: list[Future[None]] = []
            while waiting:
                lines = read_log(self.log)
                for line in lines[read:]:
                    visitor = waiting.pop(line.recipient, None)
                    if visitor is not None:
                        begun.append(pool.submit(self._one, self._confirm, visitor, tick, line.file))
                        last = time.monotonic()
                read = len(lines)
                check()
                _all_of([future for future in begun if future.done()])
                if time.monotonic() - last > NO_MAIL_SECONDS:
                    raise LostVisitor(f"{len(waiting)} supporters wait for a mail that does not come")
                time.sleep(0.2)
            _all_of(begun)

    def _confirm(self, browser: Browser, visitor: Visitor, mail: str) -> None:
        page = browser.get(link_in(Path(mail)))
        page = browser.submit(page.form_to("/confirm/"))
        if page.status != 200:
            raise LostVisitor(f"supporter {visitor.number} could not confirm: {page.status} at {page.url}")
        if visitor.send_untouched or not page.url.endswith("/letter/"):
            return  # agreed on signing; or nobody is known to write to
        form = page.form_to("/letter/")
        words = {}
        if visitor.writes:
            own = OWN_WORDS[visitor.number % len(OWN_WORDS)]
            words = {name: f"{own}\n\n{visitor.name}" for name in form.values if name.endswith("-body")}
        page = browser.submit(form, **words)
        page = browser.submit(page.form_to("/send/"))
        if not page.url.endswith("/thanks/"):
            raise LostVisitor(f"supporter {visitor.number} could not send: {page.status} at {page.url}")


def link_in(mail: Path) -> str:
    """The link to confirm in a mail as it arrived. Raises LostVisitor."""
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    text = message.get_body(("plain",))
    found = _CONFIRM.search(text.get_content() if text is not None else "")
    if found is None:
        raise LostVisitor(f"no link to confirm in {mail}")
    return found[0]


def _all_of(futures: Iterable["Future[None]"]) -> None:
    """Wait for all; raise what the first that failed raised."""
    done, _rest = wait(list(futures), return_when=FIRST_EXCEPTION)
    for future in done:
        future.result()
