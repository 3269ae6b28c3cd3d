"""No page that links lead to tells what its reader may not know."""

import re

import pytest

from tests.integration.board.conftest import Crawled
from tests.support.board_world import BEST, NAMES
from tests.support.people import ANNA


def seen_by(crawled: Crawled, who: str) -> str:
    """All text of all pages that the reader came to, without the footer that names the reader."""
    texts = [
        page.text
        for (reader, _), pages in crawled.items()
        for page in pages.values()
        if reader == who
    ]
    return "\n".join(re.sub(r"<footer.*?</footer>", "", text, flags=re.DOTALL) for text in texts)


def test_an_auditor_sees_ids_and_no_name(crawled: Crawled) -> None:
    seen = seen_by(crawled, "auditor")

    assert ANNA in seen
    assert not any(name in seen for names in NAMES.values() for name in names)


@pytest.mark.parametrize("who", ["public", "shop"])
def test_who_sees_scheme_and_offers_learns_of_no_person(crawled: Crawled, who: str) -> None:
    seen = seen_by(crawled, who)

    assert "Canteen meal" in seen or "食堂套餐" in seen
    assert re.findall(r"\b[ms]-[a-z0-9-]+\b", seen) == []


def test_under_bands_a_member_learns_no_score_of_another(crawled: Crawled) -> None:
    seen = seen_by(crawled, "fellow")

    assert BEST in seen
    assert "90 and above" in seen
    assert not re.search(r"\b(?:95|91|83)\.0\b", seen)


def test_the_branch_learns_neither_deductions_nor_open_claims_of_a_member(
    crawled: Crawled,
) -> None:
    seen = seen_by(crawled, "branch")

    assert "c-open" not in seen
    assert "c-b06" not in seen
    assert not re.search(r"\b(?:90|88)\.3\b", seen)
