"""Both services as processes on real servers, once; each module has schemes of its own."""

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant, connected, founding
from tests.end_to_end.tokens import Tokens, draw_tokens, write_readers, write_sources

HERE = Path(__file__).parent
# Streams cost a second each to make, so there are as many schemes as the collected tests take.
SCHEMES: pytest.StashKey[int] = pytest.StashKey()

# The first test also waits until everything runs, on a machine that may have much to do.
ENDS_WITHIN_S = 240


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    own = 0
    shared = set()
    for item in items:
        if item.path.parent != HERE:
            continue
        fixtures = getattr(item, "fixturenames", ())
        own += "own_plant" in fixtures
        if "plant" in fixtures:
            shared.add(item.path)
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(ENDS_WITHIN_S))
    # One more, so that there is always another scheme whose tokens open nothing.
    config.stash[SCHEMES] = own + len(shared) + 1


@pytest.fixture(scope="session")
def tokens(pytestconfig: pytest.Config) -> Mapping[str, Tokens]:
    schemes = pytestconfig.stash[SCHEMES]
    return {f"works-{number:02d}": draw_tokens() for number in range(1, schemes + 1)}


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
