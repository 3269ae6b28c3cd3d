"""Counts for the health check.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE tally (
            scheme TEXT NOT NULL, branch TEXT NOT NULL, quarter TEXT NOT NULL,
            claims BIGINT NOT NULL, typed BIGINT NOT NULL, late BIGINT NOT NULL,
            preliminary BIGINT NOT NULL, preliminary_late BIGINT NOT NULL,
            verified BIGINT NOT NULL, verified_late BIGINT NOT NULL,
            turned_down BIGINT NOT NULL, helped BIGINT NOT NULL,
            CONSTRAINT tally_pkey PRIMARY KEY (scheme, branch, quarter)
        ) WITH (fillfactor = 70)
        """
    )


def downgrade() -> None:
    raise NotImplementedError("A count goes with the ledger it was folded into.")
