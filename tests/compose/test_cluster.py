"""The cluster under the demo's load, and with TLS: heavy, so only `make test-cluster` runs it."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from jifen_local.load.run import run_load
from tests.compose.encrypted import ENCRYPTED, ways_of
from tests.compose.engine import Engine
from tests.compose.pasted import clean_checkout
from tests.compose.sending import head_of, send
from tests.support.composed import CLUSTER, CLUSTER_TLS, CLUSTERED, CLUSTERED_TLS
from tests.support.wait import until

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


async def test_the_commands_of_the_page_start_it_and_encrypt_it_without_losing_anything(
    images: str, tmp_path: Path
) -> None:
    with clean_checkout([CLUSTER], images, tmp_path) as pasting:
        plain = pasting.engine
        pasting.paste(CLUSTERED)
        before = head_of(plain, send(plain, 20))
        pasting.paste(CLUSTERED_TLS)
        tls = plain.files[0].parent / CLUSTER_TLS.name
        encrypted = replace(plain, files=(*plain.files, tls))
        ways = await ways_of(encrypted, tmp_path)
        routes = {node: routes_of(encrypted, node) for node in ("nats-1", "nats-2", "nats-3")}
        scraped = await reached(encrypted)
        pasting.paste(CLUSTERED)
        after = head_of(plain, 20)

    assert (ways, pasting.differences, after) == (ENCRYPTED, [], before)
    assert scraped == {"up"}
    assert routes == dict.fromkeys(routes, (True, True, {"nats-1", "nats-2", "nats-3"}))


async def reached(running: Engine) -> set[str]:
    """Return how Prometheus finds every target, once it has asked each."""
    targets = f"http://127.0.0.1:{running.port('PROMETHEUS')}/api/v1/targets?state=active"
    found: list[str] = []

    def asked() -> bool:
        active = httpx.get(targets, timeout=10).json()["data"]["activeTargets"]
        found[:] = [one["health"] for one in active]
        return len(found) == 4 and set(found) == {"up"}

    await until(asked, 60)
    return set(found)


def routes_of(running: Engine, node: str) -> tuple[bool, bool, set[str]]:
    """Return whether the node's routes are encrypted and checked, and who they reach."""

    def asked(page: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:8222/{page}"
        found: dict[str, Any] = json.loads(
            running.compose("exec", "-T", node, "wget", "-q", "-O", "-", url)
        )
        return found

    cluster = asked("varz")["cluster"]
    others = {route["remote_name"] for route in asked("routez")["routes"]}
    return cluster["tls_required"], cluster["tls_verify"], others | {node}
