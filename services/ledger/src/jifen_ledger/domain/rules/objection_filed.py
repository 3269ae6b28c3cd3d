"""`objection.filed`: an objection, complaint, statement or re-check (domain.md §2.2, §5.3)."""

from __future__ import annotations

from jifen_contracts.codes import Code
from jifen_contracts.events import ObjectionFiled
from jifen_contracts.events.objections import AboutClaim, AboutPeriod
from jifen_contracts.periods import last_day, quarter_of
from jifen_ledger.domain.booking import period_of
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.objections import Objection, ObjectionState
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import identity
from jifen_ledger.domain.roles import is_upper, speaks_for
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of, deciding_branch
from jifen_ledger.domain.versions import catalogue_of, days_on
from jifen_ledger.domain.windows import check_window, quarter_objected_to


def file_objection(state: State, event: ObjectionFiled, moment: Moment) -> Effect:
    """Record what was filed. Raises the codes of §2.2 in their order.

    Who files may be an alias or nobody, so only a statement and a re-check ask for the person.
    """
    data = event.data
    known = state.objections.get(data.objection)
    if known is not None:
        raise Refused(Code.ALREADY_EXISTS, refers_to=known.seq)
    if isinstance(data.about, AboutClaim):
        claim = state.claims.get(data.about.claim)
        if claim is None or claim.holder != event.subject:
            raise Refused(Code.UNKNOWN_CLAIM)
        place = _about_claim(state, event, claim, moment)
    else:
        place = _about_period(state, event, data.about, moment)
    _keep(state, event, place, moment)
    return Effect()


def _about_claim(
    state: State, event: ObjectionFiled, claim: Claim, moment: Moment
) -> tuple[str, str]:
    """Return the branch and quarter that answer for it."""
    quarter = quarter_of(claim.deed_date)
    match event.data.kind:
        case "statement":
            _check_statement(state, event, claim, moment)
        case "sample":
            _check_upper(state, event, claim.branch, moment)
            if claim.state is not ClaimState.VERIFIED:
                raise Refused(Code.WRONG_STATE, refers_to=claim.decided_seq or claim.seq)
        case "objection":
            quarter = quarter_objected_to(state, claim, moment.recorded_day)
        case _:
            # A complaint starts a check at any time.
            pass
    return claim.branch, quarter


def _check_statement(state: State, event: ObjectionFiled, claim: Claim, moment: Moment) -> None:
    """Only the holder answers a notice, for a unit somebody who speaks for it, until decided."""
    by = event.data.by
    if claim.of_unit:
        answers = by is not None and speaks_for(state, by, claim.holder, moment.recorded_day)
    else:
        answers = by is not None and identity(state, by) == claim.holder
    if not answers:
        raise Refused(Code.NOT_PERMITTED)
    lines = catalogue_of(state.versions, claim).items[claim.item].lines
    noticed = any(lines[capacity].kind == "deduct" for capacity in claim.measure)
    if not noticed or claim.state not in (ClaimState.CLAIMED, ClaimState.PRELIMINARY):
        raise Refused(Code.WRONG_STATE, refers_to=claim.decided_seq or claim.seq)


def _check_upper(state: State, event: ObjectionFiled, branch: str, moment: Moment) -> None:
    by, day = event.data.by, moment.recorded_day
    if by is None or not is_upper(state, by, deciding_branch(state, branch, day), day):
        raise Refused(Code.NOT_PERMITTED)


def _about_period(
    state: State, event: ObjectionFiled, about: AboutPeriod, moment: Moment
) -> tuple[str, str]:
    known = state.units.get(event.subject) is not None or state.members.get(event.subject)
    if state.units.get(about.unit) is None or not known:
        raise Refused(Code.UNKNOWN_UNIT)
    branch = branch_of(state, about.unit, last_day(about.period))
    match event.data.kind:
        case "statement":
            # A notice is a claim.
            raise Refused(Code.NOT_PERMITTED)
        case "sample":
            _check_upper(state, event, branch, moment)
            raise Refused(Code.WRONG_STATE)
        case "objection":
            check_window(period_of(state, branch, about.period), moment.recorded_day)
        case _:
            pass
    return branch, about.period


def _keep(state: State, event: ObjectionFiled, place: tuple[str, str], moment: Moment) -> None:
    data, day = event.data, moment.recorded_day
    claim = data.about.claim if isinstance(data.about, AboutClaim) else None
    row = Objection(
        seq=moment.seq,
        objection=data.objection,
        subject=event.subject,
        kind=data.kind,
        claim=claim,
        unit=None if isinstance(data.about, AboutClaim) else data.about.unit,
        branch=place[0],
        quarter=place[1],
        by=data.by,
        filed_day=day,
        due=days_on(state.versions, day).decision_deadline(day),
        state=ObjectionState.NOTED if data.kind == "statement" else ObjectionState.OPEN,
    )
    state.keep("objections", moment.seq, row)
