"""Checkpoints: the signed size and root of a log, and their opening by a verifier."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from jifen_ledger.log.encodings import decimal, decoded_hash, encoded
from jifen_ledger.log.keys import Algorithm, SigningKey, VerifierKey, cosigned_at
from jifen_ledger.log.note import Line, join_note, parse_note
from jifen_ledger.log.verdicts import Malformed, Unverified

# Origin, size, root; extension lines are not used and not taken.
_LINES: Final = 3


class Checkpoint(NamedTuple):
    """What is signed of a log."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> bytes:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n".encode()


class Cosigned(NamedTuple):
    """A witness's verified signature, and when it says it was made (POSIX seconds)."""

    key: VerifierKey
    line: Line
    time_s: int


class Opened(NamedTuple):
    """A checkpoint that its log has signed; by which keys, and which witnesses cosigned it."""

    checkpoint: Checkpoint
    text: bytes
    keys: tuple[VerifierKey, ...]
    cosigned: tuple[Cosigned, ...]

    @property
    def witnesses(self) -> int:
        """How many different witness keys have cosigned."""
        return len({one.key for one in self.cosigned})


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Return the checkpoint of a note's text. Raises Malformed."""
    lines = text.decode().split("\n")
    if len(lines) != _LINES + 1 or lines.pop() != "":
        raise Malformed("a checkpoint has exactly three lines")
    origin, size, root = lines
    if not origin:
        raise Malformed("a checkpoint has an origin")
    return Checkpoint(origin, decimal(size), decoded_hash(root))


def signed_note(checkpoint: Checkpoint, keys: Sequence[SigningKey]) -> str:
    """Return the checkpoint's note with a line of each key, in the order given."""
    text = checkpoint.text
    return join_note(text, [key.sign(text) for key in keys])


def verified_lines(
    note: bytes, known: Collection[VerifierKey]
) -> tuple[bytes, list[tuple[VerifierKey, Line]]]:
    """Return a note's text and the lines of known keys; those of other keys say nothing.

    Raises Malformed, and Unverified where a known key's line does not fit the text.
    """
    text, lines = parse_note(note)
    keys = {(key.name, key.key_id): key for key in known}
    verified = []
    for line in lines:
        key = keys.get((line.name, line.key_id))
        if key is None:
            continue
        if not key.signed(line, text):
            raise Unverified(f"the signature of {key.name} does not fit")
        verified.append((key, line))
    return text, verified


def open_checkpoint(
    note: bytes,
    log_keys: Collection[VerifierKey],
    witness_keys: Collection[VerifierKey] = (),
    *,
    quorum: int = 0,
) -> Opened:
    """Return the checkpoint of a note that the log signed, with a quorum of witnesses.

    Raises Malformed, Unverified.
    """
    assert all(key.algorithm is Algorithm.LOG for key in log_keys)
    assert all(key.algorithm is Algorithm.COSIGNATURE for key in witness_keys)
    text, verified = verified_lines(note, (*log_keys, *witness_keys))
    own = tuple(key for key, _ in verified if key.algorithm is Algorithm.LOG)
    if not own:
        raise Unverified("the log's signature is missing")
    cosigned = tuple(
        Cosigned(key, line, cosigned_at(line))
        for key, line in verified
        if key.algorithm is Algorithm.COSIGNATURE
    )
    opened = Opened(parse_checkpoint(text), text, own, cosigned)
    if any(key.name != opened.checkpoint.origin for key in own):
        raise Unverified("the origin is not the name of the key")
    if opened.witnesses < quorum:
        raise Unverified(f"{opened.witnesses} witnesses have cosigned, not {quorum}")
    return opened
