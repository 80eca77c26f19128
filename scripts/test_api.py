"""Runs the site with the demo on a data folder of its own and tries its API with schemathesis: no server error."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

MANAGE = [sys.executable, "manage.py"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    folder = tempfile.mkdtemp(prefix="outspoken-api-")
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        "OUTSPOKEN_DATA_DIR": folder,
        "SITE_URL": site,
        "MAILBOX_PORT": str(free_port()),
        "LOG_LEVEL": "ERROR",
        # The limits stay on; the trial only asks for room to try a lot from one address.
        "API_READ_RATE": "100000/min",
        "API_SIGN_RATE": "100000/min",
        "API_MANAGE_RATE": "100000/min",
    }
    server = None
    try:
        subprocess.run([*MANAGE, "migrate", "-v0"], env=env, check=True)
        subprocess.run([*MANAGE, "load_demo", "-v0"], env=env, check=True)
        token = (
            subprocess.run(
                [*MANAGE, "shell", "-v0", "-c", TOKEN], env=env, check=True, capture_output=True, text=True
            )
            .stdout.strip()
            .splitlines()[-1]
        )
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--port",
                str(port),
                "--log-level",
                "error",
                "config.wsgi:application",
            ],
            env=env,
        )
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{site}/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.2)
        schemathesis = str(Path(sys.executable).parent / "schemathesis")
        return subprocess.call(
            [
                schemathesis,
                "run",
                f"{site}/api/schema/",
                "--header",
                f"Authorization: Bearer {token}",
                "--checks",
                "not_a_server_error",
                "--max-examples",
                os.environ.get("API_EXAMPLES", "25"),
                "--seed",
                "1",
                "--no-color",
            ],
            env=env,
        )
    finally:
        if server is not None:
            server.terminate()
            server.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


TOKEN = """
from contacts.actions.members import make_token
from contacts.models import Role
owners = Role.objects.filter(name="owner", organization__campaigns__isnull=False)
role = owners.select_related("user", "organization").first()
print(make_token(organization=role.organization, name="trial of the API", actor=role.user)[1])
"""

if __name__ == "__main__":
    sys.exit(main())
