"""Concerns, and the claims that rest on them.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_removed

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE concern (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    concern TEXT NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, urgency TEXT NOT NULL,
    state TEXT NOT NULL, raised_on DATE NOT NULL, due DATE NOT NULL, parent TEXT, origin TEXT,
    by TEXT, source TEXT NOT NULL, code TEXT, handler TEXT, handler_unit TEXT,
    pauses JSONB NOT NULL, stages JSONB NOT NULL, levels JSONB NOT NULL, merged_into TEXT,
    in_use DATE, paused_days INTEGER, resolved_on DATE, confirmed_on DATE,
    reopenings INTEGER NOT NULL, voices JSONB NOT NULL,
    CONSTRAINT concern_pkey PRIMARY KEY (scheme, concern, seq),
    CONSTRAINT concern_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT concern_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT concern_kind_check CHECK (kind IN ('concern', 'project', 'fix', 'care')),
    CONSTRAINT concern_urgency_check CHECK (urgency IN ('at_once', 'urgent', 'ordinary')),
    CONSTRAINT concern_state_check CHECK (
        state IN ('raised', 'assigned', 'resolved', 'confirmed', 'reopened', 'merged')),
    CONSTRAINT concern_due_check CHECK (due >= raised_on),
    CONSTRAINT concern_handler_check CHECK ((state = 'raised') = (handler IS NULL)),
    CONSTRAINT concern_handler_unit_check CHECK ((handler IS NULL) = (handler_unit IS NULL)),
    CONSTRAINT concern_merged_into_check CHECK (
        (state = 'merged') = (merged_into IS NOT NULL)),
    CONSTRAINT concern_resolved_on_check CHECK (
        (state IN ('resolved', 'confirmed')) = (in_use IS NOT NULL AND resolved_on IS NOT NULL)),
    CONSTRAINT concern_confirmed_on_check CHECK (
        (state = 'confirmed') = (confirmed_on IS NOT NULL)),
    CONSTRAINT concern_pauses_check CHECK (jsonb_array_length(pauses) <= 2),
    CONSTRAINT concern_paused_days_check CHECK ((in_use IS NULL) = (paused_days IS NULL)),
    CONSTRAINT concern_code_check CHECK (code IS NULL OR by IS NULL),
    CONSTRAINT concern_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX concern_current_key ON concern (scheme, concern) WHERE until_seq IS NULL;
CREATE INDEX concern_unit_idx ON concern (scheme, unit, opened_seq);
CREATE INDEX concern_parent_idx ON concern (scheme, parent) WHERE parent IS NOT NULL;
CREATE INDEX concern_merged_into_idx ON concern (scheme, merged_into)
    WHERE merged_into IS NOT NULL;
CREATE INDEX concern_origin_idx ON concern (scheme, origin) WHERE origin IS NOT NULL;
CREATE TABLE resting (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    claim TEXT NOT NULL, deed TEXT NOT NULL,
    CONSTRAINT resting_pkey PRIMARY KEY (scheme, claim, seq),
    CONSTRAINT resting_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT resting_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT resting_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX resting_current_key ON resting (scheme, claim) WHERE until_seq IS NULL;
CREATE INDEX resting_deed_idx ON resting (scheme, deed)
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    never_removed("concern")
    never_removed("resting")


def downgrade() -> None:
    raise NotImplementedError("A register goes with the ledger it was folded into.")
