"""A Celery task for each mail, with a connection of its own: what Django's `send()` inside a task does.

Two worker processes, as many as this machine has cores. The texts travel in the messages; nothing is recorded.
"""

import os
import subprocess
import sys
import time
from uuid import uuid4

from celery import Celery
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from bench.letter import HTML, SENDER, SUBJECT, TEXT, recipient
from bench.race import answer, command_line
from bench.sink import count_at

app = Celery("bench", broker=os.environ.get("REDIS_URL", ""))
app.conf.task_ignore_result = True
GIVE_UP_SECONDS = 60
WORKER = ("-c", "2", "-l", "ERROR", "--without-gossip", "--without-mingle")


@app.task(name="bench.send")
def send(to: str, html: str) -> None:
    mail = EmailMultiAlternatives(SUBJECT, TEXT, SENDER, [to])
    if html:
        mail.attach_alternative(html, "text/html")
    mail.send()


if port := os.environ.get("BENCH_SINK_PORT"):
    settings.configure(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=int(port),
        USE_TZ=True,
    )


def wait_for(port: int, count: int) -> None:
    """Until the sink has taken so many letters."""
    until = time.monotonic() + GIVE_UP_SECONDS
    while count_at(port) < count:
        if time.monotonic() > until:
            raise SystemExit("error: the Celery worker did not send all")
        time.sleep(0.01)


def main() -> None:
    given = command_line(__doc__).parse_args()
    first, later = f"warm-{uuid4().hex}", f"mail-{uuid4().hex}"
    html = "" if given.plain else HTML
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "bench.contestants.task_per_mail",
            "worker",
            *WORKER,
            "-Q",
            first,
        ],
        env={**os.environ, "BENCH_SINK_PORT": str(given.port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        before = count_at(given.port)
        for n in range(10):
            send.apply_async((recipient(n), html), queue=first)
        for n in range(given.letters):
            send.apply_async((recipient(n), html), queue=later)
        wait_for(given.port, before + 10)
        app.control.add_consumer(later)
        wait_for(given.port, before + 10 + 1)  # from the first mail on: hearing of the queue takes a second
        begun = time.perf_counter()
        wait_for(given.port, before + 10 + given.letters)
        answer(given.letters, time.perf_counter() - begun, uncounted=10)
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main()
