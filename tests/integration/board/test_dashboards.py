"""What the dashboards of person, group, branch and plant show."""

import re
from pathlib import Path

import pytest

from jifen_contracts.scheme.default import default_document, document_object
from jifen_ledger.board.application import open_board
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.board_world import (
    FELLOW,
    GRADED,
    QUARTER,
    SCORES,
    TODAY,
    graded_published,
)
from tests.support.boarding import Board
from tests.support.graded_branch import graded_branch
from tests.support.people import ANNA, BRANCH_X, COMMITTEE, DORA, GROUP_X1

pytestmark = pytest.mark.asyncio(loop_scope="session")


def text_of(page: str) -> str:
    """What people read: without tags, in single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_f14_the_plant_compares_branches_with_mean_n_state_and_bulletin(
    board: Board,
) -> None:
    page = text_of(await board.page(f"/?period={QUARTER}"))

    assert re.search(r"\d u-graded 86\.5 86\.5 6 ▲ attention published revision 1", page)
    assert re.search(r"u-x .*published revision 2", page)


async def test_f14_a_branch_shows_its_quarter_health_check_fixes_and_bulletins(
    board: Board,
) -> None:
    page = text_of(await board.page(f"/units/{BRANCH_X}?period={QUARTER}"))

    assert "1 filed, 1 upheld, 0 waiting" in page
    assert "H02 Base facts waived or missing ■ red line" in page
    assert re.search(r"Open fixes H02: cn-fix ?, raised, due 2023-11", page)
    assert "Q3 2023 revision 2 full sheet" in page
    assert "Q3 2023 revision 1 full sheet" in page


async def test_f14_a_group_shows_its_members_and_who_has_assessed_the_month(board: Board) -> None:
    page = text_of(await board.page(f"/units/{GROUP_X1}?period={QUARTER}"))

    assert "Anna Testova" in page
    assert "Self-assessment on three levels" in page


async def test_f18_the_radar_has_the_values_of_the_bulletin_and_no_others(board: Board) -> None:
    page = await board.page(f"/people/{ANNA}?year=2023", "self")
    unpublished = await board.page(f"/people/{DORA}?year=2023", "upper")
    titles = re.findall(r'<title id="radar-\d">([^<]+)</title>', page)

    assert [" ".join(one.split()) for one in titles] == [
        (
            "Party-building responsibility 0.0, Taking part in Party building 30.0,"
            " Actual performance 36.0, Practical things for staff and public 1.5"
        )
    ]
    assert 'id="accounts"' in unpublished
    assert 'id="radar' not in unpublished


async def test_f22_a_committee_member_is_one_point_and_a_plain_member_has_one_value(
    board: Board,
) -> None:
    both = await board.page(f"/people/{COMMITTEE}?year=2023")
    plain = await board.page(f"/people/{ANNA}?year=2023")
    points = [
        re.findall(r'<circle class="dot" cx="([\d.]+)" cy="([\d.]+)"', one) for one in (both, plain)
    ]

    assert points == [[("198.0", "54.0")], [("218.6", "214")]]
    assert "as member and as committee member 80.0 and 80.0" in text_of(both)


async def test_f29_the_own_page_has_post_duties_and_deadlines(board: Board) -> None:
    page = text_of(await board.page(f"/people/{ANNA}?year=2023", "self"))
    office = text_of(await board.page(f"/people/{COMMITTEE}?year=2023"))

    assert "self-assessment is due Nov 2023 (until 2023-12-0" in page
    assert "claimed D03 Snap report +0.5 (until 2023-11-0" in page
    assert "Sheet of all 31 items" in page
    assert "committee member" in office


async def test_a_published_figure_is_told_from_one_that_is_provisional(board: Board) -> None:
    anna = text_of(await board.page(f"/people/{ANNA}?year=2023", "self"))

    assert "Q3 2023 member 90.3 revision 2 90.3 54.0 / 57.0" in anna
    assert re.search(r"2023 member 90\.3 provisional 90\.3 provisional", anna)


async def test_f13_under_off_no_page_gives_an_individual_order(
    database_url: str, tmp_path: Path
) -> None:
    document = default_document()
    policies = document.ranking.policy.model_copy(update={"member": "off", "committee": "off"})
    ranking = document.ranking.model_copy(update={"policy": policies})
    hidden = document_object(document.model_copy(update={"ranking": ranking}))
    world = [
        build.published(document=hidden),
        *build.world()[1:],
        *graded_branch(SCORES),
        *graded_published(),
    ]
    async with reading(database_url, tmp_path, world, TODAY, alone=True) as asking:
        open_board(asking.application)
        asking.add_reader("fellow", "branch", FELLOW)
        board = Board(asking)
        pages = [
            await board.page(path, "fellow")
            for path in (
                f"/?period={QUARTER}",
                f"/units/{GRADED}?period={QUARTER}",
                f"/units/{GRADED}/ranking?capacity=member&period={QUARTER}",
                f"/units/{GRADED}/mean?capacity=member&period={QUARTER}",
                f"/units/{GRADED}/bulletins/{QUARTER}",
                "/scheme",
            )
        ]
        other = await board.open("/people/m-g-5", "fellow")

    assert "The scheme shows no individual order or scores here." in pages[1]
    # The reader's own id stands in the navigation.
    assert not any(re.search(r"\bm-g-[2-6]\b|\b95\.0\b", page) for page in pages)
    assert other.status_code == 403
