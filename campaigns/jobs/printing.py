"""Letters of a drive set for printing: office by office, its bundles first, then its letters a pile at a time."""

from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.delivery.batches import Pile, posts_waiting, running, set_bundles, set_singles, store
from campaigns.jobs.engine import JobStopped
from contacts.models import Job, JobState, Post

# A pile of which a letter was taken back while it was set is set anew; so often, and then the next office follows.
MOST_AGAIN = 3


def make(job: Job) -> list[Pile]:
    """The files of the next portion, which are not stored yet. The cursor says which office is at its turn."""
    drive = running(UUID(job.params["drive"]))
    if drive is None:
        raise JobStopped(_("The drive does not run any more. Set the rest when it does."))
    if not job.cursor:
        posts = [str(post.pk) for post in posts_waiting(drive)]
        job.cursor = {"posts": posts, "has_bundles": False, "again": 0}
    if not job.cursor["posts"]:
        return []
    post = Post.objects.select_related("division").get(pk=job.cursor["posts"][0])
    if not job.cursor["has_bundles"]:
        return set_bundles(drive, post)
    pile = set_singles(drive, post)
    return [] if pile is None else [pile]


def keep(job: Job, piles: list[Pile]) -> str | None:
    """Store what was set, each file with its letters, and move on."""
    stored = [pile for pile in piles if store(pile)]
    job.done += sum(len(pile.letters) for pile in stored)
    job.result = {
        "letters": job.done,
        "files": job.result.get("files", 0) + len(stored),
    }
    job.cursor = _onward(job.cursor, was_set=bool(piles), was_stored=bool(stored))
    return None if job.cursor["posts"] else JobState.DONE


def _onward(cursor: dict[str, object], *, was_set: bool, was_stored: bool) -> dict[str, object]:
    posts, again = cursor["posts"], cursor["again"]
    assert isinstance(posts, list) and isinstance(again, int)  # noqa: S101  # as `make` wrote them
    if posts and not cursor["has_bundles"]:
        return {**cursor, "has_bundles": True}
    if was_stored:
        return {**cursor, "again": 0}
    if was_set and again < MOST_AGAIN:
        return {**cursor, "again": again + 1}
    return {"posts": posts[1:], "has_bundles": False, "again": 0}
