"""Sending an import: in order, by batches, on after an interruption, and never twice by itself."""

from collections.abc import Sequence

import pytest

from jifen_ingest.application.import_events import (
    EVENTS_MAX,
    TRIES_MAX,
    Answer,
    Event,
    ImportEvents,
    NotNow,
    Sent,
    Stopped,
)

ALL = EVENTS_MAX + 3


class FakeDoor:
    """Takes what it is sent; shut for the first tries, and closed to some events."""

    def __init__(self, shut: int = 0, refuses: Sequence[int] = ()) -> None:
        self.taken: list[int] = []
        self.sizes: list[int] = []
        self._shut = shut
        self._refuses = refuses

    def send(self, events: Sequence[Event]) -> Sequence[Answer]:
        if self._shut:
            self._shut -= 1
            raise NotNow("busy", 99.0)
        self.sizes.append(len(events))
        numbers = [one["number"] for one in events]
        known = set(self.taken)
        self.taken += [one for one in numbers if one not in self._refuses]
        return [
            Answer(code="type_not_allowed", detail="no")
            if one in self._refuses
            else Answer(one, one in known)
            for one in numbers
        ]


class Remembered:
    def __init__(self, number: int = 0) -> None:
        self.number = number

    def confirmed(self) -> int:
        return self.number

    def confirm(self, number: int) -> None:
        self.number = number


def imported(door: FakeDoor, progress: Remembered, waited: list[float] | None = None) -> Sent:
    shown: list[int] = []
    pause = (waited if waited is not None else []).append
    sent = ImportEvents(door, progress, shown.append, pause)(
        (number, {"number": number}) for number in range(1, ALL + 1)
    )
    assert shown == sorted(shown)
    return sent


def test_events_go_in_their_order_and_in_batches() -> None:
    door, progress = FakeDoor(), Remembered()

    sent = imported(door, progress)

    assert (door.taken, door.sizes) == (list(range(1, ALL + 1)), [EVENTS_MAX, 3])
    assert (sent.accepted, sent.duplicates, progress.number) == (ALL, 0, ALL)


def test_an_interrupted_import_goes_on_behind_what_was_confirmed() -> None:
    door = FakeDoor()

    sent = imported(door, Remembered(EVENTS_MAX))

    assert (door.taken, sent.skipped) == ([ALL - 2, ALL - 1, ALL], EVENTS_MAX)


def test_a_door_that_is_shut_for_a_moment_is_tried_again() -> None:
    door, waited = FakeDoor(shut=2), list[float]()

    sent = imported(door, Remembered(), waited)

    # Whatever it says, nobody waits for longer than half a minute.
    assert (sent.accepted, waited) == (ALL, [30.0, 30.0])


def test_a_door_that_stays_shut_ends_the_import_and_nothing_is_taken_for_sent() -> None:
    door, progress = FakeDoor(shut=TRIES_MAX), Remembered()

    with pytest.raises(Stopped, match="run the same command again"):
        imported(door, progress)

    assert (door.taken, progress.number) == ([], 0)


def test_a_refusal_at_the_door_ends_the_import_with_its_row() -> None:
    door, progress = FakeDoor(refuses=[2]), Remembered()

    sent = imported(door, progress)

    assert [(one.row, one.code) for one in sent.refused] == [(2, "type_not_allowed")]
    assert (len(door.sizes), progress.number) == (1, 0)


def test_what_is_sent_again_is_answered_as_known() -> None:
    door = FakeDoor()
    imported(door, Remembered())

    assert imported(door, Remembered()).duplicates == ALL
