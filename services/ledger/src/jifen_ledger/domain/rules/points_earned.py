"""`points.earned`: a deed is claimed; its value goes to `pending` (domain.md §2.2, §3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from jifen_contracts.codes import Code
from jifen_contracts.events import PointsEarned
from jifen_contracts.periods import month_of, quarter_of
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.changes import EvidenceUse, StatedDeed
from jifen_ledger.domain.claim import Claim, ClaimState, Step, Worth
from jifen_ledger.domain.concern_items import rests_on_concern
from jifen_ledger.domain.deciding import Decision, check_decision
from jifen_ledger.domain.documents import check_documents
from jifen_ledger.domain.held import Held, held_on
from jifen_ledger.domain.life import is_live, live_claim_for
from jifen_ledger.domain.measures import check_expected_points, measure_of
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Notice, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.quarter_claims import place_claim
from jifen_ledger.domain.records import RECORD, check_record
from jifen_ledger.domain.resting import rest_on_deed
from jifen_ledger.domain.settle import empty_pending, fill_pending
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import append, remove
from jifen_ledger.domain.tallies import count_statement
from jifen_ledger.domain.versions import NO_POSTS, calendar_on, has_item, version_on
from jifen_ledger.domain.worth import Stated, rests_on_split, worth_of


def earn(state: State, event: PointsEarned, moment: Moment) -> Effect:
    """Open or resubmit a claim. Raises Refused with the first code that applies."""
    data = event.data
    version = version_on(state.versions, moment.day)
    if version is None:
        raise Refused(Code.SCHEME_NOT_PUBLISHED)
    _check_people(state, event)
    if not has_item(version, data.item):
        raise Refused(Code.UNKNOWN_ITEM)
    _check_age(state, event, moment)
    held = held_on(state, event.subject, moment.day)
    earlier = _earlier_statement(state, event, moment)
    _check_deed(state, event, moment)
    catalogue = version.catalogue(held.posts, held.unit_class)
    stated = _stated(event, moment)
    worth = worth_of(state, held, catalogue, stated)
    item = catalogue.items[data.item]
    if not rests_on_split(item):
        stated = stated._replace(project=None)
    check_documents(item, stated.measure, _kinds(event), has_basis=data.basis is not None)
    check_record(state, item, held.holder, stated, moment.recorded_day)
    check_expected_points(data.points, worth)
    claim = _claim(
        event,
        moment,
        held,
        stated,
        version=version.version,
        catalogue=catalogue.hash,
        worth=worth,
        earlier=earlier,
    )
    if item.preliminary == RECORD:
        # No person reviews it first: the record has done so (§3.1).
        claim = claim._replace(state=ClaimState.PRELIMINARY)
    return _open(state, event, moment, claim, earlier, item)


def _check_people(state: State, event: PointsEarned) -> None:
    """Check `unknown_member`, then `unknown_unit`; a counterpart may be a unit."""
    data, subject = event.data, event.subject
    others = [one for one in data.counterpart or () if state.units.get(one) is None]
    if data.by is not None:
        others.append(data.by)
    for person in others:
        if not is_member(state, person):
            raise Refused(Code.UNKNOWN_MEMBER)
    if state.units.get(subject) is None and state.members.get(subject) is None:
        of_unit = data.measure.committee is None and data.measure.member is None
        unit_only = of_unit and data.measure.unit is not None
        raise Refused(Code.UNKNOWN_UNIT if unit_only else Code.UNKNOWN_MEMBER)


def _check_age(state: State, event: PointsEarned, moment: Moment) -> None:
    document, _ = calendar_on(state.versions, moment.recorded_day)
    if moment.recorded_day <= moment.day + timedelta(days=document.calendar.late_days):
        return
    if not _replaces_reversed(state, event) and not _admitted(state, event, moment):
        raise Refused(Code.TOO_LATE)


def _replaces_reversed(state: State, event: PointsEarned) -> bool:
    data = event.data
    replaced = state.claims.get(data.replaces) if data.replaces else None
    return (
        replaced is not None
        and replaced.state is ClaimState.REVERSED
        and replaced.holder == event.subject
        and replaced.deed == data.deed
    )


def _admitted(state: State, event: PointsEarned, moment: Moment) -> bool:
    """Tell whether a quorum of the panel, or the upper level, admitted the late claim."""
    admitted = event.data.admitted
    if admitted is None or not admitted.deciders:
        return False
    try:
        held = held_on(state, event.subject, moment.day)
        claim = _stub(state, event, moment, held)
        deciders = tuple(dict.fromkeys(admitted.deciders))
        decision = Decision(deciders[0], deciders, moment.recorded_day, ("panel",))
        check_decision(state, claim, decision)
    except Refused:
        return False
    return True


def _earlier_statement(state: State, event: PointsEarned, moment: Moment) -> Claim | None:
    """Return the returned claim that is stated again, or None for a new id."""
    known = state.claims.get(event.data.claim)
    if known is None:
        return None
    returned = known.state is ClaimState.RETURNED and is_live(known, moment.recorded_day)
    if known.holder != event.subject or not returned:
        raise Refused(Code.DUPLICATE_CLAIM, refers_to=known.seq)
    return known


def _check_deed(state: State, event: PointsEarned, moment: Moment) -> None:
    data = event.data
    standing = live_claim_for(
        state, (event.subject, data.item, data.deed), moment.recorded_day, but=data.claim
    )
    if standing is not None:
        raise Refused(Code.DUPLICATE_DEED, refers_to=standing)


def _stated(event: PointsEarned, moment: Moment) -> Stated:
    data = event.data
    return Stated(
        data.item,
        data.deed,
        moment.day,
        measure_of(data.measure),
        tuple(data.counterpart or ()),
        data.project,
        data.signed,
    )


def _kinds(event: PointsEarned) -> frozenset[str]:
    evidence = event.data.evidence
    return frozenset([one.kind for one in evidence]) if evidence else frozenset()


def _stub(state: State, event: PointsEarned, moment: Moment, held: Held) -> Claim:
    """Return what the check of deciders looks at before the claim can be valued."""
    stated = _stated(event, moment)
    version = version_on(state.versions, moment.day)
    assert version is not None
    if not rests_on_split(version.catalogue(NO_POSTS, None).items[stated.item]):
        stated = stated._replace(project=None)
    return _claim(event, moment, held, stated, version=0, catalogue="", worth=Worth(), earlier=None)


def _claim(
    event: PointsEarned,
    moment: Moment,
    held: Held,
    stated: Stated,
    *,
    version: int,
    catalogue: str,
    worth: Worth,
    earlier: Claim | None,
) -> Claim:
    data = event.data
    return Claim(
        id=data.claim,
        seq=moment.seq if earlier is None else earlier.seq,
        stated_seq=moment.seq,
        holder=event.subject,
        of_unit=held.of_unit,
        state=ClaimState.CLAIMED,
        item=data.item,
        deed=data.deed,
        group=data.group,
        project=stated.project,
        deed_ms=moment.time_ms,
        deed_date=moment.day,
        stated_ms=moment.recorded_ms,
        branch=held.branch,
        version=version,
        posts=held.posts,
        unit_class=held.unit_class,
        catalogue=catalogue,
        measure=stated.measure,
        counterpart=stated.counterpart,
        signed=data.signed,
        evidence_kinds=_kinds(event),
        has_basis=data.basis is not None,
        by=data.by,
        worth=worth,
        replaces=data.replaces,
    )


def _open(
    state: State,
    event: PointsEarned,
    moment: Moment,
    claim: Claim,
    earlier: Claim | None,
    item: Item,
) -> Effect:
    moves = Movements()
    fill_pending(moves, claim)
    is_fact = _is_fact(claim, item)
    notices = _notices(state, event, moment, is_fact=is_fact)
    if earlier is not None:
        empty_pending(moves, earlier)
        remove(state.deeds, (earlier.holder, earlier.item, earlier.deed), earlier.id)
    state.set_claim(claim)
    append(state.deeds, (claim.holder, claim.item, claim.deed), claim.id)
    append(state.holdings, claim.holder, claim.id)
    count_statement(state, claim, late=Notice.LATE in notices, again=earlier is not None)
    place_claim(state, claim, earlier)
    if rests_on_concern(item):
        rest_on_deed(state, claim, moment.seq)
    _remember(state, event, moment, is_fact=is_fact)
    state.changes.steps.append(
        Step(
            claim.id,
            moment.seq,
            "claimed",
            claim.item,
            claim.measure,
            claim.worth,
            claim.by,
            (),
            None,
        )
    )
    return Effect(moves.postings(), notices, claim.id, claim.item, quarter_of(claim.deed_date))


def _is_fact(claim: Claim, item: Item) -> bool:
    """Tell whether the claim is a base fact: its deed names the period, the same for everybody."""
    return item.by_ratio or all(item.lines[capacity].mode == "R" for capacity in claim.measure)


def _files(event: PointsEarned) -> Iterable[str]:
    evidence = event.data.evidence
    return dict.fromkeys([one.sha256 for one in evidence]) if evidence else ()


def _notices(
    state: State, event: PointsEarned, moment: Moment, *, is_fact: bool
) -> tuple[Notice, ...]:
    data, notices = event.data, list[Notice]()
    if moment.recorded_day > _claims_deadline(state, moment):
        notices.append(Notice.LATE)
    if any(set(state.evidence.get(file)) - {data.deed} for file in _files(event)):
        notices.append(Notice.EVIDENCE_REUSED)
    if not is_fact:
        holders = set(state.deed_holders.get((data.item, data.deed)))
        deeds = set(state.day_deeds.get((event.subject, data.item, moment.day)))
        if holders - {event.subject} or deeds - {data.deed}:
            notices.append(Notice.NEAR_DUPLICATE)
    return tuple(notices)


def _claims_deadline(state: State, moment: Moment) -> date:
    version = version_on(state.versions, moment.recorded_day) or state.versions[0]
    return version.claims_deadline(month_of(moment.day))


def _remember(state: State, event: PointsEarned, moment: Moment, *, is_fact: bool) -> None:
    data, holder = event.data, event.subject
    for file in _files(event):
        append(state.evidence, file, data.deed, most=2)
        state.changes.evidence.append(EvidenceUse(moment.seq, file, data.deed))
    if not is_fact:
        append(state.deed_holders, (data.item, data.deed), holder, most=2)
        append(state.day_deeds, (holder, data.item, moment.day), data.deed, most=2)
        state.changes.stated.append(
            StatedDeed(moment.seq, holder, data.item, data.deed, moment.day)
        )
