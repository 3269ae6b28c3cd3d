"""Send the events of a file through ingest's own door, go on where it was interrupted."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

EVENTS_MAX: Final = 500
BYTES_MAX: Final = 4_000_000
TRIES_MAX: Final = 8
WAIT_S_MAX: Final = 30.0

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """An event that ingest, or the fold, refused: the row it came from, and why."""

    row: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door says to one event."""

    seq: int = 0
    duplicate: bool = False
    code: str = ""
    detail: str = ""


@dataclass(slots=True)
class Sent:
    """What became of a file: how many events, how many of them were there before."""

    accepted: int = 0
    duplicates: int = 0
    skipped: int = 0
    last_seq: int = 0
    refused: list[Refused] = field(default_factory=list)


class NotNow(Exception):  # noqa: N818 - a state of the other side
    """The door is shut for a moment; the same events may be sent again."""

    def __init__(self, detail: str, wait_s: float) -> None:
        super().__init__(detail)
        self.wait_s = wait_s


class Stopped(Exception):  # noqa: N818 - it says how to go on
    """The import cannot go on now; what was confirmed is remembered."""


class Door(Protocol):
    """Where events are sent."""

    def send(self, events: Sequence[Event]) -> Sequence[Answer]:
        """Return the answer to each event, in their order. Raises NotNow, Stopped."""


class Progress(Protocol):
    """How many events of this import were confirmed."""

    def confirmed(self) -> int:
        """Return how many there were when it was last interrupted."""

    def confirm(self, number: int) -> None:
        """Remember that so many are durable."""


class ImportEvents:
    """Sends events in their order; none is sent before those before it are durable."""

    def __init__(
        self,
        door: Door,
        progress: Progress,
        show: Callable[[int], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._door = door
        self._progress = progress
        self._show = show
        self._sleep = sleep

    def __call__(self, events: Iterable[tuple[int, Event]]) -> Sent:
        """Send what was not confirmed before; stop at the first batch that has a refusal.

        Raises Stopped.
        """
        sent = Sent(skipped=self._progress.confirmed())
        done = sent.skipped
        for batch in _batches(events, done):
            answers = self._answered([event for _, event in batch])
            for (row, _), answer in zip(batch, answers, strict=True):
                if answer.code:
                    sent.refused.append(Refused(row, answer.code, answer.detail))
                else:
                    sent.accepted += 1
                    sent.duplicates += answer.duplicate
                    sent.last_seq = max(sent.last_seq, answer.seq)
            if sent.refused:
                # Whatever stood behind the first refusal is sent again, and counts once.
                return sent
            done += len(batch)
            self._progress.confirm(done)
            self._show(done)
        return sent

    def _answered(self, events: Sequence[Event]) -> Sequence[Answer]:
        for tried in range(1, TRIES_MAX + 1):
            try:
                return self._door.send(events)
            except NotNow as shut:
                if tried == TRIES_MAX:
                    raise Stopped(f"{shut}; run the same command again to go on") from None
                self._sleep(min(shut.wait_s, WAIT_S_MAX))
        raise AssertionError("the last try returns or raises")


def _batches(events: Iterable[tuple[int, Event]], skip: int) -> Iterator[list[tuple[int, Event]]]:
    batch: list[tuple[int, Event]] = []
    size = 0
    for number, one in enumerate(events):
        if number < skip:
            continue
        length = len(str(one[1]))
        if batch and (len(batch) == EVENTS_MAX or size + length > BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += length
    if batch:
        yield batch
