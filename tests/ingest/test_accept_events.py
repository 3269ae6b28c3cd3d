"""Accepting events: private parts first, order kept, all or nothing when asked for."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from jifen_ingest.application.accept_events import Accepted, AcceptEvents, Answer
from jifen_ingest.application.event_log import Entry, Missed, Outcome
from jifen_ingest.application.gate import Gate
from jifen_ingest.domain.refusals import AtomicRefused, Busy, Malformed, RateLimited
from tests.ingest.sent import NOW_MS, SOURCE, Draw, codes_of, credential, earned
from tests.ingest.streams import UNKNOWN, FakeLog

EVENT = "jifen.v1.plant.m-0a17.points.earned"
PART = "jifen.private.v1.plant.m-0a17"


def accepting(log: FakeLog, events_max: int = 100) -> AcceptEvents:
    return AcceptEvents(log, Gate(events_max), lambda: NOW_MS, Draw())


async def accept(log: FakeLog, *sent: object, atomic: bool = False) -> list[Answer]:
    return await accepting(log)(credential(), sent, atomic=atomic)


def private(event_id: str) -> Any:
    return earned(event_id, data={"private": {"text": event_id}})


async def test_an_event_is_answered_with_where_it_is_stored() -> None:
    log = FakeLog()

    (answer,) = await accept(log, earned())

    assert answer == Accepted("e-1", SOURCE, 1, log.events[0].payload_sha256, duplicate=False)


async def test_every_event_of_a_batch_has_its_own_answer_in_its_place() -> None:
    log = FakeLog()

    answers = await accept(
        log, earned("e-1"), earned("e-2", colour="red"), Malformed("a broken line"), earned("e-3")
    )

    assert codes_of(answers) == ["accepted", "schema_invalid", "malformed", "accepted"]
    assert [one.seq for one in answers if isinstance(one, Accepted)] == [1, 2]


async def test_private_parts_are_stored_before_any_event() -> None:
    log = FakeLog()

    await accept(log, earned("e-1"), private("e-2"), private("e-3"))

    assert log.told == [PART, PART, EVENT, EVENT, EVENT]


async def test_a_refused_event_leaves_no_trace_not_even_its_private_part() -> None:
    log = FakeLog()

    await accept(log, private("e-1") | {"colour": "red"})

    assert log.told == []


async def test_a_private_part_that_is_not_confirmed_holds_its_event_back_and_no_other() -> None:
    log = FakeLog()
    log.private_fate = UNKNOWN

    answers = await accept(log, earned("e-1"), private("e-2"))

    assert codes_of(answers) == ["accepted", "busy"]
    assert log.told == [PART, EVENT]


async def test_a_resend_is_a_duplicate_and_stores_no_second_private_part() -> None:
    log = FakeLog()
    await accept(log, private("e-1"))

    (again,) = await accept(log, private("e-1"))

    assert again == Accepted("e-1", SOURCE, 1, log.events[0].payload_sha256, duplicate=True)
    assert log.told == [PART, EVENT]


async def test_the_same_id_with_other_content_goes_to_the_stream() -> None:
    log = FakeLog()

    await accept(log, earned("e-1"))
    await accept(log, earned("e-1", data={"points": {"member": "1"}}))

    assert log.told == [EVENT, EVENT]


async def test_an_atomic_request_with_one_refusal_stores_nothing_and_names_it() -> None:
    log = FakeLog()

    with pytest.raises(AtomicRefused) as caught:
        await accept(log, private("e-1"), earned("e-2", source="urn:other"), atomic=True)

    assert [(fault.pointer, fault.message.split(":")[0]) for fault in caught.value.faults] == [
        ("/1", "source_not_allowed")
    ]
    assert log.told == []


async def test_an_atomic_request_is_appended_as_one() -> None:
    log = FakeLog()

    await accept(log, earned("e-1"), earned("e-2"), atomic=True)

    assert log.told == [f"{EVENT} atomic"] * 2


async def test_an_atomic_request_waits_for_every_private_part() -> None:
    log = FakeLog()
    log.private_fate = UNKNOWN

    with pytest.raises(Busy):
        await accept(log, earned("e-1"), private("e-2"), atomic=True)

    assert log.told == [PART]


@pytest.mark.parametrize(
    ("fate", "words"),
    [
        (Missed("It is away.", certain=True), "Nothing was stored"),
        (UNKNOWN, "It may or may not be stored"),
    ],
)
async def test_a_request_of_which_nothing_was_confirmed_is_busy(fate: Missed, words: str) -> None:
    log = FakeLog()
    log.event_fate = fate

    with pytest.raises(Busy, match=words):
        await accept(log, earned("e-1"), earned("e-2", colour="red"))


class SlowLog(FakeLog):
    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def append(self, scheme: str, entries: Sequence[Entry], *, atomic: bool) -> list[Outcome]:
        await self.go.wait()
        return await super().append(scheme, entries, atomic=atomic)


async def test_one_credential_cannot_have_more_than_its_events_under_way() -> None:
    log = SlowLog()
    use_case = accepting(log, events_max=3)
    under_way = asyncio.ensure_future(use_case(credential(), [earned("e-1"), earned("e-2")]))
    await asyncio.sleep(0)

    with pytest.raises(RateLimited):
        await use_case(credential(), [earned("e-3"), earned("e-4")])
    log.go.set()
    await under_way

    assert codes_of(await use_case(credential(), [earned("e-9")] * 3)) == ["accepted"] * 3


async def test_the_limit_of_one_credential_is_not_that_of_another() -> None:
    gate = Gate(1)

    with gate.enter("one", 1), gate.enter("other", 1), pytest.raises(RateLimited):
        gate.enter("one", 1).__enter__()
