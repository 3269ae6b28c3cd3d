"""What was backed up from one node comes back in a cluster of three, with every sequence."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import nats
import pytest

from jifen_contracts.streams import private_stream
from jifen_contracts.subjects import private_stream_of, private_subject_of
from jifen_ledger.adapters.backing_up.manifest import Stream, written
from jifen_ledger.adapters.backing_up.snapshots import snapshots_on
from jifen_local.children import start_child, wait_until
from jifen_local.ports import HOST, free_port
from jifen_local.servers.nats import answers, executable
from tests.support.people import ANNA, SCHEME

NODES = 3
MESSAGES = 20
NAME = private_stream_of(SCHEME)


@pytest.fixture
def cluster_url(tmp_path: Path) -> Iterator[str]:
    """Where one of the nodes listens, once all of them agree."""
    clients, routes, monitors = ([free_port() for _ in range(NODES)] for _ in range(3))
    with ExitStack() as started:
        for number in range(NODES):
            configuration = {
                "server_name": f"n-{number}",
                "listen": f"{HOST}:{clients[number]}",
                "http": f"{HOST}:{monitors[number]}",
                "jetstream": {"store_dir": str(tmp_path / f"n-{number}")},
                "cluster": {
                    "name": "jifen",
                    "listen": f"{HOST}:{routes[number]}",
                    "routes": [f"nats://{HOST}:{port}" for port in routes],
                },
            }
            file = tmp_path / f"n-{number}.conf"
            file.write_text(json.dumps(configuration))
            log = tmp_path / f"n-{number}.log"
            child = start_child("NATS", [executable(), "-c", file], log=log, directory=tmp_path)
            started.callback(child.stop)
        for port in monitors:
            wait_until(partial(answers, f"http://{HOST}:{port}", "/healthz"), child)
        yield f"nats://{HOST}:{clients[0]}"


async def test_a_stream_of_one_node_is_restored_onto_three(
    nats_url: str, cluster_url: str, tmp_path: Path
) -> None:
    one = await nats.connect(nats_url)
    stream = one.jetstream()
    settings = private_stream(SCHEME, replicas=1)
    await one.request(f"$JS.API.STREAM.CREATE.{NAME}", json.dumps(settings).encode())
    for number in range(MESSAGES):
        await stream.publish(private_subject_of(SCHEME, ANNA), str(number).encode())
    await stream.delete_msg(NAME, 3)
    async with snapshots_on(nats_url, None, None) as snapshots:
        with written(tmp_path, "streams/one.snapshot") as (write, hashed):
            config, state = await snapshots.take(NAME, write)
    await stream.delete_stream(NAME)
    await one.close()
    file = hashed.file("streams/one.snapshot")
    taken = Stream(name=NAME, config=config, state=state, file=file)

    async with snapshots_on(cluster_url, None, None) as snapshots:
        await snapshots.bring_back(taken, [(tmp_path / file.path).read_bytes()], NODES)

    three = await nats.connect(cluster_url)
    found = await three.jetstream().stream_info(NAME)
    last = await three.jetstream().get_msg(NAME, MESSAGES)
    await three.close()
    assert (found.config.num_replicas, found.state.messages) == (NODES, MESSAGES - 1)
    assert (found.state.last_seq, last.data) == (MESSAGES, str(MESSAGES - 1).encode())
