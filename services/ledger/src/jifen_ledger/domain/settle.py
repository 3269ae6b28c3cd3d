"""Turns a decision into movements between accounts and into the holder's figures (§5.1)."""

from __future__ import annotations

from collections.abc import Mapping

from jifen_contracts.periods import quarter_of
from jifen_contracts.scheme.catalogue import Line
from jifen_ledger.domain.booking import booked_quarter, branch_behind, keep_adjustment
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.figure_moves import move_figures
from jifen_ledger.domain.incentive import place_of, settle_incentive
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Notice
from jifen_ledger.domain.postings import (
    BONUS_ITEM,
    REVERSED,
    Movements,
    holder_account,
    issue,
    pending_account,
)
from jifen_ledger.domain.recount import Recount, passes_f, recount, stacked_notice
from jifen_ledger.domain.score import SEVERE_TIERS
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append, remove
from jifen_ledger.domain.versions import item_of


def empty_pending(moves: Movements, claim: Claim) -> None:
    """Give back what the claim holds in `pending`."""
    if pending := claim.pending:
        moves.move(pending_account(claim.holder), issue(claim.item), pending)


def fill_pending(moves: Movements, claim: Claim) -> None:
    """Put what the claim is worth into `pending`."""
    if pending := claim.pending:
        moves.move(issue(claim.item), pending_account(claim.holder), pending)


def refill_pending(moves: Movements, before: Claim, after: Claim) -> None:
    """Put the claim's new worth in `pending`, in place of what it held there."""
    if (before.item, before.pending) != (after.item, after.pending):
        empty_pending(moves, before)
        fill_pending(moves, after)


def settle(
    state: State, moves: Movements, claim: Claim, moment: Moment, *, live: bool
) -> tuple[Claim, tuple[Notice, ...]]:
    """Post F(after) − F(before) of a claim becoming live, or no longer; return it as counted.

    Everything that can be wanting is read before anything changes.
    """
    recounted: Recount | None = None
    lines = item_of(state.versions, claim).lines
    if passes_f(claim, lines):
        claim, recounted = recount(state, claim, live=live)
    desk = _Desk(state, moves, claim, live=live)
    desk.settle_lines(lines)
    notices: tuple[Notice, ...] = ()
    if recounted is not None:
        notices = desk.settle_bonus(recounted)
        if recounted.incentive:
            notices += desk.settle_wallet(recounted, moment)
        _keep_indexes(state, claim, recounted, live=live)
    return claim, notices


def _keep_indexes(state: State, claim: Claim, recounted: Recount, *, live: bool) -> None:
    for changed in recounted.changed:
        state.set_claim(changed)
    year = str(claim.deed_date.year)
    keep = append if live else remove
    keep(state.counting, (claim.holder, claim.item, year), claim.id)
    keep(state.stacks, (claim.holder, claim.key), claim.id)


class _Desk:
    """Settles one claim: the account movements and figures of its holder."""

    def __init__(self, state: State, moves: Movements, claim: Claim, *, live: bool) -> None:
        self._state = state
        self._moves = moves
        self._claim = claim
        self._live = live
        self._quarter = quarter_of(claim.deed_date)
        # The items whose differences meet in the bonus part of a quarter.
        self._moved: dict[str, set[str]] = {}
        self._excess_given: dict[tuple[str, str], int] = {}

    def settle_lines(self, lines: Mapping[str, Line]) -> None:
        """Post base and deduct lines, which skip the steps of F."""
        claim = self._claim
        sign = 1 if self._live else -1
        for capacity, raw in claim.worth.raw.items():
            kind = lines[capacity].kind
            if kind == "base":
                applicable = claim.worth.applicable.get(capacity, 0)
                self._figure(
                    capacity,
                    self._quarter,
                    claim.item,
                    earned=sign * raw,
                    applicable=sign * applicable,
                )
                self._own(capacity, claim.item, self._quarter, sign * raw, applicable)
            elif kind == "deduct":
                severe = sign * (claim.measure[capacity].tier in SEVERE_TIERS)
                self._figure(
                    capacity, self._quarter, claim.item, deductions=-sign * raw, severe=severe
                )
                self._deduction(capacity, -raw)

    def _deduction(self, capacity: str, amount: int) -> None:
        account = holder_account(self._claim.holder, capacity)
        points = -amount if self._live else amount
        details = self._details(self._claim.item, self._quarter, capacity, points)
        if self._live:
            target = issue(self._claim.item)
            self._moves.move(account, target, amount, kind="deduct", **details)
        else:
            self._moves.move(REVERSED, account, amount, kind="reversal", **details)

    def settle_bonus(self, recounted: Recount) -> tuple[Notice, ...]:
        """Post the differences of F, and what the bonus part's limit takes or gives back."""
        excess_before = self._excess(recounted.points)
        for _, item, quarter in recounted.points:
            self._moved.setdefault(quarter, set()).add(item)
        for (capacity, item, quarter), change in sorted(recounted.points.items()):
            self._figure(capacity, quarter, item, bonus=change)
            self._difference(capacity, item, quarter, change)
        risen = False
        for (capacity, quarter), before in sorted(excess_before.items()):
            taken = self._state.figures.get((self._claim.holder, capacity, quarter)).excess - before
            self._excess_given[capacity, quarter] = -taken
            self._difference(capacity, BONUS_ITEM, quarter, -taken)
            risen = risen or taken > 0
        return self._notices(recounted, excess_risen=risen)

    def settle_wallet(self, recounted: Recount, moment: Moment) -> tuple[Notice, ...]:
        """Post the differences of the incentive points, lot by lot."""
        return settle_incentive(
            self._state,
            self._moves,
            self._claim,
            recounted,
            moment,
            live=self._live,
            details=self._details,
        )

    def _excess(self, points: Mapping[tuple[str, str, str], int]) -> dict[tuple[str, str], int]:
        holder = self._claim.holder
        return {
            (capacity, quarter): self._state.figures.get((holder, capacity, quarter)).excess
            for capacity, _, quarter in points
        }

    def _difference(self, capacity: str, item: str, quarter: str, change: int) -> None:
        """Post one line of the table of §5.1 for bonus items and the bonus part."""
        if item == self._claim.item and self._live == (change > 0):
            self._own(capacity, item, quarter, change)
            return
        account = holder_account(self._claim.holder, capacity)
        details = self._details(item, quarter, capacity, change)
        if change > 0:
            self._moves.move(issue(item), account, change, kind="release", **details)
        else:
            self._moves.move(account, issue(item), -change, kind="absorb", **details)

    def _own(
        self, capacity: str, item: str, quarter: str, change: int, applicable: int = 0
    ) -> None:
        """Post the decided item's rise, or the reversed item's fall."""
        account = holder_account(self._claim.holder, capacity)
        details = self._details(item, quarter, capacity, change, applicable)
        if change > 0:
            self._moves.move(issue(item), account, change, kind="award", **details)
        else:
            self._moves.move(account, REVERSED, -change, kind="reversal", **details)

    def _details(
        self,
        item: str,
        quarter: str,
        capacity: str = "",
        points: int = 0,
        applicable: int = 0,
    ) -> dict[str, str]:
        """Return item, quarter and booked quarter; keep what thereby becomes an adjustment."""
        branch = self._branch(item, quarter)
        booked = booked_quarter(self._state, branch, quarter)
        if booked != quarter and capacity:
            keep_adjustment(
                self._state,
                (self._claim.holder, capacity, item),
                quarter=quarter,
                booked=booked,
                branch=branch,
                points=points,
                applicable=applicable,
                claim=self._claim.id,
            )
        return {"item": item, "quarter": quarter, "booked": booked}

    def _branch(self, item: str, quarter: str) -> str:
        """Return the branch that accounts for the holder's points of the item in the quarter."""
        claim = self._claim
        if quarter == self._quarter and item in (claim.item, BONUS_ITEM):
            return claim.branch
        items = self._moved.get(quarter, set()) if item == BONUS_ITEM else {item}
        ids = {
            id_
            for one in items
            for id_ in self._state.counting.get((claim.holder, one, quarter[:4]))
        }
        others = [self._state.claims.get(id_) for id_ in ids]
        return branch_behind([one for one in others if one is not None], quarter) or claim.branch

    def _figure(self, capacity: str, quarter: str, item: str, **change: int) -> None:
        move_figures(self._state, (self._claim.holder, capacity, quarter), item, **change)

    def _notices(self, recounted: Recount, *, excess_risen: bool) -> tuple[Notice, ...]:
        claim = self._claim
        if not self._live:
            return (Notice.RELEASED,) if self._taken_up(recounted) else ()
        short = any(
            recounted.points.get((capacity, claim.item, self._quarter), 0) < value
            for capacity, value in claim.counted.items()
        )
        short = short or recounted.incentive.get(place_of(claim), 0) < claim.counted_incentive
        capped = (Notice.CAPPED,) if short or excess_risen else ()
        return (*capped, *stacked_notice(claim))

    def _taken_up(self, recounted: Recount) -> bool:
        """Tell whether others got part of the room that the reversed claim held (E28)."""
        fallen = dict.fromkeys(self._claim.counted, 0)
        for (capacity, _, _), change in recounted.points.items():
            fallen[capacity] = fallen.get(capacity, 0) - change
        for (capacity, _), given_back in self._excess_given.items():
            fallen[capacity] = fallen.get(capacity, 0) - given_back
        short = any(fallen[capacity] < value for capacity, value in self._claim.counted.items())
        return short or -sum(recounted.incentive.values()) < self._claim.counted_incentive
