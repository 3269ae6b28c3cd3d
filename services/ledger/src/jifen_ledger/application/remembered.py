"""What the witnesses of a log remember of it: asked before anything is signed anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.witness import NoAnswer, TellsNewest, Witness
from jifen_ledger.log.checkpoint import open_checkpoint
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.verdicts import Unbelieved

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RememberedByWitnesses:
    """Asks all at once; one that is away, or says what was never signed, knows nothing."""

    way: TellsNewest
    witnesses: Sequence[Witness]

    async def newest(self, origin: str, keys: Sequence[VerifierKey]) -> Anchor | None:
        """Return the largest tree that one of these keys signed, None where none is known."""
        asked = (self._of(witness, origin, keys) for witness in self.witnesses)
        known = [one for one in await asyncio.gather(*asked) if one is not None]
        return max(known, key=lambda one: one.size, default=None)

    async def _of(
        self, witness: Witness, origin: str, keys: Sequence[VerifierKey]
    ) -> Anchor | None:
        try:
            note = await self.way.checkpoint(witness.url, origin)
            if note is None:
                return None
            # Our own signature proves it; the witness needs no trust for that.
            found = open_checkpoint(note, keys).checkpoint
        except (NoAnswer, Unbelieved) as error:
            _log.warning("witness_remembers_nothing", witness=witness.key.name, why=str(error))
            return None
        return Anchor(found.size, found.root)
