"""The migrations give exactly the tables that the code names, and guard what is only added."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.directory_table import METADATA
from jifen_ledger.adapters.kept_tables import KEPT
from jifen_ledger.adapters.migrate import upgrade
from tests.support.servers import new_database

ONLY_ADDED = (
    "record",
    "record_raw",
    "posting",
    "claim_step",
    "claim_past",
    "stated_deed",
    "evidence_use",
    "scheme_version",
    "unit_state",
    "standing",
    "departure",
    "joined",
    "panel",
    "split",
)


def test_the_migrated_tables_are_those_of_the_code(database_url: str) -> None:
    engine = sync_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        inspector = sa.inspect(connection)
        checks = {
            table.name: {
                str(check["name"]) for check in inspector.get_check_constraints(table.name)
            }
            for table in METADATA.sorted_tables
        }
    assert checks == {
        table.name: {
            str(check.name) for check in table.constraints if isinstance(check, sa.CheckConstraint)
        }
        for table in METADATA.sorted_tables
    }


def test_migrating_twice_changes_nothing(postgres_url: str) -> None:
    with new_database(postgres_url) as url:
        upgrade(url)
        upgrade(url)
        with sync_engine(url).connect() as connection:
            assert len(sa.inspect(connection).get_table_names()) == len(METADATA.tables) + 1


@pytest.mark.parametrize("table", ONLY_ADDED)
@pytest.mark.parametrize(
    "change", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET scheme = scheme"]
)
def test_rows_of_the_history_are_only_added(database_url: str, table: str, change: str) -> None:
    with (
        sync_engine(database_url).connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="are only added"),
    ):
        connection.execute(sa.text(change.format(table)))


@pytest.mark.parametrize("table", ["assignment", *(table.name for table in KEPT.values())])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_rows_of_a_register_end_but_are_never_removed(
    database_url: str, table: str, change: str
) -> None:
    with (
        sync_engine(database_url).connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are only added"),
    ):
        connection.execute(sa.text(change.format(table)))
