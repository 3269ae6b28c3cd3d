"""How far an import has come, in a small file beside the imported one."""

import json
from pathlib import Path
from typing import Final

ENDS: Final = ".sent"


class SentFile:
    """Remembers how many events of a batch were confirmed; another batch begins anew."""

    def __init__(self, path: Path, batch: str, *, again: bool) -> None:
        self._path = path.with_name(path.name + ENDS)
        self._batch = batch
        self._again = again

    def confirmed(self) -> int:
        if self._again:
            return 0
        try:
            said = json.loads(self._path.read_text(encoding="utf-8"))
            return int(said["confirmed"]) if said["batch"] == self._batch else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def confirm(self, number: int) -> None:
        # Renamed into its place: a crash leaves the old number or the new one.
        part = self._path.with_name(self._path.name + ".part")
        said = {"batch": self._batch, "confirmed": number}
        part.write_text(json.dumps(said) + "\n", encoding="utf-8")
        part.replace(self._path)
