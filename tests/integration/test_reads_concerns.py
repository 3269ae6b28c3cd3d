"""Concerns over HTTP: lists, clocks, figures, visits, and who learns who raised one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.concerns import confirmed, handed, handled, paid_for, raised, reopened, resolved
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    PANEL_X,
    RECORDER,
    SCHEME,
    SECRETARY_Y,
    UPPER,
)
from tests.support.stored import sha

TODAY = "2023-07-20T10:00:00.000+08:00"


def life_of_branches() -> list[bytes]:
    """Five concerns on 20 July: confirmed, silent, overdue, reopened, and one of branch Y."""
    return [
        *build.world(),
        *handled("cn-done", origin="visit-1"),
        *handled("cn-silent", by=BO, origin="visit-1", confirmed_by=None),
        raised("cn-late", unit=GROUP_X1, by=CHEN, origin="visit-1"),
        *handled("cn-again", by=BO, urgency="ordinary", confirmed_by=BO),
        reopened("cn-again", by=BO),
        raised("cn-y", unit=BRANCH_Y, by=DORA, kind="care", on="2023-07-18"),
        raised("cn-copy", by=CHEN),
        handed("cn-copy", merge_into="cn-again"),
    ]


async def listed(ask: Asking, who: str = "upper", **query: Any) -> list[str]:
    found = await ask.get("/concerns", who, **query)
    return [one["concern"] for one in found["concerns"]]


async def test_the_list_holds_a_unit_and_everything_below_it_and_every_filter_fits(
    database_url: str, tmp_path: Path
) -> None:
    queries: Sequence[tuple[dict[str, Any], list[str]]] = (
        ({}, ["cn-y", "cn-again", "cn-late", "cn-silent", "cn-done"]),
        ({"unit": BRANCH_X}, ["cn-again", "cn-late", "cn-silent", "cn-done"]),
        ({"unit": GROUP_X1}, ["cn-late"]),
        ({"unit": BRANCH_Y, "kind": "concern"}, []),
        ({"kind": "care"}, ["cn-y"]),
        ({"state": "unconfirmed"}, ["cn-silent"]),
        ({"state": "resolved"}, []),
        ({"state": "reopened"}, ["cn-again"]),
        ({"state": "merged"}, ["cn-copy"]),
        ({"overdue": "true"}, ["cn-late"]),
        ({"overdue": "false", "unit": BRANCH_X}, ["cn-again", "cn-silent", "cn-done"]),
        ({"origin": "visit-1", "state": "confirmed"}, ["cn-done"]),
        ({"handler": COMMITTEE}, ["cn-again", "cn-silent", "cn-done"]),
    )
    async with reading(database_url, tmp_path, life_of_branches(), TODAY) as ask:
        found = [await listed(ask, **query) for query, _ in queries]
        own = await listed(ask, "branch", mine="true")

    assert found == [names for _, names in queries]
    assert own == ["cn-again", "cn-silent"]


async def test_pages_follow_one_another_without_gap_or_repetition(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, life_of_branches(), TODAY) as ask:
        pages, cursor = [], None
        while True:
            query: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
            page = await ask.get("/concerns", limit=2, **query)
            pages.append([one["concern"] for one in page["concerns"]])
            cursor = page["next"]
            if cursor is None:
                break
        wrong = await ask.code("/concerns", cursor="bm9uc2Vuc2U")

    assert pages == [["cn-y", "cn-again"], ["cn-late", "cn-silent"], ["cn-done"]]
    assert wrong == (422, "query_invalid")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/concerns/cn-none", (404, "not_found")),
        ("/concerns?unit=u-nowhere", (404, "not_found")),
        ("/units/u-nowhere/concerns?period=2023", (404, "not_found")),
        ("/visits/visit-none", (404, "not_found")),
        ("/concerns?state=forgotten", (422, "query_invalid")),
        ("/concerns?mine=true", (422, "query_invalid")),
        (f"/units/{BRANCH_X}/concerns?period=2023-Q5", (422, "query_invalid")),
    ],
)
async def test_what_is_not_there_or_not_asked_rightly_is_a_problem(
    database_url: str, tmp_path: Path, path: str, expected: tuple[int, str]
) -> None:
    async with reading(database_url, tmp_path, life_of_branches(), TODAY) as ask:
        answer = await ask.answer(path)

    assert (answer.status_code, answer.json()["code"]) == expected


async def test_a_concern_shows_its_clock_its_levels_its_stages_and_its_parts(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        raised("cn-0", by=BO, kind="care", urgency="ordinary"),
        raised("cn-1", parent="cn-0"),
        raised("cn-2", parent="cn-0"),
        handed("cn-1"),
        resolved("cn-1"),
        handed("cn-0", stages={"parts": "2023-07-12"}, reached="parts"),
        handed("cn-0", pause=("2023-07-12", "2023-07-15"), reason="parts_ordered"),
        handed("cn-0", handler_unit=SCHEME, by=UPPER, on="2023-07-17"),
    ]
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        await ask.name(COMMITTEE, "委员", "Committee")
        found = await ask.get("/concerns/cn-0")
        blind = await ask.get("/concerns/cn-0", "auditor")

    line = found["concern"]
    assert (line["state"], line["due"], line["gross_days"], line["net_days"]) == (
        "assigned",
        "2023-08-03",
        10,
        7,
    )
    assert (line["handler_name_en"], blind["concern"]["handler_name_en"]) == ("Committee", None)
    assert found["pauses"] == [
        {"from_day": "2023-07-12", "to_day": "2023-07-15", "reason": "parts_ordered"}
    ]
    assert [level["unit"] for level in found["levels"]] == [BRANCH_X, SCHEME]
    assert found["stages"] == [
        {"name_zh": "parts", "promise": "2023-07-12", "reached_on": "2023-07-11", "kept": True}
    ]
    assert [child["concern"] for child in found["children"]] == ["cn-1", "cn-2"]
    assert (found["children_open"], found["light"]) == (1, "amber")
    assert [one["state"] for one in found["events"]] == ["raised", *["assigned"] * 3]


async def test_only_raisers_the_handler_and_the_auditor_learn_who_raised_a_concern(
    database_url: str, tmp_path: Path
) -> None:
    """Anna and a hidden raiser; Bo is of their branch, the recorder assigned it."""
    payloads = [
        *build.world(),
        *handled("cn-1", confirmed_by=None),
        reopened("cn-1"),
        raised("cn-2", by=sha("code")),
        handed("cn-2", merge_into="cn-1"),
        raised("cn-3", by=None),
        handed("cn-3", merge_into="cn-1"),
    ]
    columns = ("self", "branch", "staff", "reviewer", "upper", "auditor", "handler")
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        ask.add_reader("handler", "branch", COMMITTEE)
        found = {who: await ask.get("/concerns/cn-1", who) for who in columns}
        listing = [(await ask.answer("/concerns", who)).text for who in columns]

    seen = {who for who, one in found.items() if one["raised_by"] is not None}
    assert seen == {"self", "auditor", "handler"}
    assert found["self"]["raised_by"] == [ANNA, sha("code")]
    assert {one["raisers"] for one in found.values()} == {3}
    assert {who: one["dissents"][0]["by"] for who, one in found.items()} == {
        who: ANNA if who in seen else None for who in columns
    }
    assert not any(ANNA in text for text in listing)


async def test_a_dissent_of_an_earlier_round_is_still_shown(
    database_url: str, tmp_path: Path
) -> None:
    again = [reopened(), resolved(in_use="2023-07-17"), confirmed(on="2023-07-18")]
    payloads = [*build.world(), *handled(), *again]
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        found = await ask.get("/concerns/cn-1")

    assert [(one["on"], one["reason"]) for one in found["dissents"]] == [
        ("2023-07-14", "still_cold")
    ]
    assert (found["concern"]["state"], found["confirmations"], found["reopenings"]) == (
        "confirmed",
        1,
        1,
    )


async def test_f64_the_figures_of_a_unit_have_median_and_worst_days_gross_and_net(
    database_url: str, tmp_path: Path
) -> None:
    """Four days, as the article says; eight with three of them paused; one open and overdue."""
    waiting = handed("cn-b", pause=("2023-07-12", "2023-07-15"), reason="parts_ordered")
    payloads = [
        *build.world(),
        raised("cn-a", urgency="ordinary"),
        handed("cn-a"),
        resolved("cn-a", in_use="2023-07-14"),
        confirmed("cn-a", satisfaction=2),
        raised("cn-b", by=BO),
        waiting,
        resolved("cn-b", in_use="2023-07-18"),
        raised("cn-c", unit=GROUP_X1),
        raised("cn-y", unit=BRANCH_Y),
        raised("cn-before", on="2023-06-30"),
    ]
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        found = await ask.get(f"/units/{BRANCH_X}/concerns", period="2023-07")
        whole = await ask.get(f"/units/{SCHEME}/concerns", period="2023")

    assert (found["gross_days"], found["net_days"]) == (
        {"median": "6", "worst": 8},
        {"median": "4.5", "worst": 5},
    )
    counts = ("raised", "open", "overdue", "resolved", "confirmed", "on_time", "late")
    assert [found[name] for name in counts] == [3, 1, 1, 2, 1, 2, 0]
    assert found["on_time_rate"] == "66.7"
    assert [whole[name] for name in counts] == [5, 3, 3, 2, 1, 2, 0]


async def test_what_raisers_say_is_counted_from_five_answers_on(
    database_url: str, tmp_path: Path
) -> None:
    few = [
        event
        for number, satisfaction in enumerate((1, 1, 2, 3))
        for event in (
            *handled(f"cn-{number}", confirmed_by=None),
            confirmed(f"cn-{number}", satisfaction=satisfaction),
        )
    ]
    more = [*handled("cn-5", confirmed_by=None), reopened("cn-5")]
    path = f"/units/{BRANCH_X}/concerns"
    async with reading(database_url, tmp_path, [*build.world(), *few, *more], TODAY) as ask:
        five = await ask.get(path, period="2023-Q3")
        none = await ask.get(path, period="2024")

    assert five["satisfaction"] == {
        "answers": 5,
        "very": 2,
        "yes": 1,
        "mostly": 1,
        "no": 1,
        "satisfied_rate": "80",
    }
    assert none["satisfaction"]["satisfied_rate"] is None
    assert (none["raised"], none["on_time_rate"], none["gross_days"]["median"]) == (0, None, None)


async def test_f30_a_visit_shows_how_far_its_concerns_have_come(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, life_of_branches(), TODAY) as ask:
        found = await ask.get("/visits/visit-1", "staff")

    assert [one["concern"] for one in found["concerns"]] == ["cn-late", "cn-silent", "cn-done"]
    assert found["progress"] == {
        "raised": 3,
        "assigned": 2,
        "resolved": 2,
        "confirmed": 1,
        "overdue": 1,
    }
    assert found["all_assigned"] is False


async def test_the_lines_of_a_reopening_that_takes_back_several_claims_are_explained(
    database_url: str, tmp_path: Path
) -> None:
    hut = build.shares("pj-hut", {ANNA: 1, BO: 1}, item="D01", pool="large", by=RECORDER)
    told: dict[str, Any] = {"member": {}, "project": "pj-hut", "deed": "cn-1"}
    claims = [("c-1", ANNA), ("c-2", BO)]
    steps = [
        step
        for claim in claims
        for step in (
            build.earned(claim[0], "D01", claim[1], on="2023-07-14", counterpart=[DORA], **told),
            build.preliminary(*claim, deciders=(DORA,)),
            build.verified(*claim, deciders=PANEL_X[2:]),
        )
    ]
    payloads = [
        *build.world(),
        hut,
        *handled(kind="project"),
        *steps,
        paid_for("c-3"),
        build.verified("c-3", COMMITTEE),
        reopened(on="2023-08-20"),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        lines = [
            await ask.get(f"/explain/postings/{len(payloads)}/{ordinal}") for ordinal in range(4)
        ]
        claim = await ask.get("/claims/c-1")
        record = await ask.get(f"/records/{len(payloads)}", "auditor")

    assert [(one["claim"], one["item"], one["delta"], one["trace"]["delta"]) for one in lines] == [
        ("c-1", "D01", "-6", "-6"),
        ("c-2", "D01", "-6", "-6"),
        ("c-3", "D02", "-1", "-1"),
        ("c-3", "D02", "-1", "-1"),
    ]
    assert (claim["state"], claim["events"][-1]["by"]) == ("reversed", None)
    assert {one.get("item") for one in record["postings"]} == {"D01", "D02", None}


async def test_a_concern_is_shown_as_it_was_known_at_a_record(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), *handled()]
    before = len(payloads) - 1
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        then = await ask.get("/concerns/cn-1", known_at=before)
        listing = await ask.get("/concerns", known_at=before, state="resolved")
        figures = await ask.get(f"/units/{BRANCH_X}/concerns", period="2023", known_at=before)
        unknown = await ask.code("/concerns/cn-1", known_at=before - 3)

    assert (then["size"], then["concern"]["state"], then["confirmations"]) == (
        before,
        "resolved",
        0,
    )
    assert [one["concern"] for one in listing["concerns"]] == ["cn-1"]
    assert (figures["resolved"], figures["confirmed"]) == (1, 0)
    assert unknown == (404, "not_found")


async def test_who_handled_a_concern_in_the_past_does_not_learn_its_raiser_by_asking_about_then(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [*build.world(), raised(), handed(), handed(handler=BO, on="2023-07-12")]
    before = len(payloads) - 1
    async with reading(database_url, tmp_path, payloads, TODAY) as ask:
        ask.add_reader("former", "branch", COMMITTEE)
        former = await ask.get("/concerns/cn-1", "former", known_at=before)
        now = await ask.get("/concerns/cn-1", "branch", known_at=before)

    assert (former["raised_by"], now["raised_by"]) == (None, [ANNA])


async def test_a_concern_of_another_branch_is_no_secret(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, life_of_branches(), TODAY) as ask:
        ask.add_reader("neighbour", "branch", SECRETARY_Y)
        found = await ask.get("/concerns/cn-done", "neighbour")

    assert (found["concern"]["on_time"], found["raised_by"]) == (True, None)
