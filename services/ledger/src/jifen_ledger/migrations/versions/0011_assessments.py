"""Self-assessments.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_removed

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE assessment (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    subject TEXT NOT NULL, month TEXT NOT NULL, late BOOLEAN NOT NULL, level TEXT NOT NULL,
    values JSONB NOT NULL, missing JSONB NOT NULL, by TEXT NOT NULL, recorded_day DATE NOT NULL,
    CONSTRAINT assessment_pkey PRIMARY KEY (scheme, subject, month, late, seq),
    CONSTRAINT assessment_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT assessment_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT assessment_level_check CHECK (level IN ('member', 'group', 'branch')),
    CONSTRAINT assessment_month_check CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    CONSTRAINT assessment_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX assessment_current_key ON assessment (scheme, subject, month, late)
    WHERE until_seq IS NULL
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    never_removed("assessment")


def downgrade() -> None:
    raise NotImplementedError("A register goes with the ledger it was folded into.")
