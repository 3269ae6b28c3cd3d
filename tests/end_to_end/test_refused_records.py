"""What the fold refuses is accepted by ingest, recorded with its code, and changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from jifen_contracts.canonical import decode
from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    COMMITTEE,
    PANEL_X,
    QUORUM,
    RECORDER,
    SECRETARY,
    SPECIALIST,
    UPPER,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Case:
    code: str
    refused: bytes
    before: Sequence[bytes] = ()


def claimed(name: str, **more: Any) -> bytes:
    return build.earned(f"c-{name}", **more)


def reviewed_once(name: str) -> list[bytes]:
    claim = claimed(name)
    return build.decided(claim)[:2]


def with_items(number: int) -> dict[str, Any]:
    document = document_object(default_document())
    items = document["items"]
    return document | {"items": [*items, *items[-1:]][:number]}


CASES = {
    "an unknown item": Case("unknown_item", claimed("item", item="D99")),
    "an unknown member": Case("unknown_member", claimed("member", holder="m-nobody")),
    "an unknown claim": Case("unknown_claim", build.preliminary("c-nobody-filed")),
    "an import that runs ahead of its own recorded time": Case(
        "in_future", claimed("ahead", on="2023-07-12T10:06", recorded="2023-07-12T10:00")
    ),
    "a deed of more than 90 days ago": Case("too_late", claimed("late", recorded="2023-10-12")),
    "a deed claimed twice": Case(
        "duplicate_deed", claimed("twice-b", deed="d-twice"), [claimed("twice-a", deed="d-twice")]
    ),
    "points that differ from the scheme's": Case(
        "points_mismatch", claimed("points", points={"member": "5"})
    ),
    "an item that demands evidence": Case(
        "evidence_required", claimed("paper", item="C07", member=build.tier("plant"), evidence=[])
    ),
    "one capacity of a deed that counts in both": Case(
        "dual_incomplete",
        claimed("dual", item="D05", holder=COMMITTEE, member=build.count()),
    ),
    "a capacity that is not held": Case(
        "capacity_not_held",
        claimed("capacity", item="D05", member=build.count(), committee=build.count()),
    ),
    "a decision about oneself": Case(
        "self_review",
        build.preliminary("c-self", RECORDER, deciders=(RECORDER,), recorded="2023-07-13"),
        [build.fact("c-self", "B01", RECORDER)],
    ),
    "a decision by somebody without the role": Case(
        "not_permitted",
        build.preliminary("c-role", deciders=(BO,), recorded="2023-07-13"),
        [claimed("role")],
    ),
    "a verification before the preliminary review": Case(
        "wrong_state", build.verified("c-state", recorded="2023-07-13"), [claimed("state")]
    ),
    "a verification by those who reviewed first": Case(
        "same_reviewer",
        build.verified("c-same", deciders=(UPPER,), recorded="2023-07-14"),
        [
            claimed("same"),
            build.preliminary("c-same", deciders=(UPPER,), recorded="2023-07-13"),
        ],
    ),
    "too few of the panel": Case(
        "quorum_not_met",
        build.verified("c-quorum", deciders=QUORUM[:2], recorded="2023-07-14"),
        reviewed_once("quorum"),
    ),
    "a second verification": Case(
        "already_decided",
        build.verified("c-again", recorded="2023-07-30"),
        build.decided(claimed("again", on="2023-07-02")),
    ),
    "more points than the scheme yields": Case(
        "points_too_high",
        build.verified("c-more", points={"member": "1"}, reason="generous", recorded="2023-07-14"),
        reviewed_once("more"),
    ),
    "fewer points without a reason": Case(
        "reason_required",
        build.verified("c-less", points={"member": "0.1"}, recorded="2023-07-14"),
        reviewed_once("less"),
    ),
    "a share above one half": Case(
        "share_too_large", build.shares("pj-1", {ANNA: 60, BO: 40}, organisers=[COMMITTEE])
    ),
    "a panel mostly of committee members": Case(
        "panel_invalid",
        build.panel(BRANCH_X, QUORUM, kind="committee", name="pl-bad", since="2023-08-01"),
    ),
    "a panel chaired by the secretary": Case(
        "panel_invalid",
        build.panel(
            BRANCH_X,
            (SECRETARY, *PANEL_X[:3]),
            chair=SECRETARY,
            name="pl-worse",
            since="2023-08-01",
        ),
    ),
    "a scheme of thirty items": Case(
        "scheme_invalid",
        build.published(2, "2023-10-01", document=with_items(30), recorded="2023-09-01"),
    ),
    "a scheme of thirty-two items": Case(
        "scheme_invalid",
        build.published(2, "2023-10-01", document=with_items(32), recorded="2023-09-01"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
async def test_a_refused_event_is_a_record_and_moves_no_point(plant: Plant, case: Case) -> None:
    if case.before:
        prepared = await plant.recorded(case.before)
        assert not any(one["code"] for one in prepared)
    sums = await plant.sums()

    [outcome] = await plant.recorded([case.refused])

    assert (outcome["status"], outcome["code"]) == ("refused", case.code)
    assert outcome["meaning"]
    assert outcome["postings"] == []
    assert await plant.sums() == sums


async def test_a_scheme_that_is_refused_says_what_its_lint_found(plant: Plant) -> None:
    payload = build.published(
        2, "2023-10-01", document=with_items(30), recorded="2023-09-02", id="e-thirty"
    )

    [outcome] = await plant.recorded([payload])

    assert outcome["code"] == "scheme_invalid"
    assert any(finding.startswith("1 ") and "31" in finding for finding in outcome["findings"])


async def test_a_decision_of_a_recused_person_is_refused_and_one_level_up_may_join(
    own_plant: Plant,
) -> None:
    """G21: two of five are recused, so two remain; an officer of the plant makes three."""
    pairs = [(PANEL_X[0], ANNA), (PANEL_X[1], ANNA)]
    await own_plant.recorded(
        [
            build.panel(recusals=pairs, to="2099-01-01", name="pl-9"),
            *reviewed_once("pair"),
        ]
    )
    decisions = [
        build.verified("c-pair", deciders=deciders, recorded=f"2023-07-{day}")
        for day, deciders in enumerate(
            (QUORUM, PANEL_X[2:4], (*PANEL_X[2:4], SPECIALIST), (*PANEL_X[2:4], UPPER)), start=20
        )
    ]

    outcomes = await own_plant.recorded(decisions)

    assert [one["code"] or one["status"] for one in outcomes] == [
        "recused",
        "quorum_not_met",
        "same_reviewer",
        "posted",
    ]


async def test_the_same_event_again_counts_once_and_another_under_its_id_is_a_conflict(
    plant: Plant,
) -> None:
    """G22."""
    first = build.earned("c-g22", "D04", member=build.count(1), id="e-g22")
    other = build.earned("c-g22", "D04", member=build.count(2), id="e-g22")
    same_deed = build.earned("c-g22-b", "D04", deed="deed-c-g22", id="e-g22-b")
    [seq] = await plant.accepted([first])
    await plant.has_records(seq)
    sums = await plant.sums()

    again = await plant.send_one(first, "nats")
    conflict = await plant.send_one(other)
    [refused] = await plant.recorded([same_deed])
    outcome = await plant.outcome(first)

    assert (again.body["seq"], again.body["duplicate"]) == (seq, True)
    assert (conflict.status, conflict.body["duplicate"]) == (200, False)
    assert (outcome["seq"], outcome["status"]) == (seq, "posted")
    assert [(one["seq"], one["code"], one["refers_to"]) for one in outcome["later"]] == [
        (conflict.body["seq"], "conflicting_duplicate", seq)
    ]
    assert refused["code"] == "duplicate_deed"
    assert await plant.sums() == sums
    assert (await plant.get("/status"))["conflicting"] == 1


async def test_after_the_first_live_event_no_past_is_taken_any_more(own_plant: Plant) -> None:
    live = build.enrolled("m-live")
    late = [build.enrolled("m-back-dated"), build.earned("c-back-dated")]
    [first] = await own_plant.recorded([live], "desk")
    sums = await own_plant.sums()

    outcomes = await own_plant.recorded(late)
    unknown = await own_plant.refused("/members/m-back-dated/balance", "upper")

    assert first["status"] == "recorded"
    assert [(one["status"], one["code"]) for one in outcomes] == [("refused", "history_closed")] * 2
    assert await own_plant.sums() == sums
    assert unknown[0] == 404
    assert (
        str(decode(late[0])["id"]) in (await own_plant.ask(f"/records/{outcomes[0]['seq']}")).text
    )
