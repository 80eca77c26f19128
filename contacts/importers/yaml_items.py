"""YAML read by the safe C loader's parser, item by item: memory stays flat, errors know their line.

Values stay the text that was written: `no`, `08` or `2025-02-31` never turn into something else on the way.
Published files need no aliases, tags or deep nesting, and those are how a small file does harm, so they are errors.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from contacts.importers.rows import BadRow, FilesMissing

try:
    from yaml import CSafeLoader
except ImportError as fault:
    raise ImportError(
        "PyYAML was built without libyaml; imports need its safe C loader. Install PyYAML from a binary wheel."
    ) from fault

_NULLS = {"", "~", "null", "Null", "NULL"}
_DEEPEST = 20
_MOST_ITEM_CHARACTERS = 2_000_000


class BadYaml(ValueError):
    """The text is no YAML we take; `line` counts from 1 within it."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


def load(text: str) -> Any:
    """One YAML document as mappings, lists, texts and None. Raises BadYaml."""
    try:
        return _build(text)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        problem = str(getattr(fault, "problem", None) or fault).splitlines()[0]
        raise BadYaml(problem, mark.line + 1 if mark else 1) from fault


def _build(text: str) -> Any:
    root: list[Any] = []
    # Each open collection with, for a mapping, the key that waits for its value.
    stack: list[tuple[Any, list[str]]] = [(root, [])]
    for event in yaml.parse(text, Loader=CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise BadYaml("aliases are not allowed here", line)
        if isinstance(event, yaml.ScalarEvent):
            if event.tag not in (None, "!"):
                raise BadYaml("tags are not allowed here", line)
            plain = event.implicit[0]
            _put(stack[-1], None if plain and event.value in _NULLS else event.value, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) > _DEEPEST:
                raise BadYaml(f"nested deeper than {_DEEPEST} levels", line)
            if event.tag is not None:
                raise BadYaml("tags are not allowed here", line)
            opened: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            _put(stack[-1], opened, line)
            stack.append((opened, []))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and root:
            raise BadYaml("a second document begins here", line)
    return root[0] if root else None


def _put(open_: tuple[Any, list[str]], value: Any, line: int) -> None:
    into, waiting = open_
    if isinstance(into, list):
        into.append(value)
    elif waiting:
        into[waiting.pop()] = value
    elif not isinstance(value, str):
        raise BadYaml("a key must be a text", line)
    elif value in into:
        raise BadYaml(f"the key {value!r} stands twice", line)
    else:
        waiting.append(value)


def items_of_list(path: Path, bad: list[BadRow]) -> Iterator[tuple[str, Any]]:
    """Items of a top-level list as (`file:line`, item); what is no YAML goes to `bad`. Raises FilesMissing."""
    for line, loaded in _parts(path, "- ", bad):
        if loaded is not None and not isinstance(loaded, list):
            bad.append(BadRow(f"{path.name}:{line}", "the file must be a list of items that begin with “- ”"))
            continue
        for item in loaded or []:
            yield f"{path.name}:{line}", item


def items_of_mapping(path: Path, bad: list[BadRow]) -> Iterator[tuple[str, str, Any]]:
    """Entries of a top-level mapping as (`file:line`, key, value); bad YAML goes to `bad`. Raises FilesMissing."""
    seen: set[str] = set()
    for line, loaded in _parts(path, "", bad):
        if loaded is not None and not isinstance(loaded, dict):
            bad.append(BadRow(f"{path.name}:{line}", "the file must be a mapping of keys to values"))
            continue
        for key, value in (loaded or {}).items():
            if key in seen:
                bad.append(BadRow(f"{path.name}:{line}", f"the key {key!r} stands twice"))
                continue
            seen.add(key)
            yield f"{path.name}:{line}", key, value


def read_text(path: Path) -> str:
    """A small file's text. Raises BadYaml when it is too large or not UTF-8."""
    if path.stat().st_size > _MOST_ITEM_CHARACTERS:
        raise BadYaml(f"the file is larger than {_MOST_ITEM_CHARACTERS:,} bytes", 1)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise BadYaml("not text in UTF-8", fault.object[: fault.start].count(b"\n") + 1) from fault


def _parts(path: Path, start: str, bad: list[BadRow]) -> Iterator[tuple[int, Any]]:
    """Each part of a file, loaded, with its first line."""
    for first, part in _chunks(path, start):
        try:
            loaded = load(part)
        except BadYaml as fault:
            bad.append(BadRow(f"{path.name}:{first + fault.line - 1}", f"not valid YAML: {fault}"))
            continue
        yield first, loaded


def _chunks(path: Path, start: str) -> Iterator[tuple[int, str]]:
    """A file cut where a line begins an item: with `start`, or, for mappings, with anything but a space or dash."""
    chunk: list[str] = []
    first, number, size = 1, 0, 0
    try:
        with path.open(encoding="utf-8") as file:
            # A line is read in bounded pieces: one line without an end must not fill the memory.
            for number, line in enumerate(
                iter(lambda: file.readline(_MOST_ITEM_CHARACTERS + 1), ""), start=1
            ):
                begins = line.startswith(start) if start else not line.startswith((" ", "-", "#", "\n"))
                if begins and chunk and not line.startswith("---"):
                    yield first, "".join(chunk)
                    chunk, first, size = [], number, 0
                chunk.append(line)
                size += len(line)
                if size > _MOST_ITEM_CHARACTERS:
                    raise FilesMissing(
                        f"{path.name}:{first}: one item is larger than {_MOST_ITEM_CHARACTERS:,} characters."
                    )
    except UnicodeDecodeError as fault:
        raise FilesMissing(f"{path.name}:{number + 1}: not text in UTF-8.") from fault
    if chunk:
        yield first, "".join(chunk)
