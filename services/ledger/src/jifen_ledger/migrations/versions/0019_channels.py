"""The call-up code by which a person was registered.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A code stands in plain words in the canonical bytes of the record that added the row.
CHANNELS_BEFORE = """
UPDATE standing SET channel = told.channel
FROM (
    SELECT record.scheme, record.seq,
        substring(convert_from(record.bytes, 'UTF8') FROM '"channel":"([a-z0-9-]+)"') AS channel
    FROM record WHERE record.type = 'jifen.member.enrolled.v1' AND record.status <> 'refused'
) AS told
WHERE told.scheme = standing.scheme AND told.seq = standing.seq AND told.channel IS NOT NULL
"""


def upgrade() -> None:
    op.execute("ALTER TABLE standing ADD COLUMN channel TEXT")
    # Nothing that a row says is changed: what it left out is added, once.
    op.execute("ALTER TABLE standing DISABLE TRIGGER standing_only_added")
    op.execute(CHANNELS_BEFORE)
    op.execute("ALTER TABLE standing ENABLE TRIGGER standing_only_added")


def downgrade() -> None:
    op.execute("ALTER TABLE standing DROP COLUMN channel")
