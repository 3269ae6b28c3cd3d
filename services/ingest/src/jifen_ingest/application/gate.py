"""How many events one credential may have under way, so that none can crowd out the others."""

from collections.abc import Iterator
from contextlib import contextmanager

from jifen_ingest.domain.refusals import RateLimited


class Gate:
    def __init__(self, events_max: int) -> None:
        self._events_max = events_max
        self._under_way: dict[str, int] = {}

    @contextmanager
    def enter(self, credential: str, events: int) -> Iterator[None]:
        """Count the events as under way; raises RateLimited if they are too many."""
        before = self._under_way.get(credential, 0)
        if before + events > self._events_max:
            raise RateLimited(f"more than {self._events_max} events of this credential at once")
        self._under_way[credential] = before + events
        try:
            yield
        finally:
            left = self._under_way[credential] - events
            if left:
                self._under_way[credential] = left
            else:
                del self._under_way[credential]
