"""The ledger's own projection, and the two servers that it stands between."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nats

from jifen_ledger.application.project import Limits
from jifen_local.servers import start_nats, start_postgres
from tests.support.projecting import Projection, make_stream, publish


@contextmanager
def two_servers(*, fast: bool) -> Iterator[tuple[str, str]]:
    """The URLs of a broker and of a database server."""
    with tempfile.TemporaryDirectory(prefix="jifen-bench-") as name:
        directory = Path(name)
        # PostgreSQL, started by root, runs as another user and has to pass.
        directory.chmod(0o711)
        postgres = start_postgres(directory / "postgres", fast=fast)
        try:
            broker = start_nats(directory / "nats", fast=fast)
            try:
                yield broker.url, postgres.url
            finally:
                broker.stop()
        finally:
            postgres.stop()


async def fill(nats_url: str, payloads: Sequence[bytes]) -> None:
    """Store the events in a stream of their own."""
    client = await nats.connect(nats_url)
    await make_stream(client)
    await publish(client, payloads)
    await client.close()


async def ledger_way(nats_url: str, url: str, size: int, batch: int) -> None:
    """Project the stream, which holds so many events."""
    async with Projection(nats_url, url, Limits(batch_max=batch)) as projection:
        await projection.use_case.catch_up()
        assert projection.status.size == size, projection.status
