"""What is answered of the quarter's life, and to whom (domain.md §5.3, §6.5, §7, F05, X16, X31)."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.people import (
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    PANEL_X,
    RECORDER,
    SECRETARY,
    SPECIALIST,
    UPPER,
)
from tests.support.quarters import (
    Q3,
    answered,
    objected,
    published_quarter,
    revised,
    statement,
)
from tests.support.servers import new_database

# Nobody changes what is read, so all tests share one ledger, and with it one event loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = "2023-10-20T10:00:00.000+08:00"
X = f"/branches/{BRANCH_X}"


def history() -> list[bytes]:
    facts = [step for number in range(1, 8) for step in _verified(f"c-{number}", number)]
    return [
        *build.world(),
        *facts,
        *published_quarter(recorded="2023-10-12"),
        objected("ob-1", claim="c-1", by=CHEN, recorded="2023-10-13"),
        objected("ob-2", unit=BRANCH_X, kind="complaint", by="alias-7", recorded="2023-10-13"),
        objected("ob-3", claim="c-2", by=BO, recorded="2023-10-13"),
        answered("ob-1", corrects=["c-1"], recorded="2023-10-16"),
        build.reversal("c-1", cause="objection", objection="ob-1", recorded="2023-10-17"),
        revised(2, objections=["ob-1"], recorded="2023-10-17"),
        answered("ob-3", "partly", corrects=["c-2"], recorded="2023-10-18"),
        objected("ob-4", claim="c-3", kind="sample", by=UPPER, recorded="2023-10-19"),
        build.earned("c-w", on="2023-09-20", recorded="2023-10-18"),
        build.fact("c-v", "B02", period="2023-09", recorded="2023-10-18"),
        build.preliminary("c-v", recorded="2023-10-18T12:00"),
        build.deduction("c-d", on="2023-10-10", recorded="2023-10-19"),
        statement("c-d", recorded="2023-10-19T12:00"),
    ]


def _verified(claim: str, number: int) -> list[bytes]:
    deed: dict[str, Any] = {"on": f"2023-07-1{number}", "deed": f"deed-{number}"}
    return [
        build.earned(claim, **deed),
        build.preliminary(claim, deciders=["m-specialist"]),
        build.verified(claim),
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asking]:
    directory = tmp_path_factory.mktemp("readers")
    with new_database(postgres_url, migrated_template) as url:
        async with reading(url, directory, history(), TODAY) as asking:
            asking.add_reader("panel", "reviewer", PANEL_X[4])
            asking.add_reader("objector", "self", BO)
            asking.add_reader("other", "reviewer", "m-secretary-y")
            yield asking


async def test_a_quarter_shows_its_steps_deadlines_lights_and_window(ask: Asking) -> None:
    answer = await ask.get(f"{X}/quarters", "branch", year="2023")
    q2, q3, q4 = answer["quarters"][1:]
    lights = [(one["step"], one["day"], one["days_late"], one["light"]) for one in q3["milestones"]]

    assert (q3["state"], q3["revision"], q3["next"]) == ("published", 2, "final")
    assert q3["next_by"] == ["secretary", "upper"]
    assert lights == [
        ("preliminary", "2023-10-12", 4, "amber"),
        ("verified", "2023-10-12", 2, "amber"),
        ("published", "2023-10-12", 2, "amber"),
    ]
    assert (q3["window_end"], q3["window_open"]) == ("2023-10-17", False)
    assert [(step["state"], step["by"]) for step in q3["steps"]] == [
        ("preliminary", RECORDER),
        ("verified", UPPER),
        ("published", SECRETARY),
        ("published", PANEL_X[0]),
    ]
    assert [one["light"] for one in q2["milestones"]] == ["red"] * 3
    assert [one["light"] for one in q4["milestones"]] == ["grey"] * 3


async def test_a_quarter_counts_its_objections_and_what_they_still_want(ask: Asking) -> None:
    answer = await ask.get(f"{X}/quarters", "staff", year="2023")
    q3 = answer["quarters"][2]

    assert q3["objections"] == {
        "filed": 3,
        "open": 1,
        "overdue": 0,
        "upheld": 1,
        "partly": 1,
        "dismissed": 0,
        "carried": 0,
    }
    assert q3["corrections_open"] == 1
    assert q3["waived_facts"] > 100


async def test_the_past_of_a_quarter_is_answered_as_it_was(ask: Asking) -> None:
    answer = await ask.get(f"{X}/quarters", year="2023", known_at="2023-10-16T20:00:00Z")
    q3 = answer["quarters"][2]

    assert (q3["revision"], q3["corrections_open"], len(q3["steps"])) == (1, 1, 3)
    assert q3["window_open"] is True


async def test_the_public_sees_no_quarter(ask: Asking) -> None:
    assert await ask.code(f"{X}/quarters", "public", year="2023") == (403, "forbidden")
    assert await ask.code(f"{X}/objections", "public", period=Q3) == (403, "forbidden")
    assert await ask.code("/objections/ob-1", "public") == (403, "forbidden")


async def test_f05_the_inbox_shows_what_waits_with_its_deadline(ask: Asking) -> None:
    """On the 20th the claims of September that came on the 18th are due with October's."""
    answer = await ask.get(f"{X}/inbox", "reviewer")
    found = [
        (one["claim"], one["stage"], one["deadline"], one["overdue"], one["answered"])
        for one in answer["claims"]
    ]

    assert found == [
        ("c-w", "preliminary", "2023-11-06", False, None),
        ("c-v", "verified", "2023-11-10", False, None),
        ("c-d", "preliminary", "2023-11-06", False, True),
    ]
    assert answer["waiting"] == [
        {"month": "2023-09", "stage": "preliminary", "claims": 1},
        {"month": "2023-09", "stage": "verified", "claims": 1},
        {"month": "2023-10", "stage": "preliminary", "claims": 1},
    ]


async def test_the_inbox_of_an_earlier_moment_has_what_waited_then(
    database_url: str, tmp_path: Path
) -> None:
    """One is decided later, one comes later, and one goes to another branch with its holder."""
    moved = [
        build.assigned(BO, "member", BRANCH_X, to="2023-07-01", recorded="2023-08-07"),
        build.assigned(
            BO, "member", BRANCH_Y, since="2023-07-01", recorded="2023-08-07", assignment="as-bo"
        ),
    ]
    payloads = [
        *build.world(),
        build.earned("c-1"),
        build.fact("c-2"),
        build.earned("c-bo", holder=BO, deed="photo-bo"),
        build.preliminary("c-2"),
    ]
    then = len(payloads)
    payloads += [
        build.verified("c-2"),
        build.earned("c-4", deed="photo-4"),
        *moved,
        build.preliminary("c-bo", BO, deciders=(SPECIALIST,), recorded="2023-08-09"),
    ]
    day = "2023-08-20T12:00:00.000+08:00"
    async with reading(database_url, tmp_path, payloads, day) as asking:
        now = await asking.get(f"{X}/inbox")
        told = await asking.get(f"{X}/inbox", known_at=then)
        first = await asking.get(f"{X}/inbox", known_at=then, limit=1)
        rest = await asking.get(f"{X}/inbox", known_at=then, cursor=first["next"])
        stage = await asking.get(f"{X}/inbox", known_at=then, stage="verified")
        lost = await asking.code(f"{X}/inbox", cursor=first["next"])

    def shown(answer: Any) -> list[tuple[str, str, bool]]:
        return [(one["claim"], one["stage"], one["overdue"]) for one in answer["claims"]]

    assert shown(now) == [("c-1", "preliminary", True), ("c-4", "preliminary", True)]
    assert shown(told) == [
        ("c-1", "preliminary", False),
        ("c-bo", "preliminary", False),
        ("c-2", "verified", False),
    ]
    assert [*shown(first), *shown(rest)] == shown(told)
    assert (shown(stage), lost) == ([("c-2", "verified", False)], (422, "query_invalid"))
    assert told["waiting"] == [
        {"month": "2023-07", "stage": "preliminary", "claims": 2},
        {"month": "2023-07", "stage": "verified", "claims": 1},
    ]


async def test_f05_a_claim_without_a_decision_on_the_due_day_is_overdue(
    database_url: str, tmp_path: Path
) -> None:
    """Claims of July are reviewed by Monday, 7 August, and verified by the 10th."""
    claims = [build.earned("c-1"), build.fact("c-2"), build.preliminary("c-2")]
    payloads = [*build.world(), *claims]
    for day, overdue in (
        ("2023-08-07", []),
        ("2023-08-08", ["c-1"]),
        ("2023-08-11", ["c-1", "c-2"]),
    ):
        async with reading(database_url, tmp_path, payloads, f"{day}T12:00:00.000+08:00") as asking:
            answer = await asking.get(f"{X}/inbox", "reviewer")
            late = [one["claim"] for one in answer["claims"] if one["overdue"]]
            assert late == overdue


async def test_the_inbox_comes_by_pages_and_stages(ask: Asking) -> None:
    first = await ask.get(f"{X}/inbox", limit=2)
    rest = await ask.get(f"{X}/inbox", limit=2, cursor=first["next"])
    of_stage = await ask.get(f"{X}/inbox", stage="verified")

    assert [one["claim"] for one in (*first["claims"], *rest["claims"])] == ["c-w", "c-v", "c-d"]
    assert rest["next"] is None
    assert [one["claim"] for one in of_stage["claims"]] == ["c-v"]


@pytest.mark.parametrize("who", ["self", "branch", "staff", "other", "public"])
async def test_the_inbox_and_the_sample_are_for_those_whose_cases_they_are(
    ask: Asking, who: str
) -> None:
    for path in ("inbox", f"quarters/{Q3}/recheck", f"quarters/{Q3}/missing-facts"):
        assert await ask.code(f"{X}/{path}", who) == (403, "forbidden")


async def test_everybody_sees_numbers_and_handlers_the_cases(ask: Asking) -> None:
    members = await ask.get(f"{X}/objections", "branch", period=Q3)
    handlers = await ask.get(f"{X}/objections", "reviewer", period=Q3)

    assert members["numbers"] == handlers["numbers"]
    assert (members["corrections_open"], members["corrections"]) == (1, [])
    assert handlers["corrections"] == ["c-2"]
    assert [one["objection"] for one in handlers["cases"]] == ["ob-1", "ob-2", "ob-3", "ob-4"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("self", {"ob-1": None, "ob-3": None, "ob-4": None}),
        ("objector", {"ob-3": BO}),
        ("branch", {"ob-3": BO}),
        ("staff", {}),
        ("upper", dict.fromkeys(("ob-1", "ob-2", "ob-3", "ob-4"))),
        ("reviewer", dict.fromkeys(("ob-1", "ob-2", "ob-3", "ob-4"))),
        ("panel", {"ob-1": CHEN, "ob-2": "alias-7", "ob-3": BO, "ob-4": UPPER}),
        ("auditor", {"ob-1": CHEN, "ob-2": "alias-7", "ob-3": BO, "ob-4": UPPER}),
    ],
)
async def test_x31_who_objected_is_known_to_handlers_auditors_and_themselves(
    ask: Asking, who: str, seen: dict[str, str | None]
) -> None:
    """Anna is the one concerned; Bo, the objector, is also the reader of the column branch."""
    answer = await ask.get(f"{X}/objections", who, period=Q3)

    assert {one["objection"]: one["by"] for one in answer["cases"]} == seen


async def test_a_filer_gets_the_reasoned_answer_by_the_id_that_only_they_know(
    ask: Asking,
) -> None:
    answer = await ask.get("/objections/ob-1", "staff")

    assert (answer["state"], answer["decision"], answer["reason"]) == (
        "decided",
        "upheld",
        "wrong_list",
    )
    assert not {"by", "subject", "about_claim"} & answer.keys()
    assert await ask.code("/objections/ob-9") == (404, "not_found")


async def test_x16_the_sample_is_drawn_by_the_bulletins_hash_and_anybody_can_repeat_it(
    ask: Asking,
) -> None:
    """Seven claims were verified when the bulletin came; one of them was reversed since."""
    answer = await ask.get(f"{X}/quarters/{Q3}/recheck", "auditor")
    bulletins = await ask.get(f"{X}/bulletins", "auditor")
    first = next(one for one in bulletins["revisions"] if one["revision"] == 1)
    claims = [f"c-{number}" for number in range(1, 8)]
    lots = {sha256((first["hash"] + claim).encode()).hexdigest(): claim for claim in claims}

    assert answer["content_hash"] == first["hash"]
    assert answer["verified"] == len(claims)
    assert [one["claim"] for one in answer["drawn"]] == [lots[key] for key in sorted(lots)][:5]
    filed = {one["claim"]: one["objection"] for one in answer["drawn"] if one["objection"]}
    assert filed.items() <= {"c-3": "ob-4"}.items()


async def test_the_facts_that_are_missing_are_named_before_the_quarter_is_verified(
    ask: Asking,
) -> None:
    whole = await ask.get(f"/branches/{BRANCH_Y}/quarters/{Q3}/missing-facts")
    waived = await ask.get(f"{X}/quarters/{Q3}/missing-facts", "reviewer")

    assert len(whole["missing"]) == whole["due"] > 50
    assert {"holder": BRANCH_Y, "capacity": "unit", "item": "A06"}.items() <= whole["missing"][
        0
    ].items()
    assert (waived["missing"], waived["due"] > 200) == ([], True)


async def test_what_does_not_exist_is_not_found(ask: Asking) -> None:
    for path in ("/branches/u-none", "/branches/u-x1"):
        assert await ask.code(f"{path}/quarters", year="2023") == (404, "not_found")
        assert await ask.code(f"{path}/quarters/{Q3}/missing-facts") == (404, "not_found")
    for path in ("/branches/u-none/inbox", f"{X}/quarters/2023-Q4/recheck"):
        assert await ask.code(path) == (404, "not_found")
    assert await ask.code("/branches/u-none/objections", period=Q3) == (404, "not_found")


async def test_a_delegate_of_the_panel_handles_cases_of_the_branch(ask: Asking) -> None:
    """Delegates of the staff have no home branch."""
    answer = await ask.get(f"{X}/inbox", "panel")

    assert len(answer["claims"]) == 3
