"""Simulations for readers of the board are bounded, and run one at a time."""

import asyncio
from datetime import date

import pytest

from jifen_ledger.application import simulate_beside
from jifen_ledger.application.simulate_beside import (
    RECORDS_MAX,
    NotBeside,
    Replayed,
    SimulateBeside,
    WhyNot,
)
from jifen_ledger.domain.simulation.as_if import Span

SPAN = Span(date(2023, 7, 1), date(2023, 10, 1))
DONE = Replayed({"records": 1}, ())


class Held:
    """A replay that goes on until it is let go."""

    def __init__(self) -> None:
        self.begun, self.ends = asyncio.Event(), asyncio.Event()

    async def __call__(self, scheme: str, draft: str, span: Span) -> Replayed:
        assert (scheme, draft, span) == ("plant", "a draft", SPAN)
        self.begun.set()
        await self.ends.wait()
        return DONE


async def asked(simulate: SimulateBeside, size: int = 1) -> Replayed | WhyNot:
    try:
        return await simulate("plant", size, "a draft", SPAN)
    except NotBeside as not_beside:
        return not_beside.why


async def test_a_past_that_is_too_long_is_left_to_the_command() -> None:
    simulate = SimulateBeside(Held())

    assert await asked(simulate, RECORDS_MAX + 1) is WhyNot.TOO_MANY


async def test_a_second_one_is_told_to_come_back_and_a_third_after_it_is_served() -> None:
    held = Held()
    simulate = SimulateBeside(held)
    first = asyncio.create_task(asked(simulate, RECORDS_MAX))
    await held.begun.wait()
    second = await asked(simulate)
    held.ends.set()

    assert (await first, second, await asked(simulate)) == (DONE, WhyNot.ANOTHER_RUNS, DONE)


async def test_one_that_takes_too_long_is_ended_and_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = Held()
    simulate = SimulateBeside(held)
    monkeypatch.setattr(simulate_beside, "WAIT_S_MAX", 0.0)
    first = await asked(simulate)
    monkeypatch.setattr(simulate_beside, "WAIT_S_MAX", 60.0)
    held.ends.set()

    assert (first, await asked(simulate)) == (WhyNot.TOO_LONG, DONE)
