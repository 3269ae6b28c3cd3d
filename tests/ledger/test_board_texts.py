"""Every word of the board is there in both languages, for every value it may have to name."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from jifen_contracts.codes import MEANINGS, Code
from jifen_contracts.events.awards import AwardGrantedData
from jifen_contracts.events.concerns import ConcernRaisedData, Urgency
from jifen_contracts.events.grades import GradeDecidedData
from jifen_contracts.events.objections import ObjectionDecidedData, ObjectionFiledData
from jifen_contracts.events.parts import EvidenceKind
from jifen_contracts.events.points import PointsReversedData, PointsReviewedData
from jifen_contracts.events.union import EVENT_CLASSES
from jifen_contracts.events.vetoes import VetoImposedData
from jifen_contracts.reasons import known_reasons
from jifen_contracts.scheme.items import Confirmer, Kind, Reviewer
from jifen_contracts.scheme.overlays import Post, UnitClass
from jifen_contracts.scheme.terms import Policy
from jifen_ledger.adapters.http.board_parameters import UnitKind
from jifen_ledger.adapters.http.parameters import Capacity
from jifen_ledger.application.queries.assessment_lights import Status as Assessed
from jifen_ledger.application.queries.balances import Account
from jifen_ledger.application.queries.bulletins import BRANCH, FULL, STAFF
from jifen_ledger.application.queries.rights import Column
from jifen_ledger.application.queries.rights_of_boards import Figures
from jifen_ledger.board.languages import all_texts, texts_in
from jifen_ledger.board.pages.tables import cell
from jifen_ledger.domain.cap_trace import TraceStep
from jifen_ledger.domain.claim import ClaimState, Measured
from jifen_ledger.domain.concerns import CLOSED, MERGED, OPEN, UNCONFIRMED
from jifen_ledger.domain.lights import Light
from jifen_ledger.domain.objections import ObjectionState
from jifen_ledger.domain.offers import CANCELLED, FULFILLED
from jifen_ledger.domain.offers import OPEN as RESERVED
from jifen_ledger.domain.outcome import Notice, Status
from jifen_ledger.domain.periods import PeriodState

BOARD = files("jifen_ledger.board")


def closed(data: type[BaseModel], field: str) -> list[str]:
    """Return the values that an event may have there."""
    return [one for one in _literals(data.model_fields[field].annotation) if isinstance(one, str)]


def _literals(annotation: Any) -> list[Any]:
    found = get_args(annotation)
    return [two for one in found for two in (_literals(one) or [one])]


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
    "reason": known_reasons(),
    "cause": closed(PointsReversedData, "cause"),
    "review": closed(PointsReviewedData, "decision"),
    "stage": closed(PointsReviewedData, "stage"),
    "claim_step": [*ClaimState],
    "event_type": [type_.split(".", 1)[1].removesuffix(".v1") for type_ in EVENT_CLASSES],
    "decision": closed(ObjectionDecidedData, "decision"),
    "objection_kind": closed(ObjectionFiledData, "kind"),
    "grade": closed(GradeDecidedData, "grade"),
    "award_kind": closed(AwardGrantedData, "kind"),
    "award_level": closed(AwardGrantedData, "level"),
    "veto_effect": closed(VetoImposedData, "effect"),
    "veto_state": ["in_force", "ended", "annulled", "to_come"],
    "concern_kind": closed(ConcernRaisedData, "kind"),
    "urgency": get_args(Urgency),
    "redemption_state": [RESERVED, FULFILLED, CANCELLED],
    "file_kind": [*get_args(EvidenceKind), "basis"],
    "figures": get_args(Figures),
    "sheet": [FULL, BRANCH, STAFF],
    "change": ["added", "removed", "changed"],
    "term": ["base", "bonus", "reserve", "score"],
    # What the panel of a quarter can be measured at (domain.md §6.5, H16).
    "health_level": ["0", "1", "2"],
    # Any word that is there: what else a private part says is shown by its own key.
    "private": [],
}


def templates() -> str:
    found = [one.read_text(encoding="utf-8") for one in BOARD.joinpath("templates").iterdir()]
    return "\n".join(found)


@pytest.mark.parametrize("group", sorted(NAMED))
def test_every_value_of_a_closed_list_has_its_word(group: str) -> None:
    missing = [one for one in NAMED[group] if f"{group}.{one}" not in all_texts()]

    assert missing == []


def test_every_list_that_a_template_takes_a_word_of_is_one_of_these() -> None:
    asked = set(re.findall(r"\bword\([\"']([a-z_]+)[\"']", templates()))

    assert len(asked) > 30
    assert asked - NAMED.keys() == set()


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
