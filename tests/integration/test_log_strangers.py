"""Tools that others wrote find the log as its checkpoint says, and name what was altered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from jifen_ledger.__main__ import main
from jifen_ledger.log.tiles import bundle_path, levels_at, places_at, tile_path
from tests.support.log_serving import served_log
from tests.support.people import SCHEME
from tests.support.servers import new_database
from tests.support.serving import served
from tests.support.signing import query, refused, signing_log, tamper
from tests.support.stranger import Wrong, verify

SIZES = (0, 1, 257)
FLIP = "UPDATE record SET bytes = set_byte(bytes, 30, get_byte(bytes, 30) # 1) WHERE seq = 100"
FIT_LEAF = "UPDATE record SET leaf_hash = sha256('\\x00'::bytea || bytes) WHERE seq = 100"


@pytest.fixture(scope="module")
def logs(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> "Logs":
    return Logs(postgres_url, migrated_template, tmp_path_factory.mktemp("logs"))


class Logs:
    """Exported logs of several sizes, each made once."""

    def __init__(self, postgres_url: str, template: str, directory: Path) -> None:
        self._postgres_url = postgres_url
        self._template = template
        self._directory = directory
        self.exported = cache(self._export)

    def _export(self, size: int) -> tuple[Path, str]:
        """The directory and the vkey."""
        directory = self._directory / str(size)
        directory.mkdir()
        with new_database(self._postgres_url, self._template) as url:
            vkey = asyncio.run(_signed(url, directory, size))
            export(url, directory / "export")
        return directory / "export", vkey


async def _signed(url: str, directory: Path, size: int) -> str:
    async with signing_log(url, directory) as log:
        await log.project(refused(size))
        await log.sign()
        return log.status.keys[0].text


def export(url: str, out: Path, *more: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIFEN_DATABASE_URL", url)
        return main(["log", "export", SCHEME, "--out", str(out), *more])


def fetch_file(directory: Path, path: str) -> bytes | None:
    file = directory / path
    return file.read_bytes() if file.is_file() else None


@pytest.mark.parametrize("size", SIZES)
def test_an_export_verifies_and_holds_nothing_else(logs: Logs, size: int) -> None:
    directory, vkey = logs.exported(size)

    found, entries = verify(lambda path: fetch_file(directory, path), vkey)

    files = {str(one.relative_to(directory)) for one in directory.rglob("*") if one.is_file()}
    expected = {bundle_path(place) for place in places_at(size)} | {"checkpoint"}
    for level in levels_at(size):
        expected |= {tile_path(level, place) for place in places_at(size, level)}
    assert (found, len(entries), files) == (size, size, expected)


@asynccontextmanager
async def _ledger(url: str, directory: Path, found: dict[str, str]) -> AsyncIterator[ASGIApp]:
    async with served_log(url, directory) as one:
        await one.record(refused(257))
        found |= one.tokens | {"vkey": one.log.status.keys[0].text}
        yield one.application


def test_a_live_log_verifies_until_one_byte_of_one_old_record_is_altered(
    database_url: str, tmp_path: Path
) -> None:
    found: dict[str, str] = {}
    with served(lambda: _ledger(database_url, tmp_path, found)) as address:
        base = f"{address}/v1/schemes/{SCHEME}/log"
        with httpx.Client(
            headers={"Authorization": f"Bearer {found['auditor']}"}, trust_env=False
        ) as client:

            def fetch(path: str) -> bytes | None:
                answer = client.get(f"{base}/{path}")
                return answer.content if answer.is_success else None

            size, entries = verify(fetch, found["vkey"])
            tamper(database_url, FLIP)
            with pytest.raises(Wrong, match="entry 99 does not have its leaf hash"):
                verify(fetch, found["vkey"])
            tamper(database_url, FIT_LEAF)
            with pytest.raises(Wrong, match="is not made from the leaves"):
                verify(fetch, found["vkey"])

    stored = query(database_url, "SELECT bytes FROM record WHERE seq <> 100 ORDER BY seq")
    assert (size, len(entries)) == (257, 257)
    assert [*entries[:99], *entries[100:]] == [entry for (entry,) in stored]


async def test_an_export_is_made_at_any_published_size_and_never_over_another(
    database_url: str, tmp_path: Path
) -> None:
    async with signing_log(database_url, tmp_path) as log:
        for size in (3, 300):
            await log.project(refused(size))
            await log.sign()
        vkey = log.status.keys[0].text
    out = tmp_path / "export"
    codes = [
        await asyncio.to_thread(export, database_url, out, "--size", size)
        for size in ("4", "3", "300")
    ]

    assert codes == [1, 0, 1]
    assert verify(lambda path: fetch_file(out, path), vkey)[0] == 3
