"""Who may answer an objection (domain.md §2.2, §3.2), checked in the order of the codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jifen_contracts.codes import Code
from jifen_ledger.domain.booking import period_of
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.deciding import is_for_upper_alone, recused_from, refusal_of_panel
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.people import identities
from jifen_ledger.domain.registers import Panel
from jifen_ledger.domain.roles import is_upper, panel_in_force
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import deciding_branch


def check_answer(
    state: State,
    objection: Objection,
    claims: Sequence[Claim],
    by: str,
    deciders: tuple[str, ...],
    day: date,
    *,
    upper: bool,
) -> None:
    """Raise `self_review`, `recused`, `not_permitted` or `quorum_not_met`.

    `claims` are those that the answer is about, `upper` says that it is for the upper level alone.
    """
    people = identities(state, (by, *deciders))
    branch = deciding_branch(state, objection.branch, day)
    panel = panel_in_force(state, branch, day)
    if not _concerned(state, objection, claims).isdisjoint(people):
        raise Refused(Code.SELF_REVIEW, refers_to=objection.seq)
    if not _recused(state, objection, claims, panel).isdisjoint(people):
        raise Refused(Code.RECUSED, refers_to=objection.seq)
    if by not in deciders or not people.issuperset(deciders):
        raise Refused(Code.NOT_PERMITTED)
    others = [person for person in deciders if not is_upper(state, person, branch, day)]
    if not others:
        return
    if upper or any(is_for_upper_alone(state, claim, day) for claim in claims):
        raise Refused(Code.NOT_PERMITTED)
    refusal = refusal_of_panel(panel, deciders, others)
    if refusal is not None:
        raise Refused(refusal)


def _concerned(state: State, objection: Objection, claims: Sequence[Claim]) -> frozenset[str]:
    """Return who would decide about themselves: holders, whom it names, and who objected."""
    objector = () if objection.by is None else (objection.by,)
    holders = (claim.holder for claim in claims)
    return identities(state, (*holders, objection.subject, *objector))


def _recused(
    state: State, objection: Objection, claims: Sequence[Claim], panel: Panel | None
) -> frozenset[str]:
    """Return who decided before, or is too near to a claim.

    Of a bulletin those decided who verified, published or revised it.
    """
    recused = frozenset[str]()
    for claim in claims:
        recused |= identities(state, claim.decided_by)
        recused |= recused_from(state, claim, ("panel",), panel)
    if objection.claim is None:
        period = period_of(state, objection.branch, objection.quarter)
        recused |= identities(state, () if period is None else period.decided_by)
    return recused
