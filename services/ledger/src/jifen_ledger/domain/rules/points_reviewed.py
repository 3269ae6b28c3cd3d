"""`points.reviewed`: people decide a claim, first preliminarily, then verified (§2.2, §3)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import PointsReviewed
from jifen_contracts.periods import quarter_of
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.claim import Claim, ClaimState, Step
from jifen_ledger.domain.concern_items import rests_on_concern
from jifen_ledger.domain.deciding import (
    Decision,
    check_decision,
    deciders_of,
    is_for_upper_alone,
)
from jifen_ledger.domain.life import is_lapsed, is_live
from jifen_ledger.domain.moment import Moment, local_day
from jifen_ledger.domain.outcome import Effect, Notice, Refused
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.quarter_claims import place_claim
from jifen_ledger.domain.resting import rest_on_deed
from jifen_ledger.domain.revaluation import named_item, rehomed, revalued, states_another_value
from jifen_ledger.domain.settle import empty_pending, refill_pending, settle
from jifen_ledger.domain.state import State
from jifen_ledger.domain.statements import has_answered
from jifen_ledger.domain.table import append, remove
from jifen_ledger.domain.tallies import count_review
from jifen_ledger.domain.versions import calendar_on, item_of


def review(state: State, event: PointsReviewed, moment: Moment) -> Effect:
    """Move the claim by a decision. Raises Refused with the first code that applies."""
    data = event.data
    claim = state.claims.get(data.claim)
    if claim is None or claim.holder != event.subject:
        raise Refused(Code.UNKNOWN_CLAIM)
    if data.duplicate_of is not None:
        _check_original(state, claim, data.duplicate_of)
    _check_stage(state, event, claim, moment)
    claim = _rehomed(state, claim)
    item = item_of(state.versions, claim)
    decision = _decision(state, event, claim, item, moment)
    helped = check_decision(state, claim, decision)
    accepted = data.decision == "accept"
    if accepted and data.stage == "verified":
        _check_statement(state, claim, item, moment)
    decide = _accept if accepted else _turn_down
    effect = decide(state, event, claim, decision, moment)
    count_review(state, claim, data.stage, moment, turned_down=not accepted, helped=helped)
    return effect


def _rehomed(state: State, claim: Claim) -> Claim:
    home = rehomed(state, claim)
    if home.branch != claim.branch:
        place_claim(state, home, claim)
    return home


def _check_stage(state: State, event: PointsReviewed, claim: Claim, moment: Moment) -> None:
    """Check `already_decided`, `claim_lapsed`, `original_stands`, `wrong_state`."""
    data = event.data
    preliminary = data.stage == "preliminary"
    match claim.state:
        case ClaimState.CLAIMED:
            refusal = None if preliminary else Code.WRONG_STATE
        case ClaimState.PRELIMINARY:
            refusal = Code.ALREADY_DECIDED if preliminary else None
        case ClaimState.VERIFIED:
            refusal = Code.ALREADY_DECIDED
        case ClaimState.RETURNED:
            lapsed = is_lapsed(claim, moment.recorded_day)
            refusal = Code.CLAIM_LAPSED if lapsed else Code.WRONG_STATE
        case ClaimState.REVERSED:
            refusal = Code.WRONG_STATE
        case ClaimState.REJECTED:
            revived = not preliminary and data.decision == "accept"
            original = state.claims.get(claim.duplicate_of) if claim.duplicate_of else None
            if not revived or original is None:
                refusal = Code.ALREADY_DECIDED
            else:
                stands = is_live(original, moment.recorded_day)
                refusal = Code.ORIGINAL_STANDS if stands else None
    if refusal is not None:
        raise Refused(refusal, refers_to=claim.decided_seq or claim.seq)


def _decision(
    state: State, event: PointsReviewed, claim: Claim, item: Item, moment: Moment
) -> Decision:
    data = event.data
    # Whoever moves a claim to another item must be able to decide that item too.
    moved = data.item is not None and data.item != claim.item
    others = named_item(state, claim, data.item or "") if moved else ()
    deciders = deciders_of(data.by, data.deciders)
    day = moment.recorded_day
    if data.stage == "preliminary":
        roles = (item.preliminary, *[other.preliminary for other in others])
        return Decision(data.by, deciders, day, tuple(dict.fromkeys(roles)))
    if is_for_upper_alone(state, claim, day):
        return Decision(data.by, deciders, day, ("upper",), claim.preliminary_deciders)
    roles = (item.confirm, *[other.confirm for other in others])
    return Decision(data.by, deciders, day, tuple(dict.fromkeys(roles)), claim.preliminary_deciders)


def _check_statement(state: State, claim: Claim, item: Item, moment: Moment) -> None:
    """A deduction waits for the holder's answer to its notice, or until the time for it is over."""
    lines = item.lines
    if "deduct" not in [lines[capacity].kind for capacity in claim.measure]:
        return
    document, days = calendar_on(state.versions, moment.recorded_day)
    noticed = local_day(state, claim.stated_ms)
    if moment.recorded_day > days.plus(noticed, document.calendar.statement_days):
        return
    if not has_answered(state, claim):
        raise Refused(Code.STATEMENT_PENDING, refers_to=claim.stated_seq)


def _turn_down(
    state: State, event: PointsReviewed, claim: Claim, decision: Decision, moment: Moment
) -> Effect:
    data = event.data
    if data.reason is None:
        raise Refused(Code.REASON_REQUIRED)
    moves = Movements()
    empty_pending(moves, claim)
    if data.decision == "return":
        turned = claim._replace(
            state=ClaimState.RETURNED,
            until=_until(state, data.until, moment),
            decided_seq=moment.seq,
        )
    else:
        turned = claim._replace(
            state=ClaimState.REJECTED,
            duplicate_of=data.duplicate_of,
            decided_seq=moment.seq,
        )
        if data.stage == "preliminary":
            turned = turned._replace(preliminary_deciders=decision.deciders)
        else:
            turned = turned._replace(ended_by=decision.deciders)
    return _stepped(state, event, turned, decision, moment, moves, ())


def _check_original(state: State, claim: Claim, original: str) -> None:
    found = state.claims.get(original)
    if found is None or found.id == claim.id:
        raise Refused(Code.UNKNOWN_CLAIM)


def _until(state: State, until: str | None, moment: Moment) -> date:
    if until is not None:
        # A day that has passed leaves the rest of today.
        return max(date.fromisoformat(until), moment.recorded_day)
    document, days = calendar_on(state.versions, moment.recorded_day)
    return days.plus(moment.recorded_day, document.calendar.return_days)


def _accept(
    state: State, event: PointsReviewed, claim: Claim, decision: Decision, moment: Moment
) -> Effect:
    if event.data.reason is None and states_another_value(event, claim):
        raise Refused(Code.REASON_REQUIRED)
    decided = revalued(state, event, claim, moment.recorded_day)
    moves = Movements()
    if event.data.stage == "preliminary":
        accepted = decided._replace(
            state=ClaimState.PRELIMINARY,
            preliminary_deciders=decision.deciders,
            decided_seq=moment.seq,
        )
        refill_pending(moves, claim, accepted)
        notices: tuple[Notice, ...] = ()
    else:
        empty_pending(moves, claim)
        accepted = decided._replace(
            state=ClaimState.VERIFIED,
            verified_deciders=decision.deciders,
            decided_seq=moment.seq,
            verified_seq=moment.seq,
        )
        accepted, notices = settle(state, moves, accepted, moment, live=True)
        if accepted.project is not None:
            uses = state.split_uses.get(accepted.project)
            state.split_uses.put(accepted.project, uses + 1)
    _keep_deed_index(state, claim, accepted, moment.seq)
    return _stepped(state, event, accepted, decision, moment, moves, notices)


def _keep_deed_index(state: State, before: Claim, after: Claim, seq: int) -> None:
    if before.item != after.item:
        remove(state.deeds, (before.holder, before.item, before.deed), before.id)
        append(state.deeds, (after.holder, after.item, after.deed), after.id)
        if rests_on_concern(item_of(state.versions, after)):
            rest_on_deed(state, after, seq)


def _stepped(
    state: State,
    event: PointsReviewed,
    claim: Claim,
    decision: Decision,
    moment: Moment,
    moves: Movements,
    notices: tuple[Notice, ...],
) -> Effect:
    data = event.data
    state.set_claim(claim)
    step = {"return": "returned", "reject": "rejected", "accept": data.stage}[data.decision]
    state.changes.steps.append(
        Step(
            claim.id,
            moment.seq,
            step,
            claim.item,
            claim.measure,
            claim.worth,
            decision.by,
            decision.deciders,
            data.reason,
        )
    )
    return Effect(moves.postings(), notices, claim.id, claim.item, quarter_of(claim.deed_date))
