"""Rows that were loaded ahead stand only where nothing has happened to them since."""

from collections.abc import Mapping
from typing import Any

import orjson

from jifen_ledger.application.loading_ahead import LoadingAhead
from jifen_ledger.application.ports import Message
from jifen_ledger.application.taken import Taken
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append
from tests.support import builders as build
from tests.support.people import SCHEME

EVENT = build.earned("c-1")
SAID = orjson.loads(EVENT)
DEED = (SAID["subject"], SAID["data"]["item"], SAID["data"]["deed"])


class StoredDeeds:
    """Rows of claims by deed as they lie in the database; of other tables there are none."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        for name, keys in wanted.items():
            getattr(state, name).load({DEED: ("c-0",)} if name == "deeds" else {}, keys)


def ahead() -> LoadingAhead:
    return LoadingAhead(StoredDeeds(), SCHEME, Taken(SCHEME, [Message(1, "", EVENT)]))


def still_empty() -> State:
    return State(SCHEME, complete=False)


async def test_what_the_next_messages_ask_for_is_known_when_they_come() -> None:
    state = still_empty()
    async with ahead() as loading:
        loading.begin(state, {})
        await loading.take_over(state)

    assert (state.deeds.get(DEED), state.claims.get("c-1")) == (("c-0",), None)


async def test_a_row_that_a_batch_has_come_to_know_stays_as_the_batch_left_it() -> None:
    state = still_empty()
    async with ahead() as loading:
        loading.begin(state, {})
        state.deeds.load({DEED: ("c-0",)}, [DEED])
        append(state.deeds, DEED, "c-00")
        await loading.take_over(state)

    assert state.deeds.get(DEED) == ("c-0", "c-00")


async def test_a_row_that_was_changed_unseen_before_or_since_is_not_taken_over() -> None:
    before, since = still_empty(), still_empty()
    async with ahead() as loading:
        loading.begin(before, {"deeds": {DEED}})
        await loading.take_over(before)
    async with ahead() as loading:
        loading.begin(since, {})
        append(since.deeds, DEED, "c-00")
        loading.changed(since.take_changes().unseen)
        await loading.take_over(since)

    assert not before.deeds.knows(DEED)
    assert not since.deeds.knows(DEED)


async def test_where_no_messages_are_coming_nothing_is_loaded() -> None:
    state = still_empty()
    async with LoadingAhead(StoredDeeds(), SCHEME, Taken(SCHEME)) as loading:
        loading.begin(state, {})
        await loading.take_over(state)

    assert state.rows == 0
