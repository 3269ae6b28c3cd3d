"""Bulletins.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_changed

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE bulletin (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    branch TEXT NOT NULL, quarter TEXT NOT NULL, revision INTEGER NOT NULL,
    full_sheet BYTEA NOT NULL, branch_sheet BYTEA NOT NULL, content_hash TEXT NOT NULL,
    branch_hash TEXT NOT NULL, red TEXT[] NOT NULL,
    CONSTRAINT bulletin_pkey PRIMARY KEY (scheme, branch, quarter, revision, seq),
    CONSTRAINT bulletin_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT bulletin_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT bulletin_revision_check CHECK (revision >= 1),
    CONSTRAINT bulletin_frozen_check CHECK (until_seq IS NULL AND opened_seq = seq),
    CONSTRAINT bulletin_content_hash_check
        CHECK (content_hash = encode(sha256(full_sheet), 'hex')),
    CONSTRAINT bulletin_branch_hash_check
        CHECK (branch_hash = encode(sha256(branch_sheet), 'hex')),
    CONSTRAINT bulletin_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX bulletin_current_key ON bulletin (scheme, branch, quarter, revision)
    WHERE until_seq IS NULL
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    never_changed("bulletin")


def downgrade() -> None:
    raise NotImplementedError("What was frozen is never dropped.")
