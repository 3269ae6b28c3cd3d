"""Brings a database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from jifen_ledger.adapters.database import sync_engine

MIGRATIONS = Path(__file__).parents[1] / "migrations"
# One migration at a time, whoever starts it; any number will do that nobody else locks.
MIGRATION_LOCK = 0x6A696665
LOCK = sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK))
# A revision that waits for a table makes all others wait behind it, so it does not wait long.
TABLE_WAIT_MAX_MS = 5_000
WAIT_MAX = sa.text("SELECT set_config('lock_timeout', :milliseconds, true)")


def knows(revision: str) -> bool:
    """Tell whether this version has the revision."""
    known = ScriptDirectory.from_config(_configuration()).walk_revisions()
    return revision in {script.revision for script in known}


def upgrade(
    url: str, revision: str = "head", *, table_wait_max_ms: int = TABLE_WAIT_MAX_MS
) -> None:
    """Apply the revisions that the database lacks up to this one, all or none.

    The ledger may run meanwhile; where a table stays in use for longer, nothing is applied.
    """
    engine = sync_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(LOCK)
            connection.execute(WAIT_MAX, {"milliseconds": str(table_wait_max_ms)})
            configuration = _configuration()
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, revision)
    finally:
        engine.dispose()


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return configuration
