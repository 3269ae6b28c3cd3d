"""The witness's memory: on the disk before a signature, whoever is killed or comes between."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from jifen_ledger.log.checkpoint import Checkpoint
from jifen_ledger.log.cosigning import cosigned_by
from jifen_witness.adapters.failure import CommandFailed
from jifen_witness.adapters.state_file import StateFile, _opened
from jifen_witness.application.cosign import Cosigned
from jifen_witness.domain.judging import Standing
from jifen_witness.domain.refusals import Refused, Stale
from tests.support.small_log import SMALL_ORIGIN, SmallLog
from tests.witness.answering import KEY, state_in, witness_of

OURS = SmallLog()
FORK = SmallLog(fork_at=3)


class Killed(BaseException):
    """The process ends here."""


class Dying:
    """A memory whose process ends before or after one of its calls."""

    def __init__(self, state: StateFile, fatal: int | None = None) -> None:
        self.taken = 0
        self._state = state
        self._fatal = fatal

    def _around(self, call: Callable[..., Any], *arguments: Any) -> Any:
        self._step()
        found = call(*arguments)
        self._step()
        return found

    def _step(self) -> None:
        self.taken += 1
        if self.taken == self._fatal:
            raise Killed

    def standing(self, origin: str) -> Standing:
        found: Standing = self._around(self._state.standing, origin)
        return found

    def advance(self, before: Standing, cosigned: Cosigned) -> bool:
        return bool(self._around(self._state.advance, before, cosigned))

    def newest(self) -> Sequence[Cosigned]:
        return self._state.newest()

    def contradicted(self, forked: Cosigned) -> None:
        self._state.contradicted(forked)


def test_a_kill_at_any_step_leaves_old_or_new_and_a_signature_only_of_what_is_kept(
    tmp_path: Path,
) -> None:
    steps = Dying(state_in(tmp_path))
    witness_of(steps)(OURS.request(0, 5))
    found = []
    for fatal in range(1, steps.taken + 1):
        directory = tmp_path / str(fatal)
        directory.mkdir()
        state = state_in(directory)
        witness_of(state)(OURS.request(0, 3))
        with pytest.raises(Killed):
            witness_of(Dying(state, fatal))(OURS.request(3, 5))
        found.append(state_in(directory).standing(SMALL_ORIGIN).size)

    assert found == [3, 3, 3, 5]


def test_what_somebody_else_cosigned_meanwhile_is_not_taken_back(tmp_path: Path) -> None:
    state = state_in(tmp_path)
    witness_of(state)(OURS.request(0, 3))

    class Overtaken(Dying):
        def advance(self, before: Standing, cosigned: Cosigned) -> bool:
            witness_of(state)(OURS.request(3, 8))
            return super().advance(before, cosigned)

    with pytest.raises(Stale) as stale:
        witness_of(Overtaken(state))(OURS.request(3, 5))

    assert (stale.value.size, state.standing(SMALL_ORIGIN).size) == (8, 8)


def test_of_requests_at_once_never_two_that_contradict_each_other_are_cosigned(
    tmp_path: Path,
) -> None:
    witness = witness_of(state_in(tmp_path))
    witness(OURS.request(0, 3))
    logs = {True: OURS, False: SmallLog(fork_at=4)}
    bodies = [
        (ours, size, logs[ours].request(3, size)) for ours in (True, False) for size in range(5, 13)
    ]
    together = threading.Barrier(len(bodies))
    cosigned: list[Checkpoint] = []

    def ask(ours: bool, size: int, body: bytes) -> None:  # noqa: FBT001 - one of two logs
        together.wait()
        try:
            line = witness(body)
        except Refused:
            return
        checkpoint = logs[ours].checkpoint(size)
        cosigned_by(line.encode(), checkpoint.text, KEY.verifier)
        cosigned.append(checkpoint)

    threads = [threading.Thread(target=ask, args=one) for one in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # All began at 3: the first one is kept, and every other one is stale.
    assert [one[1:] for one in cosigned] == [state_in(tmp_path).standing(SMALL_ORIGIN)]


def test_a_commit_is_brought_to_the_disk_with_its_folder(tmp_path: Path) -> None:
    with _opened(state_in(tmp_path)._path) as connection:
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()

    # EXTRA; and a journal whose end is the commit.
    assert (synchronous, journal) == (3, "delete")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cosigned SET size = size - 1",
        "UPDATE cosigned SET root = zeroblob(32)",
        "UPDATE cosigned SET origin = 'x'",
        "DELETE FROM cosigned",
    ],
)
def test_no_program_takes_back_what_was_cosigned(tmp_path: Path, statement: str) -> None:
    state = state_in(tmp_path)
    witness_of(state)(OURS.request(0, 3))
    before = state.standing(SMALL_ORIGIN)
    with (
        _opened(state._path) as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"only grows|stays"),
    ):
        connection.execute(statement)

    assert state.standing(SMALL_ORIGIN) == before


def test_a_memory_that_is_lost_or_damaged_is_not_an_empty_one(tmp_path: Path) -> None:
    lost, damaged = StateFile(tmp_path / "lost.db"), state_in(tmp_path)
    path = tmp_path / "witness.db"
    content = path.read_bytes()
    path.write_bytes(content[:100] + bytes(len(content) - 100))
    for state in (lost, damaged):
        with pytest.raises(CommandFailed, match=r"docs/witness\.md"):
            state.check()

    assert not (tmp_path / "lost.db").exists()
