"""A browser on the board, where one is installed; CI may have none."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, async_playwright
from starlette.types import ASGIApp

from tests.support.boarding import board_database, boarding
from tests.support.serving import served

__all__ = ["board_database"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
NARROW, WIDE = 360, 1280
ColourScheme = Literal["light", "dark"]


@dataclass
class Desk:
    """A browser that may sign in as any reader."""

    browser: Browser
    address: str
    tokens: dict[str, str]

    @asynccontextmanager
    async def at(
        self,
        path: str,
        who: str = "upper",
        *,
        width: int = WIDE,
        language: str = "en",
        scheme: ColourScheme = "light",
    ) -> AsyncIterator[Page]:
        """Open a page, signed in."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            # What looks into a page from outside is not the page's doing.
            bypass_csp=True,
        )
        url = f"{self.address}/board"
        await context.add_cookies([
            {"name": "jifen_reader", "value": self.tokens[who], "url": url},
            {"name": "jifen_language", "value": language, "url": url},
        ])  # fmt: skip
        try:
            page = await context.new_page()
            await page.goto(f"{url}/plant{path}")
            yield page
        finally:
            await context.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("No browser: on Debian `apt-get install chromium` brings one.")
    return found


@pytest.fixture(scope="session")
def address_and_tokens(
    chromium: str, board_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """The board on a port of this machine, and the tokens that open it."""
    assert chromium
    tokens: dict[str, str] = {}

    @asynccontextmanager
    async def make() -> AsyncIterator[ASGIApp]:
        async with boarding(board_database, tmp_path_factory.mktemp("browser")) as board:
            tokens.update(board.asking.tokens)
            yield board.asking.application

    with served(make) as address:
        yield address, tokens


@pytest.fixture
async def desk(
    chromium: str, address_and_tokens: tuple[str, dict[str, str]]
) -> AsyncIterator[Desk]:
    address, tokens = address_and_tokens
    async with async_playwright() as playwright:
        # Tests run as root in containers, where Chromium has no sandbox of its own.
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield Desk(browser, address, tokens)
        finally:
            await browser.close()
