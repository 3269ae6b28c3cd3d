"""The size of each log that is published: with a quorum it is behind what is signed.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# It never goes back to a smaller size, whatever the quorum is set to and whoever asks for it.
STATEMENTS = (
    """
    CREATE TABLE log_published (
        scheme TEXT NOT NULL, size BIGINT NOT NULL,
        CONSTRAINT log_published_pkey PRIMARY KEY (scheme),
        CONSTRAINT log_published_log_checkpoint_fkey FOREIGN KEY (scheme, size)
            REFERENCES log_checkpoint (scheme, size)
    )
    """,
    "INSERT INTO log_published SELECT scheme, max(size) FROM log_checkpoint GROUP BY scheme",
    """
    CREATE FUNCTION refuse_smaller() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what % says only grows', TG_TABLE_NAME USING ERRCODE = '23001';
    END
    $$
    """,
    """
    CREATE TRIGGER log_published_only_grows BEFORE UPDATE ON log_published FOR EACH ROW
    WHEN (NEW.size < OLD.size OR NEW.scheme <> OLD.scheme) EXECUTE FUNCTION refuse_smaller()
    """,
    """
    CREATE TRIGGER log_published_stays BEFORE DELETE OR TRUNCATE ON log_published
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_smaller()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE log_published")
    op.execute("DROP FUNCTION refuse_smaller()")
