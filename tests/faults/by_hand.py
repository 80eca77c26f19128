"""Letters that people carry: print batches made and marked while workers are killed, and links clicked twice at once."""

import csv
import io
import time
from collections import Counter
from contextlib import suppress

from django.conf import settings
from django.db import connection

from tests.faults.points import die_at, points_of
from tests.faults.rig import BY_ID, Rig


class PaperRig(Rig):
    """A queue of letters on paper; what was posted is what stands in the lists of the batches that were."""

    identity = BY_ID
    offices = 6

    def letters(self, count):
        from campaigns.channels.sheet import Sheet
        from campaigns.models import Letter

        super().letters(count, "12 Assembly Square, Room {post}")
        for letter in Letter.objects.filter(channel="email"):
            sheet = Sheet(
                sender=["Ada Supporter", "Harbour Town"],
                recipient=["Representative Kim", letter.recipient],
                date="2026-11-24",
                language="en",
                subject="Care within four weeks",
                text=f"Please vote for it.\n\n{letter.pk}\n",
            )
            Letter.objects.filter(pk=letter.pk).update(
                channel="print", window_closes=None, domain="", raw=sheet.to_bytes()
            )

    def waiting(self):
        from campaigns.models import Letter

        return Letter.objects.filter(state="queued", batch=None).count()

    def arrived(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT manifest FROM campaigns_printbatch WHERE state = 'posted'")
            lists = [manifest for (manifest,) in cursor.fetchall()]
        return Counter(
            row[1].replace("-", "") for one in lists for row in list(csv.reader(io.StringIO(one)))[1:]
        )

    def drain(self, seconds=60):
        from campaigns.models import Letter

        until = time.monotonic() + seconds
        while time.monotonic() < until and Letter.objects.filter(state="queued").exists():
            make()
            post_one()


def paper_steps():
    from campaigns.actions import batches as actions
    from campaigns.delivery import batches
    from campaigns.models import PrintBatch

    return {
        "set": (batches, "print_each"),
        "list": (batches, "letters_list"),
        "store": (PrintBatch, "save"),
        "post": (actions, "move"),
        "letters": (actions, "move_many"),
    }


def make():
    from campaigns.delivery import batches
    from campaigns.models import Drive

    batches.make_batches(Drive.objects.get().pk)


def post_one():
    """What staff do who come back from the post: the oldest batch, which a colleague may be marking, too."""
    from campaigns.actions.batches import mark_posted
    from campaigns.errors import BadMove
    from campaigns.models import PrintBatch
    from contacts.models import User

    batch = PrintBatch.objects.filter(state="made").order_by("made_at").first()
    if batch is None:
        time.sleep(0.01)
        return
    with suppress(BadMove):
        mark_posted(batch=batch, actor=User.objects.get())


def paper(rig, count, progress=lambda n: None):
    """Two make batches of the same letters, one marks them posted; each of the three is killed again and again."""
    from contacts.models import User

    User.objects.create_user("robin@staff.example")
    rig.letters(6)
    make()  # loads what sets pages, once for all workers
    points = points_of(paper_steps())
    works = [make, make, post_one]
    alive = [rig.fork(work) for work in works]
    for n in range(count):
        rig.keep_going(24, 48)
        time.sleep(rig.random.uniform(0.1, 0.4))
        place = n % len(works)
        rig.end(alive[place])
        step, when = rig.random.choice(points)
        # Half of those that take over die at a named point, the others when it is their turn again.
        doom = [lambda step=step, when=when: die_at(step, when, 1)] if n % 2 else []
        alive[place] = rig.fork(works[place], *doom)
        progress(n + 1)
    for child in alive:
        rig.end(child)
    return count


class LinkRig(Rig):
    """Letters that their writers send through the office's own form; each counts by its history."""

    identity = BY_ID

    def __enter__(self):
        settings.ALLOWED_HOSTS = ["*"]
        self.told = self.folder / "told.log"
        self.told.touch()
        return super().__enter__()

    def letters(self, count):
        from campaigns.models import Letter

        super().letters(count, "https://assembly.example/form")
        Letter.objects.filter(channel="email").update(channel="link", domain="", window_closes=None)

    def arrived(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT letter_id FROM campaigns_letterchange WHERE to_state = 'sent'")
            return Counter(str(letter).replace("-", "") for (letter,) in cursor.fetchall())

    def click(self):
        """Somebody opens each letter that waits, and says that it was sent."""
        from django.test import Client
        from django.urls import reverse

        from campaigns.links import manage_token
        from campaigns.models import Letter

        browser = Client()
        for letter in Letter.objects.filter(state="queued").select_related("pledge").order_by("pk")[:30]:
            address = reverse("campaigns:by-hand", args=[manage_token(letter.pledge), letter.pk])
            if browser.post(address, {"answer": "sent"}).status_code == 302:
                with self.told.open("a") as log:
                    log.write(f"{letter.pk}\n")

    def drain(self, seconds=60):

        until = time.monotonic() + seconds
        while time.monotonic() < until and self.waiting():
            self.click()


def link(rig, count, progress=lambda n: None):
    """Three browsers say done of the same letters at the same time; the process that serves one of them is killed."""
    from campaigns.models import Letter

    browsers = [rig.fork(rig.click) for _ in range(3)]
    for n in range(count):
        rig.keep_going(40, 80)
        time.sleep(rig.random.uniform(0.02, 0.15))
        rig.end(browsers.pop(0))
        browsers.append(rig.fork(rig.click))
        progress(n + 1)
    for child in browsers:
        rig.end(child)
    thanked = set(rig.told.read_text().split())
    sent = {str(pk) for pk in Letter.objects.filter(state="sent").values_list("pk", flat=True)}
    assert thanked <= sent, (
        f"{len(thanked - sent)} were thanked for letters that are not written down as sent"
    )
    return count
