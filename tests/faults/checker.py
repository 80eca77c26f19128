"""Compares what the other side wrote down with a dump of the database. Knows nothing of the application's code."""

from dataclasses import asdict, dataclass


@dataclass
class Verdict:
    """`lost`: said to be sent, but never arrived, or in no state where somebody looks after it."""

    letters: int
    arrived: int
    lost: int
    doubled: int
    uncertain: int
    foreign: int

    @property
    def good(self):
        return not (self.lost or self.doubled or self.foreign)

    def as_dict(self):
        return asdict(self)


def check(arrived, dump):
    """`arrived`: how often each letter did, by the word of the other side. `dump`: rows of (the same name, state)
    straight from the database."""
    known = dict(dump)
    sent = {"sent", "settled", "closed"}
    open_ = {"queued", "claimed", "committing", "deferred", "held", "ready", "uncertain"}
    over = {"failed", "cancelled"}
    lost = sum(
        (state in sent and not arrived[identity]) or state not in sent | open_ | over
        for identity, state in known.items()
    )
    # A letter that arrived must not be said to be still waiting or to have failed.
    lost += sum(
        bool(arrived[identity]) and state in (open_ | over) - {"uncertain"}
        for identity, state in known.items()
    )
    return Verdict(
        letters=len(known),
        arrived=sum(arrived.values()),
        lost=lost,
        doubled=sum(n > 1 for n in arrived.values()),
        uncertain=sum(state == "uncertain" for state in known.values()),
        foreign=sum(identity not in known for identity in arrived),
    )


def dump_sqlite(path, identity):
    import sqlite3

    with sqlite3.connect(path) as database:
        return database.execute(f"SELECT {identity}, state FROM campaigns_letter").fetchall()


def dump_postgres(url, identity):
    import psycopg

    with psycopg.connect(url) as database:
        return database.execute(f"SELECT {identity}, state FROM campaigns_letter").fetchall()
