"""A branch's quarters (domain.md §5.3): where they stand, what is due and late, who moved them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.periods import months_of, quarters_of
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import reads_figures
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.deadlines import due
from jifen_ledger.domain.lights import Light
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.periods import Period, PeriodState
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.rules.period_advanced import STEPS
from jifen_ledger.domain.versions import version_on

_FORWARD = {
    PeriodState.OPEN: PeriodState.PRELIMINARY,
    PeriodState.PRELIMINARY: PeriodState.VERIFIED,
    PeriodState.VERIFIED: PeriodState.PUBLISHED,
    PeriodState.PUBLISHED: PeriodState.FINAL,
}


class QuarterReads(HolderReads, Protocol):
    """What is asked of the quarters."""

    async def period_steps(
        self, branch: str, quarters: Collection[str]
    ) -> Sequence[tuple[int, str, Period]]:
        """Return what each step left behind, with its seq and `recorded_at`, in stream order."""

    async def objections(self, branch: str, quarters: Collection[str]) -> Sequence[Objection]:
        """Return what was filed about the branch's quarters, in the order it came."""

    async def claims(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims, by seq."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of the quarter, with the state and revision it left behind."""

    seq: int
    recorded_at: str
    state: str
    revision: int
    by: str
    deciders: Sequence[str]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step with its deadline: the day it was taken, working days late, and the light."""

    step: str
    deadline: str
    day: str | None
    days_late: int
    light: str


@dataclass(frozen=True, slots=True)
class ObjectionNumbers:
    """How many objections and complaints were filed, and what became of them."""

    filed: int
    open: int
    overdue: int
    upheld: int
    partly: int
    dismissed: int
    carried: int


@dataclass(frozen=True, slots=True)
class QuarterAnswer:
    """A quarter. `next` is the step that may follow, `next_by` who may take it.

    `corrections_open` are the claims that upheld objections want reversed and nobody has.
    """

    quarter: str
    state: str
    revision: int
    next: str | None
    next_by: Sequence[str]
    milestones: Sequence[Milestone]
    window_end: str | None
    window_open: bool
    objections: ObjectionNumbers
    corrections_open: int
    waived_facts: int
    waived_assessments: int
    steps: Sequence[StepTaken]


@dataclass(frozen=True, slots=True)
class BranchQuarters:
    """The quarters of a branch's year."""

    branch: str
    year: str
    size: int
    quarters: Sequence[QuarterAnswer]


async def quarters_answer(
    reads: QuarterReads, asked: Asked, branch: str, year: str
) -> BranchQuarters:
    """Return the quarters. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    units = await reads.units()
    if branch not in units or units[branch].latest.kind != "branch":
        raise NotFound("There is no such branch.")
    quarters = quarters_of(year)
    steps = await reads.period_steps(branch, quarters)
    filed = await reads.objections(branch, quarters)
    pending = await open_corrections(reads, asked, filed)
    versions = await reads.versions()
    return BranchQuarters(
        branch,
        year,
        asked.size,
        [
            _quarter(
                quarter,
                [one for one in steps if one[2].quarter == quarter],
                [one for one in filed if one.quarter == quarter],
                pending,
                versions,
                asked.today,
            )
            for quarter in quarters
        ],
    )


async def open_corrections(
    reads: QuarterReads, asked: Asked, filed: Sequence[Objection]
) -> Mapping[str, Sequence[str]]:
    """Return the claims to reverse, by the quarter whose next revision waits for them."""
    demanded = {claim for one in filed for claim in one.demands}
    found = await reads.claims(sorted(demanded)) if demanded else ()
    left = {one.id for one in found if one.reversed_seq is None or one.reversed_seq > asked.size}
    pending: dict[str, list[str]] = {}
    for one in filed:
        own = pending.setdefault(one.quarter, [])
        own.extend(claim for claim in one.demands if claim in left and claim not in own)
    return pending


def objection_numbers(filed: Sequence[Objection], today: date) -> ObjectionNumbers:
    """Count objections and complaints; statements and re-checks are neither."""
    counted = [one for one in filed if one.kind in ("objection", "complaint")]
    waiting = [one for one in counted if one.is_open]
    decisions = [one.decision for one in counted]
    return ObjectionNumbers(
        filed=len(counted),
        open=len(waiting),
        overdue=sum(today > one.due for one in waiting),
        upheld=decisions.count("upheld"),
        partly=decisions.count("partly"),
        dismissed=decisions.count("dismissed"),
        carried=decisions.count("carried"),
    )


def _quarter(
    quarter: str,
    steps: Sequence[tuple[int, str, Period]],
    filed: Sequence[Objection],
    pending: Mapping[str, Sequence[str]],
    versions: Sequence[Version],
    today: date,
) -> QuarterAnswer:
    period = steps[-1][2] if steps else None
    state = PeriodState.OPEN if period is None else PeriodState(period.state)
    following = _FORWARD.get(state)
    end = None if period is None else period.window_end
    return QuarterAnswer(
        quarter=quarter,
        state=state.value,
        revision=0 if period is None else period.revision,
        next=None if following is None else following.value,
        next_by=() if following is None else (*STEPS[state, following], "upper"),
        milestones=_milestones(quarter, period, versions, today),
        window_end=None if end is None else end.isoformat(),
        window_open=end is not None and today <= end,
        objections=objection_numbers(filed, today),
        corrections_open=len(pending.get(quarter, ())),
        waived_facts=0 if period is None else len(period.waived_facts),
        waived_assessments=0 if period is None else len(period.waived_assessments),
        steps=[_step(*one) for one in steps],
    )


def _step(seq: int, recorded_at: str, period: Period) -> StepTaken:
    return StepTaken(
        seq,
        recorded_at,
        period.state,
        period.revision,
        period.by,
        period.deciders,
        period.reason,
    )


def _milestones(
    quarter: str, period: Period | None, versions: Sequence[Version], today: date
) -> list[Milestone]:
    """Return the steps that have a day; deadlines are those of the calendar in force."""
    if not versions:
        return []
    version = version_on(versions, today) or versions[0]
    last_month = months_of(quarter)[-1]
    taken = (
        (None, None, None)
        if period is None
        else (period.preliminary_day, period.verified_day, period.published_day)
    )
    deadlines = (
        ("preliminary", version.days.preliminary_deadline(last_month)),
        ("verified", version.days.verify_deadline(last_month)),
        ("published", version.days.bulletin_deadline(quarter)),
    )
    return [
        _milestone(version, step, deadline, day, today)
        for (step, deadline), day in zip(deadlines, taken, strict=True)
    ]


def _milestone(
    version: Version, step: str, deadline: date, day: date | None, today: date
) -> Milestone:
    found = due(version, deadline, day, today)
    light: Light = found.light
    return Milestone(
        step,
        deadline.isoformat(),
        None if day is None else day.isoformat(),
        found.days_late,
        light.value,
    )
