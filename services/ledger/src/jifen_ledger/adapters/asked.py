"""Keys as a table: one array per column, so that a query takes any number of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.arrays import array_of

Key = Any


def asked(*columns: sa.Column[Any]) -> sa.TableValuedAlias:
    """Return the table of the keys that are asked for, with the columns' names and types.

    The arrays are bound as `asked_<column>`; every array says its type, an empty one cannot.
    """
    arrays = [asked_values(column) for column in columns]
    named = [sa.column(column.name, column.type) for column in columns]
    return sa.func.unnest(*arrays).table_valued(*named, name="asked").render_derived()


def asked_values(column: sa.Column[Any]) -> sa.BindParameter[Any]:
    """Return the parameter `asked_<column>`."""
    return sa.bindparam(f"asked_{column.name}", type_=array_of(column.type))


def found(
    table: sa.Table, key: Sequence[str], where: Sequence[sa.ColumnElement[bool]] = ()
) -> tuple[sa.FromClause, sa.FromClause]:
    """Return the join of the keys with their rows, and the rows in it.

    Each key is looked up by itself: joined freely, the planner may read the whole table instead,
    and with every batch more of it. `OFFSET 0` keeps it from joining freely.
    """
    keys = asked(*(table.c[name] for name in key))
    rows = sa.select(table).where(matches(table, keys), *where).offset(sa.literal_column("0"))
    found_rows = rows.lateral(table.name)
    return keys.join(found_rows, sa.true()), found_rows


def rows_by(
    table: sa.Table,
    key: Sequence[str],
    *,
    where: Sequence[sa.ColumnElement[bool]] = (),
    order: Sequence[str] = (),
) -> sa.Select[Any]:
    """Return the query for the whole rows of the keys, found as above, in the order of columns."""
    joined, rows = found(table, key, where)
    return sa.select(rows).select_from(joined).order_by(*(rows.c[name] for name in order))


def arrays_of(names: Sequence[str], keys: Collection[Key]) -> dict[str, list[Any]]:
    """Return the parameters for keys of one or more parts."""
    if len(names) == 1:
        return {f"asked_{names[0]}": list(keys)}
    parts = list(zip(*keys, strict=True)) if keys else [()] * len(names)
    return {f"asked_{name}": list(part) for name, part in zip(names, parts, strict=True)}


def matches(table: sa.Table, keys: sa.TableValuedAlias) -> sa.ColumnElement[bool]:
    """Return the condition that a row of the scheme bears one of the keys."""
    return sa.and_(
        table.c.scheme == sa.bindparam("scheme"),
        *(table.c[column.name] == column for column in keys.columns),
    )
