"""A mail server that accepts everything and writes down, durably and before it answers, what it took.

The other side of a drive: its log says what really arrived, without asking the sender. One line of JSON for
each mail and recipient. Run by itself: `python -m campaigns.demo.sink --port 0 --log FILE` prints its port.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

NAME = "sink.example"
LONGEST_LINE = 1024 * 1024
_PATH = re.compile(rb"<([^<>]*)>")
_IDENTITY = re.compile(rb"^message-id:\s*(<[^\r\n]*>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Received:
    """One line of the log: a mail accepted for one recipient. `file` is where it was kept, if it was."""

    message_id: str
    sender: str
    recipient: str
    sha256: str
    at: str
    file: str = ""


@dataclass
class Visit:
    """What one connection is about."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    sender: str = ""
    recipients: list[str] = field(default_factory=list)


class Hangup(Exception):
    """End the connection without another word."""


class MailSink:
    """An SMTP server for one event loop. Subclasses change what it answers and what it does with a mail."""

    extensions: Sequence[str] = ("PIPELINING", "SIZE 33554432", "8BITMIME", "ENHANCEDSTATUSCODES")

    def __init__(self, log: Path, keep: Path | None = None) -> None:
        self.log = log.open("ab", buffering=0)
        self.kept_in = keep
        self.count = 0

    async def answer(self, phase: str, visit: Visit) -> bytes:
        """The reply to a command. Phases: connect, ehlo, mail, rcpt, data, rset, quit."""
        return {
            "connect": f"220 {NAME} ESMTP\r\n".encode(),
            "ehlo": _lines(250, [NAME, *self.extensions]),
            "data": b"354 go on, end with a dot\r\n",
            "quit": b"221 2.0.0 goodbye\r\n",
        }.get(phase, b"250 2.1.0 fine\r\n")

    async def take(self, visit: Visit, content: bytes) -> bytes:
        """The reply to the final dot; by then the mail is on disk."""
        self.write_down(visit, content)
        return b"250 2.0.0 accepted\r\n"

    def write_down(self, visit: Visit, content: bytes) -> None:
        """Log a mail for each recipient, and keep it if asked to; on disk when this returns."""
        self.count += 1
        digest = hashlib.sha256(content).hexdigest()
        file = ""
        if self.kept_in is not None:
            target = self.kept_in / f"{self.count:06d}-{digest[:12]}.eml"
            with target.open("wb") as mail:
                mail.write(content)
                mail.flush()
                os.fsync(mail.fileno())
            file = str(target)
        identity = _IDENTITY.search(content.partition(b"\r\n\r\n")[0])
        at = datetime.now(UTC).isoformat()
        lines = [
            Received(
                identity[1].decode("ascii", "replace") if identity else "", visit.sender, to, digest, at, file
            )
            for to in visit.recipients
        ]
        self.log.write("".join(json.dumps(asdict(line)) + "\n" for line in lines).encode())
        os.fsync(self.log.fileno())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from greeting to goodbye."""
        visit = Visit(reader, writer)
        try:
            await self.say(visit, await self.answer("connect", visit))
            while line := await visit.reader.readline():
                if not await self.command(visit, line.rstrip(b"\r\n")):
                    break
        except (Hangup, ConnectionError, ValueError):
            pass  # they went, were sent away, or sent an endless line
        finally:
            visit.writer.close()

    async def command(self, visit: Visit, line: bytes) -> bool:
        """Answer one command; False when it was the last."""
        verb = line[:4].upper().decode("ascii", "replace").strip()
        path = _PATH.search(line)
        named = path[1].decode("utf-8", "replace") if path else ""
        match verb:
            case "EHLO" | "HELO":
                await self.say(visit, await self.answer("ehlo", visit))
            case "MAIL":
                visit.sender, visit.recipients = named, []
                await self.say(visit, await self.answer("mail", visit))
            case "RCPT":
                visit.recipients.append(named)
                reply = await self.answer("rcpt", visit)
                if not reply.startswith(b"2"):
                    visit.recipients.pop()
                await self.say(visit, reply)
            case "DATA":
                reply = (
                    await self.answer("data", visit) if visit.recipients else b"503 5.5.1 no recipient\r\n"
                )
                await self.say(visit, reply)
                if reply.startswith(b"354"):
                    content = await self.content(visit)
                    await self.say(visit, await self.take(visit, content))
                    visit.recipients = []
            case "RSET" | "NOOP":
                visit.recipients = []
                await self.say(visit, await self.answer("rset", visit))
            case "QUIT":
                await self.say(visit, await self.answer("quit", visit))
                return False
            case _:
                await self.say(visit, b"502 5.5.1 not here\r\n")
        return True

    async def content(self, visit: Visit) -> bytes:
        """A mail's lines up to the dot, dots unstuffed. Only CRLF ends a line."""
        lines: list[bytes] = []
        whole = True  # the line before ended with CRLF
        while (line := await visit.reader.readline()) != b".\r\n" or not whole:
            if not line.endswith(b"\n"):
                raise Hangup
            lines.append(line[1:] if line.startswith(b".") else line)
            whole = line.endswith(b"\r\n")
        return b"".join(lines)

    async def say(self, visit: Visit, reply: bytes) -> None:
        visit.writer.write(reply)
        await visit.writer.drain()

    async def run(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        """Print the port and serve until standard input ends, which it does when whoever started this dies."""
        server = await asyncio.start_server(self.serve, host, port, limit=LONGEST_LINE, ssl=tls)
        print(server.sockets[0].getsockname()[1], flush=True)
        ended = asyncio.Event()

        def heard() -> None:
            if not os.read(sys.stdin.fileno(), 4096):
                ended.set()

        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), heard)
        await ended.wait()
        server.close()


class SinkProcess:
    """A sink in a process of its own, as a context manager; it ends with the process that started it."""

    module = "campaigns.demo.sink"

    def __init__(
        self, log: Path, *, keep: Path | None = None, port: int = 0, options: Sequence[str] = ()
    ) -> None:
        self.log = log
        self.port = port
        self._options = [*options, *(["--keep", str(keep)] if keep else [])]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            "-m",
            self.module,
            "--port",
            str(self.port),
            "--log",
            str(self.log),
            *self._options,
        ]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        said = self._process.stdout.readline() if self._process.stdout else ""
        if not said.strip().isdigit():
            self.__exit__(None, None, None)
            raise RuntimeError(f"the mail sink did not start on port {self.port}")
        self.port = int(said)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # nothing is lost: what it answered is on disk
        process.communicate()

    def received(self) -> list[Received]:
        """All mails accepted so far, in order."""
        return read_log(self.log)


def read_log(log: Path) -> list[Received]:
    """The lines of a sink's log; a last line that is not complete was not answered and does not count."""
    if not log.exists():
        return []
    lines = log.read_bytes().split(b"\n")[:-1]
    return [Received(**json.loads(line)) for line in lines]


def _lines(code: int, texts: Sequence[str]) -> bytes:
    rows = [f"{code}{' ' if i == len(texts) else '-'}{text}\r\n" for i, text in enumerate(texts, 1)]
    return "".join(rows).encode()


def options() -> argparse.ArgumentParser:
    """The command line, for this sink and those built on it."""
    parser = argparse.ArgumentParser(description="A mail server that accepts everything and logs it durably.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; it is printed")
    parser.add_argument("--log", type=Path, required=True, help="a line of JSON for each mail and recipient")
    parser.add_argument("--keep", type=Path, help="a folder to keep the mails in")
    return parser


def main() -> None:
    given = options().parse_args()
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    asyncio.run(MailSink(given.log, given.keep).run(given.host, given.port))


if __name__ == "__main__":
    main()
