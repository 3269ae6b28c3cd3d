"""Anchors as files: what was signed and shown last, on another volume than the database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Lock

from jifen_ledger.adapters.durable_files import replace_file
from jifen_ledger.application.log_halted import HaltReason, SigningHalted
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.log.encodings import decimal, decoded_hash, encoded
from jifen_ledger.log.verdicts import Malformed

ANCHOR = "anchor"
SHOWN = "shown"
LINES = 2


class AnchorFiles:
    """A file for each scheme, of two lines: the size, and the root as checkpoints write it.

    Another one has the size below which nothing may be served, which a quorum keeps behind.
    """

    def __init__(self, directory: Path) -> None:
        """Take the directory; it must be there."""
        self._directory = directory
        self._raising = Lock()

    async def read(self, scheme: str) -> Anchor | None:
        """Return the anchor, None if there is none. Raises SigningHalted if it is unreadable."""
        return await asyncio.to_thread(self.read_now, scheme)

    async def write(self, scheme: str, anchor: Anchor) -> None:
        """Replace the anchor; on return it is on the disk."""
        await asyncio.to_thread(self.write_now, scheme, anchor)

    async def shown(self, scheme: str) -> int:
        """Return the size below which nothing may be served, 0 where nothing was shown."""
        return await asyncio.to_thread(self._shown_now, scheme)

    async def show(self, scheme: str, size: int) -> None:
        """Let nothing smaller be served from now on; on return that is on the disk."""
        await asyncio.to_thread(self.show_now, scheme, size)

    def read_now(self, scheme: str) -> Anchor | None:
        """Return the anchor without leaving the thread."""
        path = self._path(scheme)
        lines = self._lines(path, LINES)
        try:
            return None if lines is None else Anchor(decimal(lines[0]), decoded_hash(lines[1]))
        except Malformed as error:
            raise _unfit(path, str(error)) from None

    def write_now(self, scheme: str, anchor: Anchor) -> None:
        """Replace the anchor without leaving the thread."""
        _replace(self._path(scheme), f"{anchor.size}\n{encoded(anchor.root)}\n")

    def show_now(self, scheme: str, size: int) -> None:
        """Let nothing smaller be served, without leaving the thread."""
        # Of several who come at once each only ever raises it.
        with self._raising:
            if size > self._shown_now(scheme):
                _replace(self._path(scheme, SHOWN), f"{size}\n")

    def _shown_now(self, scheme: str) -> int:
        path = self._path(scheme, SHOWN)
        lines = self._lines(path, 1)
        try:
            return 0 if lines is None else decimal(lines[0])
        except Malformed as error:
            raise _unfit(path, str(error)) from None

    def _lines(self, path: Path, number: int) -> list[str] | None:
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
        if len(lines) != number + 1 or lines[number]:
            raise _unfit(path, f"it does not have {number} lines")
        return lines

    def _path(self, scheme: str, kind: str = ANCHOR) -> Path:
        return self._directory / f"{scheme}.{kind}"


def _replace(path: Path, text: str) -> None:
    try:
        replace_file(path, text)
    except OSError as error:
        raise _unfit(path, str(error)) from error


def _unfit(path: Path, why: str) -> SigningHalted:
    return SigningHalted(HaltReason.ANCHOR_UNFIT, f"{path}: {why}")
