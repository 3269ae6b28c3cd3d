"""What witnesses remember of a log counts only where the log itself has signed it."""

from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.remembered import RememberedByWitnesses
from jifen_ledger.application.witness import NoAnswer, Witness
from jifen_ledger.log.checkpoint import signed_note
from jifen_ledger.log.keys import Algorithm, SigningKey
from tests.support.small_log import SmallLog

LOG = SmallLog()
ORIGIN = LOG.checkpoint(3).origin


class Told:
    """Witnesses by their URL: what each has, or why it says nothing."""

    def __init__(self, **notes: bytes | NoAnswer | None) -> None:
        self._notes = notes

    async def checkpoint(self, url: str, origin: str) -> bytes | None:
        assert origin == ORIGIN
        note = self._notes[url]
        if isinstance(note, NoAnswer):
            raise note
        return note


async def newest(**notes: bytes | NoAnswer | None) -> Anchor | None:
    witnesses = [
        Witness(
            SigningKey(f"{name}.example", bytes([1] * 32), Algorithm.COSIGNATURE).verifier, name
        )
        for name in notes
    ]
    memory = RememberedByWitnesses(Told(**notes), witnesses)
    return await memory.newest(ORIGIN, [LOG.key.verifier])


async def test_the_largest_size_counts_and_who_says_nothing_hinders_nobody() -> None:
    away = NoAnswer("away")

    assert await newest(a=away, b=None) is None
    assert await newest(a=LOG.note(3), b=away, c=LOG.note(8), d=None) == Anchor(
        8, LOG.checkpoint(8).root
    )


async def test_what_the_log_has_not_signed_counts_for_nothing() -> None:
    forged = signed_note(LOG.checkpoint(8), [SigningKey(ORIGIN, b"\x31" * 32)]).encode()
    altered = LOG.note(8).replace(b"\n8\n", b"\n9\n")

    found = await newest(a=forged, b=altered, c=b"<html>", d=LOG.note(3))
    assert found == Anchor(3, LOG.checkpoint(3).root)
