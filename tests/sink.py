"""A mail server in its own process that misbehaves as it is told to, on top of the one the demo uses.

What to do stands in the address: `anna.dot=keep+drop@office.example` takes Anna's mail and hangs up without an
answer. The part before `=` is a phase (mail, by the sender's address; rcpt, data or dot by the recipient's),
the part after it one or more actions:

    550  451  550_5.1.1      answer so (at the dot a 2xx does not keep the mail by itself: use keep)
    keep                     write the mail down (only at the dot)
    drop                     hang up
    sleep0.2                 wait so many seconds
    stall                    never answer
    half                     send the first bytes of a good answer and hang up
    garbage                  answer what is no SMTP

A rules file (--rules) holds the same for everybody: JSON, {"connect": "421", "mail": "451"}; it is read anew at
each phase. With --tls-cert the server speaks STARTTLS (or, with --implicit, TLS from the start); with --login
user:password it asks for AUTH PLAIN.
"""

import asyncio
import base64
import json
import re
import ssl
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from campaigns.demo.sink import Hangup, MailSink, SinkProcess, options

SCRIPT = re.compile(r"(?:^|\.)(mail|rcpt|data|dot)=([\w.+]+)@")
MESSAGE_ID = re.compile(rb"^Message-ID: (<[^>]*>)", re.MULTILINE | re.IGNORECASE)
REPLY = re.compile(r"(\d{3})(?:_([\d.]+))?")


class Patient:
    """What a client says, as long as it says something in time; then its connection is closed."""

    def __init__(self, reader, seconds):
        self.reader, self.seconds = reader, seconds

    async def readline(self):
        try:
            async with asyncio.timeout(self.seconds):
                return await self.reader.readline()
        except TimeoutError as fault:
            raise Hangup from fault


class ScriptedSink(MailSink):
    def __init__(self, log, keep=None, rules=None, tls=None, login="", postfix_log=None, chaos=0, patience=0):
        super().__init__(log, keep)
        self.postfix_log = postfix_log.open("ab", buffering=0) if postfix_log else None
        self.chaos = Random(chaos) if chaos else None
        self.patience = patience
        self.rules = rules
        self.tls = tls
        self.login = login
        offers = (["STARTTLS"] if tls else []) + (["AUTH PLAIN"] if login else [])
        self.extensions = [*super().extensions, *offers]

    def write_down(self, visit, content):
        super().write_down(visit, content)
        if self.postfix_log:
            found = MESSAGE_ID.search(content)
            queue_id = f"{self.count:010X}"
            at = datetime.now(UTC).isoformat()
            lines = f"{at} relay postfix/cleanup[7]: {queue_id}: message-id={found[1].decode() if found else ''}\n"
            lines += f"{at} relay postfix/qmgr[8]: {queue_id}: from=<{visit.sender}>, size={len(content)}, nrcpt=1 (queue active)\n"
            self.postfix_log.write(lines.encode())

    def actions(self, phase, address):
        if self.chaos and phase == "dot":
            return self.moods()
        if self.rules and self.rules.exists():
            for_all = json.loads(self.rules.read_text() or "{}").get(phase)
            if for_all:
                return for_all.split("+")
        script = SCRIPT.search(address)
        return script[2].split("+") if script and script[1] == phase else []

    async def serve(self, reader, writer):
        await super().serve(Patient(reader, self.patience) if self.patience else reader, writer)

    def moods(self):
        """A relay on a bad day: slow now and then, and now and then it refuses or loses the connection.

        It never says that it blocks us: one such word pauses the drive, and nothing more would be put to the test.
        """
        wait = f"sleep{self.chaos.choice((0, 0, 0.001, 0.002))}"
        end = self.chaos.choices(
            [["keep"], ["451"], ["421"], ["drop"], ["keep", "drop"], ["keep", "half"], ["552_5.2.2"]],
            [950, 10, 5, 10, 10, 10, 5],
        )[0]
        return [wait, *end]

    async def answer(self, phase, visit):
        address = visit.sender if phase == "mail" else (visit.recipients or [""])[-1]
        if self.login and phase == "mail" and not getattr(visit, "known", False):
            return b"530 5.7.0 log in first\r\n"
        return await self.perform(phase, visit, address) or await super().answer(phase, visit)

    async def take(self, visit, content):
        address = visit.recipients[-1]
        if not self.actions("dot", address):
            return await super().take(visit, content)
        reply = await self.perform("dot", visit, address, content)
        return reply or b"250 2.0.0 accepted\r\n"

    async def perform(self, phase, visit, address, content=b""):
        for action in self.actions(phase, address):
            if action == "keep":
                self.write_down(visit, content)
            elif action == "drop":
                raise Hangup
            elif action == "stall":
                await asyncio.sleep(3600)
            elif action == "half":
                await self.say(visit, b"250 2.0.0 acc")
                raise Hangup
            elif action == "garbage":
                return b"\x00\xffwhat?\r\n"
            elif action.startswith("sleep"):
                await asyncio.sleep(float(action.removeprefix("sleep")))
            elif reply := REPLY.fullmatch(action):
                text = f"{reply[1]} {reply[2] + ' ' if reply[2] else ''}as told\r\n".encode()
                if reply[1] == "421":
                    await self.say(visit, text)
                    raise Hangup
                return text
            else:
                raise ValueError(action)
        return b""

    async def command(self, visit, line):
        if line.upper().startswith(b"STARTTLS") and self.tls:
            # "inject" adds, still in the clear, a line that the client must not take for an encrypted one.
            more = b"250 forged\r\n" if "inject" in self.actions("starttls", "") else b""
            await self.say(visit, b"220 2.0.0 go ahead\r\n" + more)
            await visit.writer.start_tls(self.tls)
            return True
        if line.upper().startswith(b"AUTH PLAIN ") and self.login:
            _id, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
            visit.known = f"{user}:{password}" == self.login
            await self.say(visit, b"235 2.7.0 welcome\r\n" if visit.known else b"535 5.7.8 who are you\r\n")
            return True
        return await super().command(visit, line)


class Sink(SinkProcess):
    """Start and stop a scripted sink from a test, and read what it took."""

    module = "tests.sink"

    def __init__(self, folder, *, tls_cert=None, implicit=False, login="", port=0, chaos=0, patience=0):
        self.rules = folder / "rules.json"
        given = ["--rules", str(self.rules)]
        given += ["--tls-cert", str(tls_cert)] if tls_cert else []
        given += ["--implicit"] if implicit else []
        given += ["--login", login] if login else []
        self.postfix_log = folder / "mail.log"
        given += ["--postfix-log", str(self.postfix_log), "--chaos", str(chaos)] if chaos else []
        given += ["--patience", str(patience)] if patience else []
        super().__init__(folder / "sink.log", port=port, options=given)

    def for_all(self, **rules):
        """From now on, do this in these phases whoever it is; nothing at all takes it back."""
        self.rules.write_text(json.dumps(rules))


def main():
    parser = options()
    parser.add_argument("--rules", type=Path)
    parser.add_argument("--tls-cert", type=Path, help="certificate and key in one PEM file")
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--login", default="")
    parser.add_argument(
        "--postfix-log", type=Path, help="write the lines of a Postfix about what it took, too"
    )
    parser.add_argument("--chaos", type=int, default=0, help="behave badly at random; the seed")
    parser.add_argument(
        "--patience", type=float, default=0, help="hang up on a client that is silent for so long"
    )
    given = parser.parse_args()
    context = None
    if given.tls_cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(given.tls_cert)
    starttls = None if given.implicit else context
    sink = ScriptedSink(
        given.log,
        given.keep,
        given.rules,
        starttls,
        given.login,
        given.postfix_log,
        given.chaos,
        given.patience,
    )
    asyncio.run(sink.run(given.host, given.port, context if given.implicit else None))


if __name__ == "__main__":
    main()
