"""Writing groups into a real stream when answers get lost, and when the stream says no."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from jifen_contracts.streams import EVENT_MESSAGE_BYTES_MAX
from jifen_contracts.subjects import private_stream_of, stream_of
from jifen_ingest.adapters.group_commit import GroupRefused
from jifen_ingest.adapters.stream_writer import StreamWriter
from jifen_ingest.adapters.streams import create_streams
from jifen_ingest.application.event_log import Entry, Missed, Outcome, Stored
from tests.ingest.streams import entry
from tests.integration.ingest_service import messages_of


class Deaf(Client):
    """A client that sends, or does not send, and then does not hear the first answers."""

    def __init__(self) -> None:
        super().__init__()
        self.unheard = 0
        self.sends = True

    async def request(self, subject: str, payload: bytes = b"", *args: Any, **options: Any) -> Msg:
        if subject.startswith("$JS.API") or not self.unheard:
            return await super().request(subject, payload, *args, **options)
        self.unheard -= 1
        if self.sends:
            await super().request(subject, payload, *args, **options)
        raise nats.errors.TimeoutError


@dataclass(frozen=True, slots=True)
class Writing:
    client: Deaf
    writer: StreamWriter
    scheme: str

    def entries(self, *texts: str) -> list[Entry]:
        return [self.entry(text) for text in texts]

    def entry(self, text: str, payload: bytes | None = None) -> Entry:
        made = entry(text, payload)
        subject = f"jifen.v1.{self.scheme}.{text}"
        return Entry(made.content, subject, made.payload, made.payload_sha256)

    async def texts(self) -> list[str]:
        messages = await messages_of(self.client, stream_of(self.scheme))
        return [(message.data or b"").decode() for message in messages]


@pytest.fixture
async def writing(nats_url: str, scheme: str) -> AsyncIterator[Writing]:
    client = Deaf()
    await client.connect(nats_url)
    await create_streams(client, scheme, replicas=1, erasable=True)
    yield Writing(client, StreamWriter(client, stream_of(scheme), 0, 5.0), scheme)
    for stream in (stream_of(scheme), private_stream_of(scheme)):
        await client.jetstream().delete_stream(stream)
    await client.close()


def stored_at(first: int, entries: list[Entry]) -> list[Outcome]:
    return [Stored(first + place, one.payload_sha256) for place, one in enumerate(entries)]


async def test_singles_and_batches_follow_each_other_in_the_stream(writing: Writing) -> None:
    one, two = writing.entries("a", "b"), writing.entries("c", "d", "e")

    assert await writing.writer.singles(one) == stored_at(1, one)
    assert await writing.writer.batch(two) == stored_at(3, two)
    assert await writing.texts() == list("abcde")


async def test_a_batch_whose_answer_was_lost_is_found_in_the_stream(writing: Writing) -> None:
    await writing.writer.singles(writing.entries("c"))
    # Another ingest has written on the same subject since.
    await writing.client.publish(f"jifen.v1.{writing.scheme}.c", b"other")
    batch = [writing.entry("a"), writing.entry("b"), writing.entry("c", b"c again")]
    writing.client.unheard = 1

    assert await writing.writer.batch(batch) == stored_at(3, batch)
    assert await writing.texts() == ["c", "other", "a", "b", "c again"]


async def test_a_batch_that_is_not_in_the_stream_is_unknown_not_refused(writing: Writing) -> None:
    writing.client.unheard, writing.client.sends = 1, False

    outcomes = await writing.writer.batch(writing.entries("a", "b"))

    assert [one.certain for one in outcomes if isinstance(one, Missed)] == [False, False]
    assert await writing.texts() == []


async def test_singles_whose_answers_were_lost_are_sent_again_and_stored_once(
    writing: Writing,
) -> None:
    singles = writing.entries("a", "b", "c")
    writing.client.unheard = 2

    assert await writing.writer.singles(singles) == stored_at(1, singles)
    assert await writing.texts() == ["a", "b", "c"]


async def test_a_single_that_stays_unanswered_is_unknown(writing: Writing) -> None:
    writing.client.unheard = 2

    (outcome,) = await writing.writer.singles(writing.entries("a"))

    assert isinstance(outcome, Missed)
    assert not outcome.certain


async def test_a_known_content_is_answered_with_the_hash_that_is_stored(writing: Writing) -> None:
    first = writing.entry("a", b"first nonce")
    await writing.writer.singles([first])

    (outcome,) = await writing.writer.singles([writing.entry("a", b"second nonce")])

    assert outcome == Stored(1, first.payload_sha256, duplicate=True)


async def test_a_batch_that_the_stream_refuses_is_refused_whole(writing: Writing) -> None:
    long = writing.entry("b", b"x" * (EVENT_MESSAGE_BYTES_MAX + 1))

    with pytest.raises(GroupRefused, match="incomplete"):
        await writing.writer.batch([writing.entry("a"), long, writing.entry("c")])

    assert await writing.texts() == []


async def test_a_single_that_the_stream_refuses_is_certainly_not_stored(writing: Writing) -> None:
    long = writing.entry("b", b"x" * (EVENT_MESSAGE_BYTES_MAX + 1))

    outcomes = await writing.writer.singles([writing.entry("a"), long])

    assert isinstance(outcomes[1], Missed)
    assert outcomes[1].certain
    assert await writing.texts() == ["a"]


async def test_without_a_stream_nothing_is_stored_and_that_is_certain(writing: Writing) -> None:
    writer = StreamWriter(writing.client, "JIFEN_nowhere", 0, 5.0)
    entries = [entry("a"), entry("b")]

    outcomes = [*await writer.singles(entries), *await writer.batch(entries)]

    assert [one.certain for one in outcomes if isinstance(one, Missed)] == [True] * 4


async def test_a_lost_connection_is_told_before_anything_is_sent(
    writing: Writing, nats_url: str
) -> None:
    client = Client()
    await client.connect(nats_url)
    writer = StreamWriter(client, stream_of(writing.scheme), 0, 5.0)
    await client.close()

    outcomes = [
        *await writer.singles(writing.entries("a")),
        *await writer.batch(writing.entries("b", "c")),
    ]

    assert [one.certain for one in outcomes if isinstance(one, Missed)] == [True] * 3
