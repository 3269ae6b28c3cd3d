"""E33: until somebody on the way arrives, the sending branch is responsible for everything."""

from typing import Any

from jifen_contracts.canonical import decode
from tests.support.builders import assigned, earned, preliminary, verified
from tests.support.folded import FoldedLedger
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import (
    ANNA,
    BRANCH_X,
    BRANCH_Y,
    PANEL_Y,
    RECORDER,
    SECRETARY_Y,
    UPPER,
)
from tests.support.quarters import Q3, advanced, published_quarter, waiver
from tests.support.stored import told

SENT, ARRIVAL = "2023-08-01", "2023-09-01"


def on_the_way(arrival: str = ARRIVAL, recorded: str = SENT) -> list[bytes]:
    """Branch X has sent Anna off to branch Y, where she arrives a month later."""
    come = assigned(
        ANNA, "member", BRANCH_Y, since=arrival, recorded=recorded, assignment="as-anna-in-y"
    )
    return [
        assigned(ANNA, "member", BRANCH_X, to=arrival, recorded=recorded),
        told(come, sent=SENT),
    ]


def codes_of(ledger: Ledger, *payloads: bytes) -> list[str | None]:
    return [ledger.receive(payload).code for payload in payloads]


def holders_of(ledger: FoldedLedger, branch: str) -> Any:
    """The lines of the branch's full sheet."""
    frozen = ledger.state.bulletins.get((branch, Q3, 1))
    assert frozen is not None
    sheet: Any = decode(frozen.full_sheet)
    return sheet["holders"]


def visit(ledger: Ledger, claim: str, on: str) -> str:
    """A care visit on a day; its claim's branch."""
    taken(ledger, [earned(claim, "D05", on=on, recorded="2023-09-02")])
    branch: str = ledger.claim(claim).branch
    return branch


def test_e33_deeds_on_the_way_belong_to_the_sending_branch_and_from_the_arrival_to_the_other(
    ledger: Ledger,
) -> None:
    taken(ledger, on_the_way())
    days = ("2023-07-31", SENT, "2023-08-31", ARRIVAL)
    branches = [visit(ledger, f"c-{number}", day) for number, day in enumerate(days)]
    codes = codes_of(
        ledger,
        preliminary("c-2", deciders=(SECRETARY_Y,), recorded="2023-09-03"),
        preliminary("c-2", recorded="2023-09-03"),
        verified("c-2", deciders=PANEL_Y[:2], recorded="2023-09-04"),
        verified("c-2", recorded="2023-09-04"),
        preliminary("c-3", deciders=(RECORDER,), recorded="2023-09-03"),
        preliminary("c-3", deciders=(SECRETARY_Y,), recorded="2023-09-03"),
        verified("c-3", recorded="2023-09-04"),
        verified("c-3", deciders=PANEL_Y[:2], recorded="2023-09-04"),
    )

    assert branches == [BRANCH_X, BRANCH_X, BRANCH_X, BRANCH_Y]
    assert codes == ["not_permitted", None] * 4


def test_e33_the_sending_branch_owes_the_facts_of_somebody_on_the_way_in_its_quarter(
    ledger: Ledger,
) -> None:
    """Anna is on the way until the quarter is over."""
    taken(ledger, on_the_way("2023-10-01"))
    step: dict[str, Any] = {"recorded": "2023-10-10"}
    without: dict[str, Any] = waiver()
    without["facts"] = [one for one in without["facts"] if one["holder"] != ANNA]
    taken(ledger, [advanced("preliminary", **step)])
    taken(ledger, [advanced("preliminary", branch=BRANCH_Y, **step)])
    codes = codes_of(
        ledger,
        advanced("verified", **step, waive=without),
        advanced("verified", **step, waive=waiver()),
        advanced("verified", branch=BRANCH_Y, by=UPPER, **step, waive=waiver(branch=BRANCH_Y)),
    )

    assert codes == ["facts_missing", None, None]


def test_e33_both_bulletins_list_who_arrived_within_the_quarter_as_partial() -> None:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    taken(ledger, on_the_way())
    for branch in (BRANCH_X, BRANCH_Y):
        also = [] if branch == BRANCH_X else [ANNA]
        taken(ledger, published_quarter(branch=branch, also=also))
    listed = {
        branch: [
            (one["capacity"], one.get("partial", False))
            for one in holders_of(ledger, branch)
            if one["holder"] == ANNA
        ]
        for branch in (BRANCH_X, BRANCH_Y)
    }

    assert listed == {BRANCH_X: [("member", True)], BRANCH_Y: [("member", True)]}


def test_e33_a_transfer_that_is_put_off_before_the_arrival_leaves_all_as_it_was(
    ledger: Ledger,
) -> None:
    taken(ledger, on_the_way())
    taken(
        ledger,
        [
            told(
                assigned(
                    ANNA,
                    "member",
                    BRANCH_Y,
                    since="2023-12-01",
                    recorded="2023-08-20",
                    assignment="as-anna-in-y",
                ),
                sent=SENT,
            ),
            assigned(ANNA, "member", BRANCH_X, to="2023-12-01", recorded="2023-08-20"),
        ],
    )

    assert visit(ledger, "c-1", "2023-09-01") == BRANCH_X
