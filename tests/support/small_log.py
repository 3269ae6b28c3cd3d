"""A log that lives in memory: signs any tree of its entries, and proves what it likes."""

from collections.abc import Sequence

from jifen_ledger.log.checkpoint import Checkpoint, signed_note
from jifen_ledger.log.keys import SigningKey
from jifen_ledger.log.proof_files import ConsistencyFile
from jifen_ledger.log.ranges import consistency_ranges, range_hashes
from tests.ledger.log.vectors import grown_log

SMALL_ORIGIN = "ledger.example/jifen/small"
SMALL_KEY = SigningKey(SMALL_ORIGIN, b"\x05" * 32)


class SmallLog:
    """Entries are numbers; those of a fork differ from the one it names on."""

    def __init__(self, key: SigningKey = SMALL_KEY, fork_at: int | None = None) -> None:
        self.key = key
        self._fork_at = fork_at

    def entries(self, size: int) -> list[bytes]:
        at = size if self._fork_at is None else self._fork_at
        return [b"%s %d" % (b"one" if one < at else b"other", one) for one in range(size)]

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.key.verifier.name, size, grown_log(self.entries(size))[0].root)

    def note(self, size: int) -> bytes:
        return signed_note(self.checkpoint(size), [self.key]).encode()

    def request(self, old: int, size: int, proof: Sequence[bytes] | None = None) -> bytes:
        """The body of add-checkpoint, with the right proof unless another one is given."""
        if proof is None:
            _, stored = grown_log(self.entries(size))
            proof = range_hashes(consistency_ranges(old, size), stored)
        return ConsistencyFile(old, tuple(proof), self.note(size)).text
