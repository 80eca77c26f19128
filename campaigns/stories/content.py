"""What is sealed in a story, and what others are shown of it. The only place where stories are opened."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self

from django.utils.translation import gettext_lazy as _

from campaigns.models import Story, StoryKey
from campaigns.stories import vault

# What a reader may want to know before they read; a story names those that fit.
NOTES = {
    "suicide": _("suicide"),
    "selfharm": _("self-harm"),
    "eating": _("eating disorders"),
    "violence": _("violence or abuse"),
    "substances": _("alcohol or drugs"),
    "coercion": _("treatment against somebody’s will"),
    "death": _("death and grief"),
}
NAMED = {
    "name": _("My name, as I wrote it"),
    "initials": _("My initials"),
    "nobody": _("No name"),
}
# Always as long: how much was blacked out tells nothing.
BLACK = "█████"


@dataclass(frozen=True)
class Words:
    """Everything personal in a story. `blacked` are spans of `text` that readers don't see: [[start, end], …]."""

    text: str
    name: str
    email: str
    shown_as: str = "name"
    postal_code: str = ""
    notes: list[str] = field(default_factory=list)
    picture_alt: str = ""
    blacked: list[list[int]] = field(default_factory=list)
    # What the reviewer wrote to its writer last.
    answer: str = ""

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        return cls(**json.loads(data))

    @property
    def signature(self) -> str:
        """The name as its writer wants it shown; empty for none."""
        if self.shown_as == "name":
            return self.name
        if self.shown_as == "initials":
            return " ".join(f"{word[0].upper()}." for word in self.name.split())
        return ""

    @property
    def speaks_of(self) -> list[object]:
        """What a reader may want to know before they read, in words."""
        return [NOTES[note] for note in self.notes if note in NOTES]

    def shown(self) -> str:
        """The text as others read it."""
        found, at = "", 0
        for start, end in sorted(self.blacked):
            if start >= at:
                found += self.text[at:start] + BLACK
                at = end
        return found + self.text[at:]


@dataclass(frozen=True)
class Shown:
    """A story as its readers see it."""

    story: Story
    text: str
    by: str
    notes: list[object]
    picture_alt: str

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]

    @property
    def start(self) -> str:
        """Its first words, for a list; none of a story with a note, which is read by choice."""
        words = self.text.split()
        return " ".join(words[:60]) + (" …" if len(words) > 60 else "")


def close(story: Story, words: Words) -> None:
    """Seal the words of a story into it, under its own key. The caller saves the story."""
    story.sealed = vault.seal(_key(story), words.to_bytes(), _about(story, "words"))


def close_picture(story: Story, picture: bytes) -> None:
    """Seal a picture into a story. The caller saves it."""
    story.picture = vault.seal(_key(story), picture, f"{story.organization_id}:{story.pk}:picture")


def opened(story: Story) -> Words:
    """What a story says. Raises Unreadable."""
    if story.sealed is None:
        raise vault.Unreadable(str(story))
    return Words.from_bytes(vault.unseal(_key(story), bytes(story.sealed), _about(story, "words")))


def opened_picture(story: Story) -> bytes:
    """The picture of a story, a JPEG. Raises Unreadable."""
    if story.picture is None:
        raise vault.Unreadable(str(story))
    return vault.unseal(_key(story), bytes(story.picture), f"{story.organization_id}:{story.pk}:picture")


def shown(story: Story) -> Shown:
    """A story as readers may see it, with a name only where that was agreed to. Raises Unreadable."""
    words = opened(story)
    by = words.signature if story.with_name else ""
    return Shown(story, words.shown(), by, words.speaks_of, words.picture_alt)


def give_key(story: Story) -> None:
    """Make a new story's own key; in the transaction that saves the story."""
    wrapped, by = vault.wrap(vault.new_key(), story.pk)
    StoryKey.objects.create(story=story, wrapped=wrapped, wrapped_by=by)


def _key(story: Story) -> bytes:
    """The story's own key; lists select it along. Raises Unreadable when it was destroyed."""
    try:
        row = story.key
    except StoryKey.DoesNotExist:
        raise vault.Unreadable(str(story)) from None
    return vault.unwrap(bytes(row.wrapped), row.wrapped_by, story.pk)


def _about(story: Story, part: str) -> str:
    return f"{story.organization_id}:{story.pk}:{part}:{story.revision}"
