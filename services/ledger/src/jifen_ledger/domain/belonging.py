"""Where a person belongs when no deed date says so, and who is above (domain.md §3.2, §4.5)."""

from __future__ import annotations

from datetime import date

from jifen_ledger.domain.people import identity
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.roles import is_upper
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import deciding_branch


def branch_of_person(state: State, person: str, day: date) -> str:
    """Return the branch that answers for the member on the day.

    It is the home, or what came after it; of somebody without a home on the day the last one
    before, else the first to come. Who never had one answers to the root.
    """
    member = state.members.get(person)
    home = None if member is None else _nearest_home(member, day)
    return deciding_branch(state, home or state.scheme, day)


def _nearest_home(member: Member, day: date) -> str | None:
    homes = sorted(
        (one for one in member.assignments if one.role == "member" and one.from_ != one.to),
        key=lambda one: one.from_,
    )
    begun = [one for one in homes if one.from_ <= day]
    nearest = begun[-1:] or homes[:1]
    return nearest[0].unit if nearest else None


def is_above(state: State, officer: str, person: str, day: date) -> bool:
    """Tell whether the officer is of a unit above the person's branch, and somebody else."""
    if identity(state, officer) == person:
        return False
    return is_upper(state, officer, branch_of_person(state, person, day), day)
