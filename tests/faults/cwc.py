"""Letters over HTTP: workers killed while they post to an endpoint that loses its temper."""

import time
from collections import Counter

from django.conf import settings

from campaigns.channels.endpoint import Posting
from campaigns.delivery import ledger, results
from tests.faults import scenarios
from tests.faults.endpoint import Endpoint
from tests.faults.points import points_of
from tests.faults.rig import BY_ID, Rig

STEPS = {
    "take": (ledger, "take"),
    "begin": (Posting, "begin"),
    "intent": (ledger, "intend"),
    "body": (Posting, "finish"),
    "record": (results, "record_all"),
    "release": (ledger, "release"),
}
LEASE = 1.0


def a_life():
    """What a worker does: look after the dead, then post."""
    from campaigns.delivery import posting, reaper

    reaper.reap()
    posting.post_letters(seconds=5)


class CwcRig(Rig):
    """A queue of letters to the Congress, and the endpoint they are posted to."""

    identity = BY_ID

    def __enter__(self):
        super().__enter__()
        self.endpoint = Endpoint(self.folder, chaos=self.seed).__enter__()
        settings.CWC_URL = self.endpoint.url
        # There is no spool: what a dead worker had is known when its lease is over.
        settings.DELIVERY_LEASE_SECONDS = LEASE
        self.resent = Counter()
        return self

    def __exit__(self, *fault):
        self.endpoint.__exit__(*fault)
        settings.CWC_URL, settings.DELIVERY_LEASE_SECONDS = "", 900
        super().__exit__(*fault)

    def letters(self, count, address="HVA04"):
        from campaigns.models import Letter

        super().letters(count, address)
        Letter.objects.filter(channel="email").update(channel="cwc", domain="cwc", window_closes=None)

    def arrived(self):
        """A message that came again with its key is the same one, if a person had it sent again and its bytes did not
        change; otherwise it is a second one."""
        taken, changed = self.endpoint.taken()
        return Counter(
            {
                key.replace("-", ""): max(1, n - self.resent[key]) + (key in changed)
                for key, n in taken.items()
            }
        )

    def drain(self, seconds=120):
        from campaigns.models import Letter

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            Letter.objects.filter(state__in=["held", "deferred"]).update(state="queued")
            self.forgive()
            if not Letter.objects.filter(state__in=["queued", "claimed", "committing"]).exists():
                return
            a_life()
            time.sleep(0.05)

    def reconcile(self, seconds=60):
        """There is no log to ask: a person looks at each and has it sent again, with its key."""
        from campaigns.actions.letters import settle_uncertain
        from campaigns.models import Letter
        from contacts.models import User

        person = User.objects.create_user("robin@staff.example")
        until = time.monotonic() + seconds
        while time.monotonic() < until and (doubtful := list(Letter.objects.filter(state="uncertain"))):
            for letter in doubtful:
                self.resent[str(letter.pk)] += 1
                settle_uncertain(letter=letter, verdict="resend", actor=person)
            self.drain()


def cwc(rig, count, progress=lambda n: None):
    return scenarios.kills(
        rig, count, work=a_life, points=points_of(STEPS), stock=(100, 150), progress=progress
    )
