"""Workers, their leases, and rebuilds.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE worker (
        worker TEXT NOT NULL, schemes TEXT[] NOT NULL, seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT worker_pkey PRIMARY KEY (worker)
    )
    """,
    """
    CREATE TABLE lease (
        scheme TEXT NOT NULL, worker TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        stream_last BIGINT NOT NULL, trouble TEXT NOT NULL,
        CONSTRAINT lease_pkey PRIMARY KEY (scheme)
    )
    """,
    """
    CREATE TABLE rebuild (
        scheme TEXT NOT NULL, revision TEXT NOT NULL, size BIGINT NOT NULL,
        last_recorded_at TEXT NOT NULL, live_from BIGINT,
        CONSTRAINT rebuild_pkey PRIMARY KEY (scheme),
        CONSTRAINT rebuild_size_check CHECK (size >= 0)
    )
    """,
    "ALTER TABLE log_head ADD COLUMN generation BIGINT NOT NULL DEFAULT 0",
    # Rows that the records determine may give way to rebuilt ones, in a transaction that names
    # their table; the records themselves to nothing.
    """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND TG_TABLE_NAME NOT IN (
            'record', 'record_raw', 'log_node', 'log_checkpoint', 'log_cosignature', 'log_signed'
        )
            AND current_setting('jifen.rebuilding', true) = TG_TABLE_NAME
        THEN
            RETURN NULL;
        END IF;
        RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = '23001';
    END
    $$
    """,
)


REFUSE_EVERY_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = '23001';
END
$$
"""


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute(REFUSE_EVERY_CHANGE)
    op.execute("ALTER TABLE log_head DROP COLUMN generation")
    for table in ("rebuild", "lease", "worker"):
        op.execute(f"DROP TABLE {table}")
