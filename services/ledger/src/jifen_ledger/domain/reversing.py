"""Ends a claim: its verified points are taken back, or it only stops waiting (§3.1, §5.1)."""

from __future__ import annotations

from typing import NamedTuple

from jifen_ledger.domain.claim import Claim, ClaimState, Step
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Notice
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.settle import empty_pending, settle
from jifen_ledger.domain.state import State


class Ending(NamedTuple):
    """When a record ends a claim, and who decided that for which reason, as far as it is told."""

    moment: Moment
    by: str | None
    deciders: tuple[str, ...]
    reason: str | None


def end_claim(state: State, moves: Movements, claim: Claim, ending: Ending) -> tuple[Notice, ...]:
    """Post F(after) - F(before) without the claim, all capacities and the wallet."""
    empty_pending(moves, claim)
    notices: tuple[Notice, ...] = ()
    if claim.state is ClaimState.VERIFIED:
        _, notices = settle(state, moves, claim, ending.moment, live=False)
        if claim.project is not None:
            uses = state.split_uses.get(claim.project)
            state.split_uses.put(claim.project, uses - 1)
    state.set_claim(
        claim._replace(
            state=ClaimState.REVERSED,
            reversed_seq=ending.moment.seq,
            decided_seq=ending.moment.seq,
            ended_by=ending.deciders,
        )
    )
    state.changes.steps.append(
        Step(
            claim.id,
            ending.moment.seq,
            "reversed",
            claim.item,
            claim.measure,
            claim.worth,
            ending.by,
            ending.deciders,
            ending.reason,
        )
    )
    return notices
