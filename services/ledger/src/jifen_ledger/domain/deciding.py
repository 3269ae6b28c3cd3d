"""Who may take a decision on a claim (domain.md §3.2), checked in the order of the codes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.registers import Panel
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
    deciders = decision.deciders
    if claim.holder in deciders or decision.by == claim.holder:
        raise Refused(Code.SELF_REVIEW, refers_to=claim.seq)
    panel = panel_in_force(state, claim.branch, decision.day)
    if not _recused(state, claim, decision, panel).isdisjoint(deciders):
        raise Refused(Code.RECUSED, refers_to=claim.seq)
    if decision.earlier and not set(decision.earlier).isdisjoint(deciders):
        raise Refused(Code.SAME_REVIEWER, refers_to=claim.seq)
    if decision.by not in deciders:
        raise Refused(Code.NOT_PERMITTED)
    if not _all_hold_role(state, claim, decision, panel):
        _check_with_upper(state, claim, decision, panel)


def _recused(state: State, claim: Claim, decision: Decision, panel: Panel | None) -> frozenset[str]:
    """Return who must step back from the claim."""
    recused = frozenset[str]()
    if claim.counterpart and decision.role != "counterpart":
        recused |= frozenset(claim.counterpart)
    split = None if claim.project is None else state.splits.get(claim.project)
    if split is not None:
        recused |= split.participants
    if panel is not None and panel.recusals:
        recused |= {person for person, towards in panel.recusals if towards == claim.holder}
    return recused


def _all_hold_role(state: State, claim: Claim, decision: Decision, panel: Panel | None) -> bool:
    """Tell whether the deciders suffice without anybody from above; the common case."""
    match decision.role:
        case "recorder" | "specialist":
            return all(_holds_role(state, claim, decision, one) for one in decision.deciders)
        case "panel":
            return (
                panel is not None
                and len(decision.deciders) >= panel.quorum
                and all(person in panel.members for person in decision.deciders)
            )
        case _:
            return False


def _holds_role(state: State, claim: Claim, decision: Decision, person: str) -> bool:
    if decision.role == "specialist":
        return is_specialist(state, person, claim.branch, decision.day)
    return is_recorder(state, person, claim.branch, claim.holder, decision.day, claim.deed_date)


def _check_with_upper(state: State, claim: Claim, decision: Decision, panel: Panel | None) -> None:
    """Check a decision in which officers of a unit above take part, or should."""
    others = [
        person
        for person in decision.deciders
        if not is_upper(state, person, claim.branch, decision.day)
    ]
    if not others:
        return
    match decision.role:
        case "counterpart":
            _check_counterparts(state, claim, decision, others)
        case "panel":
            _check_panel(panel, decision, others)
        case "recorder" | "specialist":
            if not all(_holds_role(state, claim, decision, person) for person in others):
                raise Refused(Code.NOT_PERMITTED)
        case _:
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


def _check_panel(panel: Panel | None, decision: Decision, others: list[str]) -> None:
    if panel is None or not all(person in panel.members for person in others):
        raise Refused(Code.NOT_PERMITTED)
    if len(decision.deciders) < panel.quorum:
        raise Refused(Code.QUORUM_NOT_MET)
