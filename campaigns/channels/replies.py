"""What a mail server answers: read strictly, and what a refusal means for the letter."""

import re
import smtplib
import ssl
import time

from django.core.mail import DNS_NAME

from campaigns.channels.base import Deferred, Refused, Scope

# RFC 2034: the enhanced code stands first in the text, and its class is that of the reply.
_ENHANCED = re.compile(r"([245])\.\d{1,3}\.\d{1,3}(?= |$)")
_REPLY_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])(.*))?")
# How servers that give no enhanced code say that they block us, not this letter or address. From published lists of
# refusals (Postfix's default_rbl_reply, Outlook's SC-001, Yahoo's PH01, Cloudmark and Barracuda behind many).
_BLOCKED = re.compile(
    r"\bblocked\b|\b(?:black|block|deny) ?list|\blisted (?:at|by|in|on)\b|\b(?:dns|r)bl\b|\bpolicy\b|\bpolicies\b"
    r"|\breputation\b|\bspam\b|\bunsolicited\b",
    re.IGNORECASE,
)
# RFC 5321 §4.5.3.1.5 allows 512 octets a reply line; servers that say more are read with patience up to here.
_LONGEST_REPLY = 64 * 1024


class Connection(smtplib.SMTP):
    """smtplib with stricter ears: a reply is whole lines of one code, read within a time for all of it."""

    _heard = b""
    _until = 0.0

    def __init__(self, host: str, port: int, seconds: float) -> None:
        self.within(seconds)
        super().__init__(host, port, local_hostname=DNS_NAME.get_fqdn(), timeout=seconds)

    def within(self, seconds: float) -> None:
        """All that follows, up to the next call, must be over in so many seconds."""
        self._until = time.monotonic() + seconds
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def has_spoken(self) -> bool:
        """Whether the other side has said something unasked, or hung up."""
        if self._heard or self.sock is None:
            return True
        before = self.sock.gettimeout()
        try:
            self.sock.settimeout(0)
            said = self.sock.recv(4096)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        finally:
            self.sock.settimeout(before)
        self._heard = said
        return True

    def getreply(self) -> tuple[int, bytes]:
        """The reply's code and text; code -1 when it makes no sense. Raises SMTPServerDisconnected.

        A line that is cut off is no reply, whatever its first digits say.
        """
        texts: list[bytes] = []
        first = b""
        for _count in range(200):
            match = _REPLY_LINE.fullmatch(self._line())
            if match is None or (first and match[1] != first):
                return -1, b"\n".join(texts)
            first = match[1]
            texts.append((match[3] or b"").strip())
            if match[2] != b"-":
                return int(first), b"\n".join(texts)
        return -1, b"\n".join(texts)

    def _line(self) -> bytes:
        while b"\n" not in self._heard:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("not connected")
            try:
                left = self._until - time.monotonic()
                if left <= 0 or len(self._heard) > _LONGEST_REPLY:
                    raise TimeoutError("no whole reply in time")
                self.sock.settimeout(left)
                more = self.sock.recv(4096)
            except OSError as fault:
                self.close()
                raise smtplib.SMTPServerDisconnected(str(fault)) from fault
            if not more:
                self.close()
                raise smtplib.SMTPServerDisconnected("hung up")
            self._heard += more
        line, _end, self._heard = self._heard.partition(b"\n")
        return line.removesuffix(b"\r")


class EncryptedConnection(Connection, smtplib.SMTP_SSL):
    """Encrypted from the first byte (RFC 8314)."""

    def __init__(self, host: str, port: int, seconds: float, context: ssl.SSLContext) -> None:
        self.within(seconds)
        smtplib.SMTP_SSL.__init__(
            self, host, port, local_hostname=DNS_NAME.get_fqdn(), timeout=seconds, context=context
        )


def classify(phase: str, code: int, text: str) -> Deferred | Refused:
    """What a reply other than 2xx means for the letter (RFC 5321 §4.2, RFC 3463).

    `phase` is where it came: mail, rcpt, data or dot. A code that is none counts as 0, try later.
    """
    found = _ENHANCED.match(text)
    enhanced = found[0] if found and int(found[1]) == code // 100 else ""
    if not 500 <= code < 600:
        return Deferred(code if code >= 400 else 0, text, enhanced)
    is_blocked = says_blocked(enhanced, text) and (enhanced or code in (550, 554))
    return Refused(code, text, "blocked" if is_blocked else _scope(phase, code, enhanced[2:]), enhanced)


def says_blocked(enhanced: str, text: str) -> bool:
    """Whether a permanent refusal is about us: 5.7.x (RFC 3463: security or policy), else words that are known."""
    return enhanced.startswith("5.7.") or (enhanced in ("", "5.0.0") and _BLOCKED.search(text) is not None)


def _scope(phase: str, code: int, detail: str) -> Scope:
    """What a permanent refusal is about; `detail` is the enhanced code without its class.

    When in doubt we are at fault and not the letter: such letters are tried again later.
    """
    subject = detail.partition(".")[0]
    if detail == "2.2":
        return "mailbox_full"
    if subject == "6" or detail in ("2.3", "3.4"):  # content; too long
        return "message"
    if detail in ("1.7", "1.8"):  # the sender's address
        return "policy"
    if phase == "mail":
        return "message" if code == 552 else "policy"
    if subject in ("1", "2"):
        return "address"
    if code == 552:
        return "mailbox_full"
    if phase == "rcpt":
        return "address" if code in (501, 550, 551, 553) else "policy"
    return "policy" if code in (550, 554) else "message"


def text_of(said: bytes) -> str:
    """A reply's text on one line, as it is kept."""
    return " ".join(said.decode("utf-8", "replace").split())[:500]
