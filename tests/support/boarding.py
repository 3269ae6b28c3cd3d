"""The board over a database that holds its world, projected once for all tests."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from jifen_ledger.adapters.simulation_process import SimulationProcess
from jifen_ledger.application.simulate_beside import SimulateBeside
from jifen_ledger.board.application import open_board
from tests.integration.reading import Asking, reading
from tests.support.board_world import FELLOW, NAMES, TODAY, history
from tests.support.people import DORA, SCHEME
from tests.support.servers import new_database

COLUMNS = ("self", "branch", "staff", "reviewer", "upper", "auditor", "public", "shop")


@dataclass
class Board:
    """Opens pages as any column, with a browser's cookies."""

    asking: Asking

    async def open(
        self, path: str, who: str | None = "upper", language: str = "en", **headers: str
    ) -> httpx.Response:
        cookies = {"jifen_language": language}
        if who is not None:
            cookies["jifen_reader"] = self.asking.tokens[who]
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        address = path if path.startswith("/board") else f"/board/{SCHEME}{path}"
        return await self.asking.client.get(address, headers=sent | headers)

    async def page(self, path: str, who: str = "upper", language: str = "en") -> str:
        answer = await self.open(path, who, language)
        assert answer.status_code == 200, (who, path, answer.status_code)
        return answer.text


@pytest.fixture(scope="session")
def board_database(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database that holds the board's world and its names; nobody who reads pages changes it."""

    async def fill(url: str) -> None:
        directory = tmp_path_factory.mktemp("names")
        async with reading(url, directory, history(), TODAY) as asking:
            for person, (name_zh, name_en) in NAMES.items():
                await asking.name(person, name_zh, name_en)

    with new_database(postgres_url, migrated_template) as url:
        asyncio.run(fill(url))
        yield url


@asynccontextmanager
async def boarding(database_url: str, directory: Path) -> AsyncIterator[Board]:
    """Open the board for every column, for a member elsewhere and one who is ranked."""
    async with reading(database_url, directory, history(), TODAY, alone=True) as asking:
        simulate = SimulateBeside(SimulationProcess(database_url))
        open_board(asking.application, simulate)
        asking.add_reader("elsewhere", "branch", DORA)
        asking.add_reader("fellow", "branch", FELLOW)
        yield Board(asking)


# Pages are only read, so all tests share one application, and with it one event loop.
@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def board(
    board_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Board]:
    async with boarding(board_database, tmp_path_factory.mktemp("board")) as opened:
        yield opened
