"""`period.advanced`: who takes which step, and what must be there first (domain.md §5.3)."""

from typing import Any

import pytest

from tests.support.builders import (
    assigned,
    deduction,
    earned,
    enrolled,
    fact,
    panel,
    preliminary,
    registered,
    returned,
    reviewed,
    verified,
)
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    DORA,
    GROUP_X1,
    LEADER,
    PANEL_X,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import Q3, Q4, advanced, published_quarter, revised, waiver

STEPS = ("open", "preliminary", "verified", "published", "final")


def code(ledger: Ledger, payload: bytes) -> str | None:
    """Whether it was accepted, or why not; a resend would answer nothing."""
    record = ledger.receive(payload)
    assert record.status != "duplicate"
    return record.code


def verifying(recorded: str = "2023-10-10") -> bytes:
    """The upper level verifies the quarter, and goes without every fact."""
    return advanced("verified", waive=waiver(), recorded=recorded)


def at(state: str) -> list[bytes]:
    """What brings the quarter to a state."""
    steps = [*published_quarter(), advanced("final", recorded="2023-10-16")]
    return steps[: STEPS.index(state)]


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("open", {"preliminary"}),
        ("preliminary", {"open", "verified"}),
        ("verified", {"open", "published"}),
        ("published", {"published", "final"}),
        ("final", {"final"}),
    ],
)
def test_a_quarter_moves_only_along_its_steps(kind: str, state: str, allowed: set[str]) -> None:
    ready = started(kind)
    taken(ready, at(state))
    more: dict[str, Any] = {"by": UPPER, "reason": "trial", "recorded": "2023-10-20"}
    found = set()
    for to in STEPS:
        revision = 2 if (state, to) in (("published", "published"), ("final", "final")) else None
        waive = waiver() if to == "verified" else None
        if (
            ready.fork().receive(advanced(to, revision=revision, waive=waive, **more)).code
            != "wrong_transition"
        ):
            found.add(to)

    assert found == allowed


@pytest.mark.parametrize(
    ("state", "to", "able"),
    [
        ("open", "preliminary", {RECORDER, SECRETARY, UPPER}),
        ("preliminary", "verified", {UPPER}),
        ("preliminary", "open", {UPPER}),
        ("verified", "open", {UPPER}),
        ("verified", "published", {SECRETARY, UPPER}),
        ("published", "published", {PANEL_X[0], UPPER}),
        ("published", "final", {SECRETARY, UPPER}),
        ("final", "final", {UPPER}),
    ],
)
def test_each_step_has_its_people(kind: str, state: str, to: str, able: set[str]) -> None:
    ready = started(kind)
    taken(ready, at(state))
    found = set()
    people = (ANNA, COMMITTEE, LEADER, RECORDER, SECRETARY, SECRETARY_Y, SPECIALIST, UPPER)
    for by in (*people, *PANEL_X):
        step = advanced(
            to,
            by=by,
            waive=waiver() if to == "verified" else None,
            revision=2 if state == to else None,
            reason="trial",
            recorded="2023-10-20",
        )
        if ready.fork().receive(step).code is None:
            found.add(by)

    assert found == able


def test_the_chair_verifies_a_quarter_in_which_nothing_is_missing(ledger: Ledger) -> None:
    """A branch without people or facts of its own has nothing that could be missing."""
    taken(ledger, _new_branch("2023-10-01"))
    step: dict[str, Any] = {"branch": "u-new", "quarter": Q3}
    taken(ledger, [advanced("preliminary", **step, by=UPPER)])
    others = [code(ledger, advanced("verified", **step, by=by)) for by in (SECRETARY, PANEL_X[1])]

    assert others == ["not_permitted", "not_permitted"]
    assert code(ledger, advanced("verified", **step, by=PANEL_X[0])) is None


def _new_branch(since: str) -> list[bytes]:
    return [registered("u-new", since=since), panel("u-new", since=since, name="pl-new")]


@pytest.mark.parametrize("subject", [GROUP_X1, SCHEME, "u-nowhere", ANNA])
def test_only_a_branch_has_quarters(ledger: Ledger, subject: str) -> None:
    assert code(ledger, advanced("preliminary", branch=subject, by=UPPER)) == "unknown_unit"


def test_whoever_takes_a_step_is_among_those_who_took_part(ledger: Ledger) -> None:
    absent = advanced("preliminary", by=RECORDER, deciders=[SECRETARY])
    strangers = advanced("preliminary", by=RECORDER, deciders=[RECORDER, "m-nobody"])

    assert [code(ledger, absent), code(ledger, strangers)] == ["not_permitted"] * 2
    assert code(ledger, advanced("preliminary", deciders=[RECORDER, SECRETARY])) is None


def test_a_joined_record_takes_no_step_any_more(ledger: Ledger) -> None:
    taken(ledger, [enrolled(BO, same_as=RECORDER, recorded="2023-10-01")])

    assert code(ledger, advanced("preliminary", by=RECORDER)) == "not_permitted"


@pytest.mark.parametrize("state", ["preliminary", "verified", "published", "final"])
def test_a_step_back_and_a_revision_need_a_reason(ledger: Ledger, state: str) -> None:
    taken(ledger, at(state))
    to = "open" if state in ("preliminary", "verified") else state
    step = advanced(to, by=UPPER, revision=9, recorded="2023-10-20")

    assert code(ledger, step) == "reason_required"


def test_no_claim_waits_for_its_first_review_when_the_preliminary_step_is_taken(
    ledger: Ledger,
) -> None:
    taken(ledger, [earned("c-1"), earned("c-2", on="2023-07-13")])
    taken(ledger, [earned("c-3", on="2023-10-02"), earned("c-4", holder=DORA)])
    first = code(ledger, advanced("preliminary"))
    taken(
        ledger, [preliminary("c-1", deciders=[SPECIALIST]), returned("c-2", deciders=[SPECIALIST])]
    )

    # A claim of another quarter or branch does not matter.
    assert first == "claims_open"
    assert code(ledger, advanced("preliminary", recorded="2023-10-11")) is None


def test_no_claim_is_without_its_final_decision_when_the_quarter_is_verified(
    ledger: Ledger,
) -> None:
    taken(ledger, [fact("c-1"), fact("c-2", "B02"), fact("c-3", "B03")])
    taken(ledger, [preliminary(f"c-{number}") for number in (1, 2)])
    taken(ledger, [returned("c-3", until="2023-10-12", recorded="2023-10-05")])
    taken(ledger, [advanced("preliminary")])
    codes = [code(ledger, verifying())]
    taken(ledger, [verified("c-1", recorded="2023-10-10")])
    codes.append(code(ledger, verifying("2023-10-11")))
    said: dict[str, Any] = {"decision": "reject", "reason": "not_shown"}
    said |= {"deciders": PANEL_X[:3], "recorded": "2023-10-10"}
    taken(ledger, [reviewed("c-2", ANNA, "verified", **said)])
    codes.append(code(ledger, verifying("2023-10-12")))
    # What was returned and forgotten has lapsed.
    codes.append(code(ledger, verifying("2023-10-13")))

    assert codes == ["claims_open"] * 3 + [None]


def test_a_claim_recorded_after_the_preliminary_step_blocks_nothing(ledger: Ledger) -> None:
    taken(ledger, [advanced("preliminary", recorded="2023-10-09")])
    taken(ledger, [earned("c-1", on="2023-09-20", recorded="2023-10-10")])
    steps = [verifying(), advanced("published"), advanced("final", recorded="2023-10-16")]

    assert [code(ledger, step) for step in steps] == [None] * 3


def test_a_claim_returned_before_and_stated_after_the_preliminary_step_still_blocks(
    ledger: Ledger,
) -> None:
    taken(ledger, [fact("c-1", recorded="2023-10-02"), returned("c-1", recorded="2023-10-09")])
    taken(ledger, [advanced("preliminary"), fact("c-1", recorded="2023-10-11")])

    assert code(ledger, verifying("2023-10-12")) == "claims_open"


def test_a_quarter_that_is_opened_again_takes_all_its_steps_anew(ledger: Ledger) -> None:
    taken(ledger, [*at("verified"), fact("c-1", recorded="2023-10-11")])
    taken(ledger, [advanced("open", reason="trial", by=UPPER, recorded="2023-10-11")])
    codes = [code(ledger, advanced("preliminary", recorded="2023-10-12"))]
    taken(ledger, [preliminary("c-1", recorded="2023-10-12")])
    taken(ledger, [advanced("preliminary", recorded="2023-10-12T12:00")])
    # The claim came after the first preliminary step, and before the one that stands.
    codes.append(code(ledger, verifying("2023-10-13")))

    assert codes == ["claims_open", "claims_open"]


def test_waivers_of_a_quarter_that_was_opened_again_no_longer_hold(ledger: Ledger) -> None:
    taken(ledger, [*at("verified"), advanced("open", reason="trial", by=UPPER)])
    taken(ledger, [advanced("preliminary", recorded="2023-10-12")])

    assert code(ledger, advanced("verified", by=UPPER, recorded="2023-10-12")) is not None


@pytest.mark.parametrize(("said", "expected"), [(None, None), (1, None), (2, "revision_not_next")])
def test_the_first_bulletin_is_revision_one(
    ledger: Ledger, said: int | None, expected: str | None
) -> None:
    taken(ledger, at("verified"))

    assert code(ledger, advanced("published", revision=said)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [(None, "revision_not_next"), (1, "revision_not_next"), (2, None), (3, "revision_not_next")],
)
def test_each_bulletin_after_it_says_the_next_revision(
    kind: str, said: int | None, expected: str | None
) -> None:
    for state in ("published", "final"):
        ledger = started(kind)
        taken(ledger, at(state))
        more: dict[str, Any] = {"reason": "corrected", "by": UPPER, "recorded": "2023-10-20"}
        assert code(ledger, advanced(state, revision=said, **more)) == expected


def test_a_step_without_a_bulletin_may_name_the_revision_that_it_leaves(ledger: Ledger) -> None:
    taken(ledger, [*at("published"), revised(2, recorded="2023-10-11")])
    stale = advanced("final", revision=1, recorded="2023-10-16")

    assert code(ledger, stale) == "revision_not_next"
    assert code(ledger, advanced("final", revision=2, recorded="2023-10-16")) is None


def test_a_waiver_belongs_to_the_step_that_needs_it_and_to_the_upper_level(
    ledger: Ledger,
) -> None:
    taken(ledger, at("preliminary"))
    by_chair = advanced("verified", waive=waiver(), by=PANEL_X[0])
    codes = [code(ledger, by_chair)]
    taken(ledger, [verifying()])
    codes.append(code(ledger, advanced("published", waive=waiver(), by=UPPER)))

    assert codes == ["not_permitted", "wrong_transition"]


def test_e07_a_branch_that_does_nothing_has_nothing_approved_and_the_upper_level_may_act(
    ledger: Ledger,
) -> None:
    taken(ledger, [fact("c-1")])
    stuck = [code(ledger, advanced(to, by=UPPER, recorded="2024-03-01")) for to in STEPS[1:]]
    taken(ledger, [preliminary("c-1", deciders=[UPPER], recorded="2024-03-02")])
    taken(ledger, [verified("c-1", deciders=[UPPER_TWO], recorded="2024-03-03")])
    in_its_place = [
        advanced("preliminary", by=UPPER, recorded="2024-03-04"),
        advanced("verified", by=UPPER, waive=waiver(), recorded="2024-03-05"),
        advanced("published", by=UPPER_TWO, recorded="2024-03-06"),
    ]

    assert stuck == ["claims_open", *["wrong_transition"] * 3]
    assert [code(ledger, step) for step in in_its_place] == [None] * 3


def test_x30_a_deputy_takes_the_step_while_assigned_and_time_takes_none(ledger: Ledger) -> None:
    deputy = assigned(
        BO, "recorder", BRANCH_X, since="2023-10-05", to="2023-10-20", recorded="2023-10-04"
    )
    taken(ledger, [deputy])
    days = ("2023-10-04", "2023-10-20", "2023-10-19")

    assert [code(ledger, advanced("preliminary", by=BO, recorded=day)) for day in days] == [
        "not_permitted",
        "not_permitted",
        None,
    ]


def test_the_quarters_of_a_branch_and_the_branches_of_a_quarter_move_apart(
    ledger: Ledger,
) -> None:
    taken(ledger, at("published"))
    other_quarter = code(ledger, advanced("published", Q4, by=UPPER))
    other_branch = code(ledger, advanced("published", Q3, BRANCH_Y, by=UPPER))

    assert (other_quarter, other_branch) == ("wrong_transition", "wrong_transition")


def test_the_successor_of_a_closed_branch_moves_what_that_has_left(ledger: Ledger) -> None:
    taken(ledger, [registered("u-z", since="2023-10-01", came_from=[BRANCH_X])])
    taken(ledger, [assigned(BO, "recorder", "u-z", since="2023-10-01")])
    taken(ledger, [registered(BRANCH_X, to="2023-10-01")])

    assert code(ledger, advanced("preliminary", by=RECORDER)) == "not_permitted"
    assert code(ledger, advanced("preliminary", by=BO)) is None


def test_a_deduction_that_waits_for_its_answer_holds_the_quarter(ledger: Ledger) -> None:
    taken(ledger, [deduction("c-1", recorded="2023-10-09")])
    taken(ledger, [preliminary("c-1", recorded="2023-10-09"), advanced("preliminary")])
    early = code(ledger, verified("c-1", recorded="2023-10-10"))

    assert (early, code(ledger, verifying())) == ("statement_pending", "claims_open")
