"""Who sees time lines of people and units, transfers and patterns (domain.md §7)."""

from __future__ import annotations

from jifen_ledger.application.queries.rights import (
    EVERYTHING_SEEN,
    Column,
    Holder,
    Reader,
    sees_case,
)

# The roles by which somebody decides about others; who holds them is no secret.
OFFICES = ("secretary", "committee", "recorder", "group_leader", "specialist", "upper")


def sees_whole_timeline(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees standings, every assignment, records joined, and leaving."""
    return reader.is_holder(holder.id) or reader.column in EVERYTHING_SEEN


def sees_offices(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees the offices of a committee member, as their published sheet."""
    near = reader.column is Column.BRANCH and reader.own_branch(holder.branch)
    return (near or reader.column is Column.STAFF) and holder.in_committee


def sees_absences(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees when a person was away, and whether on leave or ill."""
    return reader.is_holder(holder.id) or sees_case(reader, holder.branch, ())


def sees_recusal(reader: Reader, branch: str, pair: tuple[str, str]) -> bool:
    """Tell whether the reader sees who steps back towards whom: both, and whose cases it is."""
    return reader.member in pair or sees_case(reader, branch, ())
