"""A draft is tried out on a page, by those who see every rank anyway."""

import asyncio
import inspect
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import httpx
import pytest

from jifen_contracts.scheme.draft import written
from jifen_ledger.adapters.cli import simulation_text
from jifen_ledger.adapters.simulation_process import SimulationProcess
from jifen_ledger.application.simulate_beside import Replayed
from jifen_ledger.board.languages import all_texts
from jifen_ledger.domain.simulation.as_if import Span
from tests.support.board_world import QUARTER
from tests.support.boarding import COLUMNS, Board
from tests.support.people import ANNA, SCHEME
from tests.support.simulating import cheaper_contests, draft_with, wider_month
from tests.support.wait import until

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = f"/board/{SCHEME}/scheme/simulation"
HERE = {"Origin": "http://ledger", "Sec-Fetch-Site": "same-origin"}
SPAN = {"from": QUARTER, "to": QUARTER}
JULY_TO_SEPTEMBER = Span(date(2023, 7, 1), date(2023, 10, 1))


async def tried(
    board: Board,
    fields: Mapping[str, str],
    draft: str = "",
    *,
    who: str = "upper",
    language: str = "en",
    headers: Mapping[str, str] = HERE,
) -> httpx.Response:
    cookies = f"jifen_language={language}; jifen_reader={board.asking.tokens[who]}"
    file = {"draft": ("draft.yaml", draft.encode(), "application/yaml")}
    sent = {"Cookie": cookies, **headers}
    return await board.asking.client.post(PATH, data=dict(fields), files=file, headers=sent)


def lines(page: str, section: str) -> list[list[str]]:
    """The cells of the rows of a section's table, without what marks them up."""
    body = page.partition(f'aria-labelledby="{section}"><h2')[2].partition("</section>")[0]
    rows = body.partition("<tbody>")[2].split("</tr>")[:-1]
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.split(r"</t[dh]>", row)[:-1]
        ]
        for row in rows
    ]


async def test_x28_a_draft_is_tried_out_and_told_in_the_language_of_the_page(board: Board) -> None:
    """The contest that Anna won gives 4.0 in place of 8.0, and another is before her."""
    draft = written(draft_with(cheaper_contests))
    english = await tried(board, SPAN, draft)
    chinese = (await tried(board, SPAN, draft, language="zh")).text

    assert lines(english.text, "summary") == [
        ["committee", "0", "0", "1", "+0 −0", "80.0", "80.0"],
        ["member", "0", "1", "7", "+0 −0", "86.2", "85.7"],
    ]
    assert lines(english.text, "items") == [["C07 Labour contest", "member", "8.0", "4.0", "−4.0"]]
    assert [row[2:] for row in lines(english.text, "scores")] == [
        ["Anna Testova", "90.3", "86.3", "−4.0", "3 → 4 of 8", "– of 2"],
        ["m-g-3", "90.0", "90.0", "0.0", "4 → 3 of 8", "3 of 6"],
    ]
    assert lines(chinese, "items") == [["C07 劳动竞赛", "党员", "8.0", "4.0", "−4.0"]]
    assert lines(chinese, "scores")[0][:3] == ["2023年第三季度", "党员", "安娜"]
    assert english.headers["cache-control"] == "private, no-store"


async def test_a_published_version_is_tried_out_on_a_quarter_before_it(board: Board) -> None:
    """Version 2 gives 0.7 for a snap report; Anna's three had reached the cap of their month."""
    page = (await tried(board, {"version": "2", **SPAN})).text

    assert "Nothing would differ." in page


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        ("items: 3", ["jifen-ledger: draft.yaml: "]),
        (
            written(draft_with(wider_month)),
            [
                "draft.yaml: items.D03.lines.member.caps.month: 4 is above the cap of the quarter",
                "jifen-ledger: draft.yaml: lint has 1 finding about the draft: mend them first",
            ],
        ),
    ],
)
async def test_what_is_wrong_with_a_draft_is_told_in_the_words_of_the_command(
    board: Board, draft: str, told: list[str]
) -> None:
    answer = await tried(board, SPAN, draft)
    said = re.findall(r'<li lang="en">(.*?)</li>', answer.text)

    assert answer.status_code == 422
    assert [line[: len(start)] for line, start in zip(said, told, strict=True)] == told


async def test_without_a_draft_there_is_nothing_to_try_out(board: Board) -> None:
    answers = [await tried(board, SPAN), await tried(board, {"version": "9", **SPAN})]

    assert [one.status_code for one in answers] == [422, 422]
    assert all("Choose a file, or a published version." in one.text for one in answers)


@pytest.mark.parametrize("span", [{}, {"from": QUARTER, "to": "2023-Q1"}, {"from": "x", "to": "y"}])
async def test_the_quarters_are_those_of_the_list(board: Board, span: dict[str, str]) -> None:
    assert (await tried(board, {"version": "2", **span})).status_code == 422


async def test_only_those_above_and_auditors_try_out_a_draft(board: Board) -> None:
    # Without a draft nothing is replayed.
    answers = {who: (await tried(board, SPAN, who=who)).status_code for who in COLUMNS}

    assert answers == {who: 422 if who in ("upper", "auditor") else 403 for who in COLUMNS}


async def test_an_auditor_sees_ids_and_no_names(board: Board) -> None:
    page = (await tried(board, SPAN, written(draft_with(cheaper_contests)), who="auditor")).text

    assert [row[2] for row in lines(page, "scores")] == [ANNA, "m-g-3"]


async def test_another_site_cannot_send_the_form(board: Board) -> None:
    answer = await tried(board, SPAN, headers={"Origin": "http://elsewhere"})

    assert answer.status_code == 403


async def test_the_tables_are_called_as_in_the_report_of_the_command() -> None:
    source = inspect.getsource(simulation_text)
    texts = all_texts()
    titles = {
        f"{texts[f'simulation.{name}']['en']} {texts[f'simulation.{name}']['zh']}"
        for name in ("summary", "items", "scores", "grades", "refusals", "claims")
    }

    assert {title for title in titles if title not in source} == set()


def program_in(directory: Path, script: str) -> str:
    """A program in the place of Python."""
    program = directory / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    return str(program)


async def test_a_replay_that_the_system_ends_is_told_and_one_that_breaks_is_a_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay = SimulationProcess("postgresql://nowhere")
    monkeypatch.setattr(sys, "executable", program_in(tmp_path, "kill -9 $$"))
    ended = await replay("plant", "", JULY_TO_SEPTEMBER)
    monkeypatch.setattr(sys, "executable", program_in(tmp_path, "echo Traceback >&2; exit 1"))

    assert ended == Replayed(None, ("jifen-ledger: ended by signal 9",))
    with pytest.raises(RuntimeError, match="ended with status 1"):
        await replay("plant", "", JULY_TO_SEPTEMBER)


async def test_who_no_longer_waits_leaves_no_process_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = tmp_path / "pid"
    script = f"echo $$ > {begun}.part\nmv {begun}.part {begun}\nexec sleep 600"
    monkeypatch.setattr(sys, "executable", program_in(tmp_path, script))
    replay = SimulationProcess("postgresql://nowhere")
    waiting = asyncio.create_task(replay("plant", "", JULY_TO_SEPTEMBER))
    await until(begun.exists)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting

    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)
