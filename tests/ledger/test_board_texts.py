"""Every word of the board is there in both languages, for every value it may have to name."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import get_args

import pytest

from jifen_contracts.codes import MEANINGS, Code
from jifen_contracts.scheme.items import Confirmer, Kind, Reviewer
from jifen_contracts.scheme.overlays import Post, UnitClass
from jifen_contracts.scheme.terms import Policy
from jifen_ledger.adapters.http.board_parameters import UnitKind
from jifen_ledger.adapters.http.parameters import Capacity
from jifen_ledger.application.queries.assessment_lights import Status as Assessed
from jifen_ledger.application.queries.balances import Account
from jifen_ledger.application.queries.rights import Column
from jifen_ledger.board.languages import all_texts, texts_in
from jifen_ledger.board.pages.tables import cell
from jifen_ledger.domain.cap_trace import TraceStep
from jifen_ledger.domain.claim import ClaimState, Measured
from jifen_ledger.domain.concerns import CLOSED, MERGED, OPEN, UNCONFIRMED
from jifen_ledger.domain.lights import Light
from jifen_ledger.domain.objections import ObjectionState
from jifen_ledger.domain.outcome import Notice, Status
from jifen_ledger.domain.periods import PeriodState

BOARD = files("jifen_ledger.board")
NAMED: Mapping[str, Iterable[str]] = {
    "code": list(Code),
    "column": list(Column),
    "light": list(Light),
    "capacity": [*get_args(Capacity), *get_args(Account)],
    "capacity_short": get_args(Capacity),
    "claim_state": [*ClaimState, "lapsed"],
    "quarter_state": list(PeriodState),
    "kind": get_args(Kind),
    "unit_kind": get_args(UnitKind),
    "unit_class": get_args(UnitClass),
    "post": get_args(Post),
    "policy": get_args(Policy),
    "role": [*get_args(Reviewer), *get_args(Confirmer), "chair", "secretary"],
    "step": list(TraceStep),
    "notice": list(Notice),
    "outcome": list(Status),
    "measure": Measured._fields,
    "assessment": list(Assessed),
    "objection_state": list(ObjectionState),
    "concern_state": [*OPEN, *CLOSED, MERGED, UNCONFIRMED],
}


def templates() -> str:
    found = [one.read_text(encoding="utf-8") for one in BOARD.joinpath("templates").iterdir()]
    return "\n".join(found)


@pytest.mark.parametrize("group", sorted(NAMED))
def test_every_value_of_a_closed_list_has_its_word(group: str) -> None:
    missing = [one for one in NAMED[group] if f"{group}.{one}" not in all_texts()]

    assert missing == []


def test_every_text_that_a_template_asks_for_is_there() -> None:
    asked = set(re.findall(r"\bt\(\"([a-z_.0-9]+)\"\s*[,)]", templates()))

    assert len(asked) > 150
    assert asked - all_texts().keys() == set()


def test_every_text_says_something_in_both_languages_with_the_same_values() -> None:
    uneven = {
        key: pair
        for key, pair in all_texts().items()
        if not (pair["zh"] and pair["en"])
        or set(re.findall(r"{\w+}", pair["zh"])) != set(re.findall(r"{\w+}", pair["en"]))
    }

    assert uneven == {}


def test_the_meaning_of_a_code_is_that_of_the_list_of_codes() -> None:
    texts = texts_in("en")

    assert {code: texts.word("code", code.value) for code in Code} == dict(MEANINGS)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-2.5", "-2.5"),
        ("-2.5+1", "'-2.5+1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("90", "90"),
        ("安娜", "安娜"),
    ],
)
def test_a_cell_is_a_number_or_a_text_and_never_a_formula(text: str, shown: str) -> None:
    assert cell(text) == shown
