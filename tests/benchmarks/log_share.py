"""What the log costs the projection: the same year with it and without it, in turns."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, cast

import psycopg
import pytest
import uvloop
from sqlalchemy import make_url

from jifen_ledger.adapters import journal
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.application.project import Limits
from jifen_ledger.log.tree import Growth, Tree
from tests.benchmarks.ledger_way import fill, ledger_way, two_servers
from tests.benchmarks.log_rows import Row, time_row
from tests.benchmarks.runs import Runs
from tests.support.servers import libpq_url, new_database

WITH: Final = "with the log"
WITHOUT: Final = "without it"
# Without the log a record has no leaf hash.
NO_LEAVES: Final = b"""
ALTER TABLE record ALTER COLUMN leaf_hash DROP NOT NULL, DROP CONSTRAINT record_leaf_hash_check
"""


def share_rows(payloads: Sequence[bytes], rounds: int, *, fast: bool) -> Iterator[Row]:
    """Project the events from a stream into fresh databases."""
    runs = Runs()
    with two_servers(fast=fast) as (nats_url, postgres_url):
        asyncio.run(fill(nats_url, payloads))
        with new_database(postgres_url) as migrated:
            upgrade(migrated)
            template = make_url(migrated).database
            with new_database(postgres_url, template) as url:
                # Counted for nothing: whoever comes first would pay for what is made once.
                _project(Runs(), "warming up", nats_url, url, len(payloads))
            for _ in range(rounds):
                with new_database(postgres_url, template) as url:
                    _project(runs, WITH, nats_url, url, len(payloads))
                with new_database(postgres_url, template) as url, _no_log(url):
                    _project(runs, WITHOUT, nats_url, url, len(payloads))
    with_us, without_us = runs.cpu_us(WITH), runs.cpu_us(WITHOUT)
    events = f"{len(payloads):,} events, {rounds} rounds"
    yield time_row(
        f"cost of the log to the projection by the clock, {events}; limit: the same without it",
        f"{runs.rate(WITHOUT):,.0f}/s",
        (1 - runs.ratio(WITH, WITHOUT)) * 100,
        *(15, "%"),
    )
    yield time_row(
        "the same in CPU time of the projecting process, of an event",
        f"{without_us:.1f} us",
        (1 - without_us / with_us) * 100,
        *(15, "%"),
    )


def _project(runs: Runs, way: str, nats_url: str, url: str, events: int) -> None:
    with runs.timed(way, events):
        uvloop.run(ledger_way(nats_url, url, events, Limits().batch_max))


@contextmanager
def _no_log(url: str) -> Iterator[None]:
    """Write records without hashes, nodes and peaks: the tree is a number."""
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute(NO_LEAVES)

    def counted(tree: Tree, entries: Iterable[bytes]) -> Growth:
        leaves = cast("list[bytes]", [None for _ in entries])
        return Growth(leaves, [], Tree(tree.size + len(leaves), ()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "growth_by", counted)
        yield
