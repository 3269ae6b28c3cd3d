"""Patterns of a branch, and claims on the same evidence: shown, and without any effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.integration.reading import reading
from tests.integration.test_reads_rights import seen
from tests.support import builders as build
from tests.support.boards import LATER
from tests.support.concerns import handed, raised, resolved
from tests.support.organisation import absent
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    PANEL_X,
    QUORUM,
    SPECIALIST,
)
from tests.support.stored import sha

PATTERNS = f"/branches/{BRANCH_X}/patterns"
PERIOD = "2023-Q3"
ONE, OTHER = PANEL_X[:2]
REST = PANEL_X[2:]


def helped(claim: str, holder: str, by: str) -> list[bytes]:
    """An activity of which somebody says that it was done."""
    told = build.earned(
        claim,
        "D04",
        holder,
        member=build.count(1),
        counterpart=[by],
        by=holder,
        deed=f"act-{claim}",
    )
    return [
        told,
        build.preliminary(claim, holder, deciders=(by,)),
        build.verified(claim, holder, deciders=QUORUM),
    ]


def approved_by(other: str, claim: str, holder: str) -> list[bytes]:
    """A care visit that a panel member approves for another one."""
    return [
        build.earned(claim, "D05", holder),
        build.preliminary(claim, holder),
        build.verified(claim, holder, deciders=(other, *REST)),
    ]


def history() -> list[bytes]:
    events = build.world()
    for number in range(3):
        events += helped(f"c-help-a-{number}", ANNA, BO) + helped(f"c-help-b-{number}", BO, ANNA)
        events += approved_by(OTHER, f"c-one-{number}", ONE)
        events += approved_by(ONE, f"c-other-{number}", OTHER)
        for claim, by, holder in (("one", REST[0], ONE), ("rest", ONE, REST[0])):
            # Attendance is a list, and no favour.
            name, month = f"c-{claim}-there-{number}", f"2023-0{number + 7}"
            events += [
                build.fact(name, holder=holder, period=month, recorded="2023-10-02"),
                build.preliminary(name, holder, recorded="2023-10-03"),
                build.verified(
                    name, holder, deciders=(by, PANEL_X[3], PANEL_X[4]), recorded="2023-10-04"
                ),
            ]
    # Nobody returned the favour.
    for number in range(4):
        events += helped(f"c-chen-{number}", CHEN, BO)
    names = [f"c-fast-{number}" for number in range(50)]
    events += [build.earned(name, deed=f"d-{name}") for name in names]
    events += [
        build.preliminary(
            name, deciders=(SPECIALIST,), recorded=f"2023-08-07T10:00:{number:02}+08:00"
        )
        for number, name in enumerate(names)
    ]
    for number in range(5):
        concern = f"cn-{number}"
        events += [raised(concern), handed(concern), resolved(concern, in_use="2023-07-11")]
    return [*events, raised("cn-anonymous", by=None), handed("cn-anonymous")]


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that any engine executes meanwhile."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def pairs(answer: Any, kind: str) -> list[tuple[Any, ...]]:
    return [(one["one"], one["other"], one["by_one"], one["by_other"]) for one in answer[kind]]


async def test_e16_e67_mutual_favours_hurry_and_tiny_concerns_of_one_pair_are_shown(
    database_url: str, tmp_path: Path
) -> None:
    payloads = history()
    world = len(build.world())
    async with reading(database_url, tmp_path, payloads) as ask:
        await ask.name(ANNA, "安娜", "Anna")
        found = await ask.get(PATTERNS, "reviewer", period=PERIOD)
        audited = await ask.get(PATTERNS, "auditor", period=PERIOD)
        year = await ask.get(PATTERNS, period="2023")
        early = await ask.get(PATTERNS, period=PERIOD, as_of="2023-07-09")
        before = await ask.get(PATTERNS, period=PERIOD, known_at=str(world + 24))
        last_year = await ask.get(PATTERNS, period="2022")
        balance = await ask.get("/trial-balance", "upper")

    assert found["found"] == {"reviews": 2, "helps": 1, "bursts": 1, "concerns": 1}
    # Who says that an activity was done gives its preliminary review.
    assert pairs(found, "reviews") == [(ANNA, BO, 3, 3), (ONE, OTHER, 3, 3)]
    assert pairs(found, "helps") == [(ANNA, BO, 3, 3)]
    assert (found["helps"][0]["one_name_en"], audited["helps"][0]["one_name_en"]) == ("Anna", None)
    [burst] = found["bursts"]
    assert (burst["by"], burst["approvals"], burst["began"], burst["seconds"]) == (
        SPECIALIST,
        50,
        "2023-08-07T02:00:00.000Z",
        49,
    )
    [concerns] = found["concerns"]
    assert (concerns["raiser"], concerns["handler"]) == (None, COMMITTEE)
    assert (concerns["concerns"], concerns["tiny"]) == (5, 5)
    # A reviewer is not told who raised them; ids and aliases are for the auditor.
    assert audited["concerns"][0]["raiser"] == ANNA
    assert year["found"] == found["found"]
    assert early["found"] == last_year["found"] == dict.fromkeys(found["found"], 0)
    assert before["found"] == {"reviews": 0, "helps": 0, "bursts": 0, "concerns": 0}
    assert balance["balances_equal_postings"]


async def test_more_claims_and_spans_need_no_more_statements(
    database_url: str, tmp_path: Path
) -> None:
    few = history()
    more: list[bytes] = []
    for number in range(12):
        more += helped(f"c-more-{number}", ANNA, CHEN) + helped(f"c-moore-{number}", CHEN, ANNA)
        more += [absent(ANNA, f"2023-10-{number + 1:02}", f"2023-10-{number + 2:02}")]
    paths = (f"{PATTERNS}?period={PERIOD}", f"/members/{ANNA}/timeline?limit=200")
    numbers: dict[str, list[int]] = {path: [] for path in paths}
    async with reading(database_url, tmp_path, [*few, *more], LATER) as ask:
        # Published versions are read once and kept.
        await ask.get("/scheme")
        for path in paths:
            for size in (len(few), len(few) + len(more)):
                with counted() as statements:
                    answer = (await ask.answer(f"{path}&known_at={size}")).json()
                numbers[path].append(len(statements))
                assert answer["size"] == size

    for first, second in numbers.values():
        assert 5 < first == second < 30


async def test_patterns_are_for_those_who_handle_the_cases_and_never_for_the_public(
    database_url: str, tmp_path: Path
) -> None:
    expected = {
        f"{PATTERNS}?period={PERIOD}": "reviewer upper auditor",
        f"/branches/{BRANCH_Y}/patterns?period={PERIOD}": "upper auditor",
        "/claims/c-1/same-evidence": "self reviewer upper auditor",
        "/claims/c-4/same-evidence": "upper auditor",
    }
    async with reading(database_url, tmp_path, reused()) as ask:
        found = {path: await seen(ask, path) for path in expected}
        ask.add_reader("delegate", "reviewer", PANEL_X[4])
        panel = (await ask.answer(PATTERNS, "delegate", params={"period": PERIOD})).status_code
        nothing = await ask.code("/branches/u-none/patterns", period=PERIOD)

    assert found == expected
    assert (panel, nothing) == (200, (404, "not_found"))


def reused() -> list[bytes]:
    """One photo for claims of Anna, Bo and Dora, another for two of Anna."""

    def shown(*names: str) -> list[dict[str, str]]:
        return [{"kind": "photo", "sha256": sha(name)} for name in names]

    return [
        *build.world(),
        build.earned("c-1", evidence=shown("photo-1", "photo-2")),
        build.earned("c-2", on="2023-07-13", evidence=shown("photo-2")),
        build.earned("c-3", holder=BO, on="2023-07-14", evidence=shown("photo-1")),
        build.earned("c-4", holder=DORA, on="2023-07-15", evidence=shown("photo-1")),
        build.earned("c-5", on="2023-07-16", evidence=shown("photo-3")),
        *build.decided(build.earned("c-6", on="2023-07-17", evidence=shown("photo-1", "photo-2"))),
        build.reversal("c-6", cause="falsified", recorded="2023-08-20"),
    ]


async def test_e30_other_claims_on_the_same_evidence_are_listed_for_those_whose_cases_they_are(
    database_url: str, tmp_path: Path
) -> None:
    path = "/claims/c-6/same-evidence"
    payloads = reused()
    async with reading(database_url, tmp_path, payloads) as ask:

        async def listed(who: str, **query: Any) -> list[tuple[str, str, int]]:
            answer = await ask.get(path, who, **query)
            return [(one["claim"], one["state"], len(one["files"])) for one in answer["claims"]]

        upper = await listed("upper")
        reviewer = await listed("reviewer")
        own = await listed("self")
        first = await ask.get(path, limit=3)
        last = await ask.get(path, limit=3, cursor=first["next"])
        before = await ask.get("/claims/c-1/same-evidence", known_at=str(len(payloads) - 5))
        alone = await ask.get("/claims/c-5/same-evidence")

    anna = [("c-2", "claimed", 1), ("c-1", "claimed", 2)]
    assert upper == [("c-4", "claimed", 1), ("c-3", "claimed", 1), *anna]
    assert reviewer == [("c-3", "claimed", 1), *anna]
    assert own == anna
    assert [one["claim"] for one in (*first["claims"], *last["claims"])] == [
        row[0] for row in upper
    ]
    assert last["next"] is None
    assert [one["claim"] for one in before["claims"]] == ["c-4", "c-3", "c-2"]
    assert alone["claims"] == []
