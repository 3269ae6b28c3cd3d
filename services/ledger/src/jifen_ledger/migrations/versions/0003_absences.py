"""Absences.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_removed

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE absence (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    member TEXT NOT NULL, absence TEXT NOT NULL, kind TEXT NOT NULL, from_day DATE NOT NULL,
    to_day DATE NOT NULL, has_basis BOOLEAN NOT NULL,
    CONSTRAINT absence_pkey PRIMARY KEY (scheme, member, absence, seq),
    CONSTRAINT absence_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT absence_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT absence_kind_check CHECK (kind IN ('leave', 'sick', 'study', 'seconded', 'exempt')),
    CONSTRAINT absence_to_day_check CHECK (from_day < to_day),
    CONSTRAINT absence_has_basis_check CHECK (kind <> 'exempt' OR has_basis),
    CONSTRAINT absence_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX absence_current_key ON absence (scheme, member, absence)
    WHERE until_seq IS NULL
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    never_removed("absence")


def downgrade() -> None:
    raise NotImplementedError("A register goes with the ledger it was folded into.")
