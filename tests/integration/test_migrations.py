"""The migrations give exactly the tables that the code names, and guard what is only added."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from jifen_contracts.canonical import decode
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.directory_table import METADATA
from jifen_ledger.adapters.kept_tables import KEPT
from jifen_ledger.adapters.log_tables import log_published
from jifen_ledger.adapters.migrate import MIGRATIONS, upgrade
from jifen_ledger.adapters.register_tables import standing
from jifen_ledger.adapters.tables import record
from jifen_ledger.adapters.use_tables import file_use, private_use
from tests.support.concerns import resolved
from tests.support.judgements import erased
from tests.support.organisation import enrolled
from tests.support.people import SCHEME
from tests.support.servers import new_database
from tests.support.stored import changed, sha, told

ONLY_ADDED = (
    "record",
    "record_raw",
    "posting",
    "claim_step",
    "claim_past",
    "stated_deed",
    "evidence_use",
    "file_use",
    "private_use",
    "scheme_version",
    "unit_state",
    "standing",
    "departure",
    "joined",
    "panel",
    "split",
    "log_node",
    "log_checkpoint",
    "log_cosignature",
)


@pytest.fixture(scope="module")
def migrated(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A database for tests whose changes are refused, and so leave it as it was."""
    with new_database(postgres_url, migrated_template) as url:
        yield url


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


def test_of_two_that_migrate_at_once_one_waits_and_both_succeed(postgres_url: str) -> None:
    with new_database(postgres_url) as url, ThreadPoolExecutor(2) as pool:
        ended = [one.result() for one in [pool.submit(upgrade, url) for _ in range(2)]]
        with sync_engine(url).connect() as connection:
            context = MigrationContext.configure(connection)
            assert (ended, compare_metadata(context, METADATA)) == ([None, None], [])


def test_a_migration_gives_way_to_who_uses_a_table_and_leaves_everything(postgres_url: str) -> None:
    with new_database(postgres_url) as url:
        _upgrade_to(url, "0018")
        with sync_engine(url).connect() as reading, sync_engine(url).connect() as other:
            reading.execute(sa.text("SELECT count(*) FROM standing"))
            with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
                upgrade(url, table_wait_max_ms=50)
            assert other.execute(sa.text("SELECT count(*) FROM standing")).scalar_one() == 0
            revision = other.execute(sa.text("SELECT version_num FROM alembic_version"))
            assert revision.scalar_one() == "0018"
        upgrade(url)


def test_files_and_private_parts_of_earlier_records_are_found_by_the_migration(
    postgres_url: str,
) -> None:
    proof, part = [{"kind": "photo", "sha256": sha("mended")}], {"privatehash": sha("part")}
    events = [
        ("recorded", None, changed(resolved(evidence=proof), **part)),
        ("recorded", None, erased()),
        ("refused", "unknown_reference", resolved("cn-2", evidence=[*proof, *proof])),
        ("duplicate", None, changed(resolved(evidence=proof), privatehash=sha("later"))),
    ]
    with new_database(postgres_url) as url:
        _upgrade_to(url, "0014")
        with sync_engine(url).begin() as connection:
            for seq, (status, code, payload) in enumerate(events, start=1):
                kind = {"type": decode(payload)["type"], "status": status, "code": code}
                stamped = {"scheme": SCHEME, "seq": seq, "recorded_at": "2023-07-12T00:00:00.000Z"}
                held = {"bytes": b'{"event":%b}' % payload}
                connection.execute(sa.insert(record), {**stamped, **kind, **held})
        upgrade(url)
        with sync_engine(url).connect() as connection:
            files = connection.execute(sa.select(file_use.c.sha256, file_use.c.seq)).all()
            parts = connection.execute(sa.select(private_use.c.privatehash, private_use.c.seq))
            assert sorted(files) == sorted([(sha("mended"), 1), (sha("request"), 2)])
            assert parts.all() == [(sha("part"), 1)]


def test_what_was_signed_before_there_were_quorums_is_published(postgres_url: str) -> None:
    add = "INSERT INTO log_checkpoint (scheme, size, root, note) VALUES ('{}', {}, sha256(''), '')"
    with new_database(postgres_url) as url:
        _upgrade_to(url, "0019")
        with sync_engine(url).begin() as connection:
            for scheme, size in (("one", 0), ("one", 7), ("two", 3)):
                connection.execute(sa.text(add.format(scheme, size)))
        upgrade(url)
        with sync_engine(url).connect() as connection:
            found = connection.execute(sa.select(log_published)).all()

    assert sorted(tuple(row) for row in found) == [("one", 7), ("two", 3)]


def test_call_up_codes_of_earlier_records_are_found_by_the_migration(postgres_url: str) -> None:
    called = told(enrolled("m-called", "applicant"), channel="station-7")
    # The id of the last one only says the same words, which its bytes escape.
    odd = changed(enrolled("m-odd"), id='"channel":"no"')
    events = [called, enrolled("m-plain"), odd]
    with new_database(postgres_url) as url:
        _upgrade_to(url, "0015")
        with sync_engine(url).begin() as connection:
            for seq, payload in enumerate(events, start=1):
                kind = {"type": decode(payload)["type"], "status": "recorded"}
                stamped = {"scheme": SCHEME, "seq": seq, "recorded_at": "2023-07-12T00:00:00.000Z"}
                held = {"bytes": b'{"event":%b}' % payload}
                connection.execute(sa.insert(record), {**stamped, **kind, **held})
                said = {"member": decode(payload)["subject"], "standing": "full"}
                row = {"scheme": SCHEME, "seq": seq, "from_day": date(2023, 7, 1), **said}
                connection.execute(sa.insert(standing), row)
        upgrade(url)
        with sync_engine(url).connect() as connection:
            found = connection.execute(sa.select(standing.c.seq, standing.c.channel))
            assert sorted(found.all()) == [(1, "station-7"), (2, None), (3, None)]


@pytest.mark.parametrize("table", ONLY_ADDED)
@pytest.mark.parametrize(
    "change", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET scheme = scheme"]
)
def test_rows_of_the_history_are_only_added(migrated: str, table: str, change: str) -> None:
    with (
        sync_engine(migrated).connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="are only added"),
    ):
        connection.execute(sa.text(change.format(table)))


@pytest.mark.parametrize(
    "table", ["assignment", "log_signed", *(table.name for table in KEPT.values())]
)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_rows_of_a_register_end_but_are_never_removed(
    migrated: str, table: str, change: str
) -> None:
    with (
        sync_engine(migrated).connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are only added"),
    ):
        connection.execute(sa.text(change.format(table)))


def _upgrade_to(url: str, revision: str) -> None:
    with sync_engine(url).begin() as connection:
        configuration = Config()
        configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, revision)
