"""Who may take a decision on a claim (domain.md §3.2), checked in the order of the codes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from jifen_contracts.codes import Code
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.people import identities, identity, leads
from jifen_ledger.domain.registers import Panel
from jifen_ledger.domain.roles import (
    is_recorder,
    is_specialist,
    is_upper,
    panel_in_force,
    speaks_for,
)
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import deciding_branch


class Decision(NamedTuple):
    """Who decides, when, and in which roles; `earlier` decided the stage before.

    There are two roles where a reviewer moves the claim to an item that others decide.
    """

    by: str
    deciders: tuple[str, ...]
    day: date
    roles: tuple[str, ...]
    earlier: tuple[str, ...] = ()


class _Bench(NamedTuple):
    """Those who decide: the claim, the branch whose people may, and its panel that day."""

    claim: Claim
    branch: str
    panel: Panel | None
    deciders: tuple[str, ...]
    day: date


def deciders_of(by: str, deciders: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return everyone who took part, once each; `by` alone where nobody else is named."""
    return tuple(dict.fromkeys(deciders)) if deciders else (by,)


def check_decision(state: State, claim: Claim, decision: Decision) -> bool:
    """Tell whether somebody from above had to help a panel that decides.

    Raises `self_review`, `recused`, `same_reviewer`, `not_permitted` or `quorum_not_met`.
    """
    people = identities(state, {decision.by, *decision.deciders})
    branch = deciding_branch(state, claim.branch, decision.day)
    panel = panel_in_force(state, branch, decision.day)
    if claim.holder in people:
        raise Refused(Code.SELF_REVIEW, refers_to=claim.seq)
    if not recused_from(state, claim, decision.roles, panel).isdisjoint(people):
        raise Refused(Code.RECUSED, refers_to=claim.seq)
    if decision.earlier and not identities(state, decision.earlier).isdisjoint(people):
        raise Refused(Code.SAME_REVIEWER, refers_to=claim.seq)
    # An id that was closed acts no more; whoever speaks must have decided.
    if decision.by not in decision.deciders or not people.issuperset(decision.deciders):
        raise Refused(Code.NOT_PERMITTED)
    bench = _Bench(claim, branch, panel, decision.deciders, decision.day)
    short = [role for role in decision.roles if not _all_hold(state, bench, role)]
    if not short:
        return False
    refusals = [_refusal(state, bench, role) for role in short]
    for code in (Code.NOT_PERMITTED, Code.QUORUM_NOT_MET):
        if code in refusals:
            raise Refused(code)
    return "panel" in short


def is_for_upper_alone(state: State, claim: Claim, recorded_day: date) -> bool:
    """Tell whether the claim is decided one level up: a unit's own, or the branch secretary's.

    Secretary is who leads the deciding branch on the recorded day, or led it on the deed date.
    """
    if claim.of_unit:
        return True
    member = state.members.get(claim.holder)
    return member is not None and (
        leads(member, claim.branch, claim.deed_date)
        or leads(member, deciding_branch(state, claim.branch, recorded_day), recorded_day)
    )


def recused_from(
    state: State, claim: Claim, roles: tuple[str, ...], panel: Panel | None
) -> frozenset[str]:
    """Return who must step back from a decision on the claim in these roles."""
    recused = frozenset[str]()
    if claim.counterpart and roles != ("counterpart",):
        recused |= identities(state, claim.counterpart)
    split = None if claim.project is None else state.splits.get(claim.project)
    if split is not None:
        recused |= identities(state, split.participants)
    if panel is None:
        return recused
    own = [
        identity(state, person)
        for person, towards in panel.recusals
        if identity(state, towards) == claim.holder
    ]
    return recused.union(own) if own else recused


def _all_hold(state: State, bench: _Bench, role: str) -> bool:
    """Tell whether the deciders suffice without anybody from above; the common case."""
    match role:
        case "recorder" | "specialist":
            # A loop: every decision comes through here, and a generator costs more than a look.
            for person in bench.deciders:  # noqa: SIM110
                if not _holds(state, bench, role, person):
                    return False
            return True
        case "panel":
            panel = bench.panel
            return (
                panel is not None
                and len(bench.deciders) >= panel.quorum
                and panel.seated.issuperset(bench.deciders)
            )
        case _:
            return False


def _holds(state: State, bench: _Bench, role: str, person: str) -> bool:
    if role == "specialist":
        return is_specialist(state, person, bench.branch, bench.day)
    claim = bench.claim
    return is_recorder(state, person, bench.branch, claim.holder, bench.day, claim.deed_date)


def _refusal(state: State, bench: _Bench, role: str) -> Code | None:
    """Say why a decision in which officers of a unit above take part, or should, does not stand."""
    others = [
        person for person in bench.deciders if not is_upper(state, person, bench.branch, bench.day)
    ]
    if not others:
        return None
    match role:
        case "counterpart":
            return _refusal_of_counterparts(state, bench, others)
        case "panel":
            return refusal_of_panel(bench.panel, bench.deciders, others)
        case "recorder" | "specialist":
            held = all(_holds(state, bench, role, person) for person in others)
            return None if held else Code.NOT_PERMITTED
        case _:
            return Code.NOT_PERMITTED


def _refusal_of_counterparts(state: State, bench: _Bench, others: list[str]) -> Code | None:
    """Everyone named must answer; for a unit, somebody who speaks for it."""
    counterpart = bench.claim.counterpart
    answers = {
        person: {
            one
            for one in counterpart
            if (state.units.get(one) is None and identity(state, one) == person)
            or speaks_for(state, person, one, bench.day)
        }
        for person in bench.deciders
    }
    if not all(answers[person] for person in others):
        return Code.NOT_PERMITTED
    complete = set().union(*answers.values()) == set(counterpart)
    return None if complete else Code.QUORUM_NOT_MET


def refusal_of_panel(
    panel: Panel | None, deciders: tuple[str, ...], others: list[str]
) -> Code | None:
    """Say why a panel's decision does not stand; `others` are the deciders not from above."""
    if panel is None or not all(person in panel.members for person in others):
        return Code.NOT_PERMITTED
    return None if len(deciders) >= panel.quorum else Code.QUORUM_NOT_MET
