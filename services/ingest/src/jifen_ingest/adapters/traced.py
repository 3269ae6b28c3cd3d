"""Who follows requests and events through ingest, if anybody does."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from jifen_ingest.application.event_log import Entry


class Request(Protocol):
    trace_id: str

    def answered(self, status: int, accepted: int, refused: int) -> None:
        """Say how it ended; not said of what was refused as a whole."""
        ...


class Tracing(Protocol):
    def request(
        self, headers: Mapping[str, str], scheme: str, credential: str
    ) -> AbstractContextManager[Request]:
        """Follow a request in the trace that its headers name, or in one that begins here."""
        ...

    def carried(self, entries: Sequence[Entry]) -> AbstractContextManager[Sequence[Entry]]:
        """Return the entries with the trace that goes on beside each; it ends with the block."""
        ...
