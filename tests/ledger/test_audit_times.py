"""Records are not wrongly dated by more than the cosignatures let pass (tlog.md §11.3)."""

import pytest

from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.application.audit.times import SKEW_S, Witnessed, check_times, indexes_of

NOON_S = 1_767_268_800
RECORDED = {
    9: "2026-01-01T12:00:00.000Z",
    10: "2026-01-01T11:59:00.000Z",
}


def test_the_last_entry_seen_and_the_next_are_timed() -> None:
    assert indexes_of([Witnessed(10, NOON_S), Witnessed(0, NOON_S)]) == {9, 10, 0}


@pytest.mark.parametrize(
    ("time_s", "lateness_s"),
    [(NOON_S, 60), (NOON_S - SKEW_S, 0), (NOON_S - 60, 0), (NOON_S + SKEW_S - 60, SKEW_S)],
)
def test_the_greatest_lateness_is_told(time_s: int, lateness_s: int) -> None:
    assert check_times([Witnessed(10, time_s)], RECORDED, SKEW_S) == lateness_s


def test_without_a_cosignature_nothing_is_known_of_lateness() -> None:
    assert check_times([], RECORDED, SKEW_S) is None


@pytest.mark.parametrize(
    ("time_s", "told"),
    [
        (NOON_S - SKEW_S - 1, "^seq 10 says 2026-01-01T12:00:00.000Z, but a witness had seen it"),
        (NOON_S + SKEW_S - 59, "^seq 11 says 2026-01-01T11:59:00.000Z, but was added more than"),
    ],
    ids=["post-dated", "late"],
)
def test_what_is_dated_after_it_was_seen_or_long_before_it_was_added_fails(
    time_s: int, told: str
) -> None:
    with pytest.raises(AuditFailed, match=told):
        check_times([Witnessed(10, time_s)], RECORDED, SKEW_S)


def test_an_outage_that_the_auditor_knows_of_is_allowed() -> None:
    seen = [Witnessed(10, NOON_S + 7_200)]

    assert check_times(seen, RECORDED, 8_000) == 7_260
