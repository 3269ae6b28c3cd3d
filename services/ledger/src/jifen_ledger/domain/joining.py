"""Two records of one person become one (`same_as`, domain.md §8.2, E46).

The claims of both count as one set under the surviving id: what the closed id had falls to zero,
the survivor moves to F of the whole set. Nothing is rewritten; the differences are postings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jifen_contracts.periods import first_day, quarter_of
from jifen_ledger.domain.booking import booked_quarter
from jifen_ledger.domain.changes import Joined
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect
from jifen_ledger.domain.postings import (
    BONUS_ITEM,
    Movements,
    holder_account,
    issue,
    issue_inc,
    pending_account,
    wallet,
)
from jifen_ledger.domain.recount import Effects, effects_of, is_bonus, restacked
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.score import Figures
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
    _move_points(state, moves, closed.id, _points(state, others), {})
    _move_points(state, moves, survivor, _points(state, own), _points(state, union))
    _move_incentive(moves, closed.id, _incentive(state, others), {})
    _move_incentive(moves, survivor, _incentive(state, own), _incentive(state, union))
    _rehouse(state, others, union, survivor)
    state.members.put(closed.id, replace(closed, joined_into=survivor))
    state.changes.joins.append(Joined(closed.id, survivor, moment.seq))
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


def _incentive(state: State, claims: list[Claim]) -> dict[tuple[str, str], int]:
    return dict(_effects(state, claims).incentive)


def _move_points(
    state: State, moves: Movements, holder: str, before: Points, after: Points
) -> None:
    for key in sorted(before.keys() | after.keys()):
        capacity, item, quarter = key
        change = after.get(key, 0) - before.get(key, 0)
        account = holder_account(holder, capacity)
        booked = booked_quarter(state, state.scheme, quarter)
        if change > 0:
            moves.move(
                issue(item),
                account,
                change,
                item=item,
                quarter=quarter,
                kind="release",
                booked=booked,
            )
        else:
            moves.move(
                account,
                issue(item),
                -change,
                item=item,
                quarter=quarter,
                kind="absorb",
                booked=booked,
            )


def _move_incentive(
    moves: Movements,
    holder: str,
    before: Mapping[tuple[str, str], int],
    after: Mapping[tuple[str, str], int],
) -> None:
    for key in sorted(before.keys() | after.keys()):
        item, month = key
        change = after.get(key, 0) - before.get(key, 0)
        details = {"item": item, "quarter": quarter_of(first_day(month))}
        if change > 0:
            moves.move(issue_inc(item), wallet(holder), change, kind="release", **details)
        else:
            moves.move(wallet(holder), issue_inc(item), -change, kind="absorb", **details)


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


def _refigure(state: State, claims: list[Claim], *, sign: int) -> None:
    if not claims:
        return
    holder = claims[0].holder
    for (capacity, item, quarter), value in _effects(state, claims).points.items():
        state.move_figures((holder, capacity, quarter), item, bonus=sign * value)
    for claim, capacity, value in _lines(state, claims):
        key = (holder, capacity, quarter_of(claim.deed_date))
        if line_of(state.versions, claim, capacity).kind == "base":
            applicable = claim.worth.applicable.get(capacity, 0)
            state.move_figures(key, claim.item, earned=sign * value, applicable=sign * applicable)
        else:
            state.move_figures(key, claim.item, deductions=-sign * value)
