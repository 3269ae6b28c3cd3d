"""Claims as they stood before, and postings by deed quarter.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_changed

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE claim_past (
    scheme TEXT NOT NULL, claim TEXT NOT NULL, seq BIGINT NOT NULL, stated_seq BIGINT NOT NULL,
    holder TEXT NOT NULL, of_unit BOOLEAN NOT NULL, state TEXT NOT NULL, item TEXT NOT NULL,
    deed TEXT NOT NULL, deed_group TEXT, project TEXT, deed_ms BIGINT NOT NULL,
    deed_date DATE NOT NULL, stated_ms BIGINT NOT NULL, branch TEXT NOT NULL,
    version INTEGER NOT NULL, posts TEXT[] NOT NULL, unit_class TEXT, catalogue TEXT NOT NULL,
    measure JSONB NOT NULL, counterpart TEXT[] NOT NULL, signed TEXT,
    evidence_kinds TEXT[] NOT NULL, has_basis BOOLEAN NOT NULL, by TEXT, worth JSONB NOT NULL,
    lowered JSONB NOT NULL, replaces TEXT, until DATE, duplicate_of TEXT,
    preliminary_deciders TEXT[] NOT NULL, verified_deciders TEXT[] NOT NULL,
    ended_by TEXT[] NOT NULL, decided_seq BIGINT, verified_seq BIGINT, reversed_seq BIGINT,
    counted JSONB NOT NULL,
    counted_incentive BIGINT NOT NULL, until_seq BIGINT NOT NULL,
    CONSTRAINT claim_past_pkey PRIMARY KEY (scheme, claim, until_seq),
    CONSTRAINT claim_past_until_seq_check CHECK (until_seq > stated_seq),
    CONSTRAINT claim_past_record_fkey FOREIGN KEY(scheme, until_seq)
        REFERENCES record (scheme, seq)
);
CREATE INDEX posting_quarter_idx ON posting USING brin (scheme, quarter)
    WITH (autosummarize = on, pages_per_range = 32)
"""


def upgrade() -> None:
    # Claims folded before left nothing aside: such a ledger is rebuilt from its stream.
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    never_changed("claim_past")


def downgrade() -> None:
    raise NotImplementedError("The history goes with the ledger it was folded into.")
