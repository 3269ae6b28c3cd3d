"""Scores and ranks of both states, board by board (domain.md §5.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from jifen_contracts.periods import end_day, first_day
from jifen_contracts.points import half_up
from jifen_ledger.domain.ranking import ranking
from jifen_ledger.domain.registers import HOME, Member
from jifen_ledger.domain.score import CAPACITIES
from jifen_ledger.domain.simulation.result import Places, ScoreChange, Tally
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on

Scores = Mapping[str, int]


def last_day(period: str) -> date:
    """Return the last day of the period: what is in force then holds for its boards."""
    return end_day(period) - timedelta(days=1)


def scores_in(state: State, capacity: str, quarter: str) -> dict[str, int]:
    """Return the score of every scored holder."""
    return {
        holder: score
        for (holder, held, within), figures in state.figures.rows().items()
        if (held, within) == (capacity, quarter) and (score := figures.score) is not None
    }


def score_changes(was: State, would: State, quarter: str) -> Iterator[ScoreChange]:
    """Yield what differs in the quarter, by capacity and holder."""
    for capacity in CAPACITIES:
        before, after = (scores_in(state, capacity, quarter) for state in (was, would))
        places = _places(was, would, capacity, quarter, (before, after))
        for holder in sorted(before.keys() | after.keys()):
            own = tuple(places.get(holder, ()))
            moved = before.get(holder) != after.get(holder)
            if moved or any(place.before != place.after for place in own):
                yield ScoreChange(
                    quarter, capacity, holder, before.get(holder), after.get(holder), own
                )


def tally(was: State, would: State, capacity: str, quarters: tuple[str, ...]) -> Tally:
    """Return how the scores of a capacity moved in all."""
    before, after = (
        {
            (quarter, holder): score
            for quarter in quarters
            for holder, score in scores_in(state, capacity, quarter).items()
        }
        for state in (was, would)
    )
    both = before.keys() & after.keys()
    return Tally(
        capacity=capacity,
        risen=sum(after[key] > before[key] for key in both),
        fallen=sum(after[key] < before[key] for key in both),
        same=sum(after[key] == before[key] for key in both),
        newly_scored=len(after.keys() - both),
        no_longer_scored=len(before.keys() - both),
        mean_before=half_up(sum(before.values()), len(before)) if before else None,
        mean_after=half_up(sum(after.values()), len(after)) if after else None,
    )


def _places(
    was: State, would: State, capacity: str, quarter: str, scores: tuple[Scores, Scores]
) -> dict[str, list[Places]]:
    """Return the places of each holder: on the board of the whole scheme, then of the branch."""
    min_n = [_min_n(state, quarter) for state in (was, would)]
    homes = {} if capacity == "unit" else _homes(was, quarter, scores[0].keys() | scores[1].keys())
    boards = [was.scheme, *sorted({home for home in homes.values() if home != was.scheme})]
    found: dict[str, list[Places]] = {}
    for board in boards:
        own = [
            {
                holder: score
                for holder, score in some.items()
                if board in (was.scheme, homes.get(holder))
            }
            for some in scores
        ]
        before, after = (_ranks(some, least) for some, least in zip(own, min_n, strict=True))
        for holder in own[0].keys() | own[1].keys():
            found.setdefault(holder, []).append(
                Places(board, len(own[0]), before.get(holder), len(own[1]), after.get(holder))
            )
    return found


def _ranks(scores: Scores, min_n: int) -> dict[str, int]:
    if len(scores) < min_n:
        return {}
    return {one.holder: one.rank for one in ranking(scores.items())}


def _min_n(state: State, quarter: str) -> int:
    version = version_on(state.versions, last_day(quarter)) or state.versions[0]
    return version.document.ranking.min_n


def _homes(state: State, quarter: str, holders: set[str]) -> dict[str, str]:
    homes: dict[str, str] = {}
    for holder in holders:
        member = state.members.get(holder)
        home = None if member is None else _last_home(member, quarter)
        if home is not None:
            homes[holder] = home
    return homes


def _last_home(member: Member, quarter: str) -> str | None:
    """Return the home branch on the last day of the quarter that had one."""
    first, end = first_day(quarter), end_day(quarter)
    homes = [
        one
        for one in member.assignments
        if one.role in HOME
        and one.from_ < end
        and (one.to is None or max(one.from_, first) < one.to)
    ]
    return max(homes, key=lambda one: one.from_).unit if homes else None
