"""How far stream, journal and log have been compared: a restart goes on from there.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE compared (
            scheme TEXT NOT NULL, stream_created TEXT NOT NULL, began_ms BIGINT NOT NULL,
            size BIGINT NOT NULL, peaks BYTEA NOT NULL, last_recorded_at TEXT NOT NULL,
            whole_ms BIGINT, whole_size BIGINT NOT NULL,
            CONSTRAINT compared_pkey PRIMARY KEY (scheme),
            CONSTRAINT compared_size_check CHECK (size >= 0 AND whole_size >= 0),
            CONSTRAINT compared_peaks_check CHECK (octet_length(peaks) % 32 = 0)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE compared")
