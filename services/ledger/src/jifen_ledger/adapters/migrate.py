"""Brings a database to the tables of this version."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from jifen_ledger.adapters.database import sync_engine

MIGRATIONS = Path(__file__).parents[1] / "migrations"
# One migration at a time, whoever starts it; any number will do that nobody else locks.
MIGRATION_LOCK = 0x6A696665
LOCK = sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK))


def upgrade(url: str) -> None:
    """Apply the revisions that the database lacks, all or none."""
    engine = sync_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(LOCK)
            configuration = Config()
            configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
    finally:
        engine.dispose()
