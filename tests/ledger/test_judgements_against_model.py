"""The fold agrees with the naive model on what is judged about people, in any order."""

from functools import cache

from hypothesis import Phase, given, settings

from tests.support import histories_of_grades, histories_of_people
from tests.support.budget import examples
from tests.support.histories_of_grades import turns_of_grades
from tests.support.histories_of_people import judgements
from tests.support.ledgers import Ledger, started
from tests.support.naive.beginnings import taken
from tests.support.people import ANNA, BO, COMMITTEE
from tests.support.plots import TWIN

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
HOLDERS = (ANNA, BO, TWIN, COMMITTEE)
QUARTERS = ("2023-Q2", "2023-Q3", "2023-Q4")


@cache
def begun(kind: str, beginning: tuple[bytes, ...]) -> Ledger:
    ledger = started(kind)
    taken(ledger, beginning)
    return ledger


def after(beginning: tuple[bytes, ...], turns: list[bytes]) -> tuple[Ledger, Ledger]:
    """Both ledgers, which have said the same of every turn."""
    fold, model = begun("fold", beginning).fork(), begun("model", beginning).fork()
    for payload in turns:
        said, expected = fold.receive(payload), model.receive(payload)
        assert (said.status, said.code) == (expected.status, expected.code), payload
        assert said.postings == expected.postings
    return fold, model


@given(judgements())
@settings(max_examples=examples(80, nightly=600), deadline=None, phases=UNSHRUNK)
def test_every_judgement_is_what_the_model_says(turns: list[bytes]) -> None:
    fold, model = after(histories_of_people.BEGINNING, turns)
    asked = [(holder, "member", quarter) for holder in HOLDERS for quarter in QUARTERS]

    assert [fold.scores(*one) for one in asked] == [model.scores(*one) for one in asked]


@given(turns_of_grades())
@settings(max_examples=examples(80, nightly=400), deadline=None, phases=UNSHRUNK)
def test_every_grade_is_what_the_model_says(turns: list[bytes]) -> None:
    after(histories_of_grades.BEGINNING, turns)
