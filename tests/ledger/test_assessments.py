"""The register of self-assessments, and B04: being on time, and nothing else, scores (§6.4)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from jifen_contracts.canonical import decode
from jifen_ledger.domain.assessments import Assessment, ListedMissing, SelfValue
from tests.ledger.test_fold_against_model import UNSHRUNK
from tests.support.builders import earned, fact, preliminary, ratio, returned, verified
from tests.support.folded import FoldedLedger
from tests.support.ledgers import Ledger, started
from tests.support.levels import months
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import taken
from tests.support.organisation import absent, assessment
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    GROUP_X1,
    LEADER,
    QUORUM,
    UPPER,
)

IN_TIME, LATE = "2023-08-03", "2023-08-04"


def told(record: NaiveRecord) -> str:
    return " ".join((record.code or record.status, *record.notices))


def folding() -> FoldedLedger:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    return ledger


def timely(
    holder: str = ANNA, done: int = 1, excused: int = 0, at: str = IN_TIME, **more: Any
) -> bytes:
    capacity = "unit" if holder.startswith("u-") else "member"
    said: dict[str, Any] = {"done": done, "excused": excused, "capacity": capacity, "recorded": at}
    return fact(f"c-{holder}", "B04", holder, **(said | more))


def test_the_last_assessment_in_time_counts_and_a_late_one_stands_beside_it() -> None:
    fold = folding()
    first = len(fold.records) + 1
    taken(
        fold,
        [
            assessment(ANNA, values=[("B01", "member", "4")]),
            assessment(ANNA, values=[("B01", "member", "3.5"), ("C11", "member", "-2")]),
            assessment(ANNA, values=[("B01", "member", "1")], recorded=LATE),
            assessment(ANNA, values=[], recorded="2023-08-09"),
        ],
    )

    assert fold.state.assessments_by.get(ANNA) == (
        (ANNA, "2023-07", False),
        (ANNA, "2023-07", True),
    )
    assert fold.state.assessments.get((ANNA, "2023-07", False)) == Assessment(
        seq=first,
        subject=ANNA,
        month="2023-07",
        late=False,
        level="member",
        values=(SelfValue("B01", "member", 35), SelfValue("C11", "member", -20)),
        missing=(),
        by=ANNA,
        recorded_day=date(2023, 8, 2),
    )
    late = fold.state.assessments.get((ANNA, "2023-07", True))
    assert late is not None
    assert (late.seq, late.values, late.recorded_day) == (first + 2, (), date(2023, 8, 9))


def test_whom_a_unit_lists_as_missing_is_kept_with_the_reason() -> None:
    fold = folding()
    reasons = {ANNA: "on_leave", BO: "did_not_send", LEADER: "on_leave"}
    taken(fold, [assessment(GROUP_X1, missing=reasons)])

    found = fold.state.assessments.get((GROUP_X1, "2023-07", False))

    assert found is not None
    assert found.missing == tuple(ListedMissing(*one) for one in reasons.items())


@given(months())
@settings(max_examples=60, deadline=None, phases=UNSHRUNK)
def test_no_assessment_ever_posts(future: list[bytes]) -> None:
    """Invariant 5: only what is verified raises a balance, whatever people think of themselves."""
    ledger = started("fold")
    for payload in future:
        event: Any = decode(payload)
        raised = {
            posting["account"]
            for posting in ledger.receive(payload).postings
            if posting["delta"] > 0 and posting["account"].startswith("member:")
        }
        if event["type"] == "jifen.assessment.submitted.v1":
            assert ledger.records[-1].postings == ()
        is_verified = event["data"].get("stage") == "verified"
        is_joined = "same_as" in event["data"]
        assert is_verified or is_joined or all(one.endswith(":pending") for one in raised)


def test_self_values_change_no_figure_whatever_they_say(ledger: Ledger) -> None:
    before = ledger.balances()
    taken(ledger, [assessment(ANNA, values=[("C04", "member", "100000")])])

    assert ledger.balances() == before
    assert ledger.scores(ANNA, "member", "2023-Q3") == (0, 0, 0, 0, 0, None)


def test_b04_opens_as_reviewed_by_its_record_and_the_panel_verifies_it(ledger: Ledger) -> None:
    taken(ledger, [assessment(ANNA)])
    claimed = ledger.receive(timely())
    state = str(ledger.claim(f"c-{ANNA}").state)
    codes = [
        told(ledger.receive(preliminary(f"c-{ANNA}", deciders=(UPPER,)))),
        told(ledger.receive(verified(f"c-{ANNA}", deciders=QUORUM))),
    ]

    assert (told(claimed), state) == ("posted", "preliminary")
    assert claimed.postings == (
        {"account": "issue:B04", "delta": -10},
        {"account": f"member:{ANNA}:pending", "delta": 10},
    )
    assert codes == ["already_decided", "posted"]
    assert ledger.balances()[f"member:{ANNA}:member"] == 10
    assert ledger.scores(ANNA, "member", "2023-Q3")[:2] == (10, 10)


@pytest.mark.parametrize(
    ("sent", "claim", "outcome"),
    [
        ((), timely(done=1), "record_mismatch"),
        ((), timely(done=0), "record_mismatch"),
        ((), timely(done=0, at=LATE), "recorded late"),
        ((), timely(done=0, excused=1, at=LATE), "record_mismatch"),
        ((assessment(ANNA),), timely(done=1, at=LATE), "posted late"),
        ((assessment(ANNA),), timely(done=0, at=LATE), "record_mismatch"),
        ((assessment(ANNA),), timely(done=0, excused=1, at=LATE), "record_mismatch"),
        ((assessment(ANNA),), timely(done=1, required=2), "record_mismatch"),
        ((assessment(ANNA),), timely(done=2, required=2), "record_mismatch"),
        ((assessment(ANNA, recorded=LATE),), timely(done=1, at=LATE), "record_mismatch"),
        ((assessment(ANNA, recorded=LATE),), timely(done=0, at=LATE), "recorded late"),
        ((assessment(ANNA, month="2023-08"),), timely(done=1), "record_mismatch"),
        ((assessment(BO),), timely(done=1), "record_mismatch"),
    ],
)
def test_a_claim_of_b04_says_what_the_stream_shows(
    ledger: Ledger, sent: tuple[bytes, ...], claim: bytes, outcome: str
) -> None:
    taken(ledger, sent)

    assert told(ledger.receive(claim)) == outcome


def test_whoever_was_away_all_month_is_excused_unless_they_assessed_themselves(
    ledger: Ledger,
) -> None:
    away = [absent(one, "2023-07-01", "2023-08-01", recorded="2023-07-30") for one in (ANNA, BO)]
    taken(ledger, [*away, assessment(BO)])
    outcomes = [
        told(ledger.receive(claim))
        for claim in (
            timely(ANNA, done=0, at=LATE),
            timely(ANNA, done=0, excused=1),
            timely(BO, done=0, excused=1),
            timely(BO, done=1),
        )
    ]

    assert outcomes == ["record_mismatch", "recorded", "record_mismatch", "posted"]
    assert ledger.scores(ANNA, "member", "2023-Q3")[1] == 0


def test_units_earn_b04_by_their_own_assessment_and_the_upper_level_verifies(
    ledger: Ledger,
) -> None:
    taken(ledger, map(assessment, (ANNA, BO, LEADER, GROUP_X1)))
    outcomes = [
        told(ledger.receive(one))
        for one in (
            timely(GROUP_X1),
            timely(BRANCH_X),
            timely(BRANCH_X, done=0, at=LATE),
            verified(f"c-{GROUP_X1}", GROUP_X1, deciders=QUORUM),
            verified(f"c-{GROUP_X1}", GROUP_X1, deciders=(UPPER,)),
        )
    ]

    assert outcomes == ["posted", "record_mismatch", "recorded late", "not_permitted", "posted"]
    assert ledger.balances()[f"member:{GROUP_X1}:unit"] == 50


def test_reviewers_cannot_make_b04_other_than_its_record(ledger: Ledger) -> None:
    taken(ledger, [timely(done=0, at=LATE)])
    more: dict[str, Any] = {"deciders": QUORUM, "reason": "was_ill"}
    changes: list[dict[str, Any]] = [
        {"measure": {"member": ratio(1, 1)}},
        {"measure": {"member": ratio(1, 0, 1)}},
        {"measure": {"member": ratio(1, 0)}},
    ]

    assert [told(ledger.receive(verified(f"c-{ANNA}", **more, **one))) for one in changes] == [
        "record_mismatch",
        "record_mismatch",
        "recorded",
    ]


def test_what_the_record_no_longer_shows_is_not_verified(ledger: Ledger) -> None:
    taken(ledger, [absent(ANNA, "2023-07-01", "2023-08-01", recorded="2023-07-30")])
    taken(ledger, [timely(done=0, excused=1)])
    taken(ledger, [absent(ANNA, "2023-07-01", "2023-07-20", recorded="2023-08-05")])

    assert told(ledger.receive(verified(f"c-{ANNA}", deciders=QUORUM))) == "record_mismatch"


def test_a_returned_claim_of_b04_is_reviewed_by_its_record_again(ledger: Ledger) -> None:
    taken(ledger, [assessment(ANNA), timely()])
    back = returned(f"c-{ANNA}", deciders=QUORUM, recorded="2023-08-07")
    assert told(ledger.receive(back)) == "already_decided"
    taken(ledger, [verified(f"c-{ANNA}", deciders=QUORUM, decision="return", reason="unclear")])
    taken(ledger, [timely(at="2023-08-09")])

    assert str(ledger.claim(f"c-{ANNA}").state) == "preliminary"
    assert told(ledger.receive(verified(f"c-{ANNA}", recorded="2023-08-10"))) == "posted"


def test_a_claim_of_another_item_becomes_b04_only_with_its_record(ledger: Ledger) -> None:
    taken(ledger, [assessment(BO)])
    for holder in (ANNA, BO):
        taken(ledger, [earned(f"c-{holder}", "D03", holder, deed="b04-2023-07")])
    change: dict[str, Any] = {"item": "B04", "measure": {"member": ratio(1, 1)}}
    change |= {"reason": "other_item", "deciders": (UPPER,)}

    assert [told(ledger.receive(preliminary(f"c-{one}", one, **change))) for one in (ANNA, BO)] == [
        "record_mismatch",
        "posted",
    ]
