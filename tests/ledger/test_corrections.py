"""Corrections: upheld objections, reversals, revisions (domain.md §5.3, G19, E09, E13, E57)."""

from typing import Any

import pytest

from tests.support.builders import (
    deduction,
    earned,
    fact,
    preliminary,
    reversal,
    tier,
    verified,
)
from tests.support.folded import FoldedLedger
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BRANCH_X,
    PANEL_X,
    QUORUM,
    SECRETARY,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import (
    Q3,
    Q4,
    advanced,
    answered,
    objected,
    published_quarter,
    revised,
)

MEMBER = f"member:{ANNA}:member"
UPHELD = answered(corrects=["c-1"])


def code(ledger: Ledger, payload: bytes) -> str | None:
    """Whether it was accepted, or why not; a resend would answer nothing."""
    record = ledger.receive(payload)
    assert record.status != "duplicate"
    return record.code


def deducted() -> list[bytes]:
    """A deduction of 2.0 for Anna, and the bulletin of 10 October that shows it."""
    notice = deduction("c-1", on="2023-07-20")
    verdict = verified("c-1", recorded="2023-08-20")
    return [notice, preliminary("c-1"), verdict, *published_quarter()]


def corrected(recorded: str = "2023-10-17") -> bytes:
    """The reversal that the objection asks for."""
    return reversal("c-1", cause="objection", objection="ob-1", recorded=recorded)


def test_g19_a_revision_follows_the_reversal_that_an_upheld_objection_wants(
    ledger: Ledger,
) -> None:
    """The bulletin's own content is asked of the sheets."""
    taken(ledger, [*deducted(), objected(), UPHELD])
    early_revision = code(ledger, revised(2, objections=["ob-1"], recorded="2023-10-16"))
    early_final = code(ledger, advanced("final", recorded="2023-10-16"))
    figures = [ledger.scores(ANNA, "member", Q3)[4]]
    record = ledger.receive(corrected())
    figures.append(ledger.scores(ANNA, "member", Q3)[4])

    assert (early_revision, early_final) == ("corrections_pending", "corrections_pending")
    assert [posting for posting in record.postings if posting["account"] == MEMBER] == [
        {"account": MEMBER, "delta": 20, "kind": "reversal", "booked": Q4}
    ]
    assert figures == [20, 0]
    assert code(ledger, revised(2, objections=["ob-1"], recorded="2023-10-17")) is None
    assert code(ledger, advanced("final", revision=2, recorded="2023-10-18")) is None


def test_g19_final_waits_for_the_end_of_the_window(ledger: Ledger) -> None:
    taken(ledger, published_quarter())
    days = ("2023-10-13T23:59:59+08:00", "2023-10-14T00:00:00+08:00")

    assert [code(ledger, advanced("final", recorded=day)) for day in days] == ["window_open", None]


def test_a_revision_leaves_the_first_window_as_it_is(ledger: Ledger) -> None:
    taken(ledger, [*published_quarter(), revised(2, recorded="2023-10-13")])

    assert code(ledger, advanced("final", recorded="2023-10-14")) is None


def test_e09_final_waits_for_every_answer_unless_the_upper_level_carries_it(
    ledger: Ledger,
) -> None:
    taken(ledger, [*deducted(), objected(), objected("ob-2", unit=BRANCH_X, kind="complaint")])
    codes = [code(ledger, advanced("final", recorded="2023-10-16"))]
    taken(ledger, [answered(decision="carried")])
    codes.append(code(ledger, advanced("final", recorded="2023-10-17")))
    taken(ledger, [answered("ob-2", "dismissed", subject=BRANCH_X)])
    codes.append(code(ledger, advanced("final", recorded="2023-10-18")))

    assert codes == ["objections_open", "objections_open", None]


def test_a_carried_objection_becomes_a_correction_after_final(ledger: Ledger) -> None:
    taken(ledger, [*deducted(), objected(), answered(decision="carried")])
    taken(ledger, [advanced("final", recorded="2023-10-16")])
    taken(ledger, [answered(corrects=["c-1"], recorded="2023-10-20")])
    more: dict[str, Any] = {"by": UPPER, "reason": "corrected", "revision": 2}
    codes = [code(ledger, advanced("final", **more, recorded="2023-10-20"))]
    taken(ledger, [reversal("c-1", deciders=[UPPER_TWO], recorded="2023-10-21")])
    codes.append(code(ledger, advanced("final", **more, recorded="2023-10-21")))

    assert codes == ["corrections_pending", None]


@pytest.mark.parametrize(
    ("decision", "expected"),
    [("partly", "corrections_pending"), ("dismissed", None), ("carried", None)],
)
def test_only_what_is_upheld_even_in_part_demands_its_corrections(
    ledger: Ledger, decision: str, expected: str | None
) -> None:
    taken(ledger, [*deducted(), objected(), answered(decision=decision, corrects=["c-1"])])

    assert code(ledger, revised(2, recorded="2023-10-16")) == expected


def test_the_correction_of_another_quarter_does_not_hold_this_one(ledger: Ledger) -> None:
    taken(ledger, [*deducted(), objected(), UPHELD])
    taken(ledger, published_quarter(Q4, recorded="2024-01-10"))

    assert code(ledger, revised(2, quarter=Q4, recorded="2024-01-11")) is None


def test_a_revision_names_only_objections_that_have_their_answer(ledger: Ledger) -> None:
    taken(ledger, [*published_quarter(), objected("ob-1", unit=BRANCH_X)])
    open_one = code(ledger, revised(2, objections=["ob-1"], recorded="2023-10-12"))
    unknown = code(ledger, revised(2, objections=["ob-9"], recorded="2023-10-12"))
    taken(ledger, [answered(decision="dismissed", subject=BRANCH_X)])

    assert (open_one, unknown) == ("objections_open", "objections_open")
    assert code(ledger, revised(2, objections=["ob-1"], recorded="2023-10-17")) is None


def test_e57_a_revision_needs_no_objection_but_a_reason(ledger: Ledger) -> None:
    """As where a veto was annulled: the figures move, and no claim does."""
    taken(ledger, published_quarter())
    silent = code(ledger, revised(2, reason=None, recorded="2023-10-20"))

    assert silent == "reason_required"
    assert code(ledger, revised(2, reason="veto_annulled", recorded="2023-10-20")) is None


def test_e13_a_wrong_value_is_reversed_and_claimed_anew(kind: str) -> None:
    """Before the bulletin in the same quarter, after it as a correction."""
    found = []
    for past in ([], published_quarter(recorded="2023-10-10")):
        ledger = started(kind)
        taken(ledger, [*_suggestion("c-1", "effective"), *past])
        taken(ledger, [reversal("c-1", recorded="2023-10-11")])
        again = _suggestion("c-2", "adopted", replaces="c-1", day="2023-10-12")
        records = taken(ledger, again)
        found.append(
            [
                (posting["delta"], posting.get("booked"))
                for posting in records[-1].postings
                if posting["account"] == MEMBER
            ]
        )

    assert found == [[(20, None)], [(20, Q4)]]


def _suggestion(
    claim: str, key: str, replaces: str | None = None, day: str = "2023-10-01"
) -> list[bytes]:
    said = earned(
        claim,
        "C10",
        member=tier(key),
        on="2023-08-10",
        deed="idea",
        recorded=day,
        replaces=replaces,
    )
    return [
        said,
        preliminary(claim, deciders=[UPPER], recorded=f"{day}T12:00"),
        verified(claim, recorded=f"{day}T13:00"),
    ]


@pytest.mark.parametrize(
    ("state", "deciders", "expected"),
    [
        ("published", QUORUM, None),
        ("final", QUORUM, "not_permitted"),
        ("final", (*QUORUM, UPPER), "not_permitted"),
        ("final", (UPPER,), None),
    ],
)
def test_after_final_only_the_upper_level_takes_points_back(
    ledger: Ledger, state: str, deciders: tuple[str, ...], expected: str | None
) -> None:
    taken(ledger, deducted())
    taken(ledger, [advanced("final", recorded="2023-10-16")] if state == "final" else [])

    assert code(ledger, reversal("c-1", deciders=deciders, recorded="2023-10-20")) == expected


def test_x08_the_panel_does_not_take_back_what_was_decided_one_level_up(ledger: Ledger) -> None:
    """A branch would else take back the deduction that the upper level found."""
    for claim, holder, capacity in (("c-1", BRANCH_X, "unit"), ("c-2", SECRETARY, "committee")):
        found: dict[str, Any] = {capacity: tier("false-record"), "by": UPPER}
        taken(ledger, [deduction(claim, "A07", holder, **found)])
        taken(ledger, [preliminary(claim, holder, deciders=[UPPER])])
        taken(ledger, [verified(claim, holder, deciders=[UPPER_TWO], recorded="2023-08-20")])
    panel = [
        code(ledger, reversal(claim, holder, deciders=QUORUM))
        for claim, holder in (("c-1", BRANCH_X), ("c-2", SECRETARY))
    ]

    assert panel == ["not_permitted", "not_permitted"]
    assert code(ledger, reversal("c-1", BRANCH_X, deciders=[UPPER])) is None


def test_a_reversal_is_linked_to_the_objection_that_wanted_it() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(ledger, [*deducted(), objected(), UPHELD, fact("c-2", recorded="2023-10-16")])
    taken(ledger, [preliminary("c-2", recorded="2023-10-16")])
    taken(ledger, [verified("c-2", recorded="2023-10-16T12:00")])
    other = reversal("c-2", cause="objection", objection="ob-1", recorded="2023-10-16T13:00")
    taken(ledger, [other, corrected()])
    row = ledger.state.objections.get("ob-1")

    # The other reversal names it as well, but was not asked for.
    assert row is not None
    assert row.reversals == (len(ledger.records),)


def test_a_reversal_that_names_no_objection_corrects_as_well(ledger: Ledger) -> None:
    taken(ledger, [*deducted(), objected(), UPHELD, reversal("c-1", recorded="2023-10-17")])

    assert code(ledger, revised(2, recorded="2023-10-17")) is None


def test_the_history_of_a_quarter_keeps_who_decided_what() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(ledger, [*published_quarter(), revised(2, recorded="2023-10-12")])
    taken(ledger, [advanced("final", recorded="2023-10-16")])
    period = ledger.state.periods.get((BRANCH_X, Q3))

    assert period is not None
    assert (period.state, period.revision, period.by) == ("final", 2, SECRETARY)
    assert period.decided_by == (UPPER, SECRETARY, PANEL_X[0])
    assert (period.published_seq, period.revised_seq, period.final_seq) == tuple(
        len(ledger.records) - back for back in (2, 1, 0)
    )
