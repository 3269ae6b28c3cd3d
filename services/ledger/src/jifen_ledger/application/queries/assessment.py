"""A subject's month: what it thought of itself beside what reviewers made of it, and the gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jifen_contracts.periods import month_of
from jifen_contracts.points import format_points, half_up
from jifen_ledger.application.queries.assessed import (
    Assessed,
    AssessmentReads,
    Reviewed,
    assessed_by,
)
from jifen_ledger.application.queries.holders import (
    Asked,
    PersonName,
    item_names,
    known_holder,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_assessments
from jifen_ledger.domain.assessment_figures import Values, confirmed_values, gap_of, self_values
from jifen_ledger.domain.assessments import Assessment
from jifen_ledger.domain.bulletin.health import Share
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.three_levels import assessments_of
from jifen_ledger.domain.timeliness import claims_deadline, is_closed
from jifen_ledger.domain.units import branch_of

PER_MILLE = 1000
_REVIEWED = (ClaimState.PRELIMINARY, ClaimState.VERIFIED)


@dataclass(frozen=True, slots=True)
class SaidValue:
    """What was thought of an item in a capacity."""

    item: str
    capacity: str
    points: str


@dataclass(frozen=True, slots=True)
class SaidMissing:
    """Who of the level below was missing, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """An assessment as its record left it."""

    seq: int
    level: str
    recorded_on: str
    by: str
    values: Sequence[SaidValue]
    missing: Sequence[SaidMissing]


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One item and capacity: self, preliminary and confirmed value, before the caps.

    `gap` is between self and confirmed; `gap_percent` of what was confirmed, where that is not 0.
    """

    item: str
    name_zh: str | None
    name_en: str | None
    capacity: str
    thought: str | None
    preliminary: str | None
    confirmed: str | None
    gap: str | None
    gap_percent: str | None


@dataclass(frozen=True, slots=True)
class SubjectMonth:
    """A subject's month; `compared` names the assessment whose values the lines show.

    Only an assessment in time counts, so only with one there are gaps.
    """

    subject: str
    month: str
    deadline: str
    closed: bool
    size: int
    on_time: Said | None
    late: Said | None
    compared: str | None
    lines: Sequence[ComparedLine]
    gap: str | None
    gap_percent: str | None


async def subject_month(
    reads: AssessmentReads, asked: Asked, subject: str, month: str
) -> SubjectMonth:
    """Return the month. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, subject)
    found = await assessed_by(reads, asked, subject, (month,))
    branch = branch_of(found.state, subject, asked.read_on) if holder.of_unit else holder.branch
    allowed = asked.reader.is_holder(subject) or sees_assessments(asked.reader, branch)
    require(allowed=allowed)
    if not found.state.versions:
        raise NotFound("No version of the scheme is published.")
    said = {one.late: one for one in assessments_of(found.state, subject, month)}
    shown = said.get(False) or said.get(True)
    claims = [
        claim for claim in await reads.claims_of(subject) if month_of(claim.deed_date) == month
    ]
    confirmed = confirmed_values(claims, month)
    counted = said.get(False)
    gap = None if counted is None else gap_of(counted, confirmed)
    names = item_names(await reads.versions())
    preliminary = _preliminary(claims, await reads.reviewed([claim.id for claim in claims]))
    return SubjectMonth(
        subject=subject,
        month=month,
        deadline=claims_deadline(found.state, month, asked.today).isoformat(),
        closed=is_closed(found.state, month, asked.today),
        size=asked.size,
        on_time=_said(found, said.get(False)),
        late=_said(found, said.get(True)),
        compared=None if shown is None else "late" if shown.late else "on_time",
        lines=_lines(shown, preliminary, confirmed, names),
        gap=None if gap is None else format_points(gap.part),
        gap_percent=None if gap is None else _percent(gap),
    )


def _said(found: Assessed, assessment: Assessment | None) -> Said | None:
    if assessment is None:
        return None
    return Said(
        seq=found.records[assessment.subject, assessment.month, assessment.late],
        level=assessment.level,
        recorded_on=assessment.recorded_day.isoformat(),
        by=assessment.by,
        values=[
            SaidValue(one.item, one.capacity, format_points(one.points))
            for one in assessment.values
        ],
        missing=[SaidMissing(one.id, one.reason) for one in assessment.missing],
    )


def _preliminary(claims: Iterable[Claim], reviewed: Iterable[Reviewed]) -> Values:
    """Return what the claims that stand were worth after their first review.

    Where a record in the stream was that review, it let the claim stand as it was stated.
    """
    last = {}
    for step in reviewed:
        last[step.claim] = step
    values: dict[tuple[str, str], int] = {}
    for claim in claims:
        if claim.state in _REVIEWED and claim.id in last:
            for capacity, tenths in last[claim.id].raw.items():
                key = (last[claim.id].item, capacity)
                values[key] = values.get(key, 0) + tenths
    return values


def _lines(
    shown: Assessment | None,
    preliminary: Values,
    confirmed: Values,
    names: Mapping[str, PersonName],
) -> list[ComparedLine]:
    thought: dict[tuple[str, str], int] = {}
    for value in () if shown is None else shown.values:
        thought[value.item, value.capacity] = value.points
    own = self_values(shown) if shown is not None else {}
    counts = shown is not None and not shown.late
    lines = []
    for key in sorted(thought.keys() | preliminary.keys() | confirmed.keys()):
        measured = counts and (key in own or key in confirmed)
        gap = abs(own.get(key, 0) - confirmed.get(key, 0)) if measured else None
        share = None if gap is None else Share(gap, abs(confirmed.get(key, 0)))
        name = names.get(key[0])
        lines.append(
            ComparedLine(
                item=key[0],
                name_zh=None if name is None else name.zh,
                name_en=None if name is None else name.en,
                capacity=key[1],
                thought=_points(thought.get(key)),
                preliminary=_points(preliminary.get(key)),
                confirmed=_points(confirmed.get(key)),
                gap=_points(gap),
                gap_percent=None if share is None else _percent(share),
            )
        )
    return lines


def _points(tenths: int | None) -> str | None:
    return None if tenths is None else format_points(tenths)


def _percent(share: Share) -> str | None:
    """Return the share in per cent with one decimal, None of nothing."""
    return format_points(half_up(PER_MILLE * share.part, share.whole)) if share.whole else None
