"""Which rows of a table hold at a moment: the one way in which reads are cut by `known_at`.

A read class says `at: int | None = None` and the snapshot sets it: the seq of the last record that
the answer knows, None for all there are. Its statements take the conditions of this module, so that
what is asked of now uses the indexes of the current rows.
"""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.application.queries.cursors import INTEGER_MAX

AT = sa.bindparam("at", type_=sa.BigInteger)


def added(table: sa.FromClause, at: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row had been added: for tables whose rows never end."""
    return sa.true() if at is None else table.c.seq <= at


def held(table: sa.FromClause, at: int | None) -> sa.ColumnElement[bool]:
    """Return the condition that a row held: for tables with `until_seq`."""
    until = table.c.until_seq
    if at is None:
        return until.is_(None)
    return sa.and_(table.c.seq <= at, sa.or_(until.is_(None), until > at))


def held_then(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the same for statements that are built once; the moment is their parameter `at`."""
    until = table.c.until_seq
    return sa.and_(table.c.seq <= AT, sa.or_(until.is_(None), until > AT))


def upto(at: int | None) -> int:
    """Return the last seq that counts, as a parameter of statements that are built once."""
    return INTEGER_MAX if at is None else at
