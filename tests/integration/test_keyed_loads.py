"""Rows are loaded by looking up each key: never does a batch read more because history is long."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from jifen_ledger.adapters import loader_statements
from jifen_ledger.adapters.kept_loader import BY_INDEX, BY_INDEX_THEN, BY_KEY, BY_KEY_THEN
from jifen_ledger.adapters.members import NOW
from tests.support.people import SCHEME
from tests.support.servers import new_database

# What reads both sides whole, or a table once for all keys.
WHOLE = re.compile(r"Hash|Merge")


def keyed() -> Iterator[tuple[str, sa.Select[Any]]]:
    for name, statement in vars(loader_statements).items():
        if isinstance(statement, sa.Select):
            yield name.lower(), statement
    for by in (loader_statements.CLAIMS_BY_KEY, loader_statements.FIRST_TWO):
        yield from ((name, statement) for name, (_, statement) in by.items())
    for kept in (BY_KEY, BY_KEY_THEN, BY_INDEX, BY_INDEX_THEN):
        yield from kept.items()
    yield from (
        ("standings", NOW.standings),
        ("joined", NOW.joined),
        ("assignments", NOW.assignments),
    )


@pytest.fixture(scope="module")
def connection(postgres_url: str, migrated_template: str) -> Iterator[sa.Connection]:
    with new_database(postgres_url, migrated_template) as url:
        engine = sa.create_engine(url)
        with engine.connect() as opened:
            # Even where the planner would rather do anything else.
            opened.execute(sa.text("SET enable_nestloop = off"))
            yield opened
        engine.dispose()


@pytest.mark.parametrize(
    "statement", [pytest.param(statement, id=name) for name, statement in keyed()]
)
def test_each_key_is_looked_up_by_itself_whatever_the_planner_believes(
    connection: sa.Connection, statement: sa.Select[Any]
) -> None:
    plan = explained(connection, statement)

    assert "Nested Loop" in plan, plan
    assert not WHOLE.search(plan), plan


def explained(connection: sa.Connection, statement: sa.Select[Any]) -> str:
    compiled = statement.compile(dialect=connection.dialect)
    values: dict[str, object] = {
        name: SCHEME if name == "scheme" else [] if name.startswith("asked_") else value or 1
        for name, value in compiled.params.items()
    }
    found = connection.exec_driver_sql(f"EXPLAIN {compiled}", values)
    return "\n".join(line for (line,) in found)
