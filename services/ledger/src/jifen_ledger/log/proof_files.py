"""Files to keep: inclusion proofs (C2SP tlog-proof) and consistency proofs (tlog-witness)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jifen_ledger.log.checkpoint import Checkpoint
from jifen_ledger.log.encodings import decimal, decoded, decoded_hash, encoded
from jifen_ledger.log.proofs import PROOF_HASHES_MAX, verify_consistency, verify_inclusion
from jifen_ledger.log.verdicts import Malformed, Unverified

HEADER: Final = "c2sp.org/tlog-proof@v1"

_EXTRA: Final = "extra "
_INDEX: Final = "index "
_OLD: Final = "old "


@dataclass(frozen=True, slots=True)
class InclusionFile:
    """An inclusion proof with its signed checkpoint; nothing of it is verified yet."""

    index: int
    hashes: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None

    @property
    def text(self) -> bytes:
        """The file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(_EXTRA + encoded(self.extra))
        return _joined([*lines, f"{_INDEX}{self.index}"], self.hashes, self.note)

    def check(self, leaf: bytes, checkpoint: Checkpoint) -> None:
        """Check that the leaf is in the checkpoint's tree. Raises Unverified."""
        if not verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root):
            raise Unverified(f"the proof does not show entry {self.index} in the checkpoint's tree")


@dataclass(frozen=True, slots=True)
class ConsistencyFile:
    """A consistency proof with its signed checkpoint; nothing of it is verified yet."""

    old: int
    hashes: tuple[bytes, ...]
    note: bytes

    @property
    def text(self) -> bytes:
        """The file, which is also the body that a witness is sent."""
        return _joined([f"{_OLD}{self.old}"], self.hashes, self.note)

    def check(self, old_root: bytes, checkpoint: Checkpoint) -> None:
        """Check that the checkpoint's tree begins with the old one. Raises Unverified."""
        size, root = checkpoint.size, checkpoint.root
        if not verify_consistency(self.old, size, old_root, root, self.hashes):
            raise Unverified(f"the tree of size {size} does not begin with that of {self.old}")


def parse_inclusion(file: bytes) -> InclusionFile:
    """Return the parts of a `.tlog-proof`. Raises Malformed."""
    lines, note = _parts(file)
    if not lines or lines.pop(0) != HEADER:
        raise Malformed(f"the file does not begin with {HEADER}")
    extra = decoded(_word(lines, _EXTRA)) if lines and lines[0].startswith(_EXTRA) else None
    if extra == b"":
        raise Malformed("the extra line is empty")
    return InclusionFile(decimal(_word(lines, _INDEX)), _hashes(lines), note, extra)


def parse_consistency(file: bytes) -> ConsistencyFile:
    """Return the parts of a consistency file. Raises Malformed."""
    lines, note = _parts(file)
    return ConsistencyFile(decimal(_word(lines, _OLD)), _hashes(lines), note)


def _parts(file: bytes) -> tuple[list[str], bytes]:
    head, empty_line, note = file.partition(b"\n\n")
    if not empty_line:
        raise Malformed("the file has no empty line before its checkpoint")
    try:
        return head.decode().split("\n"), note
    except UnicodeDecodeError:
        raise Malformed("the file is not UTF-8") from None


def _word(lines: list[str], begin: str) -> str:
    if not lines or not lines[0].startswith(begin):
        raise Malformed(f"a line of the file does not begin with {begin!r}")
    return lines.pop(0).removeprefix(begin)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > PROOF_HASHES_MAX:
        raise Malformed(f"the file has more than {PROOF_HASHES_MAX} hashes")
    return tuple(decoded_hash(line) for line in lines)


def _joined(lines: Sequence[str], hashes: Sequence[bytes], note: bytes) -> bytes:
    head = [*lines, *map(encoded, hashes)]
    return "\n".join(head).encode() + b"\n\n" + note
