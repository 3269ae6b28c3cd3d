"""`assessment.submitted`: a member, group or branch assesses its own month (§2.2, §6.4).

It never posts. Whoever assesses in time and too late has both kept; only the one in time counts.
"""

from __future__ import annotations

from jifen_contracts.codes import Code
from jifen_contracts.events import AssessmentSubmitted
from jifen_contracts.periods import last_day
from jifen_contracts.points import parse_points
from jifen_ledger.domain.assessments import Assessment, ListedMissing, SelfValue
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Notice, Refused
from jifen_ledger.domain.people import is_member, leads
from jifen_ledger.domain.roles import leads_group
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import kind_in, missing_below
from jifen_ledger.domain.timeliness import is_closed
from jifen_ledger.domain.units import deciding_branch
from jifen_ledger.domain.versions import has_item, version_on

MEMBER = "member"


def submit_assessment(state: State, event: AssessmentSubmitted, moment: Moment) -> Effect:
    """Keep the assessment; the same subject's later one takes its place.

    Raises `unknown_member`, `unknown_unit`, `not_permitted`, `unknown_item`, `lower_level_missing`.
    """
    data, subject = event.data, event.subject
    listed = [one.id for one in data.missing or ()]
    _check_known(state, event, listed)
    if not _may_speak(state, event, moment):
        raise Refused(Code.NOT_PERMITTED)
    version = version_on(state.versions, last_day(data.month))
    # Nothing can be assessed in a month for which the scheme has no items.
    if version is None or not all(has_item(version, value.item) for value in data.values):
        raise Refused(Code.UNKNOWN_ITEM)
    if data.level != MEMBER and missing_below(state, subject, data.month, listed):
        raise Refused(Code.LOWER_LEVEL_MISSING)
    late = is_closed(state, data.month, moment.recorded_day)
    earlier = state.assessments.get((subject, data.month, late))
    assessment = Assessment(
        moment.seq if earlier is None else earlier.seq,
        subject,
        data.month,
        late,
        data.level,
        tuple(
            SelfValue(value.item, value.capacity, parse_points(value.points))
            for value in data.values
        ),
        tuple(ListedMissing(one.id, one.reason) for one in data.missing or ()),
        data.by,
        moment.recorded_day,
    )
    state.keep("assessments", moment.seq, assessment)
    return Effect(notices=(Notice.LATE,) if late else ())


def _check_known(state: State, event: AssessmentSubmitted, listed: list[str]) -> None:
    """Check `unknown_member`, then `unknown_unit`: the subject is what the level says."""
    data, subject = event.data, event.subject
    if data.level == MEMBER and not is_member(state, subject):
        raise Refused(Code.UNKNOWN_MEMBER)
    if any(state.members.get(one) is None and state.units.get(one) is None for one in listed):
        raise Refused(Code.UNKNOWN_MEMBER)
    if data.level != MEMBER and kind_in(state, subject, data.month) != data.level:
        raise Refused(Code.UNKNOWN_UNIT)


def _may_speak(state: State, event: AssessmentSubmitted, moment: Moment) -> bool:
    """Tell whether `by` is the holder, leads the group, or is the branch's secretary."""
    data, subject, day = event.data, event.subject, moment.recorded_day
    match data.level:
        case "member":
            return data.by == subject
        case "group":
            return leads_group(state, data.by, deciding_branch(state, subject, day), day)
        case "branch":
            member = state.members.get(data.by)
            return member is not None and leads(member, deciding_branch(state, subject, day), day)
