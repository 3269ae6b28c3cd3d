"""Registers whose objects change, as rows and back: one mapping for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, get_type_hints

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jifen_ledger.adapters.asked import rows_by
from jifen_ledger.adapters.claim_rows import Row
from jifen_ledger.adapters.copying import Copy, copy_into
from jifen_ledger.adapters.kept_tables import KEPT
from jifen_ledger.adapters.reads.held import held_then
from jifen_ledger.domain.kept import REGISTERS, Kept, Register

Convert = Callable[[Any], Any]

# Words that SQL keeps for itself, and the seq that every row has of its own.
COLUMN_OF = {"seq": "opened_seq", "from_": "from_day", "to": "to_day", "left": "left_over"}
OWN_COLUMNS = 3  # scheme, seq, until_seq


def column_of(field: str) -> str:
    """Return the column of a field."""
    return COLUMN_OF.get(field, field)


class KeptRows:
    """How the rows of one register stand in its table."""

    def __init__(self, register: Register, table: sa.Table) -> None:
        """Take a table whose columns are the fields of the register's rows, in their order."""
        hints = get_type_hints(register.row)
        names = [field.name for field in fields(register.row)]
        columns = list(table.columns)[OWN_COLUMNS:]
        assert [column.name for column in columns] == [column_of(name) for name in names]
        self.register = register
        self.table = table
        self.copy: Copy = copy_into(table)
        self.key = tuple(column_of(name) for name in register.key)
        self.indexes = {
            name: tuple(column_of(field) for field in by) for name, by in register.indexes.items()
        }
        self.close = self._close()
        conversions = [
            _conversions(column, hints[name]) for column, name in zip(columns, names, strict=True)
        ]
        self._to_column = [to for to, _ in conversions]
        self._to_field = [back for _, back in conversions]
        self._names = names

    def row(self, scheme: str, kept: Kept, until_seq: int | None) -> Row:
        """Return the values in the order of the table's columns."""
        values = (getattr(kept.row, name) for name in self._names)
        own = (scheme, kept.seq, until_seq)
        return (
            *own,
            *(
                value if convert is None or value is None else convert(value)
                for value, convert in zip(values, self._to_column, strict=True)
            ),
        )

    def object(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 - of the register's class
        """Return the register's row of a row of the whole table."""
        values = row[OWN_COLUMNS:]
        return self.register.row(
            *(
                value if convert is None or value is None else convert(value)
                for value, convert in zip(values, self._to_field, strict=True)
            )
        )

    def current(self, by: Sequence[str]) -> sa.Select[Any]:
        """Return the query for the current rows whose columns bear one of the values asked for.

        They come in the order in which their objects were made, as an index holds their keys.
        """
        return self._bearing(by, self.table.c.until_seq.is_(None))

    def then(self, by: Sequence[str]) -> sa.Select[Any]:
        """Return the query for the rows of then, after the record that is the parameter `at`."""
        return self._bearing(by, held_then(self.table))

    def _bearing(self, by: Sequence[str], condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
        return rows_by(self.table, by, where=(condition,), order=("opened_seq", *self.key))

    def _close(self) -> sa.Update:
        """Return the statement that ends the current rows of some keys."""
        key_columns = [self.table.c[name] for name in self.key]
        arrays = [
            sa.bindparam(f"closed_{column.name}", type_=ARRAY(column.type))
            for column in (*key_columns, self.table.c.seq)
        ]
        names = [sa.column(column.name, column.type) for column in key_columns]
        closed = sa.func.unnest(*arrays).table_valued(
            *names, sa.column("at_seq", sa.BigInteger), name="closed"
        )
        closed = closed.render_derived()
        return (
            sa.update(self.table)
            .where(
                self.table.c.scheme == sa.bindparam("of_scheme"),
                self.table.c.until_seq.is_(None),
                *(self.table.c[name] == closed.c[name] for name in self.key),
            )
            .values(until_seq=closed.c.at_seq)
        )

    def closing(self, kept: Iterable[Kept]) -> dict[str, list[Any]]:
        """Return the parameters that end what the table holds of the objects changed here.

        Empty where none of them was there before.
        """
        firsts: dict[Any, Kept] = {}
        for one in kept:
            firsts.setdefault(one.key, one)
        older = [one for one in firsts.values() if one.row.seq < one.seq]
        if not older:
            return {}
        parameters = {
            f"closed_{column_of(name)}": [getattr(one.row, name) for one in older]
            for name in self.register.key
        }
        return {**parameters, "closed_seq": [one.seq for one in older]}


def rows_of(rows: KeptRows, scheme: str, kept: Iterable[Kept]) -> list[Row]:
    """Return rows in stream order; one that is changed again among them ends where that begins."""
    found: list[Row] = []
    until: dict[Any, int] = {}
    for one in reversed(list(kept)):
        if until.get(one.key) == one.seq:
            # One record may change an object twice; what it left is what counts.
            continue
        found.append(rows.row(scheme, one, until.get(one.key)))
        until[one.key] = one.seq
    return found[::-1]


def _conversions(column: sa.Column[Any], hint: Any) -> tuple[Convert | None, Convert | None]:  # noqa: ANN401
    """Return how a field's value becomes a column's, and back; None where they are the same."""
    if isinstance(column.type, JSONB):
        adapter: TypeAdapter[Any] = TypeAdapter(hint)
        return (lambda value: adapter.dump_python(value, mode="json")), adapter.validate_python
    if isinstance(column.type, ARRAY):
        if "frozenset" in str(hint):
            return sorted, frozenset
        return list, tuple
    return None, None


KEPT_ROWS: Mapping[str, KeptRows] = {
    name: KeptRows(register, KEPT[name]) for name, register in REGISTERS.items()
}
# The register and columns of each index.
KEPT_INDEXES: Mapping[str, tuple[KeptRows, tuple[str, ...]]] = {
    index: (rows, by) for rows in KEPT_ROWS.values() for index, by in rows.indexes.items()
}
