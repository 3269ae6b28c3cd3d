"""Messages that were taken together are read once, for the fold and for what it will need."""

from typing import Any

import pytest

from jifen_contracts import UnknownType, Unreadable, read_event_with_attributes
from jifen_ledger.application import taken as module
from jifen_ledger.application.ports import Message
from jifen_ledger.application.taken import Taken
from jifen_ledger.domain.needs import Asking
from jifen_ledger.domain.state import State
from tests.support import builders as build
from tests.support.people import SCHEME

PAYLOADS = (build.earned("c-1"), b"no event", build.earned("c-2"))


def messages() -> list[Message]:
    return [Message(seq, "", payload) for seq, payload in enumerate(PAYLOADS, start=41)]


def claims_asked(asking: Asking) -> set[object]:
    needs = asking.needs(State(SCHEME, complete=False))
    try:
        while True:
            next(needs)
    except StopIteration as ended:
        return set(ended.value.get("claims", ()))


async def read() -> Taken:
    taken = Taken(SCHEME, messages())
    await taken.read()
    return taken


async def test_each_message_says_an_event_or_why_it_is_none() -> None:
    taken = await read()
    first, second, third = taken.said(messages())

    assert isinstance(second, Unreadable)
    assert not isinstance(first, Unreadable | UnknownType)
    assert not isinstance(third, Unreadable | UnknownType)
    assert (first.data.claim, third.data.claim) == ("c-1", "c-2")  # type: ignore[union-attr]  # claims


async def test_the_rest_of_them_say_what_they_said_with_the_others() -> None:
    taken = await read()

    assert taken.said(messages()[1:]) == taken.said(messages())[1:]


async def test_they_are_read_once_however_often_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[bytes] = []

    def counted(payload: bytes, scheme: str) -> Any:
        seen.append(payload)
        return read_event_with_attributes(payload, scheme)

    monkeypatch.setattr(module, "read_event_with_attributes", counted)
    taken = await read()
    await taken.read()

    assert seen == list(PAYLOADS)


async def test_what_is_no_event_asks_for_nothing() -> None:
    taken = await read()

    assert claims_asked(taken.asking()) == {"c-1", "c-2"}
    assert claims_asked(taken.asking_of(messages()[1:2])) == set()
    assert claims_asked(taken.asking_of(messages()[2:])) == {"c-2"}


async def test_they_ask_on_where_they_were_until_told_to_ask_anew() -> None:
    taken = await read()
    asking = taken.asking()

    assert taken.asking() is asking
    taken.ask_anew()
    assert taken.asking() is not asking
