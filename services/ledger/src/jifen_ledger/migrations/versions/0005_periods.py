"""Quarters of branches, objections, adjustments of earlier quarters.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_removed

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE period (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    branch TEXT NOT NULL, quarter TEXT NOT NULL, state TEXT NOT NULL, by TEXT NOT NULL,
    revision INTEGER NOT NULL, preliminary_seq BIGINT, preliminary_day DATE, verified_seq BIGINT,
    verified_day DATE, published_seq BIGINT, published_day DATE, window_end DATE,
    revised_seq BIGINT, final_seq BIGINT, final_day DATE, waived_facts JSONB NOT NULL,
    waived_assessments JSONB NOT NULL, waived_reason TEXT, decided_by TEXT[] NOT NULL,
    deciders TEXT[] NOT NULL, reason TEXT,
    CONSTRAINT period_pkey PRIMARY KEY (scheme, branch, quarter, seq),
    CONSTRAINT period_state_check
        CHECK (state IN ('open', 'preliminary', 'verified', 'published', 'final')),
    CONSTRAINT period_quarter_check CHECK (quarter ~ '^[0-9]{4}-Q[1-4]$'),
    CONSTRAINT period_preliminary_seq_check CHECK ((state = 'open') = (preliminary_seq IS NULL)),
    CONSTRAINT period_verified_seq_check
        CHECK ((state IN ('open', 'preliminary')) = (verified_seq IS NULL)),
    CONSTRAINT period_published_seq_check
        CHECK ((state IN ('published', 'final')) = (published_seq IS NOT NULL)),
    CONSTRAINT period_final_seq_check CHECK ((state = 'final') = (final_seq IS NOT NULL)),
    CONSTRAINT period_revision_check CHECK ((revision = 0) = (published_seq IS NULL)),
    CONSTRAINT period_preliminary_check
        CHECK (num_nulls(preliminary_seq, preliminary_day) IN (0, 2)),
    CONSTRAINT period_verified_check CHECK (num_nulls(verified_seq, verified_day) IN (0, 2)),
    CONSTRAINT period_published_check
        CHECK (num_nulls(published_seq, published_day, window_end, revised_seq) IN (0, 4)),
    CONSTRAINT period_final_check CHECK (num_nulls(final_seq, final_day) IN (0, 2)),
    CONSTRAINT period_window_end_check CHECK (window_end >= published_day),
    CONSTRAINT period_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq),
    CONSTRAINT period_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT period_opened_seq_check CHECK (opened_seq <= seq)
);
CREATE UNIQUE INDEX period_current_key ON period (scheme, branch, quarter) WHERE until_seq IS NULL;
CREATE TABLE objection (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    objection TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, claim TEXT, unit TEXT,
    branch TEXT NOT NULL, quarter TEXT NOT NULL, by TEXT, filed_day DATE NOT NULL,
    due DATE NOT NULL, state TEXT NOT NULL, decision TEXT, corrects TEXT[] NOT NULL, reason TEXT,
    deciders TEXT[] NOT NULL, decided_seq BIGINT, decided_day DATE, reversals BIGINT[] NOT NULL,
    CONSTRAINT objection_pkey PRIMARY KEY (scheme, objection, seq),
    CONSTRAINT objection_kind_check
        CHECK (kind IN ('objection', 'complaint', 'statement', 'sample')),
    CONSTRAINT objection_about_check CHECK (num_nulls(claim, unit) = 1),
    CONSTRAINT objection_claim_check
        CHECK (kind NOT IN ('statement', 'sample') OR claim IS NOT NULL),
    CONSTRAINT objection_state_check CHECK (state IN ('noted', 'open', 'carried', 'decided')),
    CONSTRAINT objection_noted_check CHECK ((kind = 'statement') = (state = 'noted')),
    CONSTRAINT objection_carried_check
        CHECK ((state = 'carried') = (decision IS NOT DISTINCT FROM 'carried')),
    CONSTRAINT objection_decision_check
        CHECK (decision IN ('upheld', 'partly', 'dismissed', 'carried')),
    CONSTRAINT objection_decided_check CHECK ((state IN ('noted', 'open')) = (decision IS NULL)),
    CONSTRAINT objection_answer_check
        CHECK (num_nulls(decision, reason, decided_seq, decided_day) IN (0, 4)),
    CONSTRAINT objection_decided_seq_check CHECK (decided_seq > opened_seq),
    CONSTRAINT objection_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq),
    CONSTRAINT objection_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT objection_opened_seq_check CHECK (opened_seq <= seq)
);
CREATE INDEX objection_claim_idx
    ON objection (scheme, claim) WHERE until_seq IS NULL AND claim IS NOT NULL;
CREATE UNIQUE INDEX objection_current_key ON objection (scheme, objection) WHERE until_seq IS NULL;
CREATE INDEX objection_quarter_idx ON objection (scheme, branch, quarter) WHERE until_seq IS NULL;
CREATE TABLE adjustment (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    holder TEXT NOT NULL, capacity TEXT NOT NULL, item TEXT NOT NULL, quarter TEXT NOT NULL,
    booked TEXT NOT NULL, branch TEXT NOT NULL, points BIGINT NOT NULL, claim TEXT,
    CONSTRAINT adjustment_pkey
        PRIMARY KEY (scheme, opened_seq, holder, capacity, item, quarter, seq),
    CONSTRAINT adjustment_booked_check CHECK (booked > quarter),
    CONSTRAINT adjustment_points_check CHECK (points <> 0),
    CONSTRAINT adjustment_capacity_check CHECK (capacity IN ('committee', 'member', 'unit')),
    CONSTRAINT adjustment_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq),
    CONSTRAINT adjustment_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT adjustment_opened_seq_check CHECK (opened_seq <= seq)
);
CREATE INDEX adjustment_booked_idx ON adjustment (scheme, branch, booked);
CREATE UNIQUE INDEX adjustment_current_key
    ON adjustment (scheme, opened_seq, holder, capacity, item, quarter) WHERE until_seq IS NULL
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("period", "objection", "adjustment"):
        never_removed(table)


def downgrade() -> None:
    raise NotImplementedError("A register goes with the ledger it was folded into.")
