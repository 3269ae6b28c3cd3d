"""The re-check sample: which verified claims are looked at again (domain.md §6.5, X16).

Nobody chooses them, and anybody can draw them again from the bulletin's hash.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Final, NamedTuple

DRAWN_MIN: Final = 5
# One of so many, that is 5 %.
DRAWN_OF: Final = 20


class Drawn(NamedTuple):
    """A claim of the sample, with the hash by which it was drawn."""

    digest: str
    claim: str


def drawn(content_hash: str, claims: Collection[str]) -> list[Drawn]:
    """Return 5 % of the claims, at least five: those with the smallest SHA-256, in its order.

    What is hashed is the bulletin's hash in hexadecimal, followed by the claim's id.
    """
    lots = [Drawn(sha256(f"{content_hash}{claim}".encode()).hexdigest(), claim) for claim in claims]
    number = max(DRAWN_MIN, -(-len(lots) // DRAWN_OF))
    return sorted(lots)[:number]
