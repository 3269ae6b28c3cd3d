"""RESULTS.md tells of every target, and one benchmark that fails hides no other."""

import sys

import pytest

from tests.benchmarks.__main__ import command_of, failures, run
from tests.benchmarks.plan import Benchmark
from tests.benchmarks.report import RESULTS, TARGETS, UNMET, sections_of
from tests.benchmarks.targets import Target, table_of, unmet_of

LOOP = "Projection, whole fold, stream to committed"
TUTORIAL = "Projection, to the tutorial way"
RANK = "Rank among 1,000,000, p50, to Redis"
ABSENT = Benchmark("absent", "no such module", ("--small",), 60, 60, ("--large",))
# A module that measures nothing, and so ends at once and well.
IDLE = Benchmark("runs", "nothing", (), 60, 60)


def test_the_written_results_tell_of_every_target_and_why_some_are_missed() -> None:
    sections = sections_of(RESULTS.read_text())
    table = sections[TARGETS]
    unmet = sections.get(UNMET, "")

    assert (table, unmet) == (table_of(table, ()), unmet_of(unmet, table, ()))


def test_a_row_takes_the_place_of_its_own_and_leaves_the_others_in_their_order() -> None:
    first = table_of("", [Target(RANK, "100 us", "180 us", 1.8), Target(LOOP, "9/s", "4/s", 0.44)])
    second = table_of(first, [Target(LOOP, "10/s", "5/s", 0.5)])

    assert [line for line in second.splitlines()[2:] if "not measured" not in line] == [
        f"| {LOOP} | 10/s | 5/s | 0.50 | >= 0.5 | yes |",
        f"| {RANK} | 100 us | 180 us | 1.80 | <= 1.5 | no |",
    ]


def test_a_missed_row_shows_new_figures_and_keeps_what_was_tried_until_it_is_met() -> None:
    missed = [Target(LOOP, "9/s", "3/s", 0.33, "3 us"), Target(TUTORIAL, "1/s", "3/s", 3, "4 us")]
    written = f"### {LOOP}\n\n2 us\n\nTried: two ways.\n\nNeither paid.\n\n### {RANK}\n\nOld."

    first = unmet_of(written, table_of("", missed), missed)
    met = [Target(LOOP, "9/s", "9/s", 1)]
    second = unmet_of(first, table_of(table_of("", missed), met), met)

    still_missed = f"### {TUTORIAL}\n\n4 us\n\nTried: not told yet."
    assert (first, second) == (
        f"### {LOOP}\n\n3 us\n\nTried: two ways.\n\nNeither paid.\n\n{still_missed}",
        still_missed,
    )


def test_a_benchmark_that_fails_leaves_the_next_its_turn(
    capfd: pytest.CaptureFixture[str],
) -> None:
    failed = failures([ABSENT, IDLE], quick=False, write=False)

    ended = [line for line in capfd.readouterr().out.splitlines() if "after" in line]
    assert (failed, [line.rpartition(",")[0] for line in ended]) == (
        ["absent ended with 1"],
        ["== absent: ended with 1", "== runs: done"],
    )


def test_a_benchmark_is_stopped_at_its_limit() -> None:
    waiting = [sys.executable, "-c", "import signal; signal.pause()"]

    assert run(waiting, 0) == "was stopped at its limit of 0 s"


@pytest.mark.parametrize(
    ("quick", "write", "last"),
    [(False, False, ["--large"]), (True, False, ["--small", "--dry"]), (True, True, ["--small"])],
)
def test_only_a_quick_run_writes_nothing_unless_it_is_told_to(
    *, quick: bool, write: bool, last: list[str]
) -> None:
    command = command_of(ABSENT, quick=quick, write=write)

    assert command[2:] == ["tests.benchmarks.absent", *last]
