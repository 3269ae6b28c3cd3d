"""A witness of a log as it is configured, what it is asked, and what it may answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from jifen_ledger.log.checkpoint import Cosigned
from jifen_ledger.log.keys import Algorithm, VerifierKey, parse_vkey
from jifen_ledger.log.verdicts import Malformed


class Witness(NamedTuple):
    """Whose key it is, and where it answers."""

    key: VerifierKey
    url: str


class Quorum(NamedTuple):
    """A checkpoint is published when so many of the witnesses have cosigned it."""

    number: int = 0
    keys: Sequence[VerifierKey] = ()


class Newest(NamedTuple):
    """The newest checkpoint as the log signed it, and the time of the newest record."""

    size: int
    note: str
    recorded_at: str


class LastCosigned(NamedTuple):
    """The largest size that a witness has cosigned, and when it did so last."""

    size: int
    time_s: int


class Answer(NamedTuple):
    """What a witness answered; nothing of it is verified yet."""

    status: int
    content_type: str
    body: bytes


class CosignedLog(Protocol):
    """The stored logs and their cosignatures; everything may raise Unavailable."""

    async def newest(self, scheme: str) -> Newest | None:
        """Return the newest checkpoint."""

    async def last_cosigned(self, scheme: str, key: VerifierKey) -> LastCosigned | None:
        """Return what the witness has cosigned last."""

    async def consistency(self, scheme: str, old: int, size: int) -> Sequence[bytes]:
        """Return the proof that the tree of the size begins with the old one.

        Raises KeyError where a stored hash is missing.
        """

    async def keep(self, scheme: str, size: int, cosigned: Cosigned) -> None:
        """Add a verified cosignature, and publish the size if that makes its quorum."""


class AsksWitness(Protocol):
    """The way to a witness."""

    async def add_checkpoint(self, url: str, body: bytes) -> Answer:
        """Send a checkpoint with its proof. Raises NoAnswer."""


class TellsNewest(Protocol):
    """The way to what a witness has cosigned last."""

    async def checkpoint(self, url: str, origin: str) -> bytes | None:
        """Return the note as the witness tells it, None where it has none. Raises NoAnswer."""


class NoAnswer(Exception):  # noqa: N818 - a state, not an error
    """The witness did not answer, not in time, or more than an answer can be."""


def parse_witnesses(text: str) -> tuple[Witness, ...]:
    """Return the witnesses of `vkey url`, separated by commas or lines. Raises ValueError."""
    pieces = [one.split() for one in text.replace("\n", ",").split(",") if one.strip()]
    return tuple(_witness(piece) for piece in pieces)


def _witness(piece: Sequence[str]) -> Witness:
    if len(piece) != 2:  # noqa: PLR2004 - a key and an address
        raise ValueError("a witness is a vkey, a blank and its URL")
    text, url = piece
    try:
        key = parse_vkey(text)
    except Malformed as error:
        raise ValueError(f"{text}: {error}") from None
    if key.algorithm is not Algorithm.COSIGNATURE or key.known_to_all:
        raise ValueError(f"{text} is not the key of a witness, or is known to all")
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url} is not the URL of a witness")
    return Witness(key, url.rstrip("/"))
