"""A bounded memory of recently stored contents, so that a resend is answered, not stored."""

from collections import OrderedDict

from jifen_ingest.application.event_log import Stored


class Recent:
    def __init__(self, contents_max: int) -> None:
        self._contents_max = contents_max
        self._stored: OrderedDict[bytes, Stored] = OrderedDict()

    def get(self, content: bytes) -> Stored | None:
        """Return the first storing of this content, as a duplicate's answer."""
        return self._stored.get(content)

    def put(self, content: bytes, stored: Stored) -> None:
        # The first one stays: a duplicate's answer always points at it.
        if content in self._stored:
            return
        self._stored[content] = Stored(stored.seq, stored.payload_sha256, duplicate=True)
        if len(self._stored) > self._contents_max:
            self._stored.popitem(last=False)

    def clear(self) -> None:
        """Forget everything: the stream may no longer have it."""
        self._stored.clear()
