"""Letters that need a moment, in the lanes they wait in: one for each office."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that needs a moment. Letters of one office leave in the order they are given in.

    `closed` are the office's own days off (holidays, recess), in order.
    """

    letter_id: UUID
    office_key: str
    domain: str
    zone: str
    closed: tuple[date, ...] = ()


# Offices that keep the same clock and the same days off.
Place = tuple[str, tuple[date, ...]]


class Lane(NamedTuple):
    """The letters of one office at one domain, as places in the input."""

    office: str
    domain: str
    zone: str
    order: int  # a hash that breaks ties the same way on every machine
    letters: list[int]
    ids: list[int]  # a hash of each letter's id
    closed: tuple[date, ...]

    @property
    def place(self) -> Place:
        return self.zone, self.closed


def lanes_of(letters: list[Waiting], seed: str) -> list[Lane]:
    """The letters by office, in an order that is the same whatever order the offices came in.

    Another seed gives other turns and other moments within the hours.
    """
    lanes: dict[tuple[str, str, str, tuple[date, ...]], Lane] = {}
    seeded = hashlib.blake2b(digest_size=4, key=seed.encode()[:64])

    def seeded_hash(text: str) -> int:
        made = seeded.copy()
        made.update(text.encode())
        return int.from_bytes(made.digest(), "big")

    for i, letter in enumerate(letters):
        key = (letter.office_key, letter.domain, letter.zone, letter.closed)
        lane = lanes.get(key)
        if lane is None:
            lane = lanes[key] = Lane(*key[:3], seeded_hash("\0".join(key[:3])), [], [], letter.closed)
        lane.letters.append(i)
        lane.ids.append(seeded_hash(str(letter.letter_id)))
    return sorted(lanes.values(), key=lambda lane: (lane.order, lane[:3], lane.closed))
