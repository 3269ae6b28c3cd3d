"""Where members were and when: spans of assignments as a moment knows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DATEMULTIRANGE, DATERANGE, distinct_on

from jifen_ledger.adapters.reads.away import away
from jifen_ledger.adapters.reads.held import held
from jifen_ledger.adapters.register_tables import assignment

COMMITTEE = ("committee", "secretary")
NEVER = sa.cast("{}", DATEMULTIRANGE)
FOR_EVER = sa.cast("infinity", sa.Date)


def among(column: sa.ColumnElement[str], values: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition that the column has one of the values."""
    return column == sa.any_(sa.literal(list(values), sa.ARRAY(sa.Text)))


def spans(scheme: str, roles: Collection[str], name: str, at: int | None = None) -> sa.Subquery:
    """Return (member, unit, post, role, from_day, to_day, span) of the roles, known at a record.

    Without a record they are those known now.
    """
    to_day = sa.func.coalesce(assignment.c.to_day, FOR_EVER)
    return (
        sa.select(
            assignment.c.member,
            assignment.c.unit,
            assignment.c.post,
            assignment.c.role,
            assignment.c.from_day,
            to_day.label("to_day"),
            sa.func.daterange(assignment.c.from_day, to_day, type_=DATERANGE).label("span"),
        )
        .where(
            assignment.c.scheme == scheme,
            held(assignment, at),
            assignment.c.role.in_(list(roles)),
        )
        .subquery(name)
    )


def homes_on(scheme: str, member: str, day: date) -> sa.Select[tuple[str]]:
    """Return the statement for a member's home branch on a day."""
    home = spans(scheme, ("member",), "home")
    return (
        sa.select(home.c.unit)
        .where(home.c.member == member, home.c.from_day <= day, home.c.to_day > day)
        .limit(1)
    )


def last_homes(scheme: str, first: date, end: date, at: int | None = None) -> sa.Subquery:
    """Return (member, unit, last_day): the home on the last day of the span with one."""
    home = spans(scheme, ("member",), "home", at)
    return (
        sa.select(
            home.c.member,
            home.c.unit,
            (sa.func.least(home.c.to_day, end) - 1).label("last_day"),
        )
        .ext(distinct_on(home.c.member))
        .where(home.c.from_day < end, home.c.to_day > sa.func.greatest(home.c.from_day, first))
        .order_by(home.c.member, home.c.from_day.desc())
        .subquery("last_home")
    )


def active_days(
    scheme: str,
    capacity: str,
    periods_asked: Collection[tuple[str, date, date]],
    role: str = "member",
    at: int | None = None,
) -> sa.Subquery:
    """Return (holder, unit, period, days): active days in the capacity, by the unit of the role.

    What is away leaves them (domain.md §5.2).
    """
    home = spans(scheme, (role,), "home", at)
    period = sa.values(
        sa.column("name", sa.Text),
        sa.column("first", sa.Date),
        sa.column("end", sa.Date),
        name="period",
    ).data([tuple(one) for one in periods_asked])
    during = sa.func.daterange(period.c.first, period.c.end)
    there = sa.func.datemultirange(home.c.span).op("*")(sa.func.datemultirange(during))
    held: sa.FromClause = home.join(period, home.c.span.op("&&")(during))
    if capacity == "committee":
        office = spans(scheme, COMMITTEE, "office", at)
        held = held.join(
            office,
            sa.and_(office.c.member == home.c.member, office.c.span.op("&&")(home.c.span)),
        )
        there = sa.func.range_agg(office.c.span).op("*")(there)
    gone = away(scheme, min(first for _, first, _ in periods_asked), at)
    held = held.outerjoin(gone, gone.c.member == home.c.member)
    there = there.op("-")(sa.func.coalesce(gone.c.days, NEVER))
    days = (
        sa.select(
            home.c.member.label("holder"),
            home.c.unit,
            period.c.name.label("period"),
            there.label("days"),
        )
        .select_from(held)
        .group_by(home.c.member, home.c.unit, home.c.span, period.c.name, during, gone.c.days)
        .subquery("held")
    )
    one = sa.func.unnest(days.c.days).column_valued("one")
    total = sa.func.sum(sa.func.upper(one) - sa.func.lower(one))
    # Of days that have all gone there is nothing to add up.
    length = sa.select(sa.func.coalesce(total, 0)).scalar_subquery()
    return (
        sa.select(
            days.c.holder,
            days.c.unit,
            days.c.period,
            sa.cast(sa.func.sum(length), sa.BigInteger).label("days"),
        )
        .group_by(days.c.holder, days.c.unit, days.c.period)
        .subquery("active")
    )
