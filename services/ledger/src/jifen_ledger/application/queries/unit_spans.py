"""The spans of a unit's time line, each from what a register says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jifen_ledger.application.queries.stated import Stated
from jifen_ledger.domain.registers import Assignment, Panel, Unit
from jifen_ledger.domain.spans import Dated, Holding, overridden

UnitSpanKind = Literal["registration", "successor", "panel", "office"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a panel or the holder of an office."""

    member: str
    name_zh: str | None = None
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class RecusalPair:
    """Who steps back, and from deciding about whom."""

    member: str
    towards: str


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """What was so from a day on, to the day before `to_day` where there is an end.

    `what` is the kind of unit or the role; a panel has its chair first among its `people`. The
    record `seq` said it. A span with `replaced_by` is history: a later record took its place whole.
    `recusals` are those that the reader may see.
    """

    kind: UnitSpanKind
    what: str
    id: str
    from_day: str
    to_day: str | None
    seq: int
    recorded_at: str = ""
    replaces: int | None = None
    replaced_by: int | None = None
    name_zh: str | None = None
    name_en: str | None = None
    unit_class: str | None = None
    parent: str | None = None
    came_from: Sequence[str] = ()
    people: Sequence[Person] = ()
    post: str | None = None
    quorum: int | None = None
    recusals: Sequence[RecusalPair] = ()


def registration_spans(unit: Unit) -> Iterator[UnitSpan]:
    """Yield the unit's registrations; the last recorded decides from its day on."""
    held = overridden(unit.states, [state.to for state in unit.states])
    before = _replaced(unit.states, held)
    for state, one in zip(unit.states, held, strict=True):
        yield UnitSpan(
            "registration",
            state.kind,
            unit.id,
            state.from_.isoformat(),
            _day(one),
            state.seq,
            replaces=before.get(state.seq),
            replaced_by=one.replaced_by,
            name_zh=state.name_zh,
            name_en=state.name_en,
            unit_class=state.class_,
            parent=state.parent,
            came_from=state.came_from,
        )


def successor_spans(unit: str, units: Mapping[str, Unit]) -> Iterator[UnitSpan]:
    """Yield the registrations of the units that came from this one."""
    for other in units.values():
        if other.id != unit:
            for span in registration_spans(other):
                if unit in span.came_from:
                    yield replace(span, kind="successor")


def panel_spans(panels: Sequence[Panel]) -> Iterator[UnitSpan]:
    """Yield a branch's panels; the one formed last decides from its day on."""
    held = overridden(panels, [panel.to for panel in panels])
    before = _replaced(panels, held)
    for panel, one in zip(panels, held, strict=True):
        others = [member for member in panel.members if member != panel.chair]
        yield UnitSpan(
            "panel",
            "panel",
            panel.id,
            panel.from_.isoformat(),
            _day(one),
            panel.seq,
            replaces=before.get(panel.seq),
            replaced_by=one.replaced_by,
            people=[Person(member) for member in (panel.chair, *others)],
            quorum=panel.quorum,
            recusals=[RecusalPair(*pair) for pair in sorted(panel.recusals)],
        )


def office_span(said: Stated[Assignment]) -> UnitSpan:
    """Return an office of the unit and who holds it."""
    row = said.row
    return UnitSpan(
        "office",
        row.role,
        row.id,
        row.from_.isoformat(),
        None if row.to is None else row.to.isoformat(),
        said.seq,
        replaces=said.replaces,
        replaced_by=said.replaced_by,
        people=[Person(row.member)],
        post=row.post,
    )


def _day(held: Holding) -> str | None:
    return None if held.end is None else held.end.isoformat()


def _replaced(rows: Sequence[Dated], held: Sequence[Holding]) -> dict[int, int]:
    """Return the record that each one replaced whole, the last of them where they are several."""
    return {
        one.replaced_by: row.seq
        for row, one in zip(rows, held, strict=True)
        if one.replaced_by is not None
    }
