"""One ledger of the year of moments, for all tests of a module that only read."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.reading import Asking, reading
from tests.support.moments_world import TODAY, year
from tests.support.servers import new_database


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asking]:
    directory = tmp_path_factory.mktemp("year")
    with new_database(postgres_url, migrated_template) as database_url:
        async with reading(database_url, directory, year(), TODAY) as asking:
            yield asking
