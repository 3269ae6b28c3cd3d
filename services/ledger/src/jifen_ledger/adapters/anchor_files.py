"""Anchors as files: what was signed last, on another volume than the database."""

from __future__ import annotations

import asyncio
from pathlib import Path

from jifen_ledger.adapters.durable_files import replace_file
from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.log.encodings import decimal, decoded_hash, encoded
from jifen_ledger.log.verdicts import Malformed

ANCHOR = "anchor"
LINES = 2


class AnchorFiles:
    """A file for each scheme, of two lines: the size, and the root as checkpoints write it."""

    def __init__(self, directory: Path) -> None:
        """Take the directory; it must be there."""
        self._directory = directory

    async def read(self, scheme: str) -> Anchor | None:
        """Return the anchor, None if there is none. Raises SigningHalted if it is unreadable."""
        return await asyncio.to_thread(self.read_now, scheme)

    async def write(self, scheme: str, anchor: Anchor) -> None:
        """Replace the anchor; on return it is on the disk."""
        await asyncio.to_thread(self.write_now, scheme, anchor)

    def read_now(self, scheme: str) -> Anchor | None:
        """Return the anchor without leaving the thread."""
        path = self._path(scheme)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            if not self._directory.is_dir():
                # A volume that is not mounted is not a log that was never signed.
                raise _unfit(path, "the directory is not there") from None
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise _unfit(path, str(error)) from error
        lines = text.split("\n")
        if len(lines) != LINES + 1 or lines[LINES]:
            raise _unfit(path, f"it does not have {LINES} lines")
        try:
            return Anchor(decimal(lines[0]), decoded_hash(lines[1]))
        except Malformed as error:
            raise _unfit(path, str(error)) from None

    def write_now(self, scheme: str, anchor: Anchor) -> None:
        """Replace the anchor without leaving the thread."""
        try:
            replace_file(self._path(scheme), f"{anchor.size}\n{encoded(anchor.root)}\n")
        except OSError as error:
            raise _unfit(self._path(scheme), str(error)) from error

    def _path(self, scheme: str) -> Path:
        return self._directory / f"{scheme}.{ANCHOR}"


def _unfit(path: Path, why: str) -> SigningHalted:
    return SigningHalted(HaltReason.ANCHOR_UNFIT, f"{path}: {why}")
