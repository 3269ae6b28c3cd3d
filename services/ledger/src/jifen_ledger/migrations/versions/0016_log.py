"""The verifiable log: leaf hashes, nodes, and what is signed of them.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from jifen_ledger.log.tree import EMPTY_TREE, grown
from jifen_ledger.migrations.only_added import never_changed, never_removed

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE log_node (
    scheme TEXT NOT NULL, tile_level SMALLINT NOT NULL, idx BIGINT NOT NULL, hash BYTEA NOT NULL,
    CONSTRAINT log_node_pkey PRIMARY KEY (scheme, tile_level, idx),
    CONSTRAINT log_node_tile_level_check CHECK (tile_level BETWEEN 1 AND 7),
    CONSTRAINT log_node_idx_check CHECK (idx >= 0),
    CONSTRAINT log_node_hash_check CHECK (octet_length(hash) = 32)
);
CREATE TABLE log_signed (
    scheme TEXT NOT NULL, size BIGINT NOT NULL, peaks BYTEA NOT NULL, root BYTEA NOT NULL,
    CONSTRAINT log_signed_pkey PRIMARY KEY (scheme),
    CONSTRAINT log_signed_size_check CHECK (size >= 0),
    CONSTRAINT log_signed_peaks_check CHECK (octet_length(peaks) % 32 = 0),
    CONSTRAINT log_signed_root_check CHECK (octet_length(root) = 32)
);
CREATE TABLE log_checkpoint (
    scheme TEXT NOT NULL, size BIGINT NOT NULL, root BYTEA NOT NULL, note TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT log_checkpoint_pkey PRIMARY KEY (scheme, size),
    CONSTRAINT log_checkpoint_size_check CHECK (size >= 0),
    CONSTRAINT log_checkpoint_root_check CHECK (octet_length(root) = 32)
);
CREATE TABLE log_cosignature (
    scheme TEXT NOT NULL, size BIGINT NOT NULL, key_name TEXT NOT NULL, key_id BYTEA NOT NULL,
    cosigned_at BIGINT NOT NULL, line TEXT NOT NULL,
    CONSTRAINT log_cosignature_pkey PRIMARY KEY (scheme, size, key_name, key_id, cosigned_at),
    CONSTRAINT log_cosignature_key_id_check CHECK (octet_length(key_id) = 4),
    CONSTRAINT log_cosignature_cosigned_at_check CHECK (cosigned_at >= 0),
    CONSTRAINT log_cosignature_log_checkpoint_fkey FOREIGN KEY (scheme, size)
        REFERENCES log_checkpoint (scheme, size)
)
"""
# The records of before get the hash that they always had; nothing of them changes.
LEAF_HASHES = """
ALTER TABLE record ADD COLUMN leaf_hash BYTEA;
ALTER TABLE record DISABLE TRIGGER record_only_added;
UPDATE record SET leaf_hash = sha256('\\x00'::bytea || bytes);
ALTER TABLE record ENABLE TRIGGER record_only_added;
ALTER TABLE record ALTER COLUMN leaf_hash SET NOT NULL;
ALTER TABLE record ADD CONSTRAINT record_leaf_hash_check CHECK (octet_length(leaf_hash) = 32)
"""
LEAVES_AT_A_TIME = 10_000
SCHEMES = sa.text("SELECT scheme, size FROM log_head")
LEAVES = sa.text(
    "SELECT leaf_hash FROM record WHERE scheme = :scheme AND seq > :size ORDER BY seq LIMIT :most"
)
ADD_NODE = sa.text("INSERT INTO log_node VALUES (:scheme, :tile_level, :idx, :hash)")
SET_PEAKS = sa.text("UPDATE log_head SET peaks = :peaks WHERE scheme = :scheme")


def upgrade() -> None:
    for statement in (LEAF_HASHES + ";\n" + TABLES).strip().split(";\n"):
        op.execute(statement)
    connection = op.get_bind()
    for scheme, size in connection.execute(SCHEMES).all():
        _grow(connection, scheme, size)
    for table in ("log_node", "log_checkpoint", "log_cosignature"):
        never_changed(table)
    never_removed("log_signed")


def _grow(connection: sa.Connection, scheme: str, size: int) -> None:
    tree = EMPTY_TREE
    while tree.size < size:
        key = {"scheme": scheme, "size": tree.size, "most": LEAVES_AT_A_TIME}
        leaves = [bytes(leaf) for leaf in connection.execute(LEAVES, key).scalars()]
        if not leaves:
            raise RuntimeError(f"{scheme} has no record {tree.size + 1}, but a head at {size}")
        tree, nodes = grown(tree, leaves)
        if nodes:
            connection.execute(ADD_NODE, [{"scheme": scheme, **node._asdict()} for node in nodes])
    connection.execute(SET_PEAKS, {"scheme": scheme, "peaks": tree.joined})


def downgrade() -> None:
    for table in ("log_cosignature", "log_checkpoint", "log_signed", "log_node"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE record DROP COLUMN leaf_hash")
    op.execute("UPDATE log_head SET peaks = ''")
