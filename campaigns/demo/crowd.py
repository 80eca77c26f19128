"""Supporters at their browsers: they sign, open their mail, confirm, and some write their own letter."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from random import Random

from campaigns.demo.browser import Browser, Form, Line, LostVisitor, Page
from campaigns.demo.people import COMMENTS, GIVEN, OWN_WORDS, person
from campaigns.demo.sink import read_log

THREADS = 3  # at each of signing and confirming
BATCH = 40
FILLING_SECONDS = 1.8
NO_MAIL_SECONDS = 90
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
        """Seven of ten agree to the suggested letter on signing and leave it at that."""
        return self.number % 10 < 7

    @property
    def writes(self) -> bool:
        """One of ten puts the letter into their own words; the others read it and press send."""
        return self.number % 10 == 7


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
        comment = random.choice(COMMENTS) if number % 10 in {3, 8} else ""
        found.append(
            Visitor(number, who.name, who.email, code, f"{GIVEN[number % 9]}'s Town", address, comment)
        )
    return found


class Crowd:
    """All supporters of a trial, a few at a time, over kept-alive connections."""

    def __init__(self, port: int, campaign_path: str, visitors: list[Visitor], log: Path) -> None:
        self.port, self.campaign_path, self.log = port, campaign_path, log
        self.visitors = {visitor.email: visitor for visitor in visitors}
        self.asked_which = 0
        self._own = threading.local()
        self._lines: list[Line] = []

    def come(self, signed: Tick, confirmed: Tick, check: Tick) -> None:
        """Everybody signs, and whoever has got their mail confirms and does what they came for.

        `signed` and `confirmed` are called for each, `check` now and then; what it raises ends the crowd.
        """
        waiting = dict(self.visitors)
        read, last = 0, time.monotonic()
        # Two pools, so that those with a mail don't queue up behind all who still sign.
        with self._pool() as signing, self._pool() as confirming:
            people = list(self.visitors.values())
            batches = [people[start : start + BATCH] for start in range(0, len(people), BATCH)]
            begun = [signing.submit(self._sign_batch, batch, signed) for batch in batches]
            while waiting:
                lines = read_log(self.log)
                for line in lines[read:]:
                    visitor = waiting.pop(line.recipient, None)
                    if visitor is not None:
                        begun.append(confirming.submit(self._confirm, visitor, line.file, confirmed))
                        last = time.monotonic()
                read = len(lines)
                check()
                _raise_from(future for future in begun if future.done())
                if time.monotonic() - last > NO_MAIL_SECONDS:
                    raise LostVisitor(f"{len(waiting)} supporters wait for a mail that does not come")
                time.sleep(0.2)
            _raise_from(begun)

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

    def _sign_batch(self, visitors: list[Visitor], tick: Tick) -> None:
        """Some people open the page, then each in turn signs: nobody fills it in as fast as a program could."""
        opened = []
        for visitor in visitors:
            browser = Browser(self._line(), visitor.address)
            form = browser.get(self.campaign_path).form_with("postal_code")
            opened.append((visitor, browser, form, time.monotonic()))
        for visitor, browser, form, at in opened:
            time.sleep(max(0.0, at + FILLING_SECONDS - time.monotonic()))
            self._sign(browser, form, visitor)
            tick()

    def _sign(self, browser: Browser, form: Form, visitor: Visitor) -> None:
        entered = {
            "name": visitor.name,
            "email": visitor.email,
            "postal_code": visitor.postal_code,
            "city": visitor.town,
            "comment": visitor.comment,
        }
        if visitor.send_untouched:
            entered["send_untouched"] = "on"
        if visitor.comment:
            entered["quote"] = "on"
        page = browser.submit(form, entered)
        if 'name="asked"' in page.text:
            page = self._say_which(browser, page, visitor)
        _expect(page.url.endswith("/check-mail/"), "sign", visitor, page)

    def _say_which(self, browser: Browser, page: Page, visitor: Visitor) -> Page:
        """Answer “which of these is you?”."""
        self.asked_which += 1
        form = page.form_with("asked")
        places = {
            name: Random(visitor.number).choice([value for value in values if value != "unknown"])
            for name, values in form.choices.items()
            if name.startswith("place-")
        }
        return browser.submit(form, places)

    def _confirm(self, visitor: Visitor, mail: str, tick: Tick) -> None:
        self._open_mail(Browser(self._line(), visitor.address), visitor, mail)
        tick()

    def _open_mail(self, browser: Browser, visitor: Visitor, mail: str) -> None:
        form = browser.get(link_in(Path(mail))).form_to("/confirm/")
        if visitor.send_untouched:
            # They agreed on signing, and close the window.
            page = browser.submit(form, {}, hops=0)
            _expect(page.status == 302, "confirm", visitor, page)
            return
        page = browser.submit(form, {})
        _expect(page.status == 200, "confirm", visitor, page)
        if not page.url.endswith("/letter/"):
            return  # nobody is known to write to
        form = page.form_to("/letter/")
        words = {}
        if visitor.writes:
            own = OWN_WORDS[visitor.number // 10 % len(OWN_WORDS)]
            words = {name: f"{own}\n\n{visitor.name}" for name in form.values if name.endswith("-body")}
        page = browser.submit(form, words)
        page = browser.submit(page.form_to("/send/"), {})
        _expect(page.url.endswith("/thanks/"), "send", visitor, page)


def _expect(happened: bool, what: str, visitor: Visitor, page: Page) -> None:
    if not happened:
        raise LostVisitor(f"supporter {visitor.number} could not {what}: {page.status} at {page.url}")


def link_in(mail: Path) -> str:
    """The link to confirm in a mail as it arrived. Raises LostVisitor."""
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    text = message.get_body(("plain",))
    found = _CONFIRM.search(text.get_content() if text is not None else "")
    if found is None:
        raise LostVisitor(f"no link to confirm in {mail}")
    return found[0]


def _raise_from(futures: Iterable["Future[None]"]) -> None:
    """Wait for each in turn; raise what the first that failed raised."""
    for future in futures:
        future.result()
