"""`objection.filed` and `objection.decided` (domain.md §2.2, §5.3, E08, E19, X01, X07, X16)."""

from typing import Any

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import (
    assigned,
    deduction,
    earned,
    enrolled,
    fact,
    panel,
    preliminary,
    published,
    returned,
    reversal,
    reviewed,
    verified,
)
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    LEADER,
    PANEL_X,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import (
    Q4,
    advanced,
    answered,
    objected,
    published_quarter,
    statement,
)

REST = PANEL_X[3:]  # those of the panel who verified nothing


def code(ledger: Ledger, payload: bytes) -> str | None:
    """Whether it was accepted, or why not; a resend would answer nothing."""
    record = ledger.receive(payload)
    assert record.status != "duplicate"
    return record.code


def fact_in_bulletin() -> list[bytes]:
    """Anna's fact, verified by three of the panel, and the bulletin that shows it."""
    return [fact("c-1"), preliminary("c-1"), verified("c-1"), *published_quarter()]


# Filed


def test_an_objection_needs_a_thing_that_exists(ledger: Ledger) -> None:
    taken(ledger, [*fact_in_bulletin(), objected("ob-0")])
    wrong = [
        (objected("ob-0", recorded="2023-10-12T11:00"), "already_exists"),
        (objected("ob-1", claim="c-9"), "unknown_claim"),
        (objected("ob-1", subject=BO), "unknown_claim"),
        (objected("ob-1", unit="u-nowhere"), "unknown_unit"),
        (objected("ob-1", unit=BRANCH_X, subject="m-nobody"), "unknown_unit"),
    ]

    assert [code(ledger, payload) for payload, _ in wrong] == [expected for _, expected in wrong]


@pytest.mark.parametrize("by", [ANNA, DORA, "s-panel-4", "alias-7f3a", None])
def test_anybody_may_object_under_an_alias_or_no_name(ledger: Ledger, by: str | None) -> None:
    taken(ledger, fact_in_bulletin())

    assert code(ledger, objected(by=by)) is None
    assert code(ledger, objected("ob-2", unit=BRANCH_X, by=by)) is None


def test_e08_the_window_ends_with_its_last_working_day_at_midnight(ledger: Ledger) -> None:
    """Published on 10 October: the third working day after it is the 13th."""
    taken(ledger, fact_in_bulletin())
    codes = [
        code(ledger, objected("ob-1", recorded="2023-10-13T23:59:59+08:00")),
        code(ledger, objected("ob-2", recorded="2023-10-14T00:00:00+08:00")),
        code(ledger, objected("ob-3", unit=BRANCH_X, recorded="2023-10-14T00:00:00+08:00")),
    ]

    assert codes == [None, "window_closed", "window_closed"]


def test_e08_days_off_in_the_window_move_its_end(kind: str) -> None:
    """Published on a Tuesday: with a weekend of three days, the third working day is a Monday."""
    codes = []
    for days_off in ([], ["2023-10-12"]):
        ledger = started(kind)
        document = document_object(default_document())
        document["calendar"] = {"days_off": days_off}
        taken(ledger, [published(2, "2023-10-01", document=document, recorded="2023-09-20")])
        taken(ledger, published_quarter())
        codes.append(code(ledger, objected(unit=BRANCH_X, recorded="2023-10-16T23:59:00+08:00")))

    assert codes == ["window_closed", None]


def test_there_is_nothing_to_object_to_before_a_bulletin_or_a_decision(ledger: Ledger) -> None:
    taken(ledger, [fact("c-1"), preliminary("c-1"), verified("c-1")])
    before = [
        code(ledger, objected("ob-1", recorded="2023-08-10")),
        code(ledger, objected("ob-2", unit=BRANCH_X, recorded="2023-10-01")),
    ]
    taken(ledger, [*published_quarter(), fact("c-2", "B02", recorded="2023-10-11")])
    undecided = code(ledger, objected("ob-3", claim="c-2"))

    assert [*before, undecided] == ["wrong_state"] * 3


def test_what_was_decided_after_the_bulletin_is_objected_to_in_the_next_ones_window(
    ledger: Ledger,
) -> None:
    taken(ledger, [*published_quarter(), fact("c-1", recorded="2023-10-11")])
    taken(
        ledger, [preliminary("c-1", recorded="2023-10-12"), verified("c-1", recorded="2023-10-16")]
    )
    codes = [code(ledger, objected("ob-1", recorded="2023-10-17"))]
    taken(ledger, published_quarter(Q4, recorded="2024-01-10"))
    codes.append(code(ledger, objected("ob-2", recorded="2024-01-15")))
    codes.append(code(ledger, objected("ob-3", recorded="2024-01-16")))

    assert codes == ["wrong_state", None, "window_closed"]


def test_a_complaint_has_no_window(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1")])
    early = code(ledger, objected("ob-1", kind="complaint", recorded="2023-07-13"))
    late = objected("ob-2", kind="complaint", unit=BRANCH_X, recorded="2024-06-01")

    assert (early, code(ledger, late)) == (None, None)


def test_e19_an_anonymous_complaint_starts_a_check_and_is_no_basis(ledger: Ledger) -> None:
    complaint = ledger.receive(
        objected("ob-1", kind="complaint", by=None, unit=BRANCH_X, recorded="2023-07-13")
    )
    resting_on_it = deduction("c-1", "D07", key="complaint", deed="ob-1", basis=None)

    assert (complaint.status, complaint.postings) == ("recorded", ())
    assert code(ledger, resting_on_it) == "basis_required"
    assert ledger.balances() == {}


def test_x16_only_the_upper_level_takes_a_verified_claim_as_a_sample(ledger: Ledger) -> None:
    taken(ledger, [*fact_in_bulletin(), fact("c-2", "B02", recorded="2023-10-11")])
    sample: dict[str, Any] = {"kind": "sample", "recorded": "2023-11-20"}
    codes = [code(ledger, objected("ob-1", by=by, **sample)) for by in (None, SECRETARY, UPPER)]
    codes.append(code(ledger, objected("ob-2", claim="c-2", by=UPPER, **sample)))
    codes.append(code(ledger, objected("ob-3", unit=BRANCH_X, by=UPPER, **sample)))

    assert codes == ["not_permitted", "not_permitted", None, "wrong_state", "wrong_state"]


# Statements


def test_x07_a_statement_of_the_holder_opens_the_verification_at_once(kind: str) -> None:
    codes = []
    for answer in (None, statement("c-1", recorded="2023-07-13")):
        ledger = started(kind)
        taken(ledger, [deduction("c-1", recorded="2023-07-13")])
        taken(ledger, [preliminary("c-1", recorded="2023-07-13")])
        taken(ledger, [] if answer is None else [answer])
        codes.append(code(ledger, verified("c-1", recorded="2023-07-14")))

    assert codes == ["statement_pending", None]


def test_a_statement_answers_the_notice_as_it_was_stated_last(ledger: Ledger) -> None:
    taken(ledger, [deduction("c-1"), statement("c-1", recorded="2023-07-13")])
    taken(ledger, [returned("c-1", recorded="2023-07-14", until="2023-08-30")])
    taken(ledger, [deduction("c-1", recorded="2023-08-14")])
    taken(ledger, [preliminary("c-1", recorded="2023-08-14")])
    codes = [code(ledger, verified("c-1", recorded="2023-08-15"))]
    taken(ledger, [statement("c-1", objection="st-2", recorded="2023-08-15")])
    codes.append(code(ledger, verified("c-1", recorded="2023-08-15T12:00")))

    assert codes == ["statement_pending", None]


@pytest.mark.parametrize(
    ("filed", "expected"),
    [
        (statement("c-1", by=BO), "not_permitted"),
        (statement("c-1", by=None), "not_permitted"),
        (statement("c-1", by=RECORDER), "not_permitted"),
        (statement("c-2"), "wrong_state"),
        (statement("c-3"), "wrong_state"),
        (objected(unit=BRANCH_X, kind="statement", by=ANNA), "not_permitted"),
    ],
)
def test_only_the_holder_answers_and_only_an_undecided_deduction(
    ledger: Ledger, filed: bytes, expected: str
) -> None:
    taken(ledger, [deduction("c-1"), earned("c-2"), deduction("c-3", key="dues-overdue")])
    taken(ledger, [preliminary("c-3"), verified("c-3", recorded="2023-08-20")])

    assert code(ledger, filed) == expected


def test_for_a_unit_somebody_answers_who_speaks_for_it(ledger: Ledger) -> None:
    notice = deduction("c-1", "A07", BRANCH_X, unit={"tier": "false-record"}, by=UPPER)
    taken(ledger, [notice])
    by_other = statement("c-1", BRANCH_X, by=SECRETARY_Y, recorded="2023-07-13")

    assert code(ledger, by_other) == "not_permitted"
    assert code(ledger, statement("c-1", BRANCH_X, by=SECRETARY, recorded="2023-07-13")) is None


# Decided


def test_an_answer_needs_an_objection_and_claims_of_the_branch(ledger: Ledger) -> None:
    taken(ledger, [*fact_in_bulletin(), objected(), earned("c-y", holder=DORA)])
    taken(ledger, [deduction("c-2", on="2023-09-20", recorded="2023-10-11")])
    taken(ledger, [statement("c-2", recorded="2023-10-11")])
    wrong = [
        answered("ob-9"),
        answered(subject=BO),
        answered(corrects=["c-9"]),
        answered(corrects=["c-y"]),
        answered("st-c-2"),
    ]

    assert [code(ledger, payload) for payload in wrong] == ["unknown_reference"] * 5


@pytest.mark.parametrize("decision", ["upheld", "partly", "dismissed"])
def test_an_answer_is_final(ledger: Ledger, decision: str) -> None:
    taken(ledger, [*fact_in_bulletin(), objected(), answered(decision=decision)])
    again = [answered(decision=one, reason="again") for one in ("dismissed", "carried")]

    assert [code(ledger, payload) for payload in again] == ["already_decided"] * 2


def test_what_was_carried_is_answered_later_and_carried_only_once(ledger: Ledger) -> None:
    taken(ledger, [*fact_in_bulletin(), objected(), answered(decision="carried")])
    again = code(ledger, answered(decision="carried", reason="again"))

    assert again == "already_decided"
    assert code(ledger, answered(corrects=["c-1"], recorded="2023-11-16")) is None


@pytest.mark.parametrize(
    ("deciders", "expected"),
    [
        ((ANNA, *REST), "self_review"),
        ((BO, *REST), "self_review"),
        ((RECORDER,), "recused"),
        ((*REST, PANEL_X[0]), "recused"),
        (REST, "quorum_not_met"),
        ((*REST, CHEN), "not_permitted"),
        ((SECRETARY,), "not_permitted"),
        ((*REST, UPPER), None),
        ((UPPER,), None),
    ],
)
def test_x01_nobody_answers_who_is_concerned_or_decided_before(
    ledger: Ledger, deciders: tuple[str, ...], expected: str | None
) -> None:
    """Three of five of the panel verified the claim that Bo objects to."""
    taken(ledger, [*fact_in_bulletin(), objected(by=BO)])

    assert code(ledger, answered(decision="dismissed", deciders=deciders)) == expected


def test_who_decided_a_claim_to_be_corrected_does_not_decide_that(ledger: Ledger) -> None:
    taken(ledger, [*fact_in_bulletin(), objected("ob-1", unit=BRANCH_X)])
    deciders = (*REST, PANEL_X[1])
    corrects = answered(subject=BRANCH_X, corrects=["c-1"], deciders=deciders)

    assert code(ledger, corrects) == "recused"
    assert code(ledger, answered(subject=BRANCH_X, deciders=deciders)) is None


def test_who_rejected_or_reversed_a_claim_does_not_answer_for_it(ledger: Ledger) -> None:
    taken(ledger, [fact("c-1"), fact("c-2", "B02"), preliminary("c-1"), preliminary("c-2")])
    said: dict[str, Any] = {"decision": "reject", "reason": "not_shown", "deciders": QUORUM}
    taken(ledger, [reviewed("c-1", ANNA, "verified", recorded="2023-08-08", **said)])
    taken(ledger, [verified("c-2", deciders=PANEL_X[2:], recorded="2023-08-08")])
    taken(ledger, [reversal("c-2", deciders=(*PANEL_X[:2], PANEL_X[4])), *published_quarter()])
    taken(ledger, [objected("ob-1"), objected("ob-2", claim="c-2")])
    codes = [
        code(ledger, answered("ob-1", "dismissed", deciders=(*REST, PANEL_X[2]))),
        code(ledger, answered("ob-2", "dismissed", deciders=(PANEL_X[0], UPPER, UPPER_TWO))),
    ]

    assert codes == ["recused", "recused"]


def test_who_moved_the_bulletin_does_not_answer_for_it(ledger: Ledger) -> None:
    taken(ledger, [*published_quarter(), objected("ob-1", unit=BRANCH_X)])
    codes = [
        code(ledger, answered(subject=BRANCH_X, deciders=deciders))
        for deciders in ((UPPER,), (SECRETARY, UPPER_TWO), PANEL_X[:3])
    ]

    assert codes == ["recused", "recused", None]


def test_a_declared_pair_steps_back_from_the_answer_too(ledger: Ledger) -> None:
    taken(ledger, [panel(recusals=[(REST[0], ANNA)], name="pl-9"), *fact_in_bulletin()])
    taken(ledger, [objected()])

    assert code(ledger, answered(decision="dismissed", deciders=(*REST, UPPER))) == "recused"


@pytest.mark.parametrize("holder", [SECRETARY, BRANCH_X])
def test_x08_what_is_decided_one_level_up_is_answered_there(ledger: Ledger, holder: str) -> None:
    """Nobody of the branch decides about their own unit or their secretary."""
    if holder == BRANCH_X:
        said = fact("c-1", "C05", BRANCH_X, capacity="unit", by=LEADER)
    else:
        said = fact("c-1", holder=SECRETARY)
    taken(ledger, [said, preliminary("c-1", holder, deciders=[UPPER])])
    taken(ledger, [verified("c-1", holder, deciders=[UPPER_TWO]), *published_quarter()])
    third = assigned(COMMITTEE, "upper", SCHEME, recorded="2023-10-01")
    taken(ledger, [third, objected(subject=holder)])
    more: dict[str, Any] = {"subject": holder, "decision": "dismissed"}

    assert code(ledger, answered(deciders=PANEL_X, **more)) == "not_permitted"
    assert code(ledger, answered(deciders=[COMMITTEE], **more)) is None


def test_only_the_upper_level_carries_an_objection(ledger: Ledger) -> None:
    taken(ledger, [fact("c-1"), preliminary("c-1"), verified("c-1", deciders=[UPPER])])
    taken(ledger, [*published_quarter(), objected()])
    by_panel = answered(decision="carried", deciders=QUORUM)
    mixed = answered(decision="carried", deciders=(*QUORUM, UPPER_TWO), by=UPPER_TWO)

    assert [code(ledger, by_panel), code(ledger, mixed)] == ["not_permitted"] * 2
    assert code(ledger, answered(decision="carried", deciders=[UPPER_TWO])) is None


def test_every_answer_says_why(ledger: Ledger) -> None:
    taken(ledger, [*fact_in_bulletin(), objected()])

    assert code(ledger, answered(reason=None)) == "reason_required"


def test_whoever_speaks_for_the_deciders_is_one_and_acts_under_the_living_id(
    ledger: Ledger,
) -> None:
    taken(ledger, [*fact_in_bulletin(), objected()])
    taken(ledger, [enrolled("m-new-upper"), enrolled("m-new-upper", same_as=UPPER_TWO)])
    codes = [
        code(ledger, answered(by=UPPER, deciders=REST)),
        code(ledger, answered(deciders=[UPPER_TWO])),
    ]

    assert codes == ["not_permitted", "not_permitted"]


def test_an_objection_about_a_group_is_the_branchs(ledger: Ledger) -> None:
    taken(ledger, published_quarter())
    filed = code(ledger, objected(unit=GROUP_X1))
    final = advanced("final", recorded="2023-10-16")

    assert (filed, code(ledger, final)) == (None, "objections_open")
