"""A real Postfix between the workers and the sink: it takes the letters, and its own log is what the reconciler reads.

Runs where the program is installed and we are root (it changes users): a private one in a temporary folder, on a
free port of the loopback. What the sink took from it, in the end, is what arrived.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from django.conf import settings

from campaigns.demo.processes import free_port
from tests.faults import scenarios
from tests.faults.points import STEPS, points_of
from tests.faults.rig import Rig
from tests.sink import Sink

# How long it waits for a client that is silent (smtpd_timeout), and how long we wait before its log is proof.
PATIENCE, QUIET = 1, 1.5
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_timeout = {patience}s
alias_maps =
local_recipient_maps =
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ=UTC LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME
default_process_limit = 20
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
tlsmgr    unix  - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
"""


def missing():
    """Why there can be no Postfix here; empty when there can."""
    if not (shutil.which("postfix") or Path("/usr/sbin/postfix").exists()):
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix can only be started by root"


class PostfixRig(Rig):
    """The queue of letters by mail, handed to Postfix, which hands them to a sink that takes everything."""

    def __init__(self, folder, seed, server=None):
        super().__init__(folder, seed, server)
        self.sink = Sink(folder)

    def _start_relay(self):
        self.port, self.home = free_port(), self.folder / "postfix"
        # Its own users have to pass through to their folders.
        for folder in (self.folder, self.folder.parent):
            folder.chmod(0o711)
        for folder in (self.home, self.home / "spool", self.home / "data"):
            folder.mkdir()
        shutil.chown(self.home / "data", "postfix")
        given = {"folder": self.home, "port": self.port, "sink": self.sink.port, "patience": PATIENCE}
        (self.home / "main.cf").write_text(MAIN.format(**given))
        (self.home / "master.cf").write_text(MASTER.format(**given))
        self._postfix("start")
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        settings.RELAY_LOG = str(self.home / "mail.log")
        settings.RECONCILE_QUIET_SECONDS = QUIET
        try:
            self._wait_for_the_door()
        except RuntimeError:
            self._postfix("stop")
            raise

    def _postfix(self, command, program="postfix"):
        found = shutil.which(program) or f"/usr/sbin/{program}"
        done = subprocess.run(
            [found, "-c", str(self.home), command], capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            raise RuntimeError(f"{program} {command}: {done.stderr.strip()}")
        return done.stdout

    def _wait_for_the_door(self):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                return self._a_line_in_the_log()
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Postfix does not listen")

    def __exit__(self, *fault):
        self._postfix("stop")
        super().__exit__(*fault)

    def _a_line_in_the_log(self):
        """A client comes and goes: Postfix logs it, and the log reaches to now."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            client.recv(200)
            client.sendall(b"QUIT\r\n")
            client.recv(200)

    def arrived(self):
        """Once Postfix has handed on what it took."""
        until = time.monotonic() + 60
        while time.monotonic() < until and "is empty" not in self._postfix("-p", "postqueue"):
            time.sleep(0.1)
        return super().arrived()


def postfix(rig, count, progress=lambda n: None):
    """Half of the deaths are close to the dot, where only the log of the relay knows what became of a letter."""
    near = points_of({name: STEPS[name] for name in ("mark", "dot", "answer")})
    return scenarios.kills(rig, count, points=near, stock=(300, 500), progress=progress)
