"""The statement of an account: lines that add up, on pages that stay."""

from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.points import parse_points
from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.people import ANNA, COMMITTEE

PATH = f"/members/{ANNA}/statement"


def history() -> list[bytes]:
    reports = [
        one
        for number in range(1, 5)
        for one in build.decided(build.earned(f"c-{number}", on=f"2023-07-0{number}"))
    ]
    return [
        *build.world(),
        *reports,
        *build.decided(build.fact("c-5")),
        *build.decided(build.deduction("c-6")),
        build.reversal("c-2"),
        build.reversal("c-3"),
        build.earned("c-7", on="2023-08-02"),
    ]


async def pages(ask: Asking, order: str, limit: int, **query: Any) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ask.get(PATH, order=order, limit=limit, **query, **cursor)
        assert len(page["entries"]) <= limit
        entries += page["entries"]
        if page["next"] is None:
            return entries
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("capacity", ["member", "pending"])
@pytest.mark.parametrize("limit", [1, 3, 200])
async def test_lines_add_up_to_the_balance_whatever_the_page_and_the_order(
    database_url: str, tmp_path: Path, capacity: str, limit: int
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        newest = await pages(ask, "newest", limit, capacity=capacity)
        oldest = await pages(ask, "oldest", limit, capacity=capacity)
        accounts = (await ask.get(f"/members/{ANNA}/balance"))["accounts"]

    total = next(one["balance"] for one in accounts if one["capacity"] == capacity)
    running = 0
    for entry in oldest:
        running += parse_points(entry["delta"])
        assert parse_points(entry["balance"]) == running
    assert parse_points(total) == running
    assert newest == oldest[::-1]


async def test_a_line_says_item_quarter_claim_and_when_it_was_recorded(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), *build.decided(build.earned("c-1"))]
    async with reading(database_url, tmp_path, payloads) as ask:
        [entry] = await pages(ask, "newest", 10, capacity="member")

    assert entry == {
        "seq": len(payloads),
        "ordinal": 2,
        "account": f"member:{ANNA}:member",
        "delta": "0.5",
        "balance": "0.5",
        "kind": "award",
        "item": "D03",
        "item_name_zh": "随手拍",
        "item_name_en": "Snap report",
        "quarter": "2023-Q3",
        "booked": "2023-Q3",
        "claim": "c-1",
        "recorded_at": "2023-07-26T02:00:00.000Z",
    }


async def test_a_cursor_goes_on_where_it_was_when_newer_lines_have_come(
    database_url: str, tmp_path: Path
) -> None:
    payloads = history()
    async with reading(database_url, tmp_path, payloads) as ask:
        first = await ask.get(PATH, capacity="member", limit=2)
        before = await ask.get(PATH, capacity="member", limit=50, cursor=first["next"])
    more = [*payloads, *build.decided(build.earned("c-8", on="2023-08-05"))]
    async with reading(database_url, tmp_path, more) as ask:
        after = await ask.get(PATH, capacity="member", limit=50, cursor=first["next"])

    assert after == before


async def test_the_branch_sees_a_committee_members_lines_without_deductions(
    database_url: str, tmp_path: Path
) -> None:
    fact = build.fact("c-1", "A02", COMMITTEE, capacity="committee")
    finding = build.deduction(
        "c-2", "A07", COMMITTEE, key="missed-meeting", committee=build.tier("missed-meeting")
    )
    payloads = [*build.world(), *build.decided(fact), *build.decided(finding)]
    path = f"/members/{COMMITTEE}/statement"
    async with reading(database_url, tmp_path, payloads) as ask:
        whole = await ask.get(path, "upper", capacity="committee")
        shown = await ask.get(path, "branch", capacity="committee")

    def lines(page: dict[str, Any]) -> list[tuple[str, str, str]]:
        return [(one["item"], one["delta"], one["balance"]) for one in page["entries"]]

    assert (whole["deductions_shown"], lines(whole)) == (
        True,
        [("A07", "-3", "1"), ("A02", "4", "4")],
    )
    assert (shown["deductions_shown"], lines(shown)) == (False, [("A02", "4", "4")])


@pytest.mark.parametrize(
    "query",
    [
        {"capacity": "member", "cursor": "AAAA"},
        {"capacity": "member", "cursor": "WzFd"},
        {"capacity": "member", "limit": 0},
        {"capacity": "member", "limit": 201},
        {"capacity": "member", "order": "best"},
        {"capacity": "member", "page": 2},
        {"capacity": "spent"},
        {},
    ],
    ids=str,
)
async def test_a_wrong_parameter_is_query_invalid(
    database_url: str, tmp_path: Path, query: dict[str, Any]
) -> None:
    async with reading(database_url, tmp_path, build.world()) as ask:
        assert await ask.code(PATH, **query) == (422, "query_invalid")


async def test_a_cursor_of_the_other_order_is_query_invalid(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        page = await ask.get(PATH, capacity="member", limit=1)
        found = await ask.code(PATH, capacity="member", order="oldest", cursor=page["next"])

    assert found == (422, "query_invalid")
