"""Who ended a claim: rejected it at the second stage, or reversed it.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there already was folded without it: such a ledger is rebuilt from its stream.
    op.execute("ALTER TABLE claim ADD COLUMN ended_by TEXT[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE claim ALTER COLUMN ended_by DROP DEFAULT")


def downgrade() -> None:
    raise NotImplementedError("A claim goes with the ledger it was folded into.")
