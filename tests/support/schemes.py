"""Many small schemes, each with a stream of its own."""

from collections.abc import Sequence

from nats.aio.client import Client
from nats.js.api import StorageType, StreamConfig

from jifen_contracts.canonical import decode
from jifen_contracts.subjects import stream_of, subject_of, subjects_of
from tests.support.people import SCHEME


def of_scheme(payloads: Sequence[bytes], scheme: str) -> list[bytes]:
    """The same history in another scheme; its root unit has its id."""
    return [payload.replace(f'"{SCHEME}"'.encode(), f'"{scheme}"'.encode()) for payload in payloads]


async def make_streams(client: Client, schemes: Sequence[str]) -> None:
    for scheme in schemes:
        await client.jetstream().add_stream(
            StreamConfig(
                name=stream_of(scheme),
                subjects=[subjects_of(scheme)],
                storage=StorageType.MEMORY,
                allow_direct=True,
            )
        )


async def remove_streams(client: Client, schemes: Sequence[str]) -> None:
    for scheme in schemes:
        await client.jetstream().delete_stream(stream_of(scheme))


async def send(client: Client, scheme: str, payloads: Sequence[bytes]) -> None:
    """Publish in order, and return when the last one is stored."""
    stream = client.jetstream()
    for payload in payloads:
        event = decode(payload)
        subject = subject_of(scheme, str(event["subject"]), str(event["type"]))
        if payload is payloads[-1]:
            await stream.publish(subject, payload)
        else:
            await client.publish(subject, payload)
