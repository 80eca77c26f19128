"""What is fixed of a letter that a person carries: printed, or copied into a form."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Self

from campaigns.channels.base import Wording


@dataclass(frozen=True)
class Sheet:
    """A letter's parts as they stand on paper. Lists are lines; `date` is ISO 8601."""

    sender: list[str]
    recipient: list[str]
    date: str
    language: str
    subject: str
    text: str

    def to_bytes(self) -> bytes:
        """Always the same bytes for the same parts."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        parts = json.loads(raw)
        return cls(**{field.name: parts[field.name] for field in fields(cls)})


def read(raw: bytes) -> Wording:
    """What is readable in the bytes."""
    sheet = Sheet.from_bytes(raw)
    return Wording(sheet.subject, sheet.text)
