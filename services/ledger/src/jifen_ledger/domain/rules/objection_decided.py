"""`objection.decided`: an objection gets its answer, by people who did not decide before (§2.2)."""

from __future__ import annotations

from dataclasses import replace

from jifen_contracts.codes import Code
from jifen_contracts.events import ObjectionDecided
from jifen_ledger.domain.answering import check_answer
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.deciding import deciders_of
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.objections import Objection, ObjectionState
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State

CARRIED = "carried"


def decide_objection(state: State, event: ObjectionDecided, moment: Moment) -> Effect:
    """Record the answer. Raises the codes of §2.2 in their order."""
    data = event.data
    objection = state.objections.get(data.objection)
    if objection is None or objection.subject != event.subject:
        raise Refused(Code.UNKNOWN_REFERENCE)
    claims = _claims(state, event, objection)
    carried = data.decision == CARRIED
    again = carried and objection.state == ObjectionState.CARRIED
    if objection.state == ObjectionState.DECIDED or again:
        raise Refused(Code.ALREADY_DECIDED, refers_to=objection.decided_seq)
    deciders = deciders_of(data.by, data.deciders)
    check_answer(state, objection, claims, data.by, deciders, moment.recorded_day, upper=carried)
    if data.reason is None:
        raise Refused(Code.REASON_REQUIRED)
    answered = replace(
        objection,
        state=ObjectionState.CARRIED if carried else ObjectionState.DECIDED,
        decision=data.decision,
        corrects=tuple(dict.fromkeys(data.corrects or ())),
        reason=data.reason,
        deciders=deciders,
        decided_seq=moment.seq,
        decided_day=moment.recorded_day,
    )
    state.keep("objections", moment.seq, answered)
    return Effect()


def _claims(state: State, event: ObjectionDecided, objection: Objection) -> list[Claim]:
    """Return the claims that the answer is about; those it corrects are claims of the branch.

    A statement is no question, so there is nothing of its id to decide.
    """
    about = () if objection.claim is None else (objection.claim,)
    named = dict.fromkeys((*about, *(event.data.corrects or ())))
    found = [state.claims.get(claim) for claim in named]
    claims = [claim for claim in found if claim is not None and claim.branch == objection.branch]
    if objection.state == ObjectionState.NOTED or len(claims) != len(named):
        raise Refused(Code.UNKNOWN_REFERENCE)
    return claims
