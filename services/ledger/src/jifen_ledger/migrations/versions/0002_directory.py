"""Directory, and the index of conflicts.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE directory (
    scheme TEXT NOT NULL, id TEXT NOT NULL, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
    phone TEXT,
    CONSTRAINT directory_pkey PRIMARY KEY (scheme, id),
    CONSTRAINT directory_name_zh_check CHECK (char_length(name_zh) BETWEEN 1 AND 100),
    CONSTRAINT directory_name_en_check CHECK (char_length(name_en) BETWEEN 1 AND 100),
    CONSTRAINT directory_phone_check CHECK (char_length(phone) BETWEEN 1 AND 40)
);
CREATE TABLE directory_revision (
    scheme TEXT NOT NULL, revision BIGINT NOT NULL,
    CONSTRAINT directory_revision_pkey PRIMARY KEY (scheme),
    CONSTRAINT directory_revision_revision_check CHECK (revision >= 1)
);
CREATE INDEX record_conflict_idx ON record (scheme, seq) WHERE code = 'conflicting_duplicate';
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("A directory goes by erasing its rows, not by a migration.")
