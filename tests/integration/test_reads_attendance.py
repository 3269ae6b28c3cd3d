"""Who took part in a deed of a branch: signed in, late, added, on leave, missing (X13)."""

from pathlib import Path
from typing import Any

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.organisation import absent
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    CHEN,
    COMMITTEE,
    DORA,
    LEADER,
    PANEL_X,
    RECORDER,
    SECRETARY,
)

PATH = f"/branches/{BRANCH_X}/deeds/act-7/attendance"
DAY = "2023-07-12"
Line = tuple[str, bool, list[str]]


def signed(claim: str, holder: str, signed: str | None = "self", **more: Any) -> bytes:
    return build.earned(
        claim,
        "D04",
        holder,
        member=build.count(2),
        deed="act-7",
        counterpart=[LEADER],
        signed=signed,
        **({"on": DAY, "by": holder} | more),
    )


def activity() -> list[bytes]:
    """Anna signs in, Bo tells it two days later, the host adds Chen and the committee member."""
    return [
        *build.world(),
        absent(SECRETARY, "2023-07-10", "2023-07-15"),
        signed("c-anna", ANNA),
        signed("c-bo", BO, recorded="2023-07-14"),
        signed("c-chen", CHEN, "added", by=LEADER),
        signed("c-committee", COMMITTEE, "added", by=LEADER),
        signed("c-recorder", RECORDER, None),
        signed("c-dora", DORA),
        build.preliminary("c-chen", CHEN, deciders=(LEADER,)),
        build.verified("c-chen", CHEN),
        build.preliminary("c-committee", COMMITTEE, deciders=(LEADER,)),
        build.preliminary("c-bo", BO, deciders=(LEADER,)),
    ]


async def lines(ask: Asking, who: str, **query: str) -> dict[str, Line]:
    found = await ask.get(PATH, who, **query)
    return {
        one["member"]: (one["presence"], one["confirmed"], one["confirmed_by"])
        for one in found["lines"]
    }


async def test_x13_the_late_and_the_added_wait_for_a_second_person(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, activity()) as ask:
        found = await lines(ask, "reviewer")
        answer = await ask.get(PATH, "upper")
        patient = await lines(ask, "reviewer", window_hours="72")
        earlier = await lines(ask, "upper", known_at=str(len(activity()) - 5))

    missing: Line = ("missing", True, [])
    assert found == {
        ANNA: ("self", True, []),
        BO: ("late", True, [LEADER]),
        CHEN: ("added", True, list(PANEL_X[:3])),
        # The host alone has said it twice: that is one person.
        COMMITTEE: ("added", False, []),
        RECORDER: ("listed", True, []),
        SECRETARY: ("leave", True, []),
        LEADER: missing,
        PANEL_X[0]: missing,
        PANEL_X[1]: missing,
        PANEL_X[2]: missing,
    }
    assert (answer["day"], answer["numbers"], answer["unconfirmed"]) == (
        DAY,
        {"added": 2, "late": 1, "leave": 1, "listed": 1, "missing": 4, "self": 1},
        1,
    )
    assert patient[BO] == ("self", True, [LEADER])
    assert (earlier[BO], earlier[CHEN]) == (("late", False, []), ("added", False, []))


async def test_x13_members_see_their_own_line_and_strangers_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, activity()) as ask:
        ask.add_reader("dora", "self", DORA)
        await ask.name(CHEN, "陈", "Chen")
        own = await ask.get(PATH, "branch")
        named = {one["member"]: one["name_en"] for one in (await ask.get(PATH))["lines"]}
        statuses = {
            who: (await ask.answer(PATH, who)).status_code
            for who in ("self", "staff", "auditor", "public", "shop", "dora")
        }
        nothing = await ask.code(f"/branches/{BRANCH_X}/deeds/act-none/attendance")
        other = await ask.code(PATH, item="D05")

    assert [one["member"] for one in own["lines"]] == [BO]
    assert (own["numbers"], own["unconfirmed"]) == (None, None)
    assert named[CHEN] == "Chen"
    assert statuses == {
        "self": 200,
        "staff": 403,
        "auditor": 200,
        "public": 403,
        "shop": 403,
        "dora": 403,
    }
    assert nothing == other == (404, "not_found")
