"""The demo's checks: each of them can fail."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from jifen_local.demo.checks import checks_of, ranks_of
from jifen_local.demo.readings import Readings
from jifen_local.demo.story import Told
from jifen_local.demo.tally import Tally
from jifen_local.demo.year import Year
from tests.local.years import year_of


@pytest.fixture(scope="module")
def year() -> Year:
    return year_of()


def _tally(year: Year) -> Tally:
    messages = year.messages
    refused = year.refused_at_the_door()
    return Tally(
        sent=Counter(all=len(messages)),
        stored=Counter(all=len(messages) - refused.total() - 200),
        resends=Counter(all=200),
        refused=refused,
    )


def _readings(year: Year) -> Readings:
    refused = dict(year.refused_by_the_fold())
    resends = sum(message.resent for message in year.messages)
    recorded = len(year.messages) - year.refused_at_the_door().total() - 200
    outcomes = {"refused": sum(refused.values()), "duplicate": resends - 200}
    outcomes["posted"] = recorded - sum(outcomes.values())
    lines = [
        {"delta": "9", "balance": "9", "seq": 1, "ordinal": 0},
        {"delta": "12", "balance": "21", "seq": 2, "ordinal": 1},
    ]
    return Readings(
        status={"stream_head": 9, "checkpoint": 9, "outcomes": outcomes, "refused": refused},
        branches=[{"rank": 1, "n": 5}, {"rank": None, "n": 4}],
        board={"entries": [_entry(1, "93.5"), _entry(2, "91"), _entry(2, "91"), _entry(4, "90")]},
        balance="21",
        statement=lines,
        capped=lines[1],
        explanation={"delta": "12", "trace": {"before": "0", "after": "12", "delta": "12"}},
        trial_balance=_trial("0"),
    )


def _told(score: int = 903) -> Told:
    """A correction of three points, as both revisions of the bulletin tell it."""
    line = {"holder": "m-1", "capacity": "committee"}
    listed = {"holder": "m-1", "figure": "score", "old": 873, "new": 903}
    first = {"content": {"holders": [line | {"score": 873}]}}
    second = {"content": {"holders": [line | {"score": score}], "differences": [listed]}}
    return Told("u-1", "m-1", claim={}, first=first, second=second, objection={})


def _trial(sum_: str) -> dict[str, Any]:
    units = [{"unit": "pt", "sum": sum_}, {"unit": "inc", "sum": "0"}]
    return {"units": units, "balances_equal_postings": True}


def _entry(rank: int, score: str) -> dict[str, Any]:
    return {"rank": rank, "score": score, "name_zh": "王建国", "name_en": "Wang Jianguo"}


def test_a_sound_run_passes_every_check(year: Year) -> None:
    checks = checks_of(year, _tally(year), _readings(year), _told())

    assert [one for one in checks if not one.holds] == []


SPOILED: dict[str, dict[str, Any]] = {
    "Every event in the stream has its record": {"status": {"checkpoint": 8}},
    "The fold refused what it had to": {"status": {"refused": {"too_late": 1}}},
    "All balances of a unit of points add up to zero": {"trial_balance": _trial("0.1")},
    "Equal scores have equal ranks (1-2-2-4)": {
        "board": {"entries": [_entry(1, "93.5"), _entry(2, "93.5")]}
    },
    "Names come from the directory, not from events": {
        "board": {"entries": [_entry(1, "93.5") | {"name_zh": None}]}
    },
    "No branch is ranked on fewer than five members": {"branches": [{"rank": 1, "n": 4}]},
    "The statement's lines add up to the balance": {"balance": "20.5"},
    "The cap arithmetic gives the posted amount": {
        "explanation": {"delta": "12", "trace": {"before": "0", "after": "15", "delta": "15"}}
    },
}


@pytest.mark.parametrize("says", SPOILED)
def test_a_wrong_figure_fails_its_check_alone(year: Year, says: str) -> None:
    readings = _readings(year)
    change = dict(SPOILED[says])
    if "status" in change:
        change["status"] = {**readings.status, **change["status"]}

    checks = checks_of(year, _tally(year), replace(readings, **change), _told())

    assert [check.says for check in checks if not check.holds] == [says]


def test_an_event_lost_between_door_and_ledger_breaks_the_equation(year: Year) -> None:
    readings = _readings(year)
    outcomes = {**readings.status["outcomes"]}
    outcomes["posted"] -= 1

    checks = checks_of(
        year,
        _tally(year),
        replace(readings, status={**readings.status, "outcomes": outcomes}),
        _told(),
    )

    assert [check.says for check in checks if not check.holds] == [
        "sent - refused at the door - resends answered at the door = recorded"
    ]


def test_a_bulletin_that_does_not_list_what_it_corrects_fails_its_check(year: Year) -> None:
    checks = checks_of(year, _tally(year), _readings(year), _told(score=902))

    assert [check.says for check in checks if not check.holds] == [
        "The corrected bulletin lists what the objection changed"
    ]


def test_ranks_leave_a_gap_after_equal_scores() -> None:
    scores = [Decimal(one) for one in ("96", "93", "93", "91")]

    assert ranks_of(scores) == [1, 2, 2, 4]
