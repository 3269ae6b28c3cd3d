"""The fold: one message in, one record out, the state moved on; the same bytes on any machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import orjson

from jifen_contracts.canonical import canonical
from jifen_contracts.codes import Code
from jifen_contracts.content import content_hash_as_stored
from jifen_contracts.events import FOLDED_TYPES, AnyEvent, UnknownType, Unreadable, read_event
from jifen_contracts.record import (
    POSTINGS_BYTES_MAX,
    POSTINGS_MAX,
    joined_record,
    record_bytes_without_event,
)
from jifen_ledger.domain.changes import FileUse, FirstSeen, PrivateUse
from jifen_ledger.domain.files import files_of
from jifen_ledger.domain.moment import Moment, moment_of
from jifen_ledger.domain.outcome import Effect, Envelope, Outcome, Record, Refused, Status
from jifen_ledger.domain.postings import sum_of
from jifen_ledger.domain.rules.absence_recorded import record_absence
from jifen_ledger.domain.rules.assessment_submitted import submit_assessment
from jifen_ledger.domain.rules.award_granted import grant_award
from jifen_ledger.domain.rules.award_revoked import revoke_award
from jifen_ledger.domain.rules.concern_assigned import assign_concern
from jifen_ledger.domain.rules.concern_confirmed import confirm_concern
from jifen_ledger.domain.rules.concern_raised import raise_concern
from jifen_ledger.domain.rules.concern_reopened import reopen_concern
from jifen_ledger.domain.rules.concern_resolved import resolve_concern
from jifen_ledger.domain.rules.grade_decided import decide_grade
from jifen_ledger.domain.rules.log_continued import continue_log
from jifen_ledger.domain.rules.member_assigned import assign
from jifen_ledger.domain.rules.member_enrolled import enrol
from jifen_ledger.domain.rules.member_left import leave
from jifen_ledger.domain.rules.objection_decided import decide_objection
from jifen_ledger.domain.rules.objection_filed import file_objection
from jifen_ledger.domain.rules.offer_listed import list_offer
from jifen_ledger.domain.rules.panel_formed import form_panel
from jifen_ledger.domain.rules.period_advanced import advance_period
from jifen_ledger.domain.rules.person_erased import erase_person
from jifen_ledger.domain.rules.points_earned import earn
from jifen_ledger.domain.rules.points_reversed import reverse
from jifen_ledger.domain.rules.points_reviewed import review
from jifen_ledger.domain.rules.redemption_cancelled import cancel
from jifen_ledger.domain.rules.redemption_fulfilled import fulfil
from jifen_ledger.domain.rules.redemption_reserved import reserve
from jifen_ledger.domain.rules.scheme_published import publish_scheme
from jifen_ledger.domain.rules.shares_declared import declare_shares
from jifen_ledger.domain.rules.unit_registered import register_unit
from jifen_ledger.domain.rules.veto_imposed import impose_veto
from jifen_ledger.domain.rules.veto_lifted import lift_veto
from jifen_ledger.domain.state import State

# domain.md §2.1: a phone's clock may run ahead by this much.
FUTURE_MAX_MS: Final = 5 * 60 * 1000

# A posting is under 256 bytes (tlog.md §2.2), so this many always fit.
SURELY_FITTING: Final = 128

Rule = Callable[[State, Any, Moment], Effect]

RULES: Final[dict[str, Rule]] = {
    "jifen.scheme.published.v1": publish_scheme,
    "jifen.unit.registered.v1": register_unit,
    "jifen.member.enrolled.v1": enrol,
    "jifen.member.assigned.v1": assign,
    "jifen.member.left.v1": leave,
    "jifen.absence.recorded.v1": record_absence,
    "jifen.assessment.submitted.v1": submit_assessment,
    "jifen.panel.formed.v1": form_panel,
    "jifen.shares.declared.v1": declare_shares,
    "jifen.points.earned.v1": earn,
    "jifen.points.reviewed.v1": review,
    "jifen.points.reversed.v1": reverse,
    "jifen.period.advanced.v1": advance_period,
    "jifen.objection.filed.v1": file_objection,
    "jifen.objection.decided.v1": decide_objection,
    "jifen.offer.listed.v1": list_offer,
    "jifen.redemption.reserved.v1": reserve,
    "jifen.redemption.fulfilled.v1": fulfil,
    "jifen.redemption.cancelled.v1": cancel,
    "jifen.veto.imposed.v1": impose_veto,
    "jifen.veto.lifted.v1": lift_veto,
    "jifen.award.granted.v1": grant_award,
    "jifen.award.revoked.v1": revoke_award,
    "jifen.grade.decided.v1": decide_grade,
    "jifen.person.erased.v1": erase_person,
    "jifen.log.continued.v1": continue_log,
    "jifen.concern.raised.v1": raise_concern,
    "jifen.concern.assigned.v1": assign_concern,
    "jifen.concern.resolved.v1": resolve_concern,
    "jifen.concern.confirmed.v1": confirm_concern,
    "jifen.concern.reopened.v1": reopen_concern,
}
assert RULES.keys() == FOLDED_TYPES

NO_EFFECT: Final = Effect()

_WITHOUT_NOTICES: Final = {status: Outcome(status) for status in Status}


def fold(state: State, seq: int, payload: bytes) -> Record:
    """Fold the message with the next sequence into the state and return its record.

    Raises NotLoaded when rows are missing (the state is as before), and UnknownType for a type
    that this software does not fold: the projection of the scheme must stop there.
    """
    assert seq == state.size + 1, f"expected seq {state.size + 1}, got {seq}"
    try:
        event = read_event(payload, state.scheme)
    except Unreadable as unreadable:
        return fold_unreadable(state, seq, payload, unreadable.code)
    return fold_event(state, seq, payload, event)


def fold_event(state: State, seq: int, payload: bytes, event: AnyEvent) -> Record:
    """Fold a message that was read already, otherwise as `fold`."""
    if event.type not in RULES:
        raise UnknownType(event.type)
    return _folded(state, seq, payload, event, content_hash_as_stored(payload))


def fold_again(state: State, seq: int, event: AnyEvent) -> tuple[Outcome, Effect]:
    """Apply an event to a state with other rules; return what these make of it.

    Another state has folded the same stream up to here: that the event can be read and comes for
    the first time is known from there, and so is `live_from`, which the caller sets.
    """
    outcome, effect = _first(state, seq, event)
    state.size = seq
    return outcome, effect


def fold_unreadable(state: State, seq: int, payload: bytes, code: Code) -> Record:
    """Record a message that was found to be no event."""
    outcome = Outcome(Status.REFUSED, code)
    digest = sha256(payload).hexdigest()
    state.size = seq
    return Record(
        seq=seq,
        recorded_at=state.recorded_at,
        bytes=record_bytes_without_event(digest, outcome.as_object(), state.recorded_at, seq),
        outcome=outcome,
        postings=(),
        envelope=None,
        first=False,
        payload=payload,
    )


def _folded(state: State, seq: int, payload: bytes, event: AnyEvent, content: bytes) -> Record:
    envelope = Envelope(event.source, event.id, event.type, event.subject, content)
    seen = state.first_seen.get((event.source, event.id))
    if seen is None:
        outcome, effect = _first(state, seq, event)
        state.first_seen.put((event.source, event.id), FirstSeen(seq, content))
    else:
        outcome, effect = _again(seen, content), NO_EFFECT
    # What a resend brings along is nobody's part (tlog.md §2.6).
    if event.privatehash is not None and outcome.status is not Status.DUPLICATE:
        state.changes.private.append(PrivateUse(seq, event.privatehash))
    recorded_at = max(event.importedtime or event.recordedtime, state.recorded_at)
    record = Record(
        seq=seq,
        recorded_at=recorded_at,
        bytes=joined_record(
            payload, _outcome_bytes(outcome), _postings_bytes(effect), recorded_at, seq
        ),
        outcome=outcome,
        postings=effect.postings,
        envelope=envelope,
        first=seen is None,
        claim=effect.claim,
        item=effect.item,
        quarter=effect.quarter,
    )
    state.size = seq
    state.recorded_at = recorded_at
    if event.importedtime is None and state.live_from is None:
        state.live_from = seq
    return record


# Most outcomes are the same few.
@lru_cache(maxsize=256)
def _outcome_bytes(outcome: Outcome) -> bytes:
    return canonical(outcome.as_object())


def _postings_bytes(effect: Effect) -> bytes:
    if not effect.postings:
        return b"[]"
    postings = [posting.as_recorded(effect.item, effect.quarter) for posting in effect.postings]
    # Accounts, items and quarters come out of events that were checked to be canonical.
    return orjson.dumps(postings, option=orjson.OPT_SORT_KEYS)


def _again(seen: FirstSeen, content: bytes) -> Outcome:
    """Return the outcome of a `(source, id)` that was seen before."""
    if seen.content == content:
        return Outcome(Status.DUPLICATE, refers_to=seen.seq)
    return Outcome(Status.REFUSED, Code.CONFLICTING_DUPLICATE, refers_to=seen.seq)


def _first(state: State, seq: int, event: AnyEvent) -> tuple[Outcome, Effect]:
    """Apply the rule of the event's type whole, or not at all where it refuses or lacks rows."""
    state.undo.begin()
    marks = state.changes.marks()
    try:
        moment = moment_of(state, seq, event.time, event.recordedtime)
        _check_times(state, event, moment)
        effect = RULES[event.type](state, event, moment)
        _check_size(effect)
        if named := files_of(event):
            state.changes.files.extend([FileUse(seq, file) for file in named])
    except Refused as refused:
        state.undo.rollback()
        state.changes.cut(marks)
        return _refused(refused), NO_EFFECT
    except BaseException:
        state.undo.rollback()
        state.changes.cut(marks)
        raise
    assert sum_of(effect.postings) == 0
    status = Status.POSTED if effect.postings else Status.RECORDED
    if not effect.notices and not effect.content_hash:
        return _WITHOUT_NOTICES[status], effect
    outcome = Outcome(
        status,
        notices=tuple(sorted(effect.notices)),
        content_hash=effect.content_hash,
        branch_hash=effect.branch_hash,
    )
    return outcome, effect


def _refused(refused: Refused) -> Outcome:
    return Outcome(
        Status.REFUSED, refused.code, refers_to=refused.refers_to, findings=refused.findings
    )


def _check_times(state: State, event: AnyEvent, moment: Moment) -> None:
    if event.importedtime is not None and state.live_from is not None:
        raise Refused(Code.HISTORY_CLOSED, refers_to=state.live_from)
    if moment.time_ms > moment.recorded_ms + FUTURE_MAX_MS:
        raise Refused(Code.IN_FUTURE)


def _check_size(effect: Effect) -> None:
    if len(effect.postings) < SURELY_FITTING:
        return
    objects = [posting.as_recorded(effect.item, effect.quarter) for posting in effect.postings]
    if len(objects) > POSTINGS_MAX or len(orjson.dumps(objects)) > POSTINGS_BYTES_MAX:
        raise Refused(Code.TOO_MANY_POSTINGS)
