"""A signal ends a program once, in good order, wherever it strikes."""

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from jifen_local.interruption import SIGNALS, Interrupted, interruptible, run_interruptible


@pytest.fixture(autouse=True)
def _heard_from_the_start() -> Iterator[None]:
    """What a shell ignores for its background jobs would stay ignored."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_in_mid_step_of_a_task_unwinds_it_and_leaves_no_unread_exception() -> None:
    unwound: list[str] = []
    complaints: list[dict[str, Any]] = []

    async def struck() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, told: complaints.append(told)
        )
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            unwound.append("struck")

    async def main() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(struck())
                await asyncio.Event().wait()
        finally:
            unwound.append("main")

    with pytest.raises(Interrupted), interruptible():
        run_interruptible(main())
    gc.collect()

    assert (unwound, complaints) == (["struck", "main"], [])


@pytest.mark.parametrize("number", SIGNALS)
def test_a_second_signal_cuts_nothing_short(number: signal.Signals) -> None:
    stopped: list[bool] = []

    async def main() -> None:
        os.kill(os.getpid(), number)
        await asyncio.Event().wait()

    def work() -> None:
        with interruptible():
            try:
                run_interruptible(main())
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                stopped.append(True)

    with pytest.raises(Interrupted):
        work()

    assert stopped == [True]


def test_without_a_signal_the_result_is_returned_and_signals_are_heard_as_before() -> None:
    async def main() -> int:
        return 7

    before = [signal.getsignal(number) for number in SIGNALS]
    with interruptible():
        assert run_interruptible(main()) == 7

    assert [signal.getsignal(number) for number in SIGNALS] == before
