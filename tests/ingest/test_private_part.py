"""The private part: out of the event, bound by its hash, kept under one person."""

import hashlib
from typing import Any

import orjson
import pytest

from jifen_contracts.canonical import canonical
from jifen_contracts.private_parts import privatehash_of
from jifen_ingest.domain.private_part import person_of, private_part
from jifen_ingest.domain.scopes import Scope
from jifen_ingest.domain.stamping import StampedEvent, stamped
from tests.ingest.sent import NOW_MS, Draw, credential, earned

PRIVATE = {"text": "散步时摔倒", "links": ["one", "two"]}


def stamp(sent: Any) -> StampedEvent:
    return stamped(sent, credential(Scope.FACTS, Scope.ACTS), NOW_MS, Draw())


def test_the_event_keeps_the_hash_and_nothing_else_of_its_private_part() -> None:
    event = stamp(earned(data={"private": PRIVATE}))

    stored = orjson.loads(event.payload)
    assert event.private is not None
    assert stored["privatehash"] == event.private.privatehash
    assert "private" not in stored["data"]
    assert "散步" not in event.payload.decode()


def test_the_private_message_opens_the_hash() -> None:
    event = stamp(earned(data={"private": PRIVATE}))

    assert event.private is not None
    message = orjson.loads(event.private.payload)
    opened = hashlib.sha256(
        b"jifen/private/v1\n" + bytes.fromhex(message["salt"]) + canonical(message["private"])
    ).hexdigest()
    assert message["private"] == PRIVATE
    assert opened == message["privatehash"] == event.private.privatehash
    assert event.private.payload == canonical(message)


def test_the_same_private_part_has_another_hash_every_time() -> None:
    draw = Draw()
    one, two = (
        stamped(earned(data={"private": PRIVATE}), credential(), NOW_MS, draw) for _ in range(2)
    )

    assert one.private is not None
    assert two.private is not None
    assert one.private.privatehash != two.private.privatehash


def test_an_empty_private_part_is_dropped() -> None:
    event = stamp(earned(data={"private": {}}))

    assert (event.private, event.content) == (None, stamp(earned()).content)
    assert "privatehash" not in orjson.loads(event.payload)


def test_a_private_part_may_have_65536_bytes() -> None:
    frame = len(canonical({"text": ""}))

    event = stamp(earned(data={"private": {"text": "x" * (65_536 - frame)}}))

    assert event.private is not None


@pytest.mark.parametrize(
    ("event", "person"),
    [
        (earned(data={"by": "m-0b02"}), "m-0a17"),
        (earned(subject="u-b07", data={"measure": {"unit": {}}, "by": "m-0b02"}), "m-0b02"),
        (earned(subject="u-b07", data={"measure": {"unit": {}}}), "u-b07"),
        (earned(type="jifen.member.left.v1", data={"by": "m-0b02"}), "m-0a17"),
        (earned(type="jifen.shares.declared.v1", subject="u-b07", data={"by": "m-0b"}), "m-0b"),
        (earned(type="jifen.panel.formed.v1", subject="u-b07"), "u-b07"),
    ],
)
def test_it_lies_under_the_member_else_under_who_acted_else_under_the_unit(
    event: Any, person: str
) -> None:
    assert person_of(event) == person


def test_the_hash_is_that_of_the_published_example() -> None:
    private = canonical(
        {
            "links": ["https://files.example/e/7"],
            "text": '第三季度 "一带二" 帮扶\n👍',
        }
    )

    assert privatehash_of(private, bytes(range(0x40, 0x60))) == (
        "6128422410aa36278398c4bf36b5a28713b3aaac0e7d0ed02a2548218694b7ca"
    )


def test_the_message_has_the_subject_of_its_person() -> None:
    part = private_part(b'{"text":"x"}', b"\1" * 32, earned(), "plant")

    assert part.subject == "jifen.private.v1.plant.m-0a17"
