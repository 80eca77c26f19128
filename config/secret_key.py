"""The embedded size's own secret keys, made once and kept where only their owner can read them."""

import os
import secrets
from pathlib import Path


def own_secret_key(data_dir: Path) -> str:
    """The key in `data_dir`, written on the first start with mode 0600."""
    return _own(data_dir / "secret-key")


def own_story_key(data_dir: Path) -> str:
    """The key that wraps those of stories, likewise."""
    return _own(data_dir / "story-key")


def _own(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        key = secrets.token_urlsafe(64)
    try:
        # O_EXCL: of two processes that start together, one writes and the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key
