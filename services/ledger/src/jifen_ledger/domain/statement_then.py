"""The lines that the records would have left on an account, had later deeds not been done.

Postings are differences of F over all deeds known at their record, so those of deeds up to a day
need not add up to F over these deeds alone: a later deed may have taken the room under a cap, or
given it back. These lines do: they are the differences of F over the deeds up to the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.claim import Claim, ClaimState, Step
from jifen_ledger.domain.claim_then import counted_then
from jifen_ledger.domain.postings import BONUS_ITEM
from jifen_ledger.domain.recount import effects_of, is_bonus
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.versions import line_of

Points = dict[tuple[str, str], int]


class ThenLine(NamedTuple):
    """What a record would have moved on the account, of one item and deed quarter."""

    seq: int
    delta: int
    kind: str | None
    item: str
    quarter: str
    claim: str


def lines_then(
    versions: Sequence[Version], claims: Iterable[Claim], capacity: str
) -> list[ThenLine]:
    """Return the lines of one capacity in stream order; `claims` are all of the holder's deeds."""
    known = tuple(versions)
    own = [one for one in claims if one.verified_seq is not None and capacity in one.worth.raw]
    turns: dict[int, list[Claim]] = {}
    for claim in own:
        for seq in (claim.verified_seq, claim.reversed_seq):
            if seq is not None:
                turns.setdefault(seq, []).append(claim)
    live: dict[str, Claim] = {}
    lines: list[ThenLine] = []
    before: Points = {}
    for seq in sorted(turns):
        turned = turns[seq]
        lines += _own_lines(known, seq, turned, capacity)
        for claim in turned:
            if is_bonus(known, claim):
                _turn(live, claim, seq)
        after = _bonus(known, live.values(), capacity)
        lines += _differences(seq, turned, before, after)
        before = after
    return lines


def _turn(live: dict[str, Claim], claim: Claim, seq: int) -> None:
    if claim.verified_seq == seq:
        live[claim.id] = claim._replace(state=ClaimState.VERIFIED)
    else:
        del live[claim.id]


def _bonus(versions: tuple[Version, ...], live: Iterable[Claim], capacity: str) -> Points:
    """Return the effective points by (item, quarter), and what the bonus part takes back."""
    points: Points = {}
    sums: dict[str, int] = {}
    effects = effects_of(versions, counted_then(versions, live))
    for (one, item, quarter), value in effects.points.items():
        if one == capacity:
            points[item, quarter] = value
            sums[quarter] = sums.get(quarter, 0) + value
    for quarter, value in sums.items():
        points[BONUS_ITEM, quarter] = -Figures(bonus=value).excess
    return points


def _own_lines(
    versions: tuple[Version, ...], seq: int, turned: Sequence[Claim], capacity: str
) -> list[ThenLine]:
    """Return the base and deduct lines of the claims that the record decided."""
    lines = []
    for claim in turned:
        line, value = line_of(versions, claim, capacity), claim.worth.raw[capacity]
        if line.kind == "bonus" or value == 0:
            continue
        live = claim.verified_seq == seq
        kind = "reversal" if not live else "award" if line.kind == "base" else "deduct"
        delta, quarter = value if live else -value, quarter_of(claim.deed_date)
        lines.append(ThenLine(seq, delta, kind, claim.item, quarter, claim.id))
    return lines


def _differences(
    seq: int, turned: Sequence[Claim], before: Points, after: Points
) -> list[ThenLine]:
    decided = {one.item: one.verified_seq == seq for one in turned}
    lines = []
    for item, quarter in before.keys() | after.keys():
        change = after.get((item, quarter), 0) - before.get((item, quarter), 0)
        if change == 0:
            continue
        rises = change > 0
        if decided.get(item) == rises:
            kind = "award" if rises else "reversal"
        else:
            kind = "release" if rises else "absorb"
        lines.append(ThenLine(seq, change, kind, item, quarter, turned[0].id))
    return sorted(lines, key=lambda one: (one.delta > 0, one.item, one.quarter))


def pending_lines_then(
    claims: Iterable[Claim], steps: Mapping[str, Sequence[Step]]
) -> list[ThenLine]:
    """Return the lines of `pending` in stream order: what each step of the claims put or took."""
    lines = []
    for claim in claims:
        held = 0
        for step in steps[claim.id]:
            open_ = step.step in (ClaimState.CLAIMED, ClaimState.PRELIMINARY)
            now = step.worth.pending if open_ else 0
            if now != held:
                quarter = quarter_of(claim.deed_date)
                lines.append(ThenLine(step.seq, now - held, None, claim.item, quarter, claim.id))
            held = now
    return sorted(lines)
