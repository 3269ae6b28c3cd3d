"""The generation beside the live one: new or old, its tree, its comparison.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A rebuild under way was begun with the tables of before, so it begins anew in any case.
    op.execute("DELETE FROM rebuild")
    op.execute(
        """
        ALTER TABLE rebuild
            ADD COLUMN software TEXT NOT NULL,
            ADD COLUMN role TEXT NOT NULL,
            ADD COLUMN peaks BYTEA NOT NULL,
            ADD COLUMN comparison JSONB,
            ADD CONSTRAINT rebuild_role_check CHECK (role IN ('new', 'old')),
            ADD CONSTRAINT rebuild_peaks_check CHECK (octet_length(peaks) % 32 = 0)
        """
    )


def downgrade() -> None:
    op.execute("DELETE FROM rebuild")
    op.execute(
        "ALTER TABLE rebuild DROP COLUMN software, DROP COLUMN role, DROP COLUMN peaks,"
        " DROP COLUMN comparison"
    )
