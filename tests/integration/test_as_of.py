"""The deeds up to a day: figures, boards and lines as if no later deed had been done."""

from pathlib import Path
from typing import Any

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.boards import LATER, approved, two_branches
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, UPPER

WORLD = len(build.world())


def report(claim: str, day: str, item: str = "D03", **more: Any) -> list[bytes]:
    """A deed of Anna that officers of the plant approve at both stages."""
    return approved(claim, ANNA, build.earned(claim, item, on=day, **more))


async def balance(ask: Asking, capacity: str = "member", **moment: Any) -> str:
    answer = await ask.get(f"/members/{ANNA}/balance", **moment)
    return str({one["capacity"]: one["balance"] for one in answer["accounts"]}[capacity])


async def statement(
    ask: Asking, capacity: str = "member", order: str = "oldest", **moment: Any
) -> list[Any]:
    """Every line of the account, page by page."""
    entries: list[Any] = []
    query: dict[str, Any] = {"capacity": capacity, "order": order, "limit": 2, **moment}
    while True:
        page = await ask.get(f"/members/{ANNA}/statement", **query)
        entries += page["entries"]
        if page["next"] is None:
            return entries
        query["cursor"] = page["next"]


async def test_a_deed_counts_from_its_day_on_whenever_it_was_verified(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), *report("c-late", "2023-07-20"), *report("c-early", "2023-07-05")]
    days = ("2023-07-04", "2023-07-05", "2023-07-19", "2023-07-20")
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        by_day = [await balance(ask, as_of=day) for day in days]
        first_known = await balance(ask, as_of="2023-07-19", known_at=WORLD + 3)

    assert by_day == ["0", "0.5", "0.5", "1"]
    assert first_known == "0"


async def test_statement_lines_add_up_to_the_balance_on_any_day_and_at_any_record(
    database_url: str, tmp_path: Path
) -> None:
    days = ("2023-07-20", "2023-07-05", "2023-07-10", "2023-07-12", "2023-08-02", "2023-06-30")
    payloads = build.world()
    for number, day in enumerate(days):
        payloads += report(f"c-{number}", day)
    payloads += [build.reversal("c-1", deciders=(UPPER,), recorded="2023-11-01")]
    moments: list[dict[str, Any]] = [
        {"as_of": day, "known_at": seq}
        for day in ("2023-07-04", "2023-07-10", "2023-07-19", "2023-12-31")
        for seq in (WORLD + 5, WORLD + 12, len(payloads))
    ]
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        for moment in (*moments, {"known_at": WORLD + 12}, {}):
            for capacity in ("member", "pending"):
                total = await balance(ask, capacity, **moment)
                oldest = await statement(ask, capacity, **moment)
                newest = await statement(ask, capacity, "newest", **moment)
                added = sum((tenths(one["delta"]) for one in oldest), 0)
                assert added == tenths(total), moment
                assert newest == oldest[::-1], moment
                assert not oldest or oldest[-1]["balance"] == total


def tenths(points: str) -> int:
    return round(float(points) * 10)


async def test_what_a_later_deed_took_of_a_cap_is_a_line_of_its_own_before_that_deed(
    database_url: str, tmp_path: Path
) -> None:
    days = ("2023-07-20", "2023-07-05", "2023-07-10", "2023-07-12")
    payloads = build.world()
    for number, day in enumerate(days):
        payloads += report(f"c-{number}", day)
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        posted = await statement(ask)
        before = await statement(ask, as_of="2023-07-19")

    # The month's cap of 1.5 was full when the last of four deeds was verified.
    assert [(one["claim"], one["delta"]) for one in posted] == [
        ("c-0", "0.5"),
        ("c-1", "0.5"),
        ("c-2", "0.5"),
    ]
    assert [(one["claim"], one["delta"], one["ordinal"]) for one in before] == [
        ("c-1", "0.5", posted[1]["ordinal"]),
        ("c-2", "0.5", posted[2]["ordinal"]),
        ("c-3", "0.5", None),
    ]


async def test_a_later_better_result_leaves_the_earlier_quarter_alone(
    database_url: str, tmp_path: Path
) -> None:
    """G15: plant-1 in June, company-2 in September, verified in the other order."""
    payloads = [
        *build.world(),
        *report("c-two", "2023-09-10", "C04", member=build.tier("company-2"), group="contest"),
        *report("c-one", "2023-06-10", "C04", member=build.tier("plant-1"), group="contest"),
    ]
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        june = await balance(ask, as_of="2023-06-30")
        whole = await balance(ask)
        first = await balance(ask, known_at=WORLD + 3)
        explained = await ask.get(
            "/explain/figures",
            holder=ANNA,
            capacity="member",
            period="2023-Q3",
            known_at=WORLD + 3,
        )

    assert (june, whole, first) == ("3", "5", "5")
    part = explained["quarters"][0]["items"][0]
    assert (part["points"], [one["claim"] for one in part["claims"]]) == ("5", ["c-two"])


async def test_the_days_of_someone_who_moved_count_up_to_the_day(
    database_url: str, tmp_path: Path
) -> None:
    """G13: in branch X to 15 August, in Y from it."""
    query: dict[str, Any] = {"period": "2023-Q3", "class": "all"}
    async with reading(database_url, tmp_path, two_branches(5), LATER) as ask:
        whole = await ask.get("/units/comparison", **query)
        before = await ask.get("/units/comparison", as_of="2023-08-14", **query)
        scores = await ask.get("/members/m-mover/scores", year="2023", as_of="2023-08-20")

    days = {one["unit"]: one["member_days"] for one in whole["entries"]}
    assert (days[BRANCH_X], days[BRANCH_Y]) == (5 * 92 + 45, 5 * 92 + 47)
    # Only the facts of July count by then: a third of the base is not enough to be scored.
    assert before["entries"] == []
    assert [one["active_days"] for one in scores["quarters"]] == [51]


async def test_a_board_of_a_part_of_the_quarter_ranks_the_deeds_up_to_the_day(
    database_url: str, tmp_path: Path
) -> None:
    board: dict[str, Any] = {"period": "2023-Q3", "capacity": "member"}
    # The duties of a month are facts of its last day; the prizes were won on 10 August.
    async with reading(database_url, tmp_path, two_branches(5), LATER) as ask:
        whole = await ask.get("/rankings", **board)
        part = await ask.get("/rankings", as_of="2023-09-30", **board)
        none = await ask.get("/rankings", as_of="2023-06-30", **board)
        own = await ask.get("/members/m-mover/scores", year="2023", as_of="2023-08-31")

    assert part["entries"] == whole["entries"]
    assert (none["n"], none["entries"], none["reason"]) == (0, [], "too_few_holders")
    assert [(one["base_applicable"], one["bonus"]) for one in own["quarters"]] == [("14", "10")]


async def test_an_office_begun_later_gives_no_line_on_the_sheet_before(
    database_url: str, tmp_path: Path
) -> None:
    """F01: a committee post from the 10th on."""
    office = build.assigned(
        BO, "committee", BRANCH_X, post="discipline", since="2023-07-10", recorded="2023-07-08"
    )
    payloads = [*build.world(), office]
    moments: list[dict[str, Any]] = [{"as_of": "2023-07-09"}, {"as_of": "2023-07-10"}]
    moments.append({"known_at": WORLD})
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        sheets = [
            await ask.get(f"/members/{BO}/sheet", period="2023-Q3", **moment) for moment in moments
        ]

    capacities = [
        {line["capacity"] for item in sheet["items"] for line in item["lines"]} for sheet in sheets
    ]
    assert capacities == [{"member"}, {"committee", "member"}, {"member"}]
    assert [sheet["posts"] for sheet in sheets] == [[], ["discipline"], []]


async def test_a_claim_is_overdue_or_lapsed_by_the_time_of_the_moment(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        build.earned("c-open"),
        build.earned("c-back", deed="other"),
        build.returned("c-back", deciders=("m-specialist",), reason="unclear", until="2023-07-20"),
    ]
    times = ("2023-07-20T12:00:00Z", "2023-08-20T12:00:00Z")
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        by_time = [
            (
                (await ask.get("/claims/c-open", known_at=time))["overdue"],
                (await ask.get("/claims/c-back", known_at=time))["state"],
            )
            for time in times
        ]
        not_done = await ask.code("/claims/c-open", as_of="2023-07-11")

    assert by_time == [(False, "claimed"), (True, "lapsed")]
    assert not_done == (404, "not_found")


async def test_a_wallet_goes_by_recorded_time_alone(database_url: str, tmp_path: Path) -> None:
    """The deed of 20 July is verified on the 22nd."""
    path = f"/members/{ANNA}/statement"
    payloads = [*build.world(), *report("c-1", "2023-07-20")]
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        lines = [
            len((await ask.get(path, "self", capacity="wallet", as_of=day))["entries"])
            for day in ("2023-07-21", "2023-07-22")
        ]
        wallets = [
            (await ask.get(f"/members/{ANNA}/wallet", as_of=day))["available"]
            for day in ("2023-07-21", "2023-07-22")
        ]
        shown = await ask.get(f"/members/{ANNA}/balance", as_of="2023-07-20")
        before = await balance(ask, "wallet", known_at=WORLD + 2)
        after = await balance(ask, "wallet", known_at=WORLD + 3)

    assert (lines, wallets) == ([0, 1], ["0", "5"])
    assert [one["capacity"] for one in shown["accounts"]] == ["committee", "member", "pending"]
    assert (before, after) == ("0", "5")


async def test_a_cursor_goes_on_at_its_own_moment_only(database_url: str, tmp_path: Path) -> None:
    payloads = [*build.world(), *report("c-1", "2023-07-05"), *report("c-2", "2023-08-05")]
    path = f"/members/{ANNA}/statement"
    query: dict[str, Any] = {"capacity": "member", "limit": 1, "order": "oldest"}
    async with reading(database_url, tmp_path, payloads, LATER) as ask:
        first = await ask.get(path, as_of="2023-12-31", **query)
        other = await ask.answer(path, params={**query, "cursor": first["next"]})
        again = await ask.get(path, as_of="2023-12-31", cursor=first["next"], **query)

    assert other.status_code == 422
    assert "another moment" in other.json()["detail"]
    assert again["entries"][0]["claim"] == "c-2"
