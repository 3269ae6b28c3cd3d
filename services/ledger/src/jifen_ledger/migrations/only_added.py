"""Guards of the tables whose rows are only added."""

from __future__ import annotations

from alembic import op


def never_removed(table: str) -> None:
    """Let rows end by `until_seq`, and nobody remove one."""
    op.execute(
        f"CREATE TRIGGER {table}_only_added BEFORE DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def never_changed(table: str) -> None:
    """Let nobody change or remove a row."""
    op.execute(
        f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
