"""The cluster under the demo's load: heavy, so only `make test-cluster` runs it."""

import os
from collections.abc import Iterator

import pytest

from jifen_local.load.run import run_load
from tests.compose.engine import Engine
from tests.support.composed import CLUSTER

pytestmark = [
    pytest.mark.timeout(1_800),
    # The client of NATS drops the socket of a broker that died without closing it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(
        not os.environ.get("JIFEN_TEST_CLUSTER"), reason="heavy: make test-cluster runs it"
    ),
]

KILLED = ("nats-1", "ledger-1", "ingest-1", "nats-2", "ledger-2", "ingest-2", "nats-3")


@pytest.fixture(scope="module")
def cluster(images: str) -> Iterator[Engine]:
    with Engine.up([CLUSTER], images) as running:
        yield running


async def test_a_node_and_a_worker_killed_in_mid_load_lose_and_double_nothing(
    cluster: Engine,
) -> None:
    said: list[str] = []

    sound = await run_load(cluster.deployment(), KILLED, said.append, seed=2025)

    killed = [line.split()[1] for line in said if line.startswith("killed")]
    assert (sound, killed) == (True, list(KILLED)), said
