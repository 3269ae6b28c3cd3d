"""Laws that hold in the naive model for every history, and the rules no golden example shows."""

from hypothesis import given, settings

from tests.support.budget import examples
from tests.support.builders import (
    assigned,
    count,
    decided,
    deduction,
    earned,
    enrolled,
    fact,
    imported,
    preliminary,
    ratio,
    rejected,
    returned,
    reversal,
    tier,
    verified,
    withdrawal,
)
from tests.support.histories import futures
from tests.support.ledgers import Ledger
from tests.support.naive import NaiveLedger
from tests.support.naive.beginnings import started, taken
from tests.support.naive.effect import points, rewards
from tests.support.naive.wallet_book import Book
from tests.support.people import ANNA, BO, BRANCH_X, QUORUM, RECORDER, SPECIALIST, UPPER

TWIN = "m-twin"


@given(futures())
@settings(max_examples=examples(20, nightly=200), deadline=None)
def test_balances_are_what_the_claims_that_stand_are_worth(future: list[bytes]) -> None:
    ledger = started()
    for payload in future:
        ledger.receive(payload)
    balances = {account: balance for account, balance in ledger.balances().items() if balance}
    expected: dict[str, int] = {}
    for holder in {claim.holder for claim in ledger.claims.values()}:
        mine = [claim for claim in ledger.claims.values() if claim.holder == holder]
        standing = [claim for claim in mine if claim.state == "verified"]
        waiting = [claim for claim in mine if claim.state in ("claimed", "preliminary")]
        expected[f"member:{holder}:pending"] = sum(claim.pending for claim in waiting)
        for capacity in ("committee", "member", "unit"):
            expected[f"member:{holder}:{capacity}"] = sum(points(standing, capacity).values())
        expected[f"wallet:{holder}"] = sum(rewards(standing).values()) + used_or_kept_back(
            ledger, holder
        )
    held = {account: balance for account, balance in expected.items() if balance}

    assert {name: balances[name] for name in balances if name[:2] in ("me", "wa")} == held
    assert sum(balances.values()) == 0


def used_or_kept_back(ledger: NaiveLedger, holder: str) -> int:
    """What is not in the wallet although a claim that stands earned it."""
    lines = [line for record in ledger.records for line in record.postings]
    mine = [line for line in lines if line["account"] == f"wallet:{holder}"]
    used: int = sum(line["delta"] for line in mine if line["kind"] in ("spend", "expire", "join"))
    book = Book.after(ledger.happenings)
    kept_back = sum(tenths for (who, _), tenths in book.withheld.items() if who == holder)
    return used - kept_back


@given(futures())
@settings(max_examples=examples(10, nightly=100), deadline=None)
def test_every_record_moves_points_between_accounts_of_one_unit(future: list[bytes]) -> None:
    ledger = started()
    records = [ledger.receive(payload) for payload in future]

    for record in records:
        rewarded = [line for line in record.postings if _is_reward(line["account"])]
        assert sum(line["delta"] for line in record.postings) == 0
        assert sum(line["delta"] for line in rewarded) == 0
        assert bool(record.postings) == (record.status == "posted")


def _is_reward(account: str) -> bool:
    is_rewarded = account.endswith(":inc") or account.startswith("wallet:")
    return is_rewarded or account in ("spent", "expired")


def test_two_records_of_one_person_count_as_one_set(ledger: Ledger) -> None:
    taken(ledger, [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)])
    for holder in (BO, TWIN):
        taken(
            ledger,
            decided(earned(f"c-{holder}", "C09", holder, deed="leak", member=tier("larger"))),
        )
    taken(ledger, [earned("c-open", "D03", TWIN)])
    record = ledger.receive(enrolled(BO, same_as=TWIN, recorded="2023-08-10"))
    codes = [
        ledger.receive(earned("c-late", "D03", TWIN, by=ANNA)).code,
        ledger.receive(preliminary("c-open", TWIN, deciders=(SPECIALIST,))).code,
        ledger.receive(preliminary("c-open", BO, deciders=(SPECIALIST,))).code,
    ]

    where = {"item": "C09", "quarter": "2023-Q3"}
    assert record.postings == (
        {"account": f"member:{TWIN}:member", "delta": -30, "kind": "absorb", **where},
        {"account": f"member:{TWIN}:pending", "delta": -5},
        {"account": f"wallet:{TWIN}", "delta": -200, "kind": "absorb", **where},
        {"account": "issue:C09", "delta": 30},
        {"account": "issue:C09:inc", "delta": 200},
        {"account": f"member:{BO}:pending", "delta": 5},
    )
    assert codes == ["not_active", "unknown_claim", None]


def test_a_deduction_waits_for_an_answer_and_comes_back_from_reversed(
    ledger: Ledger,
) -> None:
    first, review, last = decided(deduction("c-1"))
    taken(ledger, [first, review])
    early = ledger.receive(verified("c-1", recorded="2023-07-17T23:59"))
    late = ledger.receive(verified("c-1", recorded="2023-07-18T00:00"))
    back = ledger.receive(reversal("c-1"))

    account = f"member:{ANNA}:member"
    assert early.code == "statement_pending"
    assert late.postings == (
        {"account": account, "delta": -20, "kind": "deduct"},
        {"account": "issue:B06", "delta": 20},
    )
    assert back.postings == (
        {"account": "reversed", "delta": -20},
        {"account": account, "delta": 20, "kind": "reversal"},
    )
    assert ledger.receive(last).code == "wrong_state"


def test_a_returned_claim_lapses_at_the_end_of_its_last_day(ledger: Ledger) -> None:
    claim = earned("c-1", "D05")
    back = returned("c-1", until="2023-08-10")
    in_time = earned("c-1", "D05", recorded="2023-08-10T23:59")
    too_late = earned("c-1", "D05", recorded="2023-08-11T00:00")
    taken(ledger, [claim, back])
    lapsed = ledger.fork()

    assert ledger.receive(in_time).status == "posted"
    assert lapsed.receive(too_late).code == "duplicate_claim"


def test_a_copy_may_be_verified_once_its_original_is_reversed(ledger: Ledger) -> None:
    taken(ledger, decided(earned("c-1", deed="hole")))
    copy = earned("c-2", "D03", BO, deed="hole")
    reject = rejected("c-2", BO, deciders=(SPECIALIST,), duplicate_of="c-1")
    taken(ledger, [copy, reject])
    stands = ledger.receive(verified("c-2", BO, recorded="2023-08-09"))
    taken(ledger, [reversal("c-1")])
    verification = ledger.receive(verified("c-2", BO, recorded="2023-08-21"))

    assert stands.code == "original_stands"
    assert verification.postings[-2:] == (
        {"account": f"member:{BO}:member", "delta": 5, "kind": "award"},
        {"account": f"wallet:{BO}", "delta": 50, "kind": "award"},
    )


def test_a_late_claim_needs_a_quorum_or_the_upper_level(ledger: Ledger) -> None:
    day, recorded = "2023-03-01", "2023-06-01"
    codes = [
        ledger.receive(earned("c-1", "D05", on=day, recorded=recorded, admitted=admitted)).code
        for admitted in (
            None,
            {"deciders": list(QUORUM[:2]), "reason": "was_ill"},
            {"deciders": list(QUORUM), "reason": "was_ill"},
        )
    ]
    by_upper = {"deciders": [UPPER], "reason": "was_ill"}
    again = earned("c-2", "D05", on=day, recorded=recorded, admitted=by_upper)

    assert codes == ["too_late", "too_late", None]
    assert ledger.receive(again).notices == ("late", "near_duplicate")


def test_an_import_after_the_first_live_event_and_a_deed_of_tomorrow_are_refused(
    ledger: Ledger,
) -> None:
    codes = [
        ledger.receive(imported(earned("c-1"))).code,
        ledger.receive(earned("c-2", on="2023-07-14", recorded="2023-07-13")).code,
        ledger.receive(b"no event").code,
    ]

    assert codes == ["history_closed", "in_future", "malformed"]


def test_a_withdrawn_claim_leaves_nothing_pending(ledger: Ledger) -> None:
    taken(ledger, [earned("c-1"), withdrawal("c-1")])

    assert ledger.balances() == {"issue:D03": 0, f"member:{ANNA}:pending": 0}
    assert ledger.receive(withdrawal("c-1", by=RECORDER)).code == "already_reversed"


def test_a_wrong_measure_is_refused(ledger: Ledger) -> None:
    wrong = [
        earned("c-1", "D03", member=count(0)),
        earned("c-1", "C07", member=tier("gold")),
        fact("c-1", required=2, excused=1, done=2),
        fact("c-1", on="2023-08-31"),
        earned("c-1", "D03", member=ratio(1, 1)),
    ]

    assert {ledger.receive(payload).code for payload in wrong} == {"measure_invalid"}
