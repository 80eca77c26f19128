"""A maildir that the mail server on this host delivers to: each mail is kept here, then taken out of the folder."""

import logging
from pathlib import Path

from django.conf import settings

from campaigns.delivery.inbound import LARGEST, TooLarge, keep

log = logging.getLogger(__name__)


def collect(limit: int = 200) -> int:
    """Keep the new mails of the folder and remove them from it; gives how many.

    Killed in between, a mail is seen again: its bytes are the same, so it stays one row. A mail too large to keep
    is put with those that were seen, in `cur`, for the operator.
    """
    if not settings.INBOUND_MAILDIR:
        return 0
    folder = Path(settings.INBOUND_MAILDIR)
    taken = 0
    for path in sorted((folder / "new").glob("[!.]*"))[:limit]:
        try:
            if path.stat().st_size > LARGEST:
                raise TooLarge
            keep(path.read_bytes())
        except FileNotFoundError:
            continue  # another worker took it
        except TooLarge:
            log.warning("a mail in the maildir is too large and was put aside in cur")
            path.rename(folder / "cur" / f"{path.name}:2,F")
            continue
        path.unlink(missing_ok=True)
        taken += 1
    return taken
