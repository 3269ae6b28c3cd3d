"""An export is a whole organisation: imported into an empty scheme it gives the same balances."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from starlette.types import ASGIApp

from jifen_ingest.__main__ import main as ingest
from jifen_ledger.__main__ import main as ledger
from tests.integration.ingest_service import HISTORY_TOKEN, ingesting
from tests.integration.reading import project
from tests.support.exported import AFTERWARDS, BEFORE_THE_CORRECTION, NOW
from tests.support.people import SCHEME
from tests.support.projecting import project_all
from tests.support.servers import libpq_url, new_database
from tests.support.serving import served
from tests.support.shop import SHOP
from tests.support.stored import SOURCE

UNREADABLE = 1
SOURCES = f"""
[[credential]]
name = "history"
scheme = "{SCHEME}"
token_sha256 = "{sha256(HISTORY_TOKEN.encode()).hexdigest()}"
sources = {json.dumps([SOURCE, SHOP])}
scopes = ["admin", "org", "facts", "acts", "concerns", "shop", "history"]
"""


@asynccontextmanager
async def everybody_s_ingest(nats_url: str, directory: Path) -> AsyncIterator[ASGIApp]:
    async with ingesting(nats_url, SCHEME, directory) as service:
        service.sources_file.write_text(SOURCES)
        yield service.ingest.http


@pytest.fixture
def elsewhere(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """Another ledger, without a record."""
    with new_database(postgres_url, migrated_template) as url:
        yield url


async def test_an_export_in_an_empty_scheme_gives_the_same_balances(
    database_url: str,
    elsewhere: str,
    nats_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await project(database_url, [*BEFORE_THE_CORRECTION, *AFTERWARDS])
    monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)
    assert ledger(["export", "--output", str(tmp_path / "all")]) == 0
    token = tmp_path / "token"
    token.write_text(HISTORY_TOKEN)

    with served(partial(everybody_s_ingest, nats_url, tmp_path)) as url:
        command = ["import", str(tmp_path / "all" / "records.ndjson"), "--kind", "records",
                   "--url", url, "--token-file", str(token)]  # fmt: skip
        assert ingest(command) == 0
        status = await project_all(nats_url, elsewhere)

    said = capsys.readouterr().out
    assert (status.stopped, status.size) == (None, NOW - UNREADABLE)
    assert f"{NOW - UNREADABLE} events accepted, 0 of them known before" in said
    assert _told(elsewhere) == _told(database_url)


def _told(url: str) -> tuple[dict[str, int], dict[str, str], list[tuple[str, int, str | None]]]:
    """Balances, claims, and how every readable event ended."""
    with psycopg.connect(libpq_url(url)) as connection:
        balances = connection.execute("SELECT account, tenths FROM balance").fetchall()
        claims = connection.execute("SELECT claim, state FROM claim").fetchall()
        ended = connection.execute(
            "SELECT status, count(*), code FROM record WHERE type IS NOT NULL GROUP BY 1, 3"
        ).fetchall()
    return dict(balances), dict(claims), sorted(ended, key=str)
