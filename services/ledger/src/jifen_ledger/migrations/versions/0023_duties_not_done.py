"""Adjustments that move no points: late base facts of which nothing was done.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Bulletins frozen before do not list them: such a ledger is rebuilt (`jifen-ledger rebuild`).
    op.execute("ALTER TABLE adjustment DROP CONSTRAINT adjustment_points_check")


def downgrade() -> None:
    op.execute(
        "ALTER TABLE adjustment ADD CONSTRAINT adjustment_points_check CHECK (points <> 0)"
        " NOT VALID"
    )
