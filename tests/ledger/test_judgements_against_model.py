"""The fold agrees with the naive model on what is judged about people, in any order."""

from functools import cache

from hypothesis import Phase, given, settings

from tests.support.histories_of_people import BEGINNING, judgements
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import ANNA, BO, COMMITTEE
from tests.support.plots import TWIN

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
HOLDERS = (ANNA, BO, TWIN, COMMITTEE)
QUARTERS = ("2023-Q2", "2023-Q3", "2023-Q4")


@cache
def begun(kind: str) -> Ledger:
    ledger = started(kind)
    taken(ledger, BEGINNING)
    return ledger


@given(judgements())
@settings(max_examples=200, deadline=None, phases=UNSHRUNK)
def test_every_judgement_is_what_the_model_says(turns: list[bytes]) -> None:
    fold, model = begun("fold").fork(), begun("model").fork()
    for payload in turns:
        said, expected = fold.receive(payload), model.receive(payload)
        assert (said.status, said.code) == (expected.status, expected.code), payload
        assert said.postings == expected.postings
    asked = [(holder, "member", quarter) for holder in HOLDERS for quarter in QUARTERS]

    assert [fold.scores(*one) for one in asked] == [model.scores(*one) for one in asked]
