"""The tables of the verifiable log beside the records: nodes of the tree, what was signed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.tables import METADATA
from jifen_ledger.log.hashes import HASH_BYTES
from jifen_ledger.log.note import KEY_ID_BYTES


def _key(name: str, type_: type[sa.types.TypeEngine[Any]] = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, type_, primary_key=True, autoincrement=False)


def _bytes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


# Insert-only, written with the records; the hashes of level 0 are `record.leaf_hash`.
log_node = sa.Table(
    "log_node",
    METADATA,
    _key("scheme"),
    _key("tile_level", sa.SmallInteger),
    _key("idx", sa.BigInteger),
    _bytes("hash"),
    sa.CheckConstraint("tile_level BETWEEN 1 AND 7", name="tile_level"),
    sa.CheckConstraint("idx >= 0", name="idx"),
    sa.CheckConstraint(f"octet_length(hash) = {HASH_BYTES}", name="hash"),
)

# What was signed last; where an older copy of the database is caught up, what was checked last.
log_signed = sa.Table(
    "log_signed",
    METADATA,
    _key("scheme"),
    sa.Column("size", sa.BigInteger, nullable=False),
    _bytes("peaks"),
    _bytes("root"),
    sa.CheckConstraint("size >= 0", name="size"),
    sa.CheckConstraint(f"octet_length(peaks) % {HASH_BYTES} = 0", name="peaks"),
    sa.CheckConstraint(f"octet_length(root) = {HASH_BYTES}", name="root"),
)

# Insert-only; the key makes two roots for one size impossible.
log_checkpoint = sa.Table(
    "log_checkpoint",
    METADATA,
    _key("scheme"),
    _key("size", sa.BigInteger),
    _bytes("root"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column(
        "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")
    ),
    sa.CheckConstraint("size >= 0", name="size"),
    sa.CheckConstraint(f"octet_length(root) = {HASH_BYTES}", name="root"),
)

# Insert-only; lines of witnesses that were verified before they came here.
log_cosignature = sa.Table(
    "log_cosignature",
    METADATA,
    _key("scheme"),
    _key("size", sa.BigInteger),
    _key("key_name"),
    _key("key_id", sa.LargeBinary),
    _key("cosigned_at", sa.BigInteger),
    sa.Column("line", sa.Text, nullable=False),
    sa.CheckConstraint(f"octet_length(key_id) = {KEY_ID_BYTES}", name="key_id"),
    sa.CheckConstraint("cosigned_at >= 0", name="cosigned_at"),
    sa.ForeignKeyConstraint(["scheme", "size"], ["log_checkpoint.scheme", "log_checkpoint.size"]),
)

# The largest checkpoint that anybody is shown; it only grows.
log_published = sa.Table(
    "log_published",
    METADATA,
    _key("scheme"),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.ForeignKeyConstraint(["scheme", "size"], ["log_checkpoint.scheme", "log_checkpoint.size"]),
)
