"""Two records of one person become one (`same_as`, domain.md §8.2, E46).

The claims of both count as one set under the surviving id: what the closed id had falls to zero,
the survivor moves to F of the whole set. Nothing is rewritten; the differences are postings.
"""

from __future__ import annotations

from dataclasses import replace

from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.booking import booked_quarter, branch_behind, keep_adjustment
from jifen_ledger.domain.carrying import carry_over
from jifen_ledger.domain.changes import Joined
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.figure_moves import move_figures
from jifen_ledger.domain.joining_wallets import Counted, Joining, join_wallets
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect
from jifen_ledger.domain.postings import (
    BONUS_ITEM,
    Movements,
    holder_account,
    issue,
    pending_account,
)
from jifen_ledger.domain.recount import Effects, effects_of, is_bonus, restacked
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.score import SEVERE_TIERS, Figures
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append, remove
from jifen_ledger.domain.versions import line_of

Points = dict[tuple[str, str, str], int]


def join(state: State, *, survivor: str, closed: Member, moment: Moment) -> Effect:
    """Move everything of the closed record to the survivor."""
    own = _claims_of(state, survivor)
    others = _claims_of(state, closed.id)
    moved = [claim._replace(holder=survivor) for claim in others]
    union = _restacked_union(state, [*own, *moved])
    moves = Movements()
    _move_pending(moves, others, survivor)
    theirs = _Accounts(state, moves, closed.id, others)
    ours = _Accounts(state, moves, survivor, union)
    applicable = _applicable(state, others)
    theirs.move_points(_points(state, others), {}, applicable)
    ours.move_points(_points(state, own), _points(state, union), applicable)
    sets = (_counted(state, others), _counted(state, own), _counted(state, union))
    joining = Joining(closed.id, survivor, *sets, theirs.details, ours.details)
    join_wallets(state, moves, moment, joining)
    _rehouse(state, others, union, survivor)
    _take_over_assessments(state, closed.id, survivor, moment)
    state.members.put(closed.id, replace(closed, joined_into=survivor))
    state.changes.joins.append(Joined(closed.id, survivor, moment.seq))
    carry_over(state, closed=closed.id, survivor=survivor, seq=moment.seq)
    return Effect(moves.postings())


def _claims_of(state: State, holder: str) -> list[Claim]:
    found = (state.claims.get(id_) for id_ in state.holdings.get(holder))
    return [claim for claim in found if claim is not None]


def _counting(state: State, claims: list[Claim]) -> list[Claim]:
    return [
        claim
        for claim in claims
        if claim.state is ClaimState.VERIFIED and is_bonus(state.versions, claim)
    ]


def _restacked_union(state: State, claims: list[Claim]) -> list[Claim]:
    """Return all claims, the counting ones as the whole set counts them."""
    groups: dict[str, list[Claim]] = {}
    for claim in _counting(state, claims):
        groups.setdefault(claim.key, []).append(claim)
    counted = {
        claim.id: claim for group in groups.values() for claim in restacked(state.versions, group)
    }
    return [counted.get(claim.id, claim) for claim in claims]


def _move_pending(moves: Movements, claims: list[Claim], survivor: str) -> None:
    for claim in claims:
        if claim.pending:
            source, target = pending_account(claim.holder), pending_account(survivor)
            moves.move(source, target, claim.pending)


def _effects(state: State, claims: list[Claim]) -> Effects:
    return effects_of(state.versions, _counting(state, claims))


def _points(state: State, claims: list[Claim]) -> Points:
    """Return what the claims have posted, by (capacity, item, quarter), excess included."""
    points = dict(_effects(state, claims).points)
    bonus: dict[tuple[str, str], int] = {}
    for (capacity, _, quarter), value in points.items():
        bonus[capacity, quarter] = bonus.get((capacity, quarter), 0) + value
    for (capacity, quarter), value in bonus.items():
        points[capacity, BONUS_ITEM, quarter] = -Figures(bonus=value).excess
    for claim, capacity, value in _lines(state, claims):
        key = (capacity, claim.item, quarter_of(claim.deed_date))
        points[key] = points.get(key, 0) + value
    return points


def _lines(state: State, claims: list[Claim]) -> list[tuple[Claim, str, int]]:
    """Return the base and deduct lines of the verified claims."""
    return [
        (claim, capacity, value)
        for claim in claims
        if claim.state is ClaimState.VERIFIED
        for capacity, value in claim.worth.raw.items()
        if line_of(state.versions, claim, capacity).kind != "bonus"
    ]


def _applicable(state: State, claims: list[Claim]) -> Points:
    """Return what is applicable of the base facts, by the keys of their points."""
    found: Points = {}
    for claim, capacity, _ in _lines(state, claims):
        key = (capacity, claim.item, quarter_of(claim.deed_date))
        found[key] = found.get(key, 0) + claim.worth.applicable.get(capacity, 0)
    return found


def _counted(state: State, claims: list[Claim]) -> Counted:
    return Counted(_effects(state, claims).incentive, _counting(state, claims))


class _Accounts:
    """The accounts of one of the two records, with the claims behind its points."""

    def __init__(self, state: State, moves: Movements, holder: str, claims: list[Claim]) -> None:
        self._state = state
        self._moves = moves
        self._holder = holder
        self._claims = [claim for claim in claims if claim.state is ClaimState.VERIFIED]

    def move_points(self, before: Points, after: Points, applicable: Points) -> None:
        """Post the differences of the assessment accounts; `applicable` moves with them."""
        for key in sorted(before.keys() | after.keys()):
            capacity, item, quarter = key
            change = after.get(key, 0) - before.get(key, 0)
            account = holder_account(self._holder, capacity)
            branch, booked = self._booking(item, quarter)
            keep_adjustment(
                self._state,
                (self._holder, capacity, item),
                quarter=quarter,
                booked=booked,
                branch=branch,
                points=change,
                applicable=applicable.get(key, 0),
                claim=None,
            )
            details = {"item": item, "quarter": quarter, "booked": booked}
            if change > 0:
                self._moves.move(issue(item), account, change, kind="release", **details)
            else:
                self._moves.move(account, issue(item), -change, kind="absorb", **details)

    def details(self, item: str, quarter: str) -> dict[str, str]:
        """Return what a posting of the wallet says."""
        _, booked = self._booking(item, quarter)
        return {"item": item, "quarter": quarter, "booked": booked}

    def _booking(self, item: str, quarter: str) -> tuple[str, str]:
        """Return the branch of the last deed behind the points, and the quarter it books them in.

        What the bonus part's limit takes rests on all bonus items of the quarter.
        """
        versions = self._state.versions
        claims = [
            claim
            for claim in self._claims
            if claim.item == item or (item == BONUS_ITEM and is_bonus(versions, claim))
        ]
        branch = branch_behind(claims, quarter)
        # Nothing is posted where no claim is behind it.
        assert branch is not None
        return branch, booked_quarter(self._state, branch, quarter)


def _rehouse(state: State, others: list[Claim], union: list[Claim], survivor: str) -> None:
    """Put the claims under the survivor, in every index, and count the figures anew."""
    _refigure(state, others, sign=-1)
    own = [claim for claim in union if claim.id not in {other.id for other in others}]
    before = [claim for claim in (state.claims.get(one.id) for one in own) if claim is not None]
    _refigure(state, before, sign=-1)
    _refigure(state, union, sign=1)
    for claim in union:
        if claim != state.claims.get(claim.id):
            state.set_claim(claim)
    for claim in others:
        year = str(claim.deed_date.year)
        remove(state.deeds, (claim.holder, claim.item, claim.deed), claim.id)
        append(state.deeds, (survivor, claim.item, claim.deed), claim.id)
        remove(state.holdings, claim.holder, claim.id)
        append(state.holdings, survivor, claim.id)
        if claim.state is ClaimState.VERIFIED and is_bonus(state.versions, claim):
            remove(state.counting, (claim.holder, claim.item, year), claim.id)
            append(state.counting, (survivor, claim.item, year), claim.id)
            remove(state.stacks, (claim.holder, claim.key), claim.id)
            append(state.stacks, (survivor, claim.key), claim.id)


def _take_over_assessments(state: State, closed: str, survivor: str, moment: Moment) -> None:
    """Let what the closed record assessed count for the survivor, where that has nothing itself."""
    for subject, month, late in state.assessments_by.get(closed):
        found = state.assessments.get((subject, month, late))
        if found is not None and state.assessments.get((survivor, month, late)) is None:
            taken = replace(found, seq=moment.seq, subject=survivor)
            state.keep("assessments", moment.seq, taken)


def _refigure(state: State, claims: list[Claim], *, sign: int) -> None:
    if not claims:
        return
    holder = claims[0].holder
    for (capacity, item, quarter), value in _effects(state, claims).points.items():
        move_figures(state, (holder, capacity, quarter), item, bonus=sign * value)
    for claim, capacity, value in _lines(state, claims):
        key = (holder, capacity, quarter_of(claim.deed_date))
        if line_of(state.versions, claim, capacity).kind == "base":
            applicable = claim.worth.applicable.get(capacity, 0)
            move_figures(state, key, claim.item, earned=sign * value, applicable=sign * applicable)
        else:
            severe = sign * (claim.measure[capacity].tier in SEVERE_TIERS)
            move_figures(state, key, claim.item, deductions=-sign * value, severe=severe)
