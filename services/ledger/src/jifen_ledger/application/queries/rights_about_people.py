"""Who sees what is judged about people: vetoes, awards, grades (domain.md §7)."""

from __future__ import annotations

from jifen_ledger.application.queries.rights import OUTSIDE, Column, Holder, Reader
from jifen_ledger.domain.awards import BADGE, BENEFIT, KINDS

_EVERYWHERE = (Column.REVIEWER, Column.UPPER, Column.AUDITOR)


def sees_vetoes(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees that a veto is there, and its span.

    Whoever sees a score in the sheet only sees what a veto made of it, and not the veto.
    """
    return reader.is_holder(holder.id) or reader.column in _EVERYWHERE


def sees_basis(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees basis and reason: the holder, own cases, those above."""
    return (
        reader.is_holder(holder.id)
        or reader.column in (Column.UPPER, Column.AUDITOR)
        or (reader.column is Column.REVIEWER and reader.own_branch(holder.branch))
    )


def sees_grades(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees a person's grades: like the basis they rest on."""
    return sees_basis(reader, holder)


def sees_proposals(reader: Reader, branch: str) -> bool:
    """Tell whether the reader sees the ranks and figures that grades are proposed from."""
    return reader.column in (Column.UPPER, Column.AUDITOR) or (
        reader.column is Column.REVIEWER and reader.own_branch(branch)
    )


def pools_branches(reader: Reader) -> bool:
    """Tell whether the reader sees branches pooled: only the level above pools them."""
    return reader.column in (Column.UPPER, Column.AUDITOR)


def sees_award_kind(reader: Reader, holder: str, kind: str) -> bool:
    """Tell whether the reader sees awards of the kind.

    A badge may show Party status, which needs the person's consent; benefits are nobody's
    business but the person's and of those who grant them.
    """
    if reader.column in OUTSIDE:
        return False
    if reader.is_holder(holder):
        return True
    if kind == BADGE:
        return reader.column in (Column.REVIEWER, Column.UPPER)
    if kind == BENEFIT:
        return reader.column in _EVERYWHERE
    return reader.column is not Column.SELF


def kinds_on_register(reader: Reader) -> tuple[str, ...]:
    """Return the kinds that the reader sees of everybody."""
    return tuple(kind for kind in KINDS if sees_award_kind(reader, "", kind))


def sees_past_awards(reader: Reader, holder: Holder) -> bool:
    """Tell whether the reader sees awards that ended: to all others a revoked one disappears."""
    return reader.is_holder(holder.id) or sees_ended_awards(reader)


def sees_ended_awards(reader: Reader) -> bool:
    """Tell whether the reader sees those of everybody."""
    return reader.column in _EVERYWHERE
