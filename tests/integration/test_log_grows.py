"""The projection writes the tree with the records, whatever the batches; old journals get one."""

from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.migrate import MIGRATIONS, upgrade
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.tree import EMPTY_TREE, grown
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import Projection, StoredStream
from tests.support.servers import libpq_url

ROWS = "SELECT bytes, leaf_hash FROM record ORDER BY seq"
NODES = "SELECT tile_level, idx, hash FROM log_node ORDER BY tile_level, idx"
HEAD = "SELECT size, peaks FROM log_head"


async def project(url: str, payloads: list[bytes], batch_max: int) -> None:
    async with Projection("", url).offline() as projection:
        await ProjectScheme(
            StoredStream(payloads),
            projection.journal,
            lambda: 2**41,
            projection.status,
            projection.stopping,
            Limits(batch_max=batch_max),
        ).catch_up()
        assert projection.status.size == len(payloads)


def rows(url: str, query: str) -> list[Any]:
    with psycopg.connect(libpq_url(url)) as connection:
        return connection.execute(query).fetchall()


def unreadable(number: int) -> list[bytes]:
    return [b"no event %d" % one for one in range(number)]


@pytest.mark.parametrize("batch_max", [7, 256, 1_000])
async def test_the_tree_of_the_tables_is_that_of_the_records(
    database_url: str, batch_max: int
) -> None:
    await project(database_url, [*build.world(), *unreadable(600)], batch_max)

    records = rows(database_url, ROWS)
    leaves = leaf_hashes(entry for entry, _ in records)
    tree, nodes = grown(EMPTY_TREE, leaves)
    assert [leaf for _, leaf in records] == leaves
    assert rows(database_url, NODES) == nodes
    assert rows(database_url, HEAD) == [(tree.size, tree.joined)]
    assert len(nodes) > 1


async def test_a_journal_from_before_the_log_is_given_the_same_tree(database_url: str) -> None:
    await project(database_url, unreadable(600), 1_000)
    before = digest_of(database_url, SCHEME)

    step_back(database_url)
    upgrade(database_url)

    assert digest_of(database_url, SCHEME) == before
    assert len(rows(database_url, NODES)) == 2


def step_back(url: str) -> None:
    """Go back to the tables of before the log."""
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    revisions = ScriptDirectory.from_config(configuration).walk_revisions()
    (first,) = (one for one in revisions if str(one.path).endswith("_log.py"))
    engine = sync_engine(url)
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, str(first.down_revision))
    engine.dispose()
