"""Reads what was judged about people: vetoes, awards and grades."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.people_tables import award, grade, veto
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.reads.places import among
from jifen_ledger.adapters.register_tables import assignment
from jifen_ledger.application.queries.awards import HeldAwards
from jifen_ledger.application.queries.grades import Decided
from jifen_ledger.domain.awards import Award
from jifen_ledger.domain.grades import Grade
from jifen_ledger.domain.vetoes import Veto

VETOES, AWARDS, GRADES = (KEPT_ROWS[name] for name in ("vetoes", "awards", "grades"))


class JudgementReads:
    """What was judged about the people of one scheme, at one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def vetoes(self, member: str) -> Sequence[Veto]:
        """Return the vetoes of the member in the order they were imposed."""
        asked = sa.select(veto).where(veto.c.member == member, *self._cut(veto))
        rows = await self._connection.execute(asked.order_by(veto.c.opened_seq))
        return [VETOES.object(row) for row in rows]

    async def awards_of(self, holder: str) -> Sequence[Award]:
        """Return the awards of a holder in the order they were granted."""
        asked = sa.select(award).where(award.c.holder == holder, *self._cut(award))
        rows = await self._connection.execute(asked.order_by(award.c.opened_seq))
        return [AWARDS.object(row) for row in rows]

    async def awards_held(self, wanted: HeldAwards) -> Sequence[Award]:
        """Return awards of the kinds held on the day, the one granted last first."""
        asked = sa.select(award).where(
            *self._cut(award),
            among(award.c.kind, wanted.kinds),
            *_held_on(award, wanted.day),
        )
        if wanted.unit is not None:
            at_home = self._at_home(wanted.unit, wanted.day)
            asked = asked.where(sa.or_(award.c.holder == wanted.unit, at_home))
        if wanted.before is not None:
            asked = asked.where(award.c.opened_seq < wanted.before)
        if wanted.still_on is not None:
            now = award.alias("now")
            same = now.c.award == award.c.award
            asked = asked.where(sa.exists().where(*self._still(now, wanted.still_on), same))
        rows = await self._connection.execute(
            asked.order_by(award.c.opened_seq.desc()).limit(wanted.limit)
        )
        return [AWARDS.object(row) for row in rows]

    async def still_held(self, awards: Collection[str], day: date) -> Collection[str]:
        """Return those of the awards that are held on the day as it is known by now."""
        asked = sa.select(award.c.award).where(
            *self._still(award, day), among(award.c.award, awards)
        )
        return set((await self._connection.execute(asked)).scalars())

    async def grades(self, member: str) -> Sequence[Decided]:
        """Return every decision about the member's grades, in stream order."""
        asked = (
            sa.select(grade)
            .where(grade.c.scheme == self._scheme, grade.c.member == member, added(grade, self.at))
            .order_by(grade.c.seq)
        )
        rows = await self._connection.execute(asked)
        return [Decided(row.seq, row.until_seq, GRADES.object(row)) for row in rows]

    async def grades_in_force(self, year: str, members: Collection[str]) -> Sequence[Grade]:
        """Return the grades of these members that nothing has superseded."""
        asked = sa.select(grade).where(
            grade.c.member == sa.any_(sa.literal(list(members), sa.ARRAY(sa.Text))),
            grade.c.year == year,
            *self._cut(grade),
        )
        return [GRADES.object(row) for row in await self._connection.execute(asked)]

    def _cut(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return table.c.scheme == self._scheme, held(table, self.at)

    def _still(self, table: sa.FromClause, day: date) -> tuple[sa.ColumnElement[bool], ...]:
        return table.c.scheme == self._scheme, held(table, None), *_held_on(table, day)

    def _at_home(self, unit: str, day: date) -> sa.ColumnElement[Any]:
        home = assignment.alias("home")
        return sa.exists().where(
            home.c.scheme == self._scheme,
            home.c.member == award.c.holder,
            home.c.role == "member",
            home.c.unit == unit,
            held(home, self.at),
            home.c.from_day <= day,
            sa.or_(home.c.to_day.is_(None), home.c.to_day > day),
        )


def _held_on(table: sa.FromClause, day: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that an award is held on a day."""
    end = sa.func.least(table.c.to_day, table.c.revoked_on)
    return table.c.from_day <= day, sa.or_(end.is_(None), end > day)
