"""E16 from end to end: a pattern is shown, more is looked at again, and only people change points.

In branch X a specialist approves fifty claims of one person within a minute, two panel members
approve each other's visits, and sixty claims of another person are looked at one by one.
"""

from collections.abc import AsyncIterator
from hashlib import sha256
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    PANEL_X,
    QUORUM,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import Q3, answered, objected, published_quarter
from tests.support.servers import new_database
from tests.support.stored import told

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE, OTHER, *REST = PANEL_X
FAST = [f"c-fast-{number}" for number in range(50)]
STEADY = [f"c-steady-{number}" for number in range(60)]
FAVOURS = [f"c-{side}-{number}" for side in ("one", "other") for number in range(3)]
ACCOUNT = f"/members/{ANNA}/balances"


def reported(claim: str, holder: str, at: str) -> list[bytes]:
    """A snap report, with its preliminary review at that time of 7 August."""
    return [
        build.earned(claim, holder=holder, deed=f"d-{claim}"),
        build.preliminary(claim, holder, deciders=(SPECIALIST,), recorded=f"2023-08-07T{at}+08:00"),
    ]


def visited(claim: str, holder: str, other: str) -> list[bytes]:
    return [
        build.earned(claim, "D05", holder),
        build.preliminary(claim, holder, recorded="2023-08-04"),
        build.verified(claim, holder, deciders=(other, *REST), recorded="2023-08-08"),
    ]


def history() -> list[bytes]:
    events = build.world()
    for number, claim in enumerate(STEADY):
        events += reported(claim, BO, f"{8 + number // 30:02}:{2 * number % 60:02}:00")
    for number, claim in enumerate(FAST):
        events += reported(claim, ANNA, f"14:00:{number:02}")
    for number in range(3):
        events += visited(f"c-one-{number}", ONE, OTHER) + visited(f"c-other-{number}", OTHER, ONE)
    events += [
        build.verified(claim, holder, deciders=QUORUM, recorded=f"2023-08-09T10:{minute:02}")
        for claims, holder in ((STEADY, BO), (FAST, ANNA))
        for minute, claim in enumerate(claims)
    ]
    return [*events, *published_quarter()]


def samples(claims: list[str]) -> list[bytes]:
    """Re-checks of claims that a pattern touches; the first is found to be wrong."""
    first, *_ = claims
    filed = [
        objected(
            f"ob-{claim}", claim=claim, subject=ANNA, by=UPPER, kind="sample", recorded="2023-10-11"
        )
        for claim in claims
    ]
    wrong = answered(f"ob-{first}", corrects=[first], deciders=(UPPER_TWO,), recorded="2023-10-12")
    fine = [
        answered(f"ob-{claim}", "dismissed", deciders=(UPPER_TWO,), recorded="2023-10-12")
        for claim in claims[1:]
    ]
    return [*filed, wrong, *fine]


def more_drawn(content_hash: str, claims: list[str], number: int) -> list[str]:
    """The rule of domain.md §6.5 once more: the smallest SHA-256(`content_hash` + claim id)."""
    return sorted(claims, key=lambda one: sha256(f"{content_hash}{one}".encode()).hexdigest())[
        :number
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first_look(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Any]:
    """What the ledger draws after the bulletin."""
    with new_database(postgres_url, migrated_template) as url:
        directory = tmp_path_factory.mktemp("first")
        async with reading(url, directory, history()) as ask:
            yield await ask.get(f"/branches/{BRANCH_X}/quarters/{Q3}/recheck", "reviewer")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask(
    postgres_url: str,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
    first_look: Any,
) -> AsyncIterator[Asking]:
    """The same branch, after a reversal that an upheld re-check asked for."""
    chosen = [one["claim"] for one in first_look["more"] if one["claim"] in FAST]
    reversal = build.reversal(
        chosen[0], cause="objection", deciders=(UPPER_TWO,), recorded="2023-10-13"
    )
    payloads = [*history(), *samples(chosen), told(reversal, objection=f"ob-{chosen[0]}")]
    with new_database(postgres_url, migrated_template) as url:
        async with reading(url, tmp_path_factory.mktemp("then"), payloads) as asking:
            yield asking


async def test_e16_beside_the_sample_claims_that_patterns_touch_are_drawn_by_the_same_rule(
    first_look: Any,
) -> None:
    drawn = [one["claim"] for one in first_look["drawn"]]
    touched = [one for one in (*FAST, *FAVOURS) if one not in drawn]

    assert (first_look["verified"], len(drawn)) == (116, 6)
    assert first_look["in_patterns"] == len(FAST) + len(FAVOURS)
    assert [one["claim"] for one in first_look["more"]] == more_drawn(
        first_look["content_hash"], touched, 5
    )
    assert {one["objection"] for one in first_look["more"]} == {None}


async def test_e16_only_a_reversal_by_people_moves_points_and_what_was_drawn_stays(
    ask: Asking, first_look: Any
) -> None:
    now = await ask.get(f"/branches/{BRANCH_X}/quarters/{Q3}/recheck")
    size = (await ask.get("/trial-balance"))["size"]
    # Under the cap of the month fifty reports are worth 1.5, whichever of them fall.
    scores = [
        [
            (one["capacity"], one["score"], one["bonus"])
            for one in (await ask.get(f"/members/{ANNA}/scores", year="2023", known_at=at))[
                "quarters"
            ]
        ]
        for at in (size - 1, size)
    ]
    claim = [one["claim"] for one in now["more"] if one["decision"] == "upheld"]
    states = [
        (await ask.get(f"/claims/{claim[0]}", known_at=at))["state"] for at in (size - 1, size)
    ]

    assert [one["claim"] for one in now["more"]] == [one["claim"] for one in first_look["more"]]
    assert {one["decision"] for one in now["more"] if one["claim"] in FAST} <= {
        "upheld",
        "dismissed",
    }
    assert (len(claim), states) == (1, ["verified", "reversed"])
    assert scores[0] == scores[1]
    assert (await ask.get("/trial-balance"))["balances_equal_postings"]
