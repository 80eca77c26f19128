"""Letters of a drive set for printing: office by office, its bundles first, then its letters, a file at a time."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from campaigns.delivery.batches import (
    Pile,
    is_bundle_due,
    posts_waiting,
    running,
    set_bundles,
    set_singles,
    store,
)
from campaigns.jobs.engine import JobStopped
from contacts.models import Job, JobState, Post

# A pile of which a letter was taken back while it was set is set anew; so often, and then the next office follows.
MOST_AGAIN = 3


def make(job: Job) -> Pile | None:
    """The file of the next portion, which is not stored yet. The cursor says which office is at its turn."""
    drive = running(UUID(job.params["drive"]))
    if drive is None:
        raise JobStopped(_("The drive does not run any more. Set the rest when it does."))
    if not job.cursor:
        job.cursor = _at([str(post.pk) for post in posts_waiting(drive)])
    if not job.cursor["posts"]:
        return None
    post = Post.objects.select_related("division").get(pk=job.cursor["posts"][0])
    if job.cursor["bundles"] is None:
        # Kept for all bundles of the office: once the first is stored, the next would be due in a week.
        job.cursor["bundles"] = is_bundle_due(drive, post)
    if job.cursor["bundles"]:
        if (bundle := next(set_bundles(drive, post), None)) is not None:
            return bundle
        job.cursor["bundles"] = False
    return set_singles(drive, post)


def keep(job: Job, pile: Pile | None) -> str | None:
    """Store what was set, the file with its letters, and move on."""
    is_stored = pile is not None and store(pile)
    if pile is not None and is_stored:
        job.done += len(pile.letters)
    job.result = {"letters": job.done, "files": job.result.get("files", 0) + is_stored}
    job.cursor = _onward(job.cursor, was_set=pile is not None, was_stored=is_stored)
    if job.cursor["posts"]:
        return None
    # Letters whose bundle is not due were counted among those that waited.
    job.total = job.done
    return JobState.DONE


def _at(posts: list[str]) -> dict[str, Any]:
    """The cursor before the first of these offices. Nobody asked yet whether its bundles are due."""
    return {"posts": posts, "bundles": None, "again": 0}


def _onward(cursor: dict[str, Any], *, was_set: bool, was_stored: bool) -> dict[str, Any]:
    if was_stored:
        return {**cursor, "again": 0}
    if was_set and cursor["again"] < MOST_AGAIN:
        return {**cursor, "again": cursor["again"] + 1}
    if was_set and cursor["bundles"]:
        return {**cursor, "bundles": False, "again": 0}
    return _at(cursor["posts"][1:])
