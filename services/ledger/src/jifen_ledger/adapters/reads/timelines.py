"""Reads what registers said over time, with the rows that later records replaced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.reads.held import added, held, upto
from jifen_ledger.adapters.register_rows import assignment_of, panel_of, standing_of
from jifen_ledger.adapters.register_tables import assignment, departure, joined, panel, standing
from jifen_ledger.adapters.tables import record
from jifen_ledger.application.queries.moments import Stamps
from jifen_ledger.application.queries.stated import Stated
from jifen_ledger.application.queries.transfers import OnTheWay
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.awards import Award
from jifen_ledger.domain.changes import Departure, Joined
from jifen_ledger.domain.registers import Assignment, Panel, Standing
from jifen_ledger.domain.vetoes import Veto

Row = TypeVar("Row")

SCHEME = sa.bindparam("scheme", type_=sa.Text)
UPTO = sa.bindparam("upto", type_=sa.BigInteger)
MEMBER = sa.bindparam("member", type_=sa.Text)
UNIT = sa.bindparam("unit", type_=sa.Text)


def _told(table: sa.Table, *keys: str) -> sa.Select[Any]:
    """Return the query for every row that was known, with the record that said it before."""
    before = table.alias("before")
    same = (before.c[key] == table.c[key] for key in keys)
    earlier = sa.and_(before.c.scheme == table.c.scheme, before.c.until_seq == table.c.seq, *same)
    return (
        sa.select(table, before.c.seq.label("replaces"))
        .select_from(table.outerjoin(before, earlier))
        .where(table.c.scheme == SCHEME, table.c.seq <= UPTO)
        .order_by(table.c.seq, *(table.c[key] for key in keys))
    )


_ASSIGNMENTS = _told(assignment, "assignment")
ASSIGNMENTS_OF = _ASSIGNMENTS.where(
    sa.or_(
        assignment.c.member == MEMBER,
        sa.and_(
            # As the index says it.
            sa.func.cardinality(assignment.c.of) > 0,
            assignment.c.of.contains(sa.cast(array([MEMBER]), sa.ARRAY(sa.Text))),
        ),
    )
)
ROLES_IN = _ASSIGNMENTS.where(
    assignment.c.unit == UNIT,
    assignment.c.role == sa.any_(sa.bindparam("roles", type_=sa.ARRAY(sa.Text))),
)
_ABSENCE, _VETO, _AWARD = (KEPT_ROWS[name].table for name in ("absences", "vetoes", "awards"))
ABSENCES_OF = _told(_ABSENCE, "member", "absence").where(_ABSENCE.c.member == MEMBER)
VETOES_OF = _told(_VETO, "veto").where(_VETO.c.member == MEMBER)
AWARDS_OF = _told(_AWARD, "award").where(_AWARD.c.holder == MEMBER)
STANDINGS_OF = (
    sa.select(standing)
    .where(standing.c.scheme == SCHEME, standing.c.member == MEMBER, standing.c.seq <= UPTO)
    .order_by(standing.c.seq)
)
DEPARTURES_OF = (
    sa.select(departure)
    .where(departure.c.scheme == SCHEME, departure.c.member == MEMBER, departure.c.seq <= UPTO)
    .order_by(departure.c.seq)
)
JOINS_OF = (
    sa.select(joined)
    .where(
        joined.c.scheme == SCHEME,
        sa.or_(joined.c.closed == MEMBER, joined.c.survivor == MEMBER),
        joined.c.seq <= UPTO,
    )
    .order_by(joined.c.seq, joined.c.closed)
)
PANELS_OF = (
    sa.select(panel)
    .where(panel.c.scheme == SCHEME, panel.c.branch == UNIT, panel.c.seq <= UPTO)
    .order_by(panel.c.seq)
)
# The attribute stands in plain words in the canonical bytes; in any text its quotes are escaped.
RECORDEDTIME = sa.func.substring(
    sa.func.convert_from(record.c.bytes, "UTF8"), r'"recordedtime":"([^"]+)"', type_=sa.Text
)
STAMPS_OF = sa.select(record.c.seq, record.c.recorded_at, RECORDEDTIME.label("recordedtime")).where(
    record.c.scheme == SCHEME,
    record.c.seq == sa.any_(sa.bindparam("seqs", type_=sa.ARRAY(sa.BigInteger))),
)


class TimelineReads:
    """What the registers of one scheme said, up to one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def standings_told(self, member: str) -> Sequence[Standing]:
        """Return the member's standings in stream order."""
        return [standing_of(row) for row in await self._rows(STANDINGS_OF, member=member)]

    async def assignments_told(self, member: str) -> Sequence[Stated[Assignment]]:
        """Return the member's assignments, and those of others that name the member in `of`."""
        return await self._stated(ASSIGNMENTS_OF, assignment_of, member=member)

    async def roles_told(self, unit: str, roles: Collection[str]) -> Sequence[Stated[Assignment]]:
        """Return who held these roles in the unit, corrected rows with those that replaced them."""
        return await self._stated(ROLES_IN, assignment_of, unit=unit, roles=list(roles))

    async def absences_told(self, member: str) -> Sequence[Stated[Absence]]:
        """Return the member's absences."""
        return await self._stated(ABSENCES_OF, _kept("absences"), member=member)

    async def vetoes_told(self, member: str) -> Sequence[Stated[Veto]]:
        """Return the member's vetoes."""
        return await self._stated(VETOES_OF, _kept("vetoes"), member=member)

    async def awards_told(self, holder: str) -> Sequence[Stated[Award]]:
        """Return the holder's awards."""
        return await self._stated(AWARDS_OF, _kept("awards"), member=holder)

    async def departures_told(self, member: str) -> Sequence[Departure]:
        """Return when the member left."""
        rows = await self._rows(DEPARTURES_OF, member=member)
        return [Departure(row.member, row.seq, row.on_day, row.why) for row in rows]

    async def joins_told(self, member: str) -> Sequence[Joined]:
        """Return the joins of two records of which the member is one."""
        rows = await self._rows(JOINS_OF, member=member)
        return [Joined(row.closed, row.survivor, row.seq) for row in rows]

    async def panels_told(self, branch: str) -> Sequence[Panel]:
        """Return the branch's panels in stream order."""
        return [panel_of(row) for row in await self._rows(PANELS_OF, unit=branch)]

    async def stamps_of(self, seqs: Collection[int]) -> Mapping[int, Stamps]:
        """Return when these records came."""
        rows = await self._rows(STAMPS_OF, seqs=sorted(seqs))
        return {row.seq: Stamps(row.recorded_at, row.recordedtime) for row in rows}

    async def transfers(
        self, branch: str, day: date, after: tuple[date, str] | None, limit: int
    ) -> Sequence[OnTheWay]:
        """Return the transfers of the branch that are under way on the day, by arrival."""
        rows = await self._connection.execute(
            _on_the_way(self._scheme, self.at, branch, day, after).limit(limit)
        )
        return [OnTheWay(assignment_of(row), row.sending) for row in rows]

    async def _stated(
        self, statement: sa.Select[Any], object_of: Callable[[Any], Row], **values: object
    ) -> Sequence[Stated[Row]]:
        last = upto(self.at)
        return [
            Stated(
                object_of(row),
                row.seq,
                row.replaces,
                None if row.until_seq is None or row.until_seq > last else row.until_seq,
            )
            for row in await self._rows(statement, **values)
        ]

    async def _rows(self, statement: sa.Select[Any], **values: object) -> Sequence[Any]:
        key = {"scheme": self._scheme, "upto": upto(self.at), **values}
        found = await self._connection.execute(statement, key)
        return list(found.all())


def _kept(register: str) -> Callable[[Any], Any]:
    """Return how the object is made of a row, without `replaces` at its end."""
    return lambda row: KEPT_ROWS[register].object(row[:-1])


def _on_the_way(
    scheme: str, at: int | None, branch: str, day: date, after: tuple[date, str] | None
) -> sa.Select[Any]:
    home = assignment.alias("home")
    here = sa.and_(
        home.c.scheme == assignment.c.scheme,
        home.c.member == assignment.c.member,
        home.c.role == "member",
        held(home, at),
        home.c.from_day <= day,
        sa.or_(home.c.to_day.is_(None), home.c.to_day > day),
    )
    closed = sa.select(joined.c.closed).where(joined.c.scheme == scheme, added(joined, at))
    asked = (
        sa.select(assignment, home.c.unit.label("sending"))
        .select_from(assignment.outerjoin(home, here))
        .where(
            assignment.c.scheme == scheme,
            assignment.c.role == "member",
            held(assignment, at),
            assignment.c.sent <= day,
            assignment.c.from_day > day,
            # Of one whose member left before, no day is left.
            sa.or_(assignment.c.to_day.is_(None), assignment.c.to_day > assignment.c.from_day),
            assignment.c.member.not_in(closed),
            sa.or_(assignment.c.unit == branch, home.c.unit == branch),
        )
        .order_by(assignment.c.from_day, assignment.c.assignment)
    )
    if after is None:
        return asked
    place = sa.tuple_(assignment.c.from_day, assignment.c.assignment)
    return asked.where(place > sa.tuple_(sa.literal(after[0], sa.Date), sa.literal(after[1])))
