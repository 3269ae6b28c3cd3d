"""A page of a statement costs the same wherever it lies and however long the history is."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.reads.accounts import LINES
from tests.support.servers import new_database

SCHEME, ACCOUNT = "plant", "member:m-long:member"
HISTORY = 100_000
PAGE = 51
# A page's lines with their records, and the way down three indexes; no more for a longer history.
BLOCKS_MAX = 8 * PAGE
FILL = """
INSERT INTO record (scheme, seq, bytes, leaf_hash, recorded_at, status)
SELECT 'plant', seq, '\\x00', sha256('\\x0000'), '2023-07-12T02:00:00.000Z', 'posted'
FROM generate_series(1, {0}) AS seq;
INSERT INTO posting (scheme, seq, ordinal, account, delta, kind)
SELECT 'plant', seq, 1, '{1}', CASE WHEN seq % 10 = 0 THEN -5 ELSE 1 END,
    CASE WHEN seq % 10 = 0 THEN 'deduct' ELSE 'award' END
FROM generate_series(1, {0}) AS seq;
ANALYZE record, posting
"""


@pytest.fixture(scope="module")
def long_history(postgres_url: str, migrated_template: str) -> Iterator[sa.Connection]:
    with new_database(postgres_url, migrated_template) as url:
        engine = sync_engine(url)
        with engine.connect() as connection:
            for statement in FILL.format(HISTORY, ACCOUNT).split(";\n"):
                connection.execute(sa.text(statement))
            yield connection
        engine.dispose()


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("deductions", [True, False])
@pytest.mark.parametrize("place", [1_000, HISTORY // 2, HISTORY - 1_000])
def test_a_page_reads_a_page_s_worth_of_blocks(
    long_history: sa.Connection,
    newest_first: bool,  # noqa: FBT001 - a parameter of the test
    deductions: bool,  # noqa: FBT001 - a parameter of the test
    place: int,
) -> None:
    found = explained(long_history, LINES[newest_first, deductions], place)

    plan = found["Plan"]
    assert plan["Actual Rows"] == PAGE
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= BLOCKS_MAX


def explained(connection: sa.Connection, statement: sa.Select[Any], seq: int) -> dict[str, Any]:
    values = {"scheme": SCHEME, "account": ACCOUNT, "seq": seq, "ordinal": 0, "limit": PAGE}
    compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    text = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {compiled}"
    found = connection.exec_driver_sql(text, compiled.construct_params(values)).scalar_one()
    assert isinstance(found, list)
    return dict(found[0])
