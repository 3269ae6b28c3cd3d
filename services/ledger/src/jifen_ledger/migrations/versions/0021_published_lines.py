"""What bulletins published, line by line.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_changed

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE published_line (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    branch TEXT NOT NULL, quarter TEXT NOT NULL, revision INTEGER NOT NULL,
    holder TEXT NOT NULL, capacity TEXT NOT NULL, of_quarter TEXT NOT NULL, score INTEGER,
    earned BIGINT NOT NULL, applicable BIGINT NOT NULL, bonus BIGINT NOT NULL,
    deductions BIGINT NOT NULL, severe BIGINT NOT NULL, zeroed BOOLEAN NOT NULL,
    partial BOOLEAN NOT NULL, categories JSONB NOT NULL, bonuses JSONB NOT NULL,
    CONSTRAINT published_line_pkey PRIMARY KEY (
        scheme, branch, quarter, revision, holder, capacity, of_quarter, seq
    ),
    CONSTRAINT published_line_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT published_line_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT published_line_capacity_check CHECK (capacity IN ('committee', 'member', 'unit')),
    CONSTRAINT published_line_of_quarter_check CHECK (of_quarter <= quarter),
    CONSTRAINT published_line_score_check
        CHECK (score BETWEEN 0 AND 1000 AND (score = 0 OR NOT zeroed)),
    CONSTRAINT published_line_frozen_check CHECK (until_seq IS NULL AND opened_seq = seq),
    CONSTRAINT published_line_record_fkey
        FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX published_line_current_key
    ON published_line (scheme, branch, quarter, revision, holder, capacity, of_quarter)
    WHERE until_seq IS NULL;
CREATE INDEX published_line_holder_idx ON published_line (scheme, holder, of_quarter);
CREATE INDEX published_line_adjusts_idx ON published_line (scheme, branch, of_quarter)
    WHERE of_quarter < quarter
"""


def upgrade() -> None:
    # Bulletins frozen before have no lines yet: such a ledger is rebuilt (`jifen-ledger rebuild`).
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    never_changed("published_line")


def downgrade() -> None:
    op.execute("DROP TABLE published_line")
