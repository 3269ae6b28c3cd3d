"""Who may decide a grade: the branch's committee, its members' meeting, or the level above."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.roles import in_committee, is_upper
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import deciding_branch, registered_on

# One person is neither a committee nor a meeting.
BODY_MIN = 2


class Bench(NamedTuple):
    """Those who decide on a day about a member whose home was the branch at the year's end."""

    by: str
    deciders: tuple[str, ...]
    branch: str
    pool: tuple[str, ...]
    over_quota: bool
    day: date


def check_bench(state: State, bench: Bench) -> None:
    """Raise `not_permitted` unless the deciders are a body that may decide.

    The level above decides by any of its officers, and it alone pools branches or goes over the
    quota. A committee or meeting decides by two people or more, who hold an office in the branch
    or are full members of it; an officer from above may sit with them. A meeting's decision is
    brought by the committee.
    """
    branch = deciding_branch(state, bench.branch, bench.day)
    if bench.by not in bench.deciders:
        raise Refused(Code.NOT_PERMITTED)
    if all(is_upper(state, person, branch, bench.day) for person in bench.deciders):
        if not all(_may_pool(state, bench, sister) for sister in bench.pool):
            raise Refused(Code.NOT_PERMITTED)
        return
    enough = len(bench.deciders) >= BODY_MIN and not bench.pool and not bench.over_quota
    if not enough or not _speaks(state, bench.by, branch, bench.day):
        raise Refused(Code.NOT_PERMITTED)
    for person in bench.deciders:
        if not _speaks(state, person, branch, bench.day) and not _votes(
            state, person, branch, bench.day
        ):
            raise Refused(Code.NOT_PERMITTED)


def _may_pool(state: State, bench: Bench, sister: str) -> bool:
    """A sister branch lies below the same officers."""
    registered = registered_on(state, sister, bench.day)
    if registered is None or registered.kind != "branch":
        return False
    return all(is_upper(state, person, sister, bench.day) for person in bench.deciders)


def _speaks(state: State, person: str, branch: str, day: date) -> bool:
    return in_committee(state, person, branch, day) or is_upper(state, person, branch, day)


def _votes(state: State, person: str, branch: str, day: date) -> bool:
    """A full member of the branch has a vote in its members' meeting."""
    member = state.members.get(person)
    if member is None or member.home_branch(day) != branch:
        return False
    return member.standing_on(day) == "full"
