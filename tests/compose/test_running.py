"""One node of everything, run by docker compose: up with one command, closed, and lossless."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx
import nats
import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client

from jifen_contracts.subjects import private_stream_of, stream_of, subject_of
from jifen_local.demo.messages import SCHEME
from jifen_local.load.run import run_load
from jifen_local.nats_users import inbox_prefix_of
from tests.compose.engine import Engine
from tests.support.wait import until

pytestmark = pytest.mark.timeout(900)

LASTING = ("nats", "postgres", "ingest", "ledger")
DAYS = 8


def test_a_service_runs_as_nobody_special_with_no_right_of_the_kernels(single: Engine) -> None:
    found = {}
    for service in (*LASTING, "prometheus"):
        container = single.container(service)
        host, config = container["HostConfig"], container["Config"]
        found[service] = (
            config["User"] not in {"", "0", "root"} or service == "prometheus",
            host["ReadonlyRootfs"],
            host["CapDrop"],
            host["SecurityOpt"],
            host["Memory"] > 0,
        )

    sound = (True, True, ["ALL"], ["no-new-privileges:true"], True)
    assert found == dict.fromkeys((*LASTING, "prometheus"), sound)


def test_a_service_reads_its_own_secrets_only(single: Engine) -> None:
    reads = "for one in /secrets/*/* /secrets/*.json; do head -c1 $one && echo :$one; done; true"
    services = ("ingest", "ledger", "nats", "postgres")
    seen = {}
    for service in services:
        said = single.compose("exec", "-T", service, "sh", "-c", f"({reads}) 2>/dev/null")
        seen[service] = set(re.findall(r":/secrets/([^/\n]+)", said))

    assert seen == {service: {service} for service in services}


async def test_prometheus_reaches_both_services(single: Engine) -> None:
    targets = f"http://127.0.0.1:{single.port('PROMETHEUS')}/api/v1/targets?state=active"

    def health() -> dict[str, str]:
        active = httpx.get(targets, timeout=10).json()["data"]["activeTargets"]
        return {one["labels"]["job"]: one["health"] for one in active}

    await until(lambda: health() == {"ingest": "up", "ledger": "up"}, 60)


@pytest.mark.parametrize(
    ("user", "may"),
    [
        ("ingest", {"publish"}),
        ("ledger", {"erase"}),
        ("operator", {"erase"}),
        ("upstream", set()),
    ],
)
async def test_a_user_of_the_broker_can_do_what_its_work_needs_and_no_more(
    single: Engine, passwords: Mapping[str, str], user: str, may: set[str]
) -> None:
    client = await connected(single, user, passwords[user])
    jetstream = client.jetstream(timeout=1)
    elsewhere = subject_of("plant-2", "m-1", "jifen.points.earned.v1")
    events, private = stream_of("plant-2"), private_stream_of("plant-2")
    acts: dict[str, Callable[[], Awaitable[object]]] = {
        "publish": lambda: jetstream.publish(elsewhere, b"{}"),
        "erase": lambda: jetstream.purge_stream(private),
        "purge the events": lambda: jetstream.purge_stream(events),
        "delete an event": lambda: jetstream.delete_msg(events, 1),
        "delete the stream": lambda: jetstream.delete_stream(events),
    }
    can = set()
    for name, act in acts.items():
        with suppress(nats.errors.Error, nats.js.errors.Error, TimeoutError):
            await act()
            can.add(name)
    await client.close()

    assert can == may


@pytest.fixture(scope="module")
def passwords(single: Engine) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(single.secret("passwords.json"))
    return found


async def connected(running: Engine, user: str, password: str) -> Client:
    async def heard(_: Exception) -> None:
        """What is refused is told here as well."""

    return await nats.connect(
        f"nats://127.0.0.1:{running.port('NATS')}",
        user=user,
        password=password,
        inbox_prefix=inbox_prefix_of(user).encode(),
        error_cb=heard,
    )


@pytest.fixture(scope="module")
def loaded(single: Engine) -> tuple[bool, list[str]]:
    """What a load says during which each container is killed; afterwards there is a log."""
    said: list[str] = []
    load = run_load(single.deployment(), LASTING, said.append, seed=2025, days=DAYS)
    return asyncio.run(load), said


# The client of NATS drops the socket of a broker that died without closing it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_is_lost_or_doubled_when_each_container_is_killed_in_mid_load(
    loaded: tuple[bool, list[str]],
) -> None:
    sound, said = loaded

    killed = [line.split()[1] for line in said if line.startswith("killed")]
    assert (sound, killed) == (True, list(LASTING)), said


@pytest.mark.usefixtures("loaded")
def test_down_and_up_again_loses_nothing(single: Engine) -> None:
    before = asyncio.run(state(single))
    single.compose("down", "--timeout", "20")
    single.compose("up", "--detach", "--wait", "--no-build")

    assert asyncio.run(state(single)) == before
    assert before["checkpoint"] > 0


async def state(running: Engine) -> Mapping[str, Any]:
    deployment = running.deployment()
    headers = {"Authorization": f"Bearer {deployment.reader(SCHEME)}"}
    async with httpx.AsyncClient(
        base_url=f"{deployment.ledger_url}/v1/schemes/{SCHEME}/", headers=headers, timeout=30
    ) as client:
        status = (await client.get("status")).raise_for_status().json()
        signed = (await client.get("log/checkpoint")).raise_for_status().text
        trial = (await client.get("trial-balance")).raise_for_status().json()
    named = ("stream_head", "checkpoint", "outcomes", "refused")
    return {**{name: status[name] for name in named}, "signed": signed, "trial": trial}
