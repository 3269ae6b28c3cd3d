"""Invariants 11 to 13 of domain.md §8.1, for every history of earning and redeeming."""

from collections import Counter
from collections.abc import Iterator

from hypothesis import given, settings

from jifen_contracts.canonical import decode
from jifen_contracts.points import parse_points
from jifen_ledger.domain.offers import OPEN as RESERVED
from jifen_ledger.domain.postings import unit_of_points
from tests.support.folded import FoldedLedger
from tests.support.ledgers import started
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import started as naive
from tests.support.shopping import shopping
from tests.support.stored import moment


def folded(future: list[bytes]) -> Iterator[tuple[FoldedLedger, bytes, NaiveRecord]]:
    """The ledger after each event."""
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    for payload in future:
        yield ledger, payload, ledger.receive(payload)


def holders(ledger: FoldedLedger) -> set[str]:
    lots = ledger.state.lots.rows().values()
    owing = ledger.state.wallets.rows().values()
    return {one.holder for one in (*lots, *owing) if one is not None}


@given(shopping())
@settings(max_examples=40, deadline=None)
def test_a_wallet_holds_what_is_left_of_its_lots_less_its_debt(future: list[bytes]) -> None:
    for ledger, payload, _ in folded(future):
        day = moment(str(decode(payload)["recordedtime"]))[:10]
        balances = ledger.balances()
        for holder in holders(ledger):
            purse = ledger.wallet(holder, day)
            assert balances.get(f"wallet:{holder}", 0) == purse.balance
            # Nothing is free beside a debt.
            assert not (purse.debt and purse.free)


@given(shopping())
@settings(max_examples=40, deadline=None)
def test_invariant_11_lots_give_no_more_than_they_have_and_hold_what_is_reserved(
    future: list[bytes],
) -> None:
    for ledger, _, _ in folded(future):
        held: Counter[tuple[str, int]] = Counter()
        for redemption in ledger.state.redemptions.rows().values():
            if redemption is not None and redemption.state == RESERVED:
                for hold in redemption.holds:
                    held[hold.claim, hold.seq] += hold.tenths
        for lot in ledger.state.lots.rows().values():
            assert lot is not None
            # What is held neither expires nor is lost.
            assert held[lot.key] == lot.held
            assert 0 <= lot.held <= lot.left <= lot.amount


@given(shopping())
@settings(max_examples=40, deadline=None)
def test_invariant_12_only_a_reversal_or_a_worse_set_of_claims_makes_a_debt(
    future: list[bytes],
) -> None:
    debts: Counter[str] = Counter()
    for ledger, payload, record in folded(future):
        now = Counter(
            {holder: ledger.wallet(holder, "2023-01-01").debt for holder in holders(ledger)}
        )
        redeems = str(decode(payload)["type"]).startswith("jifen.redemption.")
        if redeems:
            assert now <= debts
        if redeems and record.code is None and "reserved" in str(decode(payload)["type"]):
            assert not now[str(decode(payload)["subject"])]
        debts = now


@given(shopping())
@settings(max_examples=40, deadline=None)
def test_invariant_13_no_record_mixes_the_two_kinds_of_points(future: list[bytes]) -> None:
    for _, _, record in folded(future):
        sums: Counter[str] = Counter()
        for posting in record.postings:
            sums[unit_of_points(posting["account"])] += posting["delta"]
        assert not any(sums.values())


@given(shopping())
@settings(max_examples=40, deadline=None)
def test_no_year_issues_more_than_its_budget(future: list[bytes]) -> None:
    for ledger, _, _ in folded(future):
        budget = ledger.state.versions[-1].document.incentive.year_budget
        if budget is not None:
            for year in ledger.state.incentive_years.rows().values():
                assert year is not None
                assert year.issued <= parse_points(budget)


@given(shopping())
@settings(max_examples=40, deadline=None)
def test_every_lot_and_debt_is_what_the_model_computes_anew(future: list[bytes]) -> None:
    model = naive()
    for ledger, payload, _ in folded(future):
        model.receive(payload)
        day = str(decode(payload)["recordedtime"])[:10]
        for holder in holders(ledger):
            assert ledger.wallet(holder, day) == model.wallet(holder, day)
