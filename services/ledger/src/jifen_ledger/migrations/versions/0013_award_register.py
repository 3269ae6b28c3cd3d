"""An index for the register of awards.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX award_register_idx ON award (scheme, opened_seq) WHERE until_seq IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX award_register_idx")
