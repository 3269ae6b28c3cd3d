"""The ledger's servers go away in mid-stream and come back: every event has one record."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nats
import pytest

from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.application.project import Limits
from jifen_local.ports import free_port
from jifen_local.servers import NatsServer, PostgresServer, start_nats, start_postgres
from tests.benchmarks.load import member, months_of_claims
from tests.support import builders as build
from tests.support.people import SCHEME
from tests.support.projecting import Projection, make_stream, project_all, publish
from tests.support.servers import new_database
from tests.support.wait import until

MEMBERS = 60
PAYLOADS = [
    *build.world(),
    *(build.enrolled(member(number)) for number in range(MEMBERS)),
    *(build.assigned(member(number)) for number in range(MEMBERS)),
    *months_of_claims(MEMBERS, 5),
]
SMALL_BATCHES = Limits(batch_max=40)
TIMES = 3


class Servers:
    """Both servers as in operations, every commit on disk, so that a test may kill them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._port = free_port(0)
        self.nats: NatsServer = self._nats()
        self.postgres: PostgresServer = self._postgres()

    def _nats(self) -> NatsServer:
        return start_nats(self._directory / "nats", port=self._port)

    def _postgres(self) -> PostgresServer:
        return start_postgres(self._directory / "postgres")

    def restart_nats(self) -> None:
        self.nats.kill()
        self.nats = self._nats()

    def restart_postgres(self) -> None:
        self.postgres.kill()
        self.postgres = self._postgres()

    def stop(self) -> None:
        self.nats.stop()
        self.postgres.stop()


@contextmanager
def servers() -> Iterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="jifen-test-") as name:
        Path(name).chmod(0o711)
        both = Servers(Path(name))
        try:
            upgrade(both.postgres.url)
            yield both
        finally:
            both.stop()


async def fill(nats_url: str) -> None:
    client = await nats.connect(nats_url)
    await make_stream(client)
    await publish(client, PAYLOADS)
    await client.close()


@pytest.mark.parametrize("restart", [Servers.restart_postgres, Servers.restart_nats])
async def test_a_server_killed_in_mid_run_makes_nothing_lost_or_doubled(
    restart: Callable[[Servers], None],
) -> None:
    with servers() as both:
        await fill(both.nats.url)
        async with Projection(both.nats.url, both.postgres.url, SMALL_BATCHES) as projection:
            following = asyncio.create_task(projection.use_case.follow())
            for time in range(1, TIMES + 1):
                await until(lambda time=time: projection.status.size > 100 * time)  # type: ignore[misc]
                restart(both)
            await _at_the_end(projection, following)
        await _same_as_undisturbed(both)


async def _at_the_end(projection: Projection, following: asyncio.Task[None]) -> None:
    await until(lambda: projection.status.size == len(PAYLOADS) or following.done(), 60)
    projection.stopping.set()
    await following
    assert (projection.status.stopped, projection.status.size) == (None, len(PAYLOADS))


async def _same_as_undisturbed(both: Servers) -> None:
    with new_database(both.postgres.url) as url:
        upgrade(url)
        await project_all(both.nats.url, url)
        assert digest_of(both.postgres.url, SCHEME) == digest_of(url, SCHEME)
