"""The directory's tables. They lie outside the stream and every hash, and can be erased."""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters import (
    kept_tables,
    log_tables,
    past_tables,
    place_tables,
    private_tables,
    register_tables,
    tally_table,
    use_tables,
    worker_tables,
)
from jifen_ledger.adapters.tables import METADATA, record

__all__ = [
    "METADATA",
    "directory",
    "directory_revision",
    "kept_tables",
    "log_tables",
    "past_tables",
    "place_tables",
    "private_tables",
    "register_tables",
    "tally_table",
    "use_tables",
    "worker_tables",
]

NAME_CHARS_MAX = 100
PHONE_CHARS_MAX = 40

directory = sa.Table(
    "directory",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.CheckConstraint(f"char_length(name_zh) BETWEEN 1 AND {NAME_CHARS_MAX}", name="name_zh"),
    sa.CheckConstraint(f"char_length(name_en) BETWEEN 1 AND {NAME_CHARS_MAX}", name="name_en"),
    sa.CheckConstraint(f"char_length(phone) BETWEEN 1 AND {PHONE_CHARS_MAX}", name="phone"),
)

# How often the directory changed: an answer with names is stale when it has.
directory_revision = sa.Table(
    "directory_revision",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.CheckConstraint("revision >= 1", name="revision"),
)

# Conflicts are few, and may bear another subject than the event they conflict with.
sa.Index(
    "record_conflict_idx",
    record.c.scheme,
    record.c.seq,
    postgresql_where=sa.text("code = 'conflicting_duplicate'"),
)
