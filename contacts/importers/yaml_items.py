"""YAML through the safe C loader, item by item, so that memory stays flat and errors know their line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from contacts.importers.rows import BadRow

try:
    from yaml import CSafeLoader
except ImportError as fault:  # pragma: no cover - depends on how PyYAML was built
    raise ImportError("PyYAML was built without libyaml; its safe C loader is needed for imports.") from fault

# Published files use no anchors; an alias is how a small file becomes a huge one.
_MOST_ITEM_BYTES = 2_000_000


class _NoAliases(CSafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed here")
        return super().compose_node(parent, index)


def load(text: str) -> Any:
    """One YAML document without aliases. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_NoAliases)  # noqa: S506  # a safe loader made stricter


def explain(fault: yaml.YAMLError, first_line: int) -> tuple[int, str]:
    """The line and reason of a YAML error in a text that begins at `first_line`."""
    mark = getattr(fault, "problem_mark", None)
    line = first_line + (mark.line if mark else 0)
    return line, str(getattr(fault, "problem", None) or fault).splitlines()[0]


def items_of_list(path: Path, bad: list[BadRow]) -> Iterator[tuple[str, Any]]:
    """Items of a top-level list as (`file:line`, item); items that are no YAML go to `bad`."""
    for line, text in _chunks(path, "- "):
        try:
            loaded = load(text)
        except yaml.YAMLError as fault:
            at, problem = explain(fault, line)
            bad.append(BadRow(f"{path.name}:{at}", f"not valid YAML: {problem}"))
            continue
        for item in loaded or []:
            yield f"{path.name}:{line}", item


def items_of_mapping(path: Path, bad: list[BadRow]) -> Iterator[tuple[str, str, Any]]:
    """Entries of a top-level mapping as (`file:line`, key, value); entries that are no YAML go to `bad`."""
    for line, text in _chunks(path, ""):
        try:
            loaded = load(text)
        except yaml.YAMLError as fault:
            at, problem = explain(fault, line)
            bad.append(BadRow(f"{path.name}:{at}", f"not valid YAML: {problem}"))
            continue
        for key, value in (loaded or {}).items():
            yield f"{path.name}:{line}", str(key), value


def _chunks(path: Path, start: str) -> Iterator[tuple[int, str]]:
    """A file cut where a line begins an item: with `start`, or, for mappings, with anything but a space or dash."""
    chunk: list[str] = []
    first = 1
    size = 0
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            begins = line.startswith(start) if start else not line.startswith((" ", "-", "#", "\n", "\r"))
            if begins and chunk and not line.startswith("---"):
                yield first, "".join(chunk)
                chunk, first, size = [], number, 0
            chunk.append(line)
            size += len(line)
            if size > _MOST_ITEM_BYTES:
                raise ValueError(f"{path.name}:{first}: one item is larger than {_MOST_ITEM_BYTES:,} characters")
    if chunk:
        yield first, "".join(chunk)
