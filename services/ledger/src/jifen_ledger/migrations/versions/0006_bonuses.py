"""Effective bonus by category.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What is there already was folded without them: such a ledger is rebuilt from its stream.
    op.execute(
        """
        ALTER TABLE figures
            ADD COLUMN bonus_a BIGINT NOT NULL DEFAULT 0,
            ADD COLUMN bonus_b BIGINT NOT NULL DEFAULT 0,
            ADD COLUMN bonus_c BIGINT NOT NULL DEFAULT 0,
            ADD COLUMN bonus_d BIGINT NOT NULL DEFAULT 0
        """
    )
    for column in ("bonus_a", "bonus_b", "bonus_c", "bonus_d"):
        op.execute(f"ALTER TABLE figures ALTER COLUMN {column} DROP DEFAULT")


def downgrade() -> None:
    raise NotImplementedError("A figure goes with the ledger it was folded into.")
