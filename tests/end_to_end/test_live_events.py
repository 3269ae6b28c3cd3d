"""Events of today through the ordinary door: seen soon, with two times, for as long as it takes."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from jifen_contracts.times import instant_ms
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import BO, COMMITTEE, LEADER

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOCAL = timezone(timedelta(hours=8))


def ago(**span: float) -> str:
    return (datetime.now(LOCAL) - timedelta(**span)).isoformat(timespec="milliseconds")


def now_ms() -> int:
    return int(datetime.now(UTC).timestamp() * 1000)


async def test_an_event_is_seen_in_the_ledger_after_it_was_accepted(plant: Plant) -> None:
    begin = now_ms()
    claim = build.earned("c-live", on=ago())
    told = await plant.send_one(claim, sender="desk")
    await plant.has_records(told.body["seq"], deadline_s=20)
    outcome = await plant.outcome(claim)

    assert (told.status, outcome["seq"], outcome["status"]) == (200, told.body["seq"], "posted")
    assert begin <= instant_ms(outcome["recorded_at"]) <= now_ms()


async def test_a_claim_of_today_is_reviewed_twice_and_becomes_points_today(plant: Plant) -> None:
    both: dict[str, Any] = {"member": build.count(), "committee": build.count()}
    visit = build.earned("c-today", "D05", COMMITTEE, on=ago(), **both)
    outcomes = [
        *await plant.recorded([visit], "desk"),
        *await plant.recorded([build.preliminary("c-today", COMMITTEE, recorded=ago())], "desk"),
        *await plant.recorded([build.verified("c-today", COMMITTEE, recorded=ago())], "desk"),
    ]

    assert [one["status"] for one in outcomes] == ["posted", "recorded", "posted"]
    assert await plant.balances(COMMITTEE) == {
        "committee": "0.5",
        "member": "0.5",
        "pending": "0",
        "wallet": "0",
    }


async def test_a_deed_told_late_keeps_its_own_day_beside_the_day_it_was_recorded(
    plant: Plant,
) -> None:
    """X25: within 90 days of the deed a claim counts, after the claims day with a notice."""
    on = ago(days=80)
    claim = build.earned("c-offline", holder=BO, on=on)
    [outcome] = await plant.recorded([claim], "desk")
    shown = await plant.get("/claims/c-offline")

    assert (outcome["status"], outcome["notices"]) == ("posted", ["late"])
    assert shown["deed_date"] == on[:10]
    assert shown["claimed"]["recorded_at"] == outcome["recorded_at"] > on


async def test_a_deed_told_after_ninety_days_is_too_late(plant: Plant) -> None:
    [outcome] = await plant.recorded(
        [build.earned("c-forgotten", holder=LEADER, on=ago(days=100))], "desk"
    )

    assert (outcome["status"], outcome["code"]) == ("refused", "too_late")
    assert (await plant.balances(LEADER))["pending"] == "0"
