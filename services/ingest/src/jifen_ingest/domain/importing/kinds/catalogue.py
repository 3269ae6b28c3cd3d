"""The kinds of tables that can be imported, by their names."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jifen_ingest.domain.importing.drafts import Draft, Terms
from jifen_ingest.domain.importing.kinds import deeds, registers
from jifen_ingest.domain.importing.tables import Column, Problem, Row


def _nothing(_: Sequence[Row]) -> Iterator[Problem]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table: its columns, the events of its rows, what no two rows may say alike.

    `across` finds what a single cell cannot tell. Rows of the `past` are only taken as an import of
    the past: their decisions were made then. Rows that name the same thing in the column `together`
    are one: where one of them is wrong, none is good.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    drafts: Callable[[Sequence[Row], Terms], Iterator[Draft]]
    once: tuple[str, ...]
    across: Callable[[Sequence[Row]], Iterator[Problem]] = _nothing
    past: bool = False
    together: str | None = None


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        Kind("units", "单位", "units", registers.UNIT_COLUMNS, registers.units, ("unit", "from")),
        Kind("roster", "花名册", "members with standing, branch and group",
             registers.ROSTER_COLUMNS, registers.roster, ("member", "from")),
        Kind("assignments", "任职", "roles in units", registers.ASSIGNMENT_COLUMNS,
             registers.assignments, ("member", "role", "unit", "from")),
        Kind("panels", "考核小组", "panels, a row for each of their people",
             registers.PANEL_COLUMNS, registers.panels, ("panel", "member"),
             registers.panel_problems, together="panel"),
        Kind("absences", "请假", "absences", registers.ABSENCE_COLUMNS, registers.absences,
             ("member", "from")),
        Kind("attendance", "出勤", "attendance and other base facts of a month or quarter",
             deeds.ATTENDANCE_COLUMNS, deeds.attendance,
             ("holder", "item", "period", "capacity")),
        Kind("opening", "期初", "opening balances: past deeds with their decisions",
             deeds.OPENING_COLUMNS, deeds.opening,
             ("holder", "item", "period", "deed", "capacity"), deeds.opening_problems,
             past=True),
    )
}  # fmt: skip
