"""The life of a scheme in the services: refused with a reason, simulated, published, listed."""

import json
from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.scheme.default import default_document, document_object
from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import ANNA, BRANCH_X, COMMITTEE, RECORDER, SPECIALIST

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATE = "2023-09-20"


def document() -> dict[str, Any]:
    whole: dict[str, Any] = document_object(default_document())
    return whole


def with_items(count: int) -> dict[str, Any]:
    whole = document()
    more = whole["items"][-1] | {"code": "D08", "name_zh": "专项活动", "name_en": "Campaign"}
    return whole | {"items": [*whole["items"], more][:count]}


def with_dearer_reports() -> dict[str, Any]:
    whole = document()
    report = next(item for item in whole["items"] if item["code"] == "D03")
    report["lines"]["member"]["value"] = "0.8"
    return whole


async def test_f04_a_scheme_of_30_or_32_items_is_refused_with_a_reason(plant: Plant) -> None:
    events = [
        build.published(2, "2023-10-01", document=with_items(count), recorded=LATE)
        for count in (30, 32)
    ]

    outcomes = await plant.recorded(events)

    assert [(one["status"], one["code"]) for one in outcomes] == [("refused", "scheme_invalid")] * 2
    reasons = [one["findings"][0] for one in outcomes]
    assert reasons == [
        "1 items: A scheme has exactly 31 items, this one has 30: 1 missing.",
        "1 items: A scheme has exactly 31 items, this one has 32: take 1 out.",
    ]
    assert len((await plant.get("/scheme", "public"))["versions"]) == 1


async def test_f03_f29_a_post_has_its_own_checklist_and_the_same_codes(plant: Plant) -> None:
    named = build.assigned(COMMITTEE, "committee", BRANCH_X, post="discipline", recorded=LATE)
    await plant.recorded([named])

    found = [
        await plant.get(f"/members/{who}/catalogue", on="2023-09-01")
        for who in (RECORDER, COMMITTEE)
    ]

    overlays = {one.match.post: one for one in default_document().overlays}
    assert [[line["en"] for line in one["checklist"]] for one in found] == [
        [line.en for line in overlays[post].checklist] for post in ("organisation", "discipline")
    ]
    assert {len({item["code"] for item in one["items"]}) for one in found} == {31}


async def test_x11_x28_a_wrong_value_is_simulated_published_listed_and_decided_again(
    plant: Plant, stack: LocalStack, tmp_path: Path
) -> None:
    """E49, from the draft to the list that is empty again."""
    whole = with_dearer_reports()
    await plant.recorded(build.decided(build.earned("c-1")))
    draft = tmp_path / "draft.json"
    draft.write_text(json.dumps(whole), encoding="utf-8")
    span = ("--from", "2023-07-01", "--to", "2023-10-01", "--scheme", plant.scheme, "--json")

    said = json.loads(
        stack.run("jifen_ledger", "scheme", "simulate", str(draft), *span, user="ledger")
    )
    version = build.published(
        2, "2023-07-01", document=whole, retroactive="wrong_value", recorded=LATE
    )
    await plant.recorded([version])
    path = f"/units/{BRANCH_X}/unfit-claims"
    listed = await plant.get(path, period="2023-Q3")
    claim = build.earned("c-2", deed="deed-c-1", replaces="c-1", recorded="2023-09-22")
    outcomes = await plant.recorded(
        [
            build.reversal("c-1", recorded="2023-09-21"),
            claim,
            build.preliminary("c-2", deciders=(SPECIALIST,), recorded="2023-09-23"),
            build.verified("c-2", recorded="2023-09-25"),
        ]
    )

    assert [(one["item"], one["before"], one["after"]) for one in said["items"]] == [
        ("D03", "0.5", "0.8")
    ]
    [unfit] = listed["claims"]
    assert (unfit["claim"], unfit["points"], unfit["points_now"]) == (
        "c-1",
        {"member": "0.5"},
        {"member": "0.8"},
    )
    assert [one["code"] for one in outcomes] == [None] * 4
    assert (await plant.get(path, period="2023-Q3"))["claims"] == []
    assert (await plant.balances(ANNA))["member"] == "0.8"
