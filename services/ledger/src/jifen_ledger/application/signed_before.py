"""What was signed and served before, also where the database has forgotten it (tlog.md §10.3)."""

from __future__ import annotations

from typing import Final

import structlog

from jifen_ledger.application.log_ports import Anchors, Progress, Remembering
from jifen_ledger.application.log_status import SchemeLog

# Until the stream has given the records back.
WENT_BACK: Final = "the database lacks records that were signed before"

_log = structlog.get_logger()


class SignedBefore:
    """Compares one scheme's database with its anchor, and the anchor with the witnesses."""

    def __init__(self, anchors: Anchors, witnesses: Remembering | None, status: SchemeLog) -> None:
        """Tell the status what is found."""
        self._anchors = anchors
        self._witnesses = witnesses
        self._status = status
        self._scheme = status.scheme
        self._compared = False

    async def ask_witnesses(self, origin: str, signed: int | None) -> None:
        """Let the anchor be what a witness has seen of us, if that is more than it says.

        The status knows our keys. Raises SigningHalted.
        """
        if self._witnesses is None:
            return
        known = await self._witnesses.newest(origin, self._status.keys)
        anchor = await self._anchors.read(self._scheme)
        if known is None or (anchor is not None and known.size <= anchor.size):
            return
        before = None if anchor is None else anchor.size
        told = {"size": known.size, "before": before, "signed": signed}
        _log.critical("anchor_from_witness", scheme=self._scheme, **told)
        await self._anchors.write(self._scheme, known)

    async def compare(self, progress: Progress) -> None:
        """Learn whether the database has everything that was ever signed. Raises SigningHalted."""
        anchor = await self._anchors.read(self._scheme)
        signed = -1 if progress.signed is None else progress.signed
        went_back = anchor is not None and anchor.size > signed
        if anchor is not None and went_back:
            if not self._status.went_back:
                _log.error("log_went_back", scheme=self._scheme, signed=anchor.size, here=signed)
            # The copy may have forgotten what was published; only more than it can be shown,
            # also by whoever serves it after a restart.
            await self._anchors.show(self._scheme, anchor.size)
        if went_back or not self._compared:
            shown = await self._anchors.shown(self._scheme)
            self._status.served_size = max(self._status.served_size, shown)
        self._compared = True
        self._status.went_back, self._status.has_all_signed = went_back, not went_back
