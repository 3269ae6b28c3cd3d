"""The streams of a scheme: their settings, made once by an operator, compared at every start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import nats.errors
import orjson
from nats.aio.client import Client

from jifen_contracts.streams import Settings, event_stream, evidence_stream, private_stream
from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of

SERVER_MIN: Final = (2, 15)
API_TIMEOUT_S: Final = 5.0
# What nats-py raises when an answer does not come or the connection is gone.
LOST: Final = (nats.errors.Error, TimeoutError, OSError)
_STREAM_NOT_FOUND: Final = 10_059
# Where an operator has a choice; the writer is right whatever it is.
_OPERATORS_CHOICE: Final = frozenset({"num_replicas", "deny_delete", "deny_purge"})


class StreamsUnfit(Exception):  # noqa: N818 - a state of the broker, told in one line
    """The broker or a stream is not what ingest needs."""


@dataclass(frozen=True, slots=True)
class Stream:
    settings: Settings
    last_seq: int
    created: str


class SchemeStreams(NamedTuple):
    """What is in the streams of a scheme; `bytes` of all of them."""

    scheme: str
    events: int
    private_parts: int
    bytes: int
    replicas: int


def differences(wanted: Settings, found: Settings, *, ignored: frozenset[str]) -> list[str]:
    """Return one phrase for each setting that is not as it must be."""
    return [
        f"{key} is {_text(found.get(key))} instead of {_text(value)}"
        for key, value in sorted(wanted.items())
        if key not in ignored and found.get(key, False) != value
    ]


def check_server(client: Client) -> None:
    """Older servers sync every message of a batch, and some ignore what they do not know."""
    version = client.connected_server_version
    if (version.major, version.minor) < SERVER_MIN:
        raise StreamsUnfit(
            f"nats-server {version.major}.{version.minor} is too old: 2.15 or newer is needed"
        )


async def find_stream(client: Client, name: str) -> Stream | None:
    """Return the stream; None if there is none of this name."""
    answer = await _api(client, f"STREAM.INFO.{name}", {})
    if error := answer.get("error"):
        if error.get("err_code") == _STREAM_NOT_FOUND:
            return None
        raise StreamsUnfit(f"stream {name}: {error.get('description')}")
    last_seq = answer["state"]["last_seq"]
    assert isinstance(last_seq, int)
    return Stream(answer["config"], last_seq, str(answer["created"]))


async def open_streams(client: Client, scheme: str) -> tuple[Stream, Stream] | None:
    """Return the scheme's two streams; None if one is missing; StreamsUnfit if one is wrong."""
    found: list[Stream] = []
    for wanted in (
        event_stream(scheme, replicas=1, erasable=False),
        private_stream(scheme, replicas=1),
    ):
        name = str(wanted["name"])
        stream = await find_stream(client, name)
        if stream is None:
            return None
        if wrong := differences(wanted, stream.settings, ignored=_OPERATORS_CHOICE):
            raise StreamsUnfit(f"stream {name}: {'; '.join(wrong)}")
        found.append(stream)
    events, private = found
    return events, private


async def create_streams(
    client: Client, scheme: str, *, replicas: int, erasable: bool
) -> list[str]:
    """Make what is missing and return its names; StreamsUnfit if what exists differs."""
    check_server(client)
    created: list[str] = []
    # The private stream first: a scheme is usable once its own stream is there.
    for wanted in (
        private_stream(scheme, replicas=replicas),
        evidence_stream(scheme, replicas=replicas),
        event_stream(scheme, replicas=replicas, erasable=erasable),
    ):
        name = str(wanted["name"])
        stream = await find_stream(client, name)
        if stream is None:
            answer = await _api(client, f"STREAM.CREATE.{name}", wanted)
            if error := answer.get("error"):
                raise StreamsUnfit(f"stream {name}: {error.get('description')}")
            created.append(name)
        elif wrong := differences(wanted, stream.settings, ignored=frozenset()):
            raise StreamsUnfit(f"stream {name} exists and differs: {'; '.join(wrong)}")
    return created


async def list_schemes(client: Client) -> list[SchemeStreams]:
    """Return the schemes that have a stream of events, by their ids. Raises StreamsUnfit."""
    streams: dict[str, Any] = {}
    while True:
        answer: dict[str, Any] = await _api(client, "STREAM.LIST", {"offset": len(streams)})
        if error := answer.get("error"):
            raise StreamsUnfit(f"the streams: {error.get('description')}")
        page = answer["streams"] or []
        streams |= {one["config"]["name"]: one for one in page}
        if not page or len(streams) >= answer["total"]:
            break
    begins = stream_of("")
    schemes = sorted(
        name.removeprefix(begins)
        for name in streams
        # An id is lower case, so no scheme's stream looks like one of private parts.
        if name.startswith(begins) and name.removeprefix(begins).islower()
    )
    return [_found(streams, scheme) for scheme in schemes]


def _found(streams: Mapping[str, Any], scheme: str) -> SchemeStreams:
    names = (stream_of(scheme), private_stream_of(scheme), evidence_stream_of(scheme))
    states = [streams[name]["state"] if name in streams else {} for name in names]
    return SchemeStreams(
        scheme=scheme,
        events=states[0]["messages"],
        private_parts=states[1].get("messages", 0),
        bytes=sum(state.get("bytes", 0) for state in states),
        replicas=streams[names[0]]["config"]["num_replicas"],
    )


async def _api(client: Client, method: str, request: Settings) -> dict[str, dict[str, object]]:
    reply = await client.request(f"$JS.API.{method}", orjson.dumps(request), timeout=API_TIMEOUT_S)
    answer: dict[str, dict[str, object]] = orjson.loads(reply.data)
    return answer


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
