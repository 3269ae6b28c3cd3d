"""Whether a stream is still the one that was written to, or was lost, emptied or restored."""

import time
from collections.abc import Callable
from typing import Final

import structlog
from nats.aio.client import Client

from jifen_contracts.streams import REFILLED, is_closed
from jifen_contracts.subjects import subjects_of
from jifen_ingest.adapters.streams import LOST, Stream, StreamsUnfit, find_stream
from jifen_ingest.domain.refusals import Busy, StreamLost

# What is wrong is looked at again, but not by every request.
FAULT_KEPT_S: Final = 1.0

_log = structlog.get_logger(__name__)


class Continuity:
    """One scheme's stream, looked at again after every lost connection and missing answer.

    A stream that has gone back would give numbers a second time, under which other events are
    known already. So nothing is written to it until it was refilled.
    """

    def __init__(
        self, client: Client, scheme: str, stream: Stream, forget: Callable[[], None]
    ) -> None:
        """`forget` is called when what is remembered of the stream may no longer be in it."""
        self._client = client
        self._scheme = scheme
        self._known = stream
        self._forget = forget
        self._last_seq = stream.last_seq
        self._reconnects = client.stats["reconnects"]
        self._doubted = False
        self._fault = ""
        self._look_from_s = 0.0

    @property
    def last_seq(self) -> int:
        """The highest sequence that was confirmed: what is written now can only come above it."""
        return self._last_seq

    def confirm(self, seq: int) -> None:
        """Note that the stream has stored a message under the sequence."""
        self._last_seq = max(self._last_seq, seq)

    def doubt(self) -> None:
        """Have the stream looked at before anything else is written."""
        self._doubted = True

    async def check(self) -> None:
        """Raise StreamLost where the stream is gone or has gone back, Busy where none answers."""
        reconnects = self._client.stats["reconnects"]
        if not self._doubted and reconnects == self._reconnects:
            return
        if self._fault and time.monotonic() < self._look_from_s:
            raise StreamLost(self._fault)
        try:
            found = await find_stream(self._client, str(self._known.settings["name"]))
        except (*LOST, StreamsUnfit) as error:
            raise Busy("The event log is away; nothing was stored.") from error
        if fault := self._fault_of(found):
            if fault != self._fault:
                _log.critical("stream_lost", scheme=self._scheme, why=fault)
            self._fault, self._doubted = fault, True
            self._look_from_s = time.monotonic() + FAULT_KEPT_S
            # Memory must not answer for what is no longer stored.
            self._forget()
            raise StreamLost(fault)
        assert found is not None
        self._take(found, reconnects)

    def _fault_of(self, found: Stream | None) -> str:
        if found is None:
            return "The scheme's stream is gone; nothing was stored."
        if is_closed(found.settings, subjects_of(self._scheme)):
            return "The scheme's stream is being refilled; nothing was stored."
        if found.last_seq < self._last_seq and _refilled(found) == _refilled(self._known):
            went = f"from seq {self._last_seq} to {found.last_seq}"
            return f"The scheme's stream has gone back {went}; nothing was stored."
        return ""

    def _take(self, found: Stream, reconnects: int) -> None:
        if (found.created, _refilled(found)) != (self._known.created, _refilled(self._known)):
            _log.warning("stream_taken_anew", scheme=self._scheme, last_seq=found.last_seq)
            self._forget()
            self._last_seq = 0
        self._known, self._fault, self._doubted = found, "", False
        self._reconnects = reconnects
        self.confirm(found.last_seq)


def _refilled(stream: Stream) -> object:
    """Return the refill's mark: who refilled a stream has seen to it that it may go on."""
    metadata = stream.settings.get("metadata")
    return metadata.get(REFILLED) if isinstance(metadata, dict) else None
