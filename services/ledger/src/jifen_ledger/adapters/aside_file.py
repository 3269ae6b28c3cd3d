"""What a stream held and its journal did not, as a file of one JSON object a line."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from jifen_ledger.adapters.durable_files import OWNER_ONLY, sync_directory
from jifen_ledger.application.ports import Message


class AsideFile:
    """It has its name when all is done; under two others it grows, and is worked off."""

    def __init__(self, path: Path) -> None:
        """Take the file's place. Raises FileExistsError where an earlier repair left one."""
        if path.exists():
            raise FileExistsError(f"{path} is there already: name another file")
        self._path = path
        self._whole = path.with_name(f"{path.name}.open")
        self._part = path.with_name(f"{path.name}.part")
        self._part.unlink(missing_ok=True)

    def is_there(self) -> bool:
        """Tell whether a run before this one has set everything aside."""
        return self._whole.exists()

    def keep(self, messages: Iterable[Message]) -> None:
        """Add messages."""
        with self._appended() as file:
            for message in messages:
                payload = base64.b64encode(message.payload).decode()
                line = {"seq": message.seq, "subject": message.subject, "payload": payload}
                file.write(orjson.dumps(line) + b"\n")

    def end(self) -> None:
        """Have all that was added on the disk; from now on it is there."""
        with self._appended() as file:
            file.flush()
            os.fsync(file.fileno())
        self._rename(self._part, self._whole)

    def finish(self) -> None:
        """Note that all is done."""
        self._rename(self._whole, self._path)

    def messages(self) -> Iterator[Message]:
        """Yield all that was set aside, in its order."""
        with self._whole.open("rb") as file:
            for line in file:
                one = orjson.loads(line)
                yield Message(one["seq"], one["subject"], base64.b64decode(one["payload"]))

    def _appended(self) -> BinaryIO:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        return os.fdopen(os.open(self._part, flags, OWNER_ONLY), "ab")

    def _rename(self, before: Path, after: Path) -> None:
        before.rename(after)
        sync_directory(after.parent)
