"""Which schemes a worker claims and lets go, so that all are held and none has too many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from math import ceil
from typing import NamedTuple


class Held(NamedTuple):
    """A lease that has not run out; `trouble` is why its scheme does not move, if it does not."""

    worker: str
    stream_last: int
    trouble: str


class Seen(NamedTuple):
    """What a worker sees at one look.

    `workers` are those alive, with the schemes that each may serve; `sizes` are the heads'.
    """

    workers: Mapping[str, frozenset[str]]
    leases: Mapping[str, Held]
    sizes: Mapping[str, int]

    def held_by(self, worker: str) -> list[str]:
        """Return the schemes that the worker holds."""
        return [scheme for scheme, held in self.leases.items() if held.worker == worker]


def fair_share(seen: Seen, worker: str) -> int:
    """Return how many schemes the worker should hold: a part of each that others serve as well."""
    share = Fraction(0)
    for scheme in seen.workers.get(worker, ()):
        share += Fraction(1, sum(scheme in served for served in seen.workers.values()))
    return ceil(share)


def to_claim(seen: Seen, worker: str, long_free: Collection[str]) -> list[str]:
    """Return the schemes to claim: up to the fair share, and those that nobody took for long.

    Each worker has an order of its own, so that two that begin together seldom ask for the same.
    """
    free = [scheme for scheme in seen.workers.get(worker, ()) if scheme not in seen.leases]
    free.sort(key=lambda scheme: sha256(f"{worker} {scheme}".encode()).digest())
    room = max(0, fair_share(seen, worker) - len(seen.held_by(worker)))
    return [*free[:room], *(scheme for scheme in free[room:] if scheme in long_free)]


def to_release(seen: Seen, worker: str) -> Sequence[str]:
    """Return the schemes to let go: what is above the share, where another one has room for it."""
    held = sorted(seen.held_by(worker))
    excess = max(0, len(held) - fair_share(seen, worker))
    room = {
        other: fair_share(seen, other) - len(seen.held_by(other))
        for other in seen.workers
        if other != worker
    }
    released: list[str] = []
    for scheme in held:
        taker = next((one for one in room if room[one] > 0 and scheme in seen.workers[one]), None)
        if len(released) < excess and taker is not None:
            room[taker] -= 1
            released.append(scheme)
    return released
