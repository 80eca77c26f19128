"""Just enough of a browser to fill in this site's forms: one connection, cookies, forms as a page has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

REDIRECTS = {301, 302, 303, 307, 308}
TRIES = 3


class LostVisitor(RuntimeError):
    """The site did not show somebody what it should have."""


@dataclass
class Form:
    """A form with what stands in its fields; choices are the values of radio buttons and selects."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Page:
    """What came back."""

    status: int
    url: str
    text: str

    @cached_property
    def forms(self) -> list[Form]:
        reader = _FormReader(self.url)
        reader.feed(self.text)
        return reader.forms

    def form_with(self, name: str) -> Form:
        """The form that has a field. Raises LostVisitor naming page and field."""
        for form in self.forms:
            if name in form.values or name in form.choices:
                return form
        raise LostVisitor(f"{self.url} ({self.status}) has no form with “{name}”")

    def form_to(self, ending: str) -> Form:
        """The form whose action ends so. Raises LostVisitor."""
        for form in self.forms:
            if form.method == "post" and urlsplit(form.action).path.endswith(ending):
                return form
        raise LostVisitor(f"{self.url} ({self.status}) has no form that goes to “…{ending}”")


class _FormReader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._open = False
        self._text_in = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = True
            self.forms.append(Form(urljoin(self.url, a.get("action", "")), a.get("method", "get").lower()))
        if not self._open:
            return
        form, name = self.forms[-1], a.get("name", "")
        if tag == "input" and name:
            self._input(form, name, a)
        elif tag == "textarea" and name:
            form.values[name] = [""]
            self._text_in = name
        elif tag == "select" and name:
            form.choices[name] = []
            self._select = name
        elif tag == "option" and self._select:
            form.choices[self._select].append(a.get("value", ""))
            if "selected" in a or len(form.choices[self._select]) == 1:
                form.values[self._select] = [a.get("value", "")]

    def _input(self, form: Form, name: str, a: dict[str, str]) -> None:
        kind = a.get("type", "text").lower()
        if kind == "radio":
            form.choices.setdefault(name, []).append(a.get("value", "on"))
        if kind in {"radio", "checkbox"} and "checked" not in a:
            return
        if kind not in {"submit", "button", "reset", "image", "file"}:
            form.values.setdefault(name, []).append(a.get("value", "on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self._text_in and self.forms:
            # HTML drops the first line break inside a textarea; browsers send CRLF.
            self.forms[-1].values[self._text_in][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "textarea" and self._text_in:
            values = self.forms[-1].values[self._text_in]
            values[0] = values[0].removeprefix("\r\n").removeprefix("\n")
            self._text_in = ""
        elif tag == "select":
            self._select = ""


class Line:
    """A kept-alive connection to the site, to be used by one thread; several people may share it in turn."""

    def __init__(self, host: str, port: int) -> None:
        self.base = f"http://{host}:{port}"
        self._connection = HTTPConnection(host, port, timeout=60)

    def close(self) -> None:
        self._connection.close()

    def exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]], str]:
        """One request and its answer: status, headers, text. A GET whose connection had gone stale is repeated."""
        for attempt in range(1, TRIES + 1):
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
                return answer.status, answer.getheaders(), text
            except (HTTPException, OSError):
                self._connection.close()
                if method != "GET" or attempt == TRIES:
                    raise
        raise AssertionError("the loop returns or raises")


class Browser:
    """One person at the site: their cookies and their network address, as our own proxy would report it."""

    def __init__(self, line: Line, address: str) -> None:
        self._line = line
        self._address = address
        self._cookies: dict[str, str] = {}

    def get(self, url: str) -> Page:
        return self._go("GET", url, None)

    def submit(self, form: Form, values: Mapping[str, str], hops: int = 4) -> Page:
        """Send a form with some fields filled in, and follow where it leads, at most `hops` times.

        With no hop, the page is the answer to the form itself: who closes the window sees no more.
        """
        filled = {**form.values, **{name: [value] for name, value in values.items()}}
        return self._go("POST", form.action, urlencode(filled, doseq=True), hops)

    def _go(self, method: str, url: str, body: str | None, hops: int = 4) -> Page:
        for hop in range(hops + 1):
            parts = urlsplit(urljoin(self._line.base, url))
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            status, headers, text = self._line.exchange(method, path, body, self._headers(body))
            for name, value in headers:
                if name.lower() == "set-cookie":
                    self._cookies.update({key: morsel.value for key, morsel in SimpleCookie(value).items()})
            to = next((value for name, value in headers if name.lower() == "location"), "")
            if status not in REDIRECTS or not to or (hop == hops == 0):
                return Page(status, f"{self._line.base}{path}", text)
            method, url, body = "GET", urljoin(f"{self._line.base}{path}", to), None
        raise LostVisitor(f"{url} leads in circles")

    def _headers(self, body: str | None) -> dict[str, str]:
        headers = {"X-Forwarded-For": self._address, "Accept": "text/html", "Accept-Language": "en"}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers
