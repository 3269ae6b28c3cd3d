"""When something may be objected to (公示): in the window of the bulletin that shows it (§5.3)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.periods import next_quarter, quarter_of
from jifen_ledger.domain.booking import period_of
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.state import State

_UNDECIDED = (ClaimState.CLAIMED, ClaimState.PRELIMINARY, ClaimState.RETURNED)


def quarter_objected_to(state: State, claim: Claim, day: date) -> str:
    """Return the quarter in whose window the claim is objected to on the day.

    That of its deed while the window is open; what was decided after a publication stands in the
    bulletin of a later quarter, and may be questioned there. Raises `wrong_state` before there is a
    decision and a bulletin, `window_closed` afterwards.
    """
    quarter = quarter_of(claim.deed_date)
    if claim.state in _UNDECIDED:
        raise Refused(Code.WRONG_STATE, refers_to=claim.seq)
    if _is_within(period_of(state, claim.branch, quarter), day):
        return quarter
    quarter = _shown_quarter(state, claim)
    check_window(period_of(state, claim.branch, quarter), day)
    return quarter


def check_window(period: Period | None, day: date) -> None:
    """Raise `wrong_state` before the first bulletin, `window_closed` after the window."""
    if period is None or not period.is_published:
        raise Refused(Code.WRONG_STATE, refers_to=None if period is None else period.seq)
    if not _is_within(period, day):
        raise Refused(Code.WINDOW_CLOSED, refers_to=period.published_seq)


def _is_within(period: Period | None, day: date) -> bool:
    """Tell whether the window is open: it ends with its last day, 24:00."""
    return period is not None and period.window_end is not None and day <= period.window_end


def _shown_quarter(state: State, claim: Claim) -> str:
    """Return the first quarter from the deed's on that was not published at the last decision."""
    quarter, decided = quarter_of(claim.deed_date), claim.decided_seq or claim.seq
    while True:
        period = period_of(state, claim.branch, quarter)
        if period is None or period.published_seq is None or period.published_seq > decided:
            return quarter
        quarter = next_quarter(quarter)
