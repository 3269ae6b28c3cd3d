"""The fold agrees with the naive model on every record of random histories."""

from dataclasses import replace

from hypothesis import Phase, given, settings

from tests.support.budget import examples
from tests.support.histories import futures
from tests.support.ledgers import started
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import started as naive
from tests.support.shopping import shopping

# A history is long: shrinking one would take longer than the whole suite may.
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)


@given(futures())
@settings(max_examples=examples(100, nightly=1000), deadline=None, phases=UNSHRUNK)
def test_every_record_is_what_the_model_says(future: list[bytes]) -> None:
    _agree_on(future)


@given(shopping())
@settings(max_examples=examples(100, nightly=1000), deadline=None, phases=UNSHRUNK)
def test_every_record_about_wallets_is_what_the_model_says(future: list[bytes]) -> None:
    _agree_on(future)


def _agree_on(future: list[bytes]) -> None:
    fold, model = started("fold"), started("model")
    for payload in future:
        assert comparable(fold.receive(payload)) == comparable(model.receive(payload)), payload


def comparable(record: NaiveRecord) -> NaiveRecord:
    """A refusal may name an earlier record as a help; which one is no rule."""
    if record.status == "duplicate" or record.code == "conflicting_duplicate":
        return record
    return replace(record, refers_to=None)


@given(futures())
@settings(max_examples=examples(30, nightly=200), deadline=None, phases=UNSHRUNK)
def test_the_figures_kept_are_those_of_the_claims_that_stand(future: list[bytes]) -> None:
    fold, model = started("fold"), naive()
    for payload in future:
        fold.receive(payload)
        model.receive(payload)
    holders = {claim.holder for claim in model.claims.values()}
    asked = [
        (holder, capacity, quarter)
        for holder in sorted(holders)
        for capacity in ("committee", "member", "unit")
        for quarter in ("2023-Q2", "2023-Q3", "2023-Q4", "2024-Q1")
    ]

    assert [fold.scores(*one) for one in asked] == [model.scores(*one) for one in asked]
    assert fold.balances() == model.balances()
