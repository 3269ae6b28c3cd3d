"""Long work tells how far it has come, also where no terminal shows a bar."""

import asyncio

import pytest

from jifen_ledger.adapters.cli.progress import shown
from jifen_ledger.application.status import SchemeStatus
from tests.support.people import SCHEME


async def test_where_there_is_no_terminal_a_line_at_times_tells_how_far_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = SchemeStatus(SCHEME)
    status.size, status.stream_last = 1_000, 2_500
    told = ""

    async def work() -> str:
        nonlocal told
        while not told:
            await asyncio.sleep(0)
            told = capsys.readouterr().err
        return "done"

    assert await shown(work(), status, tell_every_s=0.001) == "done"
    assert told.startswith(f"{SCHEME}: 1,000 of 2,500 records\n")


async def test_work_that_is_soon_done_tells_nothing_but_what_it_says_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def work() -> str:
        return "done"

    assert await shown(work(), SchemeStatus(SCHEME)) == "done"
    assert capsys.readouterr().err == ""
