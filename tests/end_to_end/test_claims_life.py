"""One claim from the door to the ranking, in both capacities of a committee member."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest_asyncio

from jifen_contracts.canonical import decode
from jifen_contracts.points import parse_points
from tests.end_to_end.plant import Door, Plant, Told
from tests.support import builders as build
from tests.support.people import ANNA, BO, CHEN, COMMITTEE, LEADER, QUORUM, SCHEME

QUARTER = "2023-Q3"
MONTHS = ("2023-07", "2023-08", "2023-09")
SCORED = (ANNA, BO, CHEN, COMMITTEE, LEADER)

HELP: dict[str, Any] = {"committee": build.count(1), "member": build.count(2)}
EARNED = build.earned(
    "c-help", "C02", COMMITTEE, **HELP, counterpart=[BO, CHEN], recorded="2023-08-01"
)
LESS = {"committee": build.count(1), "member": build.count(1)}
PRELIMINARY = build.preliminary("c-help", COMMITTEE, deciders=(BO, CHEN), recorded="2023-08-02")
VERIFIED = build.verified(
    "c-help", COMMITTEE, measure=LESS, reason="one_did_not_progress", recorded="2023-08-08"
)

STEPS: tuple[tuple[bytes, Door], ...] = (
    (EARNED, "http"),
    (PRELIMINARY, "nats"),
    (VERIFIED, "nats"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """What was answered and what could be read, step by step."""

    answers: list[Told]
    outcomes: list[Any]
    balances: list[dict[str, str]]
    statements: dict[str, Any]
    claim: Any
    record: bytes
    explained: Any
    figures: Any
    ranking: Any
    sums: Any


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def life(plant: Plant) -> Life:
    """The duties of five people give them a score; then one of them helped two others."""
    duties = [
        build.decided(build.fact(f"c-{who}-{item}-{month}".lower(), item, who, period=month))
        for who in SCORED
        for item in ("B01", "B02")
        for month in MONTHS
    ]
    await plant.accepted([event for life in duties for event in life])
    before = (await plant.recorded([build.assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN])]))[0]
    assert before["status"] == "recorded"
    answers, outcomes, balances = [], [], [await plant.balances(COMMITTEE)]
    for payload, door in STEPS:
        answers.append(await plant.send_one(payload, door))
        await plant.has_records(answers[-1].body["seq"])
        outcomes.append(await plant.outcome(payload))
        balances.append(await plant.balances(COMMITTEE))
    seq = outcomes[-1]["seq"]
    return Life(
        answers=answers,
        outcomes=outcomes,
        balances=balances,
        statements={
            capacity: await plant.get(
                f"/members/{COMMITTEE}/statement", capacity=capacity, order="oldest"
            )
            for capacity in ("committee", "member", "pending")
        },
        claim=await plant.get("/claims/c-help"),
        record=(await plant.ask(f"/records/{seq}")).content,
        explained=await plant.get(f"/explain/postings/{seq}/2"),
        figures=await plant.get(
            "/explain/figures", holder=COMMITTEE, capacity="member", period=QUARTER
        ),
        ranking=await plant.get("/rankings", period=QUARTER, capacity="member"),
        sums=await plant.sums(),
    )


def test_both_doors_answer_with_the_place_in_the_stream(life: Life) -> None:
    names = [(decode(one)["id"], decode(one)["source"]) for one, _ in STEPS]
    first = life.answers[0].body["seq"]

    assert [(told.status, told.media_type) for told in life.answers] == [
        (200, "application/json")
    ] * 3
    assert [(told.body["id"], told.body["source"]) for told in life.answers] == names
    assert [told.body["seq"] for told in life.answers] == [first, first + 1, first + 2]
    assert not any(told.body["duplicate"] for told in life.answers)


def test_each_step_has_an_outcome_by_source_and_id(life: Life) -> None:
    # The preliminary review changed no value, so nothing moved.
    assert [(one["seq"], one["status"], one["code"]) for one in life.outcomes] == [
        (told.body["seq"], status, None)
        for told, status in zip(life.answers, ("posted", "recorded", "posted"), strict=True)
    ]


def test_points_exist_only_after_verification(life: Life) -> None:
    start = life.balances[0]
    committee, member = parse_points(start["committee"]), parse_points(start["member"])

    assert (committee, member, start["pending"]) == (0, 210, "0")
    assert life.balances[1] == life.balances[2] == start | {"pending": "3"}
    assert life.balances[3] == start | {"committee": "1", "member": "22"}


def test_claimed_preliminary_and_verified_values_stand_side_by_side(life: Life) -> None:
    stages = [life.claim[stage] for stage in ("claimed", "preliminary", "verified")]

    assert life.claim["state"] == "verified"
    assert [(one["item"], one["points"]) for one in stages] == [
        ("C02", {"committee": "1", "member": "2"}),
        ("C02", {"committee": "1", "member": "2"}),
        ("C02", {"committee": "1", "member": "1"}),
    ]
    assert [one["measure"] for one in stages] == [HELP, HELP, LESS]
    assert [one["deciders"] for one in stages[1:]] == [[BO, CHEN], list(QUORUM)]
    assert stages[2]["reason"] == "one_did_not_progress"


def test_both_capacities_are_posted_by_one_record(life: Life) -> None:
    record = orjson.loads(life.record)

    assert record["postings"] == [
        {"account": f"member:{COMMITTEE}:pending", "delta": -30},
        {"account": "issue:C02", "delta": 10},
        {"account": f"member:{COMMITTEE}:committee", "delta": 10, "kind": "award"},
        {"account": f"member:{COMMITTEE}:member", "delta": 10, "kind": "award"},
    ]


def test_the_statement_adds_up_to_the_balance_at_every_line(life: Life) -> None:
    ends = {}
    for capacity, statement in life.statements.items():
        running = 0
        for line in statement["entries"]:
            running += parse_points(line["delta"])
            assert parse_points(line["balance"]) == running
        ends[capacity] = running

    assert statement_claims(life, "committee") == ["c-help"]
    assert {name: parse_points(life.balances[-1][name]) for name in ends} == ends


def statement_claims(life: Life, capacity: str) -> list[str]:
    return [line["claim"] for line in life.statements[capacity]["entries"]]


def test_a_posting_is_explained_with_its_decisions_and_cap_arithmetic(life: Life) -> None:
    found = life.explained

    assert (found["claim"], found["item"], found["capacity"]) == ("c-help", "C02", "committee")
    assert (found["version"], found["branch"], found["quarter"]) == (1, "u-x", QUARTER)
    assert found["event"]["id"] == decode(VERIFIED)["id"]
    assert (found["preliminary_deciders"], found["deciders"]) == ([BO, CHEN], list(QUORUM))
    assert [step["step"] for step in found["trace"]["steps"]] == [
        "stack",
        "month",
        "quarter",
        "year",
    ]
    assert (found["trace"]["before"], found["trace"]["after"], found["delta"]) == ("0", "1", "1")


def test_two_steps_lead_from_a_score_to_the_event_behind_it(life: Life) -> None:
    [quarter] = life.figures["quarters"]
    [bonus] = [item for item in quarter["items"] if item["item"] == "C02"]
    [behind] = bonus["claims"]

    assert (life.figures["score"], bonus["points"], behind["claim"]) == ("81", "1", "c-help")
    assert [event["seq"] for event in life.claim["events"]][-1] == behind["verified_seq"]
    assert orjson.loads(life.record)["seq"] == behind["verified_seq"]
    assert orjson.loads(life.record)["event"]["id"] == decode(VERIFIED)["id"]


def test_the_ranking_puts_the_claim_in_front_and_equal_scores_on_one_rank(life: Life) -> None:
    entries = [(one["rank"], one["holder"], one["score"]) for one in life.ranking["entries"]]

    assert entries == [
        (1, COMMITTEE, "81"),
        *((2, who, "80") for who in SCORED if who != COMMITTEE),
    ]
    assert (life.ranking["n"], life.ranking["provisional"]) == (5, True)


def test_no_point_came_from_nowhere(life: Life) -> None:
    points, incentive = life.sums["units"]

    assert life.sums["balances_equal_postings"] is True
    assert (points["unit"], points["sum"], points["members"], points["issue"]) == (
        "pt",
        "0",
        "107",
        "-107",
    )
    assert (incentive["unit"], incentive["sum"]) == ("inc", "0")
