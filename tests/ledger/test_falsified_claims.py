"""E30: a falsified claim, the others on its evidence, and the finding that costs points once."""

from typing import Any

from tests.support.builders import (
    decided,
    deduction,
    earned,
    preliminary,
    reversal,
    sha,
    tier,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.naive.beginnings import taken
from tests.support.people import ANNA, BO, PANEL_X, QUORUM, SPECIALIST, UPPER, UPPER_TWO
from tests.support.quarters import statement

PHOTO = [{"kind": "photo", "sha256": sha("staged")}]
MEMBER, WALLET = f"member:{ANNA}:member", f"wallet:{ANNA}"
FINDING: dict[str, Any] = {"deed": "finding-1", "member": tier("falsified"), "on": "2023-08-20"}


def staged(ledger: Ledger) -> None:
    """Three claims on one photo, two of Anna and one of Bo; the first is found to be falsified."""
    for claim, holder, on in (("c-1", ANNA, "12"), ("c-2", ANNA, "13"), ("c-3", BO, "14")):
        report = earned(claim, holder=holder, on=f"2023-07-{on}", evidence=PHOTO)
        taken(ledger, decided(report))
    taken(ledger, [falsified("c-1")])


def falsified(claim: str, holder: str = ANNA, deciders: tuple[str, ...] = QUORUM) -> bytes:
    return reversal(claim, holder, cause="falsified", reason="staged_photo", deciders=deciders)


def noticed(ledger: Ledger, claim: str, holder: str = ANNA) -> bytes:
    """The notice of the finding, and its preliminary review by the panel."""
    notice = deduction(claim, "D07", holder, **FINDING)
    taken(ledger, [notice, preliminary(claim, holder, deciders=QUORUM, recorded="2023-08-21")])
    return notice


def test_e30_other_claims_on_the_evidence_stand_until_people_reverse_each_of_them(
    ledger: Ledger,
) -> None:
    staged(ledger)
    alone = {claim: str(ledger.claim(claim).state) for claim in ("c-1", "c-2", "c-3")}
    left = ledger.balances()[MEMBER], ledger.balances()[WALLET]
    codes = [
        ledger.receive(payload).code
        for payload in (
            falsified("c-2", deciders=(ANNA, *PANEL_X[:2])),
            falsified("c-2", deciders=(SPECIALIST,)),
            falsified("c-2"),
            falsified("c-3", BO),
            falsified("c-3", BO, deciders=(UPPER,)),
        )
    ]

    assert alone == {"c-1": "reversed", "c-2": "verified", "c-3": "verified"}
    assert left == (5, 50)
    assert codes == ["self_review", "not_permitted", None, None, "already_reversed"]
    assert (ledger.balances()[MEMBER], ledger.balances()[WALLET]) == (0, 0)


def test_e30_the_finding_is_verified_after_the_holder_s_statement_and_not_before(
    ledger: Ledger,
) -> None:
    staged(ledger)
    noticed(ledger, "c-finding")
    decision: dict[str, Any] = {"deciders": (UPPER_TWO,), "recorded": "2023-08-22"}
    early = ledger.receive(verified("c-finding", **decision)).code
    of_another = statement("c-finding", by=BO, id="e-other", recorded="2023-08-22")
    others = ledger.receive(of_another).code
    taken(ledger, [statement("c-finding", recorded="2023-08-22")])
    record = ledger.receive(verified("c-finding", **decision, id="e-after"))

    assert (early, others) == ("statement_pending", "not_permitted")
    assert (record.status, ledger.balances()[MEMBER]) == ("posted", 5 - 50)


def test_e30_without_a_statement_the_finding_waits_three_working_days(ledger: Ledger) -> None:
    staged(ledger)
    # Sunday's notice: Monday to Wednesday are the holder's.
    noticed(ledger, "c-finding")
    codes = [
        ledger.receive(
            verified("c-finding", deciders=(UPPER_TWO,), recorded=day, id=f"e-{number}")
        ).code
        for number, day in enumerate(("2023-08-23T23:59", "2023-08-24T00:00"))
    ]

    assert codes == ["statement_pending", None]


def test_e30_one_finding_costs_its_holder_once_and_each_of_its_holders(ledger: Ledger) -> None:
    staged(ledger)
    notice = noticed(ledger, "c-finding")
    taken(ledger, [verified("c-finding", deciders=(UPPER_TWO,), recorded="2023-08-25")])
    again = [
        ledger.receive(payload)
        for payload in (
            notice,
            deduction("c-again", "D07", **FINDING, id="e-again"),
            # Several photos of one staging are one finding still.
            deduction("c-more", "D07", **FINDING, id="e-more", evidence=PHOTO),
        )
    ]
    noticed(ledger, "c-of-bo", BO)
    taken(ledger, [verified("c-of-bo", BO, deciders=(UPPER_TWO,), recorded="2023-08-25")])

    assert [one.status for one in again] == ["duplicate", "refused", "refused"]
    assert [one.code for one in again[1:]] == ["duplicate_deed", "duplicate_deed"]
    # Bo's share of the finding leaves the report that nobody reversed.
    assert [ledger.balances()[f"member:{one}:member"] for one in (ANNA, BO)] == [5 - 50, 5 - 50]
