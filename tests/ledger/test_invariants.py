"""Invariants of domain.md §8.1 that random histories, days and splits can break by themselves.

Those of quarters, reviews and wallets are asked after every step of the quarter machine.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_contracts.canonical import decode
from jifen_ledger.domain.outcome import Record
from tests.support.budget import examples
from tests.support.builders import assigned, earned, published, shares
from tests.support.folded import FoldedLedger
from tests.support.histories import futures
from tests.support.judgements import veto_lifted, vetoed
from tests.support.ledgers import started
from tests.support.naive.beginnings import started as naive
from tests.support.naive.beginnings import taken
from tests.support.naive.valuation import parts_of
from tests.support.people import ANNA, BRANCH_X, BRANCH_Y, HOMES

# Who may be told to share, and what may be shared, in tenths.
PEOPLE = [*HOMES[BRANCH_X], *HOMES[BRANCH_Y]]
POOLS = {"accepted": 100, "benefit": 200, "plant-wide": 300}
MOVED, NEXT_VERSION = date(2023, 8, 15), date(2023, 10, 1)
RAISING = ("points.reviewed", "points.reversed", "concern.reopened", "member.enrolled")


def fold() -> FoldedLedger:
    ledger = started("fold")
    assert isinstance(ledger, FoldedLedger)
    return ledger


def accepted(future: list[bytes]) -> Iterator[tuple[Any, Record]]:
    """What each event says, with its record."""
    ledger = fold()
    for payload in future:
        record = ledger.fold(payload)
        if record.envelope is not None and record.outcome.code is None and record.first:
            yield decode(payload), record


@given(futures())
@settings(max_examples=examples(15, nightly=150), deadline=None)
def test_invariant_1_no_claim_is_reversed_twice(future: list[bytes]) -> None:
    reversed_ = Counter(
        said["data"]["claim"]
        for said, record in accepted(future)
        if said["type"] == "jifen.points.reversed.v1"
    )

    assert all(times == 1 for times in reversed_.values()), reversed_


@given(futures())
@settings(max_examples=examples(15, nightly=150), deadline=None)
def test_invariant_2_invariant_5_every_posting_says_why_and_only_decisions_raise_a_balance(
    future: list[bytes],
) -> None:
    for said, record in accepted(future):
        for one in record.postings:
            if not one.account.startswith("member:") or one.account.endswith(":pending"):
                continue
            assert all((one.item, one.quarter, one.kind)), one
            if one.delta > 0:
                assert said["type"][6:-3] in RAISING, said
                assert said["data"].get("stage", "verified") == "verified", said
            if one.kind == "award":
                assert said["data"].get("stage") == "verified", said


@given(
    day=st.dates(date(2023, 6, 1), date(2023, 11, 30)),
    delay=st.integers(0, 90),
)
@settings(max_examples=examples(20, nightly=200), deadline=None)
def test_invariant_10_the_deed_date_alone_picks_branch_and_version(day: date, delay: int) -> None:
    moved = MOVED.isoformat()
    past = [
        published(2, NEXT_VERSION.isoformat(), recorded="2023-05-01"),
        assigned(ANNA, "member", BRANCH_X, to=moved, recorded="2023-05-01"),
        assigned(ANNA, "member", BRANCH_Y, since=moved, recorded="2023-05-01"),
    ]
    told = (day + timedelta(days=delay)).isoformat()
    claim = earned("c-1", on=day.isoformat(), recorded=f"{told}T23:00")
    ledger, model = fold(), naive()
    taken(ledger, [*past, claim])
    taken(model, [*past, claim])
    found = ledger.claim("c-1")

    branch = BRANCH_X if day < MOVED else BRANCH_Y
    assert (found.branch, model.claim("c-1").branch) == (branch, branch)
    assert found.version == (1 if day < NEXT_VERSION else 2)


@given(
    st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, 10_000), min_size=1),
    st.sampled_from(sorted(POOLS)),
)
@settings(max_examples=examples(30, nightly=300), deadline=None)
def test_invariant_14_shares_add_up_to_the_pool_exactly(weights: dict[str, int], pool: str) -> None:
    ledger, model = fold(), naive()
    payload = shares("pj-1", weights, pool=pool)
    code = ledger.receive(payload).code
    assert model.receive(payload).code == code
    split, declared = ledger.state.splits.get("pj-1"), model.registers.project("pj-1")

    if code is not None:
        assert (code, split) == ("share_too_large", None)
    else:
        assert split is not None
        assert declared is not None
        assert sum(split.parts.values()) == POOLS[pool]
        assert split.parts == parts_of(model.registers, declared)


@given(futures())
@settings(max_examples=examples(15, nightly=150), deadline=None)
def test_invariant_17_a_score_is_in_its_range_and_an_annulled_veto_restores_it(
    future: list[bytes],
) -> None:
    ledger = fold()
    for payload in future:
        ledger.fold(payload)
    before = {key: one.score for key, one in ledger.state.figures.rows().items()}
    held = ledger.balances()
    imposed = ledger.receive(vetoed(ANNA, "2023-01-01", veto="ve-last", recorded="2024-06-01"))
    zeroed = {ledger.state.figures.get(key).score for key in before if key[0] == ANNA}
    ledger.receive(veto_lifted(ANNA, veto="ve-last", recorded="2024-06-02"))
    after = {key: one.score for key, one in ledger.state.figures.rows().items()}

    assert imposed.code is None
    assert zeroed <= {0, None}
    assert all(score is None or 0 <= score <= 1000 for score in before.values())
    assert (after, ledger.balances()) == (before, held)
