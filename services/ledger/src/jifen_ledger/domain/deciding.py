"""Who may take a decision on a claim (domain.md §3.2), checked in the order of the codes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.roles import (
    is_recorder,
    is_specialist,
    is_upper,
    panel_in_force,
    speaks_for,
)
from jifen_ledger.domain.state import State


class Decision(NamedTuple):
    """Who decides, when, and in which role; `earlier` decided the stage before."""

    by: str
    deciders: tuple[str, ...]
    day: date
    role: str
    earlier: tuple[str, ...] = ()


def deciders_of(by: str, deciders: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return everyone who took part, once each; `by` alone where nobody else is named."""
    return tuple(dict.fromkeys(deciders)) if deciders else (by,)


def check_decision(state: State, claim: Claim, decision: Decision) -> None:
    """Raise `self_review`, `recused`, `same_reviewer`, `not_permitted` or `quorum_not_met`."""
    if claim.holder in decision.deciders or decision.by == claim.holder:
        raise Refused(Code.SELF_REVIEW, refers_to=claim.seq)
    if any(_recused(state, claim, decision, person) for person in decision.deciders):
        raise Refused(Code.RECUSED, refers_to=claim.seq)
    if set(decision.deciders) & set(decision.earlier):
        raise Refused(Code.SAME_REVIEWER, refers_to=claim.seq)
    if decision.by not in decision.deciders:
        raise Refused(Code.NOT_PERMITTED)
    upper = {
        person
        for person in decision.deciders
        if is_upper(state, person, claim.branch, decision.day)
    }
    if len(upper) < len(decision.deciders):
        _check_role(state, claim, decision, upper)


def _recused(state: State, claim: Claim, decision: Decision, person: str) -> bool:
    if person in claim.counterpart and decision.role != "counterpart":
        return True
    if claim.project is not None:
        split = state.splits.get(claim.project)
        if split is not None and person in split.participants:
            return True
    panel = panel_in_force(state, claim.branch, decision.day)
    return panel is not None and (person, claim.holder) in panel.recusals


def _check_role(state: State, claim: Claim, decision: Decision, upper: set[str]) -> None:
    """Check those among the deciders who are not officers of a unit above."""
    others = [person for person in decision.deciders if person not in upper]
    match decision.role:
        case "recorder":
            allowed = all(
                is_recorder(
                    state, person, claim.branch, claim.holder, decision.day, claim.deed_date
                )
                for person in others
            )
        case "specialist":
            allowed = all(
                is_specialist(state, person, claim.branch, decision.day) for person in others
            )
        case "counterpart":
            _check_counterparts(state, claim, decision, others)
            return
        case "panel":
            _check_panel(state, claim, decision, others)
            return
        case _:
            allowed = False
    if not allowed:
        raise Refused(Code.NOT_PERMITTED)


def _check_counterparts(state: State, claim: Claim, decision: Decision, others: list[str]) -> None:
    """Everyone named must answer; for a unit, somebody who speaks for it."""
    answers = {
        person: {
            one
            for one in claim.counterpart
            if (state.units.get(one) is None and one == person)
            or speaks_for(state, person, one, decision.day)
        }
        for person in decision.deciders
    }
    if not all(answers[person] for person in others):
        raise Refused(Code.NOT_PERMITTED)
    if set().union(*answers.values()) != set(claim.counterpart):
        raise Refused(Code.QUORUM_NOT_MET)


def _check_panel(state: State, claim: Claim, decision: Decision, others: list[str]) -> None:
    panel = panel_in_force(state, claim.branch, decision.day)
    if panel is None or not all(person in panel.members for person in others):
        raise Refused(Code.NOT_PERMITTED)
    if len(decision.deciders) < panel.quorum:
        raise Refused(Code.QUORUM_NOT_MET)
