"""What a branch's quarter must have before it moves on (domain.md §5.3), code by code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from jifen_contracts.codes import Code
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.corrections import objections_of, pending_corrections
from jifen_ledger.domain.life import is_lapsed
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.periods import Period, WaivedAssessment, WaivedFact
from jifen_ledger.domain.quarter_claims import claims_of_quarter
from jifen_ledger.domain.quarter_duties import missing_facts
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import unassessed_months

# Claims that wait for a decision; a returned one does until its time is over.
_OPEN: Final = (ClaimState.CLAIMED, ClaimState.PRELIMINARY, ClaimState.RETURNED)


def check_reviewed(state: State, period: Period) -> None:
    """Refuse while a claim waits for its preliminary review."""
    claims = claims_of_quarter(state, period.branch, period.quarter)
    _refuse_open([claim for claim in claims if claim.state is ClaimState.CLAIMED])


def check_decided(state: State, period: Period, day: date) -> None:
    """Refuse while a claim lacks its final decision.

    Claims recorded after the preliminary step block nothing, whatever becomes of them.
    """
    assert period.preliminary_seq is not None
    claims = claims_of_quarter(state, period.branch, period.quarter)
    waiting = [
        claim
        for claim in claims
        if claim.seq < period.preliminary_seq and claim.state in _OPEN and not is_lapsed(claim, day)
    ]
    _refuse_open(waiting)


def _refuse_open(claims: list[Claim]) -> None:
    if claims:
        raise Refused(Code.CLAIMS_OPEN, refers_to=min(claim.seq for claim in claims))


def check_assessed(state: State, period: Period, waived: Collection[WaivedAssessment]) -> None:
    """Refuse while a self-assessment of the branch is neither in nor waived.

    The branch's own stands for those below, which it was refused without.
    """
    gone_without = {(one.holder, one.month) for one in waived}
    owed = unassessed_months(state, period.branch, period.quarter)
    if any((period.branch, month) not in gone_without for month in owed):
        raise Refused(Code.LOWER_LEVEL_MISSING)


def check_complete(state: State, period: Period, waived: Collection[WaivedFact]) -> None:
    """Refuse while a base fact is neither there nor waived."""
    if any(missing_facts(state, period.branch, period.quarter, waived)):
        raise Refused(Code.FACTS_MISSING)


def check_revision(period: Period, stated: int | None, *, freezes: bool) -> None:
    """Refuse another revision than the one that the step leaves behind.

    The first publication, and a step without a bulletin, need not say what is clear.
    """
    unsaid = stated is None and (not freezes or not period.revision)
    if stated != period.revision + freezes and not unsaid:
        raise Refused(Code.REVISION_NOT_NEXT, refers_to=period.revised_seq)


def check_corrected(state: State, period: Period) -> None:
    """Refuse while an upheld objection waits for a reversal."""
    pending = pending_corrections(state, period.branch, period.quarter)
    if pending:
        raise Refused(Code.CORRECTIONS_PENDING, refers_to=min(claim.seq for claim in pending))


def check_window_over(period: Period, day: date) -> None:
    """Refuse FINAL while anybody may still object."""
    if period.window_end is not None and day <= period.window_end:
        raise Refused(Code.WINDOW_OPEN, refers_to=period.published_seq)


def check_answered(
    state: State, period: Period, named: Collection[str], *, all_of_them: bool
) -> None:
    """Refuse while an objection has no answer: one that a revision names, or any before FINAL."""
    filed = objections_of(state, period.branch, period.quarter)
    waiting = [one.seq for one in filed if all_of_them and one.is_open]
    answered = {one.objection for one in filed if not one.is_open}
    if waiting or not answered.issuperset(named):
        raise Refused(Code.OBJECTIONS_OPEN, refers_to=min(waiting, default=None))
