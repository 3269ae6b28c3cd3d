"""Both services as processes on real servers, once; each module has schemes of its own."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant, connected, founding
from tests.end_to_end.tokens import Tokens, draw_tokens, write_readers, write_sources

HERE = Path(__file__).parent
# Streams cost a second each to make; tests that need no past of their own share a scheme.
SCHEMES_MAX = 12

# The first test also waits until everything runs, on a machine that may have much to do.
ENDS_WITHIN_S = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(ENDS_WITHIN_S))


@pytest.fixture(scope="session")
def tokens() -> Mapping[str, Tokens]:
    return {f"works-{number:02d}": draw_tokens() for number in range(1, SCHEMES_MAX + 1)}


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, tokens: Mapping[str, Tokens]
) -> Iterator[LocalStack]:
    directory = tmp_path_factory.mktemp("works")
    with LocalStack(
        directory / "data",
        schemes=list(tokens),
        sources_file=write_sources(directory / "sources.toml", tokens),
        readers_file=write_readers(directory / "readers.toml", tokens),
        fast=True,
    ) as running:
        yield running


@pytest.fixture(scope="session")
def unused(tokens: Mapping[str, Tokens]) -> Iterator[str]:
    """Schemes that no test has had."""
    return iter(tokens)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plant(
    stack: LocalStack, tokens: Mapping[str, Tokens], unused: Iterator[str]
) -> AsyncIterator[Plant]:
    """A scheme of the module's own, with the small world's units, people and panels."""
    scheme = next(unused)
    async with connected(stack, scheme, tokens[scheme]) as plant:
        seqs = await plant.accepted(founding())
        await plant.has_records(seqs[-1])
        yield plant


@pytest_asyncio.fixture(loop_scope="module")
async def own_plant(
    stack: LocalStack, tokens: Mapping[str, Tokens], unused: Iterator[str]
) -> AsyncIterator[Plant]:
    """As `plant`, for one test alone."""
    scheme = next(unused)
    async with connected(stack, scheme, tokens[scheme]) as plant:
        seqs = await plant.accepted(founding())
        await plant.has_records(seqs[-1])
        yield plant
