"""A published sheet shows each quarter as the line has it that is published of the holder."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

import pytest

from jifen_ledger.application.queries.as_published import as_seen
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.publications import Publication, PublicationReads
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Column, Holder, Reader
from jifen_ledger.domain.published_lines import PublishedLine
from tests.support.people import ANNA, BRANCH_X, BRANCH_Y, SCHEME
from tests.support.quarters import Q3, Q4

NEXT = "2024-Q1"
TODAY = date(2024, 5, 1)
ASKED = Asked(Reader("colleague", SCHEME, Column.BRANCH), 900, 0, TODAY, TODAY)
OF_ANNA = Holder(ANNA, of_unit=False, branch=BRANCH_Y)


def revision(branch: str, quarter: str, seq: int | None) -> Publication:
    return Publication(branch, quarter, 0 if seq is None else 1, seq, None, None)


def line(branch: str, quarter: str, seq: int, *, of: str | None = None) -> PublishedLine:
    figures = (800, 570, 570, 0, 0, 0)
    named = (seq, branch, quarter, 1, ANNA, "member", of or quarter)
    return PublishedLine(*named, *figures, zeroed=False, partial=False)


class Told:
    """What branches published, and the lines of it that are the holder's."""

    def __init__(self, revisions: Sequence[Publication], lines: Sequence[PublishedLine]) -> None:
        self._revisions, self._lines = revisions, lines

    async def publications_of(self, member: str, quarters: Collection[str]) -> Any:
        assert member == ANNA
        return [one for one in self._revisions if one.quarter in quarters]

    async def published_of(self, holder: str, told: Collection[Publication]) -> Any:
        assert holder == ANNA
        keys = {(one.branch, one.quarter) for one in told}
        return [one for one in self._lines if (one.branch, one.of_quarter) in keys]


async def sizes(told: Told, period: str, *, live: bool = False) -> Any:
    seen = await as_seen(
        cast("PublicationReads", told), ASKED, OF_ANNA, ["member"], period, live=live
    )
    return seen.size, seen.sizes["member"]


BOTH = [revision(BRANCH_X, Q3, 200), revision(BRANCH_Y, Q3, 150), revision(BRANCH_Y, Q4, 400)]
OWN = [line(BRANCH_Y, Q3, 150), line(BRANCH_Y, Q4, 400)]


async def test_a_later_bulletin_that_does_not_list_the_holder_changes_nothing() -> None:
    """The holder was registered in its branch only after it was frozen."""
    assert await sizes(Told(BOTH, OWN), Q3) == (150, {Q3: 150})


async def test_a_year_shows_each_quarter_as_the_year_counts_it() -> None:
    adjusted = [*OWN, line(BRANCH_Y, NEXT, 700, of=Q3)]

    assert await sizes(Told(BOTH, adjusted), "2023") == (700, {Q3: 700, Q4: 400})
    assert await sizes(Told(BOTH, adjusted), Q3) == (150, {Q3: 150})


async def test_to_whom_everything_is_shown_every_quarter_is_that_of_now() -> None:
    quarters = ("2023-Q1", "2023-Q2", Q3, Q4)

    assert await sizes(Told([], []), "2023", live=True) == (900, dict.fromkeys(quarters, 900))


async def test_before_there_is_a_line_nothing_is_published() -> None:
    with pytest.raises(NotFound):
        await sizes(Told([revision(BRANCH_X, Q3, None)], []), Q3)
