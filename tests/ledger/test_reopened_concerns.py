"""How a reopening takes back the points that rest on a concern (§6.2, §8.2)."""

from typing import Any

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import (
    decided,
    earned,
    preliminary,
    published,
    shares,
    verified,
    world,
)
from tests.support.concern_claims import HUT, accepted, code, help_project, receive
from tests.support.concerns import (
    confirmed,
    handed,
    handled,
    paid_for,
    raised,
    reopened,
    reopened_after_publication,
    resolved,
)
from tests.support.folded import FoldedLedger
from tests.support.ledgers import Ledger
from tests.support.people import (
    ANNA,
    BO,
    CHEN,
    COMMITTEE,
    DORA,
    PANEL_X,
    RECORDER,
    SCHEME,
    UPPER,
)
from tests.support.stored import Fields


def test_f63_a_reopened_project_takes_back_the_points_of_everybody_in_one_record(
    ledger: Ledger,
) -> None:
    claims = [("c-1", ANNA), ("c-2", BO), ("c-3", CHEN)]
    receive(ledger, HUT, *handled(kind="project"), *accepted(*claims))
    receive(ledger, paid_for("c-4"), verified("c-4", COMMITTEE))
    before = dict(ledger.balances())
    record = ledger.receive(reopened(by=UPPER, on="2023-08-20"))

    assert before["member:m-anna:member"] == 40
    detail = {"item": "D01", "kind": "reversal", "quarter": "2023-Q3"}
    own = {"item": "D02", "kind": "reversal", "quarter": "2023-Q3"}
    assert sorted(record.postings, key=lambda one: str(one["account"])) == [
        {"account": f"member:{ANNA}:member", "delta": -40, **detail},
        {"account": f"member:{BO}:member", "delta": -40, **detail},
        {"account": f"member:{CHEN}:member", "delta": -40, **detail},
        {"account": f"member:{COMMITTEE}:committee", "delta": -10, **own},
        {"account": f"member:{COMMITTEE}:member", "delta": -10, **own},
        {"account": "reversed", "delta": 140},
    ]
    assert {ledger.claim(f"c-{number}").state for number in range(1, 5)} == {"reversed"}
    assert ledger.scores(ANNA, "member", "2023-Q3")[2] == 0
    again = shares("pj-hut", {ANNA: 1, BO: 1}, item="D01", pool="large", by=RECORDER)
    receive(ledger, again)


def test_a_reopened_concern_gives_its_room_under_the_cap_to_others(ledger: Ledger) -> None:
    """Three concerns, 2.0 a month: the third fills what the first leaves."""
    for number in range(1, 4):
        name = f"cn-{number}"
        receive(ledger, *handled(name), paid_for(f"c-{number}", name))
        receive(ledger, verified(f"c-{number}", COMMITTEE))
    record = ledger.receive(reopened(on="2023-08-20"))

    assert (record.status, record.notices) == ("recorded", ("released",))
    assert ledger.balances()[f"member:{COMMITTEE}:member"] == 20
    assert ledger.claim("c-1").state == "reversed"


def test_e67_many_tiny_concerns_of_one_pair_end_at_the_cap(ledger: Ledger) -> None:
    for number in range(8):
        name = f"cn-{number}"
        receive(ledger, *handled(name), paid_for(f"c-{number}", name))
        receive(ledger, verified(f"c-{number}", COMMITTEE))

    assert ledger.balances()[f"member:{COMMITTEE}:member"] == 20


def test_a_part_that_is_reopened_takes_the_points_of_the_whole_with_it(ledger: Ledger) -> None:
    part = [raised("cn-part", parent="cn-1", by=BO), handed("cn-part"), resolved("cn-part")]
    receive(ledger, raised(), *part, handed(), resolved(), confirmed())
    receive(ledger, paid_for(), verified("c-1", COMMITTEE))
    record = ledger.receive(reopened("cn-part", by=BO, on="2023-08-20"))

    assert (record.status, ledger.claim("c-1").state) == ("posted", "reversed")


def test_a_reopening_of_a_published_quarter_is_booked_later_and_listed_once_for_each_item(
    ledger: Ledger,
) -> None:
    *past, last = reopened_after_publication()
    receive(ledger, *past)
    record = ledger.receive(last)
    own = [one for one in record.postings if one["account"].startswith(f"member:{COMMITTEE}")]

    assert {one["booked"] for one in own} == {"2023-Q4"}
    assert ledger.scores(COMMITTEE, "member", "2023-Q3")[2] == 0
    assert ledger.scores(COMMITTEE, "committee", "2023-Q3")[2] == 0
    if isinstance(ledger, FoldedLedger):
        rows = ledger.state.adjustments.rows().values()
        found = [(one.capacity, one.item, one.points) for one in rows if one is not None]
        assert sorted(found) == [("committee", "D01", -20), ("member", "D02", -10)]


def test_what_rests_twice_on_a_concern_is_taken_back_without_being_given_in_between(
    ledger: Ledger,
) -> None:
    """The project counts before the concern handled at once, so that falls first."""
    hut = shares("pj-hut", {BO: 1, CHEN: 1}, item="D01", pool="large", by=RECORDER)
    life = [raised(kind="project"), handed(handler=BO), resolved(by=BO), confirmed()]
    receive(ledger, hut, *life, *accepted(("c-1", BO)))
    receive(ledger, paid_for("c-2", holder=BO, committee=None))
    stacked = ledger.receive(verified("c-2", BO))
    record = ledger.receive(reopened(on="2023-08-20"))

    assert "stacked" in stacked.notices
    assert [one["kind"] for one in record.postings if "kind" in one] == ["reversal"]


def test_a_claim_that_a_reviewer_made_something_else_stays_when_the_concern_is_reopened(
    ledger: Ledger,
) -> None:
    change: Fields = {"item": "D05", "reason": "a_visit", "deciders": (UPPER,)}
    receive(ledger, *handled(), paid_for(recorded="2023-07-20"))
    moved = code(ledger, verified("c-1", COMMITTEE, **change))
    record = ledger.receive(reopened(on="2023-08-20"))

    assert moved is None
    assert (record.status, ledger.claim("c-1").state) == ("recorded", "verified")


def test_upper_who_reopens_has_decided_about_the_claims_and_a_raiser_has_not() -> None:
    found = {}
    for by in (UPPER, ANNA):
        ledger = FoldedLedger(SCHEME)
        receive(ledger, *world())
        receive(ledger, *handled(), paid_for(), verified("c-1", COMMITTEE))
        receive(ledger, reopened(by=by, on="2023-08-20"))
        found[by] = ledger.claim("c-1").ended_by

    assert found == {UPPER: (UPPER,), ANNA: ()}


def rewarding_concerns() -> dict[str, Any]:
    """The default scheme with incentive points for concerns and help projects too."""
    document = document_object(default_document())
    values = {"D01": "4", "D02": "3"}
    for item in document["items"]:
        if item["code"] in values:
            item["incentive"] = {"value": values[item["code"]]}
    return document


def test_one_lot_holds_what_several_claims_of_a_record_leave_to_another(ledger: Ledger) -> None:
    """A snap report of 5.0 counts what the project's 4.0 and the concern's 3.0 leave it."""
    scheme = published(2, "2023-07-01", document=rewarding_concerns(), retroactive="rewards")
    hut = shares("pj-hut", {BO: 1, CHEN: 1}, item="D01", pool="large", by=RECORDER)
    life = [raised(kind="project"), handed(handler=BO), resolved(by=BO), confirmed()]
    receive(ledger, scheme, hut, *life)
    receive(ledger, paid_for("c-1", holder=BO, committee=None), verified("c-1", BO))
    receive(
        ledger,
        help_project("c-2", BO, on="2023-07-15"),
        preliminary("c-2", BO, deciders=(DORA,)),
        verified("c-2", BO, deciders=PANEL_X[2:]),
    )
    receive(ledger, *decided(earned("c-3", "D03", BO, deed="cn-1", on="2023-07-16")))
    before = ledger.wallet(BO, "2023-08-19")
    receive(ledger, reopened(on="2023-08-20"))
    after = ledger.wallet(BO, "2023-08-20")

    assert sum(lot.left for lot in before.lots) == sum(lot.left for lot in after.lots) == 50
    assert {lot.claim for lot in after.lots} == {"c-3"}
    assert ledger.balances()[f"wallet:{BO}"] == 50
