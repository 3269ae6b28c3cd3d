"""What a bulletin publishes line by line: its own quarter, and earlier ones after adjustments."""

from collections.abc import Sequence
from typing import Any

from jifen_contracts.canonical import decode
from jifen_ledger.domain.published_lines import PublishedLine
from tests.support import builders as build
from tests.support.bulletins import FACTS, MONTHS, anna_s_quarter, corrected, published
from tests.support.folded import FoldedLedger
from tests.support.people import ANNA, BRANCH_X, QUORUM, SCHEME, SPECIALIST
from tests.support.quarters import Q3, Q4, advanced, revised, waiver


def lines_after(*payloads: bytes) -> Sequence[PublishedLine]:
    ledger = FoldedLedger(SCHEME)
    for payload in (*build.world(), *payloads):
        record = ledger.receive(payload)
        assert record.status != "refused", (record.code, payload)
    sheets = [one for one in ledger.state.bulletins.rows().values() if one is not None]
    lines = [one for one in ledger.state.published_lines.rows().values() if one is not None]
    told = {
        (one.quarter, one.revision, line["holder"], line["capacity"]): _said(line)
        for one in sheets
        for line in _holders(one.full_sheet)
    }
    kept = {
        (one.quarter, one.revision, one.holder, one.capacity): (
            one.earned,
            one.applicable,
            one.deductions,
            one.score,
            {key.lower(): value for key, value in one.bonuses.items()},
            {key.lower(): value for key, value in one.categories.items()},
            one.partial,
        )
        for one in lines
        if not one.adjusts
    }
    # Whatever else a test asks: the lines are those of the sheets.
    assert kept == told
    assert all(one.figures.score == one.score for one in lines)
    return lines


def _holders(sheet: bytes) -> Any:
    said: Any = decode(sheet)
    return said["holders"]


def _said(line: Any) -> tuple[Any, ...]:
    named = ("base_earned", "base_applicable", "deductions")
    rest = (line.get("score"), line["bonus"], line["points"], line.get("partial", False))
    return (*(line[name] for name in named), *rest)


def late(claim: str, on: str, verified: str) -> list[bytes]:
    """A demonstration of half a point, verified when the quarter is out."""
    return [
        build.earned(claim, on=on, recorded="2023-10-12", deed=f"deed-{claim}"),
        build.preliminary(claim, deciders=(SPECIALIST,), recorded="2023-10-13"),
        build.verified(claim, deciders=QUORUM, recorded=verified),
    ]


def of_anna(lines: Sequence[PublishedLine]) -> list[tuple[str, int, str, int | None]]:
    return [
        (one.quarter, one.revision, one.of_quarter, one.score)
        for one in lines
        if (one.holder, one.capacity) == (ANNA, "member")
    ]


def test_each_revision_keeps_the_lines_of_its_sheet() -> None:
    lines = lines_after(*anna_s_quarter(), *published(stated=[ANNA]), *corrected())

    assert of_anna(lines) == [(Q3, 1, Q3, 883), (Q3, 2, Q3, 903)]


def test_what_an_adjustment_made_of_a_quarter_is_published_with_the_bulletin_that_lists_it() -> (
    None
):
    lines = lines_after(
        *anna_s_quarter(),
        *published(stated=[ANNA]),
        # August has room for one more report under its cap.
        *late("c-late", "2023-08-20", "2023-11-02"),
        *published(Q4, recorded="2024-01-10"),
    )

    assert of_anna(lines) == [(Q3, 1, Q3, 883), (Q4, 1, Q4, None), (Q4, 1, Q3, 888)]


def test_a_later_revision_of_that_bulletin_publishes_nothing_of_what_is_booked_after_it() -> None:
    lines = lines_after(
        *anna_s_quarter(),
        *published(stated=[ANNA]),
        *late("c-late", "2023-08-20", "2023-11-02"),
        *published(Q4, recorded="2024-01-10"),
        *late("c-later", "2023-08-21", "2024-01-11"),
        revised(2, quarter=Q4, recorded="2024-01-12"),
    )
    adjusted = [(one.quarter, one.revision, one.of_quarter) for one in lines if one.adjusts]

    assert adjusted == [(Q4, 1, Q3)]
    assert {one.branch for one in lines} == {BRANCH_X}


def test_e46_a_duty_not_done_that_comes_with_another_record_of_the_person_is_listed() -> None:
    second = "m-anna-2"
    lives = [
        build.enrolled(second),
        build.assigned(second, "member", BRANCH_X),
        *build.decided(build.fact("c-second", "B05", second, period="2023-07", done=0)),
    ]
    there = {(ANNA, item, month) for item, _ in FACTS for month in MONTHS}
    there.add((second, "B05", "2023-07"))
    lines = lines_after(
        *lives,
        *anna_s_quarter(),
        advanced("preliminary"),
        advanced("verified", waive=waiver(but=there, also=[second])),
        advanced("published"),
        build.enrolled(ANNA, same_as=second, recorded="2023-11-01"),
        *published(Q4, recorded="2024-01-10"),
    )

    # 54.0 of 57.0, then 54.0 of 59.0.
    assert of_anna(lines) == [(Q3, 1, Q3, 883), (Q4, 1, Q4, None), (Q4, 1, Q3, 864)]
