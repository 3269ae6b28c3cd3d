"""Days that leave the member-days: absences, and days without a standing that is scored."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DATERANGE

from jifen_ledger.adapters.kept_tables import absence
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.register_tables import standing
from jifen_ledger.domain.registers import ACTIVE_STANDINGS


def away(scheme: str, first: date, at: int | None = None) -> sa.Subquery:
    """Return (member, days) of whoever is away at all, as a multirange, from the day on."""
    absent = sa.select(
        absence.c.member, _span(absence.c.from_day, absence.c.to_day).label("span")
    ).where(absence.c.scheme == scheme, held(absence, at))
    others = (_unscored(scheme, at), _before_the_first(scheme, first, at))
    spans = sa.union_all(absent, *others).subquery()
    return (
        sa.select(spans.c.member, sa.func.range_agg(spans.c.span).label("days"))
        .group_by(spans.c.member)
        .subquery("away")
    )


def _unscored(scheme: str, at: int | None) -> sa.Select[tuple[str, object]]:
    """Return the spans of standings that are not scored: few members ever have one."""
    other = standing.alias("other")
    concerned = sa.select(other.c.member).where(
        other.c.scheme == scheme, other.c.standing.not_in(ACTIVE_STANDINGS)
    )
    # Of equal dates the standing recorded last holds: the others last for no day.
    until = sa.func.lead(standing.c.from_day).over(
        partition_by=standing.c.member, order_by=(standing.c.from_day, standing.c.seq)
    )
    line = (
        sa.select(
            standing.c.member,
            standing.c.standing,
            _span(standing.c.from_day, until).label("span"),
        )
        .where(standing.c.scheme == scheme, added(standing, at), standing.c.member.in_(concerned))
        .subquery("line")
    )
    return sa.select(line.c.member, line.c.span).where(line.c.standing.not_in(ACTIVE_STANDINGS))


def _before_the_first(scheme: str, first: date, at: int | None) -> sa.Select[tuple[str, object]]:
    """Return the days before any standing, of members whose first one begins after the day."""
    begins = sa.func.min(standing.c.from_day)
    return (
        sa.select(standing.c.member, _span(sa.null(), begins).label("span"))
        .where(standing.c.scheme == scheme, added(standing, at))
        .group_by(standing.c.member)
        .having(begins > first)
    )


def _span(
    from_: sa.ColumnElement[date] | sa.Null, to: sa.ColumnElement[date]
) -> sa.ColumnElement[object]:
    return sa.func.daterange(sa.cast(from_, sa.Date), to, type_=DATERANGE)
