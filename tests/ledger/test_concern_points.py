"""Points that rest on a concern, D02 and D01 (§6.2, §8.2)."""

import pytest

from tests.support.builders import (
    count,
    earned,
    preliminary,
    reversal,
    reviewed,
    verified,
)
from tests.support.concern_claims import HUT, accepted, code, help_project, receive
from tests.support.concerns import (
    confirmed,
    handed,
    handled,
    paid_for,
    raised,
    reopened,
    resolved,
)
from tests.support.ledgers import Ledger
from tests.support.people import (
    ANNA,
    BO,
    COMMITTEE,
    DORA,
    PANEL_X,
    QUORUM,
    UPPER,
)
from tests.support.stored import Fields


def test_a_concern_on_time_and_confirmed_needs_no_preliminary_review_by_people(
    ledger: Ledger,
) -> None:
    receive(ledger, *handled())
    filed = ledger.receive(paid_for())
    decided = ledger.receive(verified("c-1", COMMITTEE))

    assert (filed.status, [one["delta"] for one in filed.postings]) == ("posted", [-20, 20])
    assert code(ledger, preliminary("c-1", COMMITTEE)) == "already_decided"
    assert (decided.status, ledger.claim("c-1").state) == ("posted", "verified")
    assert ledger.balances()[f"member:{COMMITTEE}:member"] == 10
    assert ledger.balances()[f"member:{COMMITTEE}:committee"] == 10


@pytest.mark.parametrize(
    "past",
    [
        [],
        [raised()],
        handled(confirmed_by=None),
        [*handled(), reopened()],
        [raised(), handed(), resolved(in_use="2023-07-14"), confirmed(on="2023-07-15")],
        [raised(), handed(handler=BO), resolved(by=BO), confirmed()],
        [raised("cn-0"), raised(), handed(merge_into="cn-0"), handed("cn-0"), resolved("cn-0"),
         confirmed("cn-0")],
    ],
    ids=["unknown", "open", "unconfirmed", "reopened", "late", "of another", "merged away"],
)  # fmt: skip
def test_a_claim_whose_concern_says_otherwise_is_refused(ledger: Ledger, past: list[bytes]) -> None:
    receive(ledger, *past)

    assert code(ledger, paid_for(on="2023-07-18")) == "record_mismatch"


def test_a_deed_date_before_the_concern_was_in_use_is_refused(ledger: Ledger) -> None:
    receive(ledger, *handled())

    assert code(ledger, paid_for(on="2023-07-11", recorded="2023-07-18")) == "record_mismatch"
    assert code(ledger, paid_for(on="2023-07-12", recorded="2023-07-18")) is None


def test_a_mismatch_comes_after_the_evidence_and_before_the_expected_points(
    ledger: Ledger,
) -> None:
    wrong = {"member": "5", "committee": "5"}

    assert code(ledger, paid_for(member=count(2))) == "measure_invalid"
    assert code(ledger, paid_for(points=wrong)) == "record_mismatch"
    receive(ledger, *handled())
    assert code(ledger, paid_for("c-2", points=wrong)) == "points_mismatch"


def test_e66_seven_silent_days_leave_the_handler_without_points(ledger: Ledger) -> None:
    receive(ledger, *handled(confirmed_by=None))

    assert code(ledger, paid_for(on="2023-07-31")) == "record_mismatch"


def test_e65_the_working_days_of_a_pause_move_the_due_day(ledger: Ledger) -> None:
    """Raised on Monday 10 July and due on the 13th; Wednesday to Friday are paused."""
    pause = handed(pause=("2023-07-12", "2023-07-15"), reason="parts_ordered")
    late = [raised("cn-2"), handed("cn-2"), resolved("cn-2", in_use="2023-07-18")]
    receive(ledger, raised(), pause, resolved(in_use="2023-07-18"), confirmed(on="2023-07-19"))
    receive(ledger, *late, confirmed("cn-2", on="2023-07-19"))

    assert code(ledger, paid_for(on="2023-07-19")) is None
    assert code(ledger, paid_for("c-2", "cn-2", on="2023-07-19")) == "record_mismatch"


def test_a_pause_that_begins_after_the_due_day_does_not_help(ledger: Ledger) -> None:
    pause = handed(pause=("2023-07-14", "2023-07-20"), reason="parts_ordered", on="2023-07-14")
    receive(ledger, raised(), pause, resolved(in_use="2023-07-17"), confirmed(on="2023-07-18"))

    assert code(ledger, paid_for(on="2023-07-18")) == "record_mismatch"


def test_f66_the_three_clocks_run_from_the_day_raised(ledger: Ledger) -> None:
    """Friday: the same day, Wednesday, and Friday three weeks on."""
    ends = {"at_once": "2023-07-14", "urgent": "2023-07-19", "ordinary": "2023-08-04"}
    after = {"at_once": "2023-07-15", "urgent": "2023-07-20", "ordinary": "2023-08-05"}
    found = {}
    for number, days in enumerate((ends, after)):
        for urgency, day in days.items():
            name = f"cn-{urgency.replace('_', '-')}-{number}"
            receive(
                ledger,
                raised(name, urgency=urgency, on="2023-07-14"),
                handed(name, on="2023-07-14"),
                resolved(name, in_use=day),
                confirmed(name, on="2023-08-07"),
            )
            found[urgency, number] = code(ledger, paid_for(f"c-{name}", name, on="2023-08-08"))

    assert found == {(urgency, 0): None for urgency in ends} | {
        (urgency, 1): "record_mismatch" for urgency in ends
    }


def test_merging_an_overdue_concern_into_a_newer_one_wins_no_time(ledger: Ledger) -> None:
    merge = handed("cn-0", merge_into="cn-1", on="2023-07-11")
    receive(ledger, raised("cn-0", by=BO, on="2023-07-03"), raised(), handed(), merge, resolved())
    receive(ledger, confirmed(), confirmed(by=BO))

    assert code(ledger, paid_for()) == "record_mismatch"


def test_e64_not_satisfied_reopens_and_takes_the_points_back(ledger: Ledger) -> None:
    receive(ledger, *handled(), paid_for(), verified("c-1", COMMITTEE))
    record = ledger.receive(reopened(on="2023-08-20"))

    accounts = [f"member:{COMMITTEE}:committee", f"member:{COMMITTEE}:member"]
    assert record.status == "posted"
    assert list(record.postings) == [
        *({"account": account, "delta": -10, "kind": "reversal"} for account in accounts),
        {"account": "reversed", "delta": 20},
    ]
    assert ledger.claim("c-1").state == "reversed"
    assert code(ledger, reversal("c-1", COMMITTEE, recorded="2023-08-21")) == "already_reversed"


def test_e64_after_a_reopening_the_clock_goes_on_from_the_first_day(ledger: Ledger) -> None:
    again = [resolved(in_use="2023-07-20"), confirmed(on="2023-07-21")]
    receive(ledger, *handled(), reopened(), *again)

    assert code(ledger, paid_for(on="2023-07-21")) == "record_mismatch"


def test_a_claim_that_waits_when_its_concern_is_reopened_cannot_be_verified(
    ledger: Ledger,
) -> None:
    receive(ledger, *handled(), paid_for(), reopened(on="2023-07-20"))

    assert code(ledger, verified("c-1", COMMITTEE)) == "record_mismatch"
    assert ledger.claim("c-1").state == "preliminary"


def test_a_returned_claim_on_a_concern_is_reviewed_by_the_record_again(ledger: Ledger) -> None:
    back: Fields = {"decision": "return", "reason": "unclear", "recorded": "2023-08-04"}
    receive(ledger, *handled(), paid_for())
    receive(ledger, reviewed("c-1", COMMITTEE, "verified", deciders=QUORUM, **back))
    receive(ledger, paid_for(recorded="2023-08-07"))
    receive(ledger, verified("c-1", COMMITTEE, deciders=PANEL_X[2:]))

    assert ledger.claim("c-1").state == "verified"


def test_a_reviewer_who_makes_a_claim_one_on_a_concern_needs_the_concern(ledger: Ledger) -> None:
    visit = earned("c-1", "D05", COMMITTEE, deed="cn-1", on="2023-07-14", member=count(),
                   committee=count())  # fmt: skip
    change: Fields = {"item": "D02", "reason": "a_concern", "deciders": (UPPER,)}
    receive(ledger, visit)

    assert code(ledger, preliminary("c-1", COMMITTEE, **change)) == "record_mismatch"
    receive(ledger, *handled(), preliminary("c-1", COMMITTEE, recorded="2023-08-05", **change))
    receive(ledger, verified("c-1", COMMITTEE))
    record = ledger.receive(reopened(on="2023-08-20"))
    assert (record.status, ledger.claim("c-1").state) == ("posted", "reversed")


def test_f32_a_help_project_earns_nothing_before_its_users_accept_it(ledger: Ledger) -> None:
    receive(ledger, HUT, *handled(kind="project", confirmed_by=None))

    assert code(ledger, help_project("c-1", ANNA)) == "record_mismatch"
    receive(ledger, confirmed(), help_project("c-2", ANNA))


def test_a_help_project_is_a_concern_of_the_kind_project(ledger: Ledger) -> None:
    receive(ledger, HUT, *handled(kind="concern"))

    assert code(ledger, help_project("c-1", ANNA)) == "record_mismatch"


def test_a_project_whose_deed_is_no_concern_is_accepted_by_its_counterpart(
    ledger: Ledger,
) -> None:
    receive(ledger, HUT, *accepted(("c-1", ANNA)))

    assert ledger.claim("c-1").state == "verified"


def test_a_concern_raised_after_the_claim_holds_its_verification_up(ledger: Ledger) -> None:
    receive(ledger, HUT, help_project("c-1", ANNA), preliminary("c-1", deciders=(DORA,)))
    receive(ledger, raised(kind="project", on="2023-08-05"))

    assert code(ledger, verified("c-1", deciders=PANEL_X[2:])) == "record_mismatch"
