"""What a log line may say: ids, counts, outcomes. What slipped in from elsewhere is masked on the way out."""

import json
import logging
import re
from datetime import UTC, datetime

# Errors of libraries quote what they failed on: an address from a constraint, a signed link from a 404.
_MASKS = [
    (re.compile(r"[^\s<>\"'(),:;=]+@[^\s<>\"'(),:;]+"), "[address]"),
    (re.compile(r"(/(?:p|story|r|e|partner|digest|calendar|u/[\w-]+)/)[^/\s\"'?]+"), r"\1[token]"),
    (re.compile(r"\bosp_[A-Za-z0-9_-]+"), "[api token]"),
]


def mask(text: str) -> str:
    """`text` without mail addresses, signed links and API tokens."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


class Line(logging.Formatter):
    """A line for a person at the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


class JsonLine(logging.Formatter):
    """One JSON object a line, times in UTC; a line break in a message cannot forge a second entry."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            entry["trace"] = mask(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)
