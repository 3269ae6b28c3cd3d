"""The form of the tables of registers whose objects change (`domain/kept.py`).

A row holds from the record `seq` until the record `until_seq`; the current one has none. The
other columns are the fields of the register's rows, in their order; the field `seq` of a row, the
record that made the object, stands in `opened_seq`.
"""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters.tables import METADATA


def kept_table(name: str, key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> sa.Table:
    """Return the table of a register, with the columns of its fields."""
    current = sa.text("until_seq IS NULL")
    return sa.Table(
        name,
        METADATA,
        sa.Column("scheme", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("until_seq", sa.BigInteger),
        sa.Column("opened_seq", sa.BigInteger, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("scheme", *key, "seq"),
        sa.ForeignKeyConstraint(["scheme", "seq"], ["record.scheme", "record.seq"]),
        sa.CheckConstraint("until_seq > seq", name="until_seq"),
        sa.CheckConstraint("opened_seq <= seq", name="opened_seq"),
        sa.Index(f"{name}_current_key", "scheme", *key, unique=True, postgresql_where=current),
    )
