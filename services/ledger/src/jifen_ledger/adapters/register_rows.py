"""Registers as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from jifen_contracts.scheme.document import SchemeDocument, document_object
from jifen_ledger.adapters.claim_rows import Row
from jifen_ledger.domain.changes import Departure, Joined
from jifen_ledger.domain.registers import Assignment, Panel, Split, Standing, UnitState, Version


def version_row(scheme: str, version: Version) -> Row:
    """Return the values in the order of the table's columns; so do all below."""
    document = document_object(version.document)
    return scheme, version.version, version.seq, version.effective_from, document


def version_of(row: sa.Row[Any]) -> Version:
    """Return the version of a row; its document was checked when it was published."""
    document = SchemeDocument.model_validate(row.document)
    return Version(row.version, row.effective_from, document, row.seq)


def unit_row(scheme: str, unit: str, state: UnitState) -> Row:
    return (
        scheme,
        unit,
        state.seq,
        state.kind,
        state.class_,
        state.parent,
        state.name_zh,
        state.name_en,
        state.from_,
        state.to,
        list(state.came_from),
    )


def unit_state_of(row: sa.Row[Any]) -> UnitState:
    return UnitState(
        row.seq,
        row.kind,
        row.unit_class,
        row.parent,
        row.name_zh,
        row.name_en,
        row.from_day,
        row.to_day,
        tuple(row.came_from),
    )


def standing_row(scheme: str, member: str, standing: Standing) -> Row:
    return scheme, member, standing.seq, standing.standing, standing.from_, standing.channel


def standing_of(row: sa.Row[Any]) -> Standing:
    return Standing(row.seq, row.standing, row.from_day, row.channel)


def assignment_rows(scheme: str, assignments: Iterable[Assignment]) -> list[Row]:
    """Return rows in stream order; one that is corrected among them is closed by the next."""
    rows: list[Row] = []
    until: dict[str, int] = {}
    for one in reversed(list(assignments)):
        rows.append(
            (
                scheme,
                one.id,
                one.seq,
                one.member,
                one.role,
                one.unit,
                one.post,
                list(one.of),
                one.from_,
                one.to,
                one.sent,
                until.get(one.id),
            )
        )
        until[one.id] = one.seq
    return rows[::-1]


def first_seqs(assignments: Iterable[Assignment]) -> dict[str, int]:
    """Return the seq at which each assignment's row of before ends, by assignment id."""
    firsts: dict[str, int] = {}
    for one in assignments:
        firsts.setdefault(one.id, one.seq)
    return firsts


def assignment_of(row: sa.Row[Any]) -> Assignment:
    return Assignment(
        id=row.assignment,
        seq=row.seq,
        member=row.member,
        role=row.role,
        unit=row.unit,
        post=row.post,
        of=tuple(row.of),
        from_=row.from_day,
        to=row.to_day,
        sent=row.sent,
    )


def departure_row(scheme: str, departure: Departure) -> Row:
    return scheme, departure.member, departure.seq, departure.on, departure.why


def joined_row(scheme: str, joined: Joined) -> Row:
    return scheme, joined.closed, joined.survivor, joined.seq


def panel_row(scheme: str, panel: Panel) -> Row:
    pairs = sorted(panel.recusals)
    return (
        scheme,
        panel.branch,
        panel.seq,
        panel.id,
        panel.from_,
        panel.to,
        panel.chair,
        list(panel.members),
        [member for member, _ in pairs],
        [towards for _, towards in pairs],
    )


def panel_of(row: sa.Row[Any]) -> Panel:
    return Panel(
        row.panel,
        row.seq,
        row.branch,
        row.from_day,
        row.to_day,
        row.chair,
        tuple(row.members),
        frozenset(zip(row.recused, row.recused_towards, strict=True)),
    )


def split_row(scheme: str, split: Split) -> Row:
    return (
        scheme,
        split.project,
        split.seq,
        split.unit,
        split.item,
        split.pool,
        list(split.parts),
        list(split.parts.values()),
        sorted(split.organisers),
    )


def split_of(row: sa.Row[Any]) -> Split:
    return Split(
        row.project,
        row.seq,
        row.unit,
        row.item,
        row.pool,
        dict(zip(row.participants, row.parts, strict=True)),
        frozenset(row.organisers),
    )
