"""F14: from every figure on a dashboard, two clicks lead to its events."""

import re
from collections.abc import Sequence

import pytest

from tests.support.board_world import GRADED, QUARTER
from tests.support.boarding import Board
from tests.support.crawling import figures_of, links_of
from tests.support.people import ANNA, BRANCH_X, COMMITTEE, GROUP_X1

pytestmark = pytest.mark.asyncio(loop_scope="session")

DASHBOARDS = (
    f"/?period={QUARTER}",
    f"/units/{BRANCH_X}?period={QUARTER}",
    f"/units/{GRADED}?period={QUARTER}",
    f"/units/{GROUP_X1}?period={QUARTER}",
    f"/people/{ANNA}?year=2023",
    f"/people/{COMMITTEE}?year=2023",
    f"/people/{ANNA}/wallet",
)
# What a member's own figures stand on; those of others end where their rights do.
OWN = (f"/people/{ANNA}?year=2023", f"/people/{ANNA}/wallet")
_EVENT = re.compile(r"/board/plant/records/[0-9]+")
# Who may not open records reads the same steps, with their sequences, on these.
_TELLS_EVENTS = re.compile(r"/board/plant/(?:claims|concerns)/[a-z0-9-]+")


# Behind a nought there may be no event yet, and the page says so.
SAID = (
    "There are no lines yet.",
    "There are no concerns.",
    "There is no score of this period yet.",
    "No claim of this quarter is verified.",
    "There are no cases for you to know.",
    "None.",
)


async def tells_events(board: Board, who: str, address: str) -> bool:
    """Tell whether the page shows events, links to some, or says that there are none."""
    text = await board.page(address, who)
    links = links_of(text)
    return (
        'class="events"' in text
        or any(_EVENT.fullmatch(one) or _TELLS_EVENTS.fullmatch(one) for one in links)
        or any(words in text for words in SAID)
    )


@pytest.mark.parametrize(
    ("who", "dashboards"), [("upper", DASHBOARDS), ("auditor", DASHBOARDS), ("self", OWN)]
)
async def test_two_clicks_lead_from_every_figure_to_its_events(
    board: Board, who: str, dashboards: Sequence[str]
) -> None:
    pages = [await board.page(one, who) for one in dashboards]
    figures = {figure for text in pages for figure in figures_of(text)}

    assert len(figures) >= 5
    assert [one for one in sorted(figures) if not await tells_events(board, who, one)] == []


async def test_the_explanation_of_a_score_names_claims_decisions_caps_and_records(
    board: Board,
) -> None:
    text = await board.page(f"/why?holder={ANNA}&capacity=member&period={QUARTER}", "self")

    assert "Why 90.3" in text
    assert "Base = 60 × 54 earned ÷ 57 applicable = 56.8." in text
    assert "Bonus items add up to 13.5; at most 20 counts: 13.5, excess 0." in text
    assert 'href="/board/plant/claims/c-d03-0"' in text
    assert "its cap is 1.5, so 1.5 counts" in text
    assert len(_EVENT.findall(text)) > 20


async def test_a_posting_opens_to_its_arithmetic_and_to_the_event_as_recorded(
    board: Board,
) -> None:
    statement = await board.page(f"/people/{ANNA}/statement?capacity=member", "self")
    posting = await board.page(figures_of(statement)[0], "self")
    [record] = {one for one in links_of(posting) if _EVENT.fullmatch(one)}
    event = await board.page(record, "self")

    assert "Cap arithmetic, step by step" in posting
    assert "jifen.points.reversed.v1" in event
    assert "&#34;recorded_at&#34;" in event


async def test_the_mean_of_a_branch_opens_to_the_scores_and_days_it_is_made_of(
    board: Board,
) -> None:
    text = await board.page(f"/units/{GRADED}/mean?capacity=member&period={QUARTER}")

    assert "Why this mean: 86.5" in text
    assert "÷ 552 = 86.5, rounded half up to one decimal." in text
    # Six people's last events, and the three steps of the quarter.
    assert len({one for one in links_of(text) if _EVENT.fullmatch(one)}) == 9


async def test_who_may_not_see_the_scores_reads_the_formula_alone(board: Board) -> None:
    text = await board.page(f"/units/{GRADED}/mean?capacity=member&period={QUARTER}", "fellow")

    assert "it rests on 6 scored people and 552 member-days" in text
    assert figures_of(text) == []
