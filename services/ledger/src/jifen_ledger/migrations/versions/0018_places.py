"""Everybody's score on the boards of now, and a count for each score.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE place (
        scheme TEXT NOT NULL, period TEXT NOT NULL, capacity TEXT NOT NULL, holder TEXT NOT NULL,
        unit TEXT, score INTEGER NOT NULL,
        CONSTRAINT place_pkey PRIMARY KEY (scheme, period, capacity, holder),
        CONSTRAINT place_score_check CHECK (score BETWEEN 0 AND 1000)
    )
    """,
    "CREATE INDEX place_score_idx ON place (scheme, period, capacity, score DESC, holder)",
    "CREATE INDEX place_unit_idx ON place (scheme, period, capacity, unit, score DESC, holder)",
    """
    CREATE TABLE score_count (
        scheme TEXT NOT NULL, period TEXT NOT NULL, capacity TEXT NOT NULL, scope TEXT NOT NULL,
        width SMALLINT NOT NULL, low INTEGER NOT NULL, holders BIGINT NOT NULL,
        CONSTRAINT score_count_pkey PRIMARY KEY (scheme, period, capacity, scope, width, low),
        CONSTRAINT score_count_holders_check CHECK (holders > 0),
        CONSTRAINT score_count_width_check CHECK (width IN (1, 32))
    ) WITH (fillfactor = 70)
    """,
)


def upgrade() -> None:
    # Figures folded before have no place yet: such a ledger is rebuilt (`jifen-ledger rebuild`).
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("score_count", "place"):
        op.execute(f"DROP TABLE {table}")
