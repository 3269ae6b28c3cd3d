"""Reads which vetoes were in force as a moment knows them, and zeroes the scores they meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.people_tables import veto
from jifen_ledger.adapters.reads.held import held
from jifen_ledger.application.queries.moments import span_of
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.vetoes import ZERO, Veto

Vetoes = Mapping[str, list[Veto]]


async def zero_vetoes(connection: AsyncConnection, scheme: str, at: int | None) -> Vetoes:
    """Return the zero vetoes by member: there are few in a whole scheme."""
    statement = sa.select(veto).where(
        veto.c.scheme == scheme, veto.c.effect == ZERO, held(veto, at)
    )
    found: dict[str, list[Veto]] = {}
    for row in await connection.execute(statement):
        one: Veto = KEPT_ROWS["vetoes"].object(row)
        found.setdefault(one.member, []).append(one)
    return found


def judged(
    figures: Figures, vetoes: Vetoes, holder: str, quarter: str, as_of: date | None
) -> Figures:
    """Return the figures, zeroed where a veto meets the part of the quarter that counts."""
    days = span_of(quarter, as_of)
    zeroed = any(one.zeroes_days(*days) for one in vetoes.get(holder, ()))
    return replace(figures, zeroed=True) if zeroed else figures
