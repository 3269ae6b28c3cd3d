"""What every test may ask for, and which tests may reach the network."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import make_url

from tests.support.budget import NIGHTLY
from tests.support.servers import new_database, running_nats, running_postgres

# A commit is judged by the same examples each time; new ones are looked for at the desk.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") and not NIGHTLY:
    settings.load_profile("ci")

TESTS = Path(__file__).parent
# Folders whose tests talk to servers, and the marker that says so; all others are pure.
WITH_SERVERS = {
    "integration": "integration",
    "end_to_end": "system",
    "faults": "system",
    "browser": "system",
    "compose": "system",
}

# Folders whose files share what takes long to start; of the others each file is run as a whole.
TOGETHER = frozenset({"compose", "docs", "end_to_end", "local"})

# A time limit that strikes within a property looks like a failure that does not come back: on a
# loaded machine Hypothesis would call the property flaky.
PROPERTY_TIMEOUT_S = 900


# First, so that the processes that share the tests know the groups.
@pytest.hookimpl(tryfirst=True, specname="pytest_collection_modifyitems")
def group_what_shares_servers(items: list[pytest.Item]) -> None:
    for item in items:
        path = item.path.relative_to(TESTS)
        group = path.parts[0] if path.parts[0] in TOGETHER else str(path)
        item.add_marker(pytest.mark.xdist_group(group))
    # Long groups first and short ones last, so that all processes end at about the same time.
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(TESTS).parts[0]
    return 0 if folder in TOGETHER else 1 if folder in WITH_SERVERS else 2


# Last, so that Hypothesis has marked its own tests.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.timeout(PROPERTY_TIMEOUT_S))
        if marker := WITH_SERVERS.get(item.path.relative_to(TESTS).parts[0]):
            item.add_marker(marker)
            item.add_marker("enable_socket")


@pytest.fixture(scope="session")
def nats_url() -> Iterator[str]:
    with running_nats() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Iterator[str]:
    """The name of a database with the ledger's tables and no rows."""
    from jifen_ledger.adapters.migrate import upgrade  # noqa: PLC0415 -- pure tests need no ledger.

    with new_database(postgres_url) as url:
        upgrade(url)
        name = make_url(url).database
        assert name is not None
        yield name


@pytest.fixture
def database_url(postgres_url: str, migrated_template: str) -> Iterator[str]:
    """A database of the test's own, with the ledger's tables and no rows."""
    with new_database(postgres_url, migrated_template) as url:
        yield url


@pytest.fixture
def scheme() -> str:
    """A scheme no other test has, so that streams and rows never meet."""
    return f"t-{uuid4().hex[:16]}"
