"""Drafts (domain.md §3.2): claims that the ledger can already compute; people decide to file them.

Here those of items that score being on time with the self-assessment (B04).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from jifen_contracts.periods import last_day
from jifen_contracts.points import format_points
from jifen_contracts.scheme.catalogue import Item, effective_catalogue
from jifen_ledger.application.queries.assessed import AssessmentReads, assessed_in_unit
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_assessments
from jifen_ledger.domain.claim import Measured
from jifen_ledger.domain.held import Held, held_on
from jifen_ledger.domain.life import is_live
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import BRANCH, groups_of, kind_in, members_of
from jifen_ledger.domain.timeliness import shown_measure
from jifen_ledger.domain.versions import calendar_on, version_on
from jifen_ledger.domain.worth import Stated, worth_of

TIMELINESS = "timeliness"


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """A ratio."""

    required: int
    excused: int
    done: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as it could be filed: `on` is the day for its deed time, `points` its worth."""

    holder: str
    item: str
    capacity: str
    deed: str
    on: str
    measure: DraftMeasure
    points: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of a branch's month: members, groups and the branch itself."""

    branch: str
    month: str
    size: int
    drafts: Sequence[Draft]


async def drafts_of(reads: AssessmentReads, asked: Asked, unit: str, month: str) -> Drafts:
    """Return what could be filed today. Raises NotFound, Forbidden."""
    require(allowed=sees_assessments(asked.reader, unit))
    found = await assessed_in_unit(reads, asked, unit, (month,))
    state = found.state
    if kind_in(state, unit, month) != BRANCH:
        raise NotFound("There is no such branch at the end of that month.")
    version = version_on(state.versions, last_day(month))
    drafts: list[Draft] = []
    if version is not None and _may_be_filed(state, asked, month):
        subjects = [
            *sorted(member.id for member in members_of(state, unit, month)),
            *sorted(groups_of(state, unit, month)),
            unit,
        ]
        for code in _items(version):
            drafts += _drafts(state, asked, version, subjects, month, code)
    live = {
        (claim.holder, claim.item, claim.deed)
        for claim in await reads.claims_for(
            sorted({one.holder for one in drafts}), sorted({one.deed for one in drafts})
        )
        if is_live(claim, asked.today)
    }
    filed = [one for one in drafts if (one.holder, one.item, one.deed) not in live]
    return Drafts(unit, month, asked.size, filed)


def _may_be_filed(state: State, asked: Asked, month: str) -> bool:
    """Tell whether the month is over, and no deed of it too old yet."""
    document, _ = calendar_on(state.versions, asked.today)
    last = last_day(month)
    return last < asked.today <= last + timedelta(days=document.calendar.late_days)


def _items(version: Version) -> Iterable[str]:
    resting = version.resting_on_records
    return (code for code, measures in resting.items() if measures == TIMELINESS)


def _drafts(
    state: State, asked: Asked, version: Version, subjects: Iterable[str], month: str, code: str
) -> list[Draft]:
    drafts = []
    for subject in subjects:
        measured = shown_measure(state, subject, (month,), asked.today)
        if measured is None:
            continue
        try:
            held = held_on(state, subject, last_day(month))
            drafts += _of_holder(state, held, version, month, code, measured)
        except Refused:
            # Not active that day, or the item is not theirs: there is nothing to file.
            continue
    return drafts


def _of_holder(
    state: State, held: Held, version: Version, month: str, code: str, measured: Measured
) -> list[Draft]:
    catalogue = effective_catalogue(version.document, held.posts, held.unit_class)
    item: Item | None = catalogue.items.get(code)
    drafts = []
    for capacity in () if item is None else sorted(held.capacities & item.lines.keys()):
        deed = f"{code}-{month}".lower()
        measure = {capacity: measured}
        stated = Stated(code, deed, last_day(month), measure, (), None, None)
        worth = worth_of(state, held, catalogue, stated)
        drafts.append(
            Draft(
                holder=held.holder,
                item=code,
                capacity=capacity,
                deed=deed,
                on=last_day(month).isoformat(),
                measure=DraftMeasure(
                    measured.required or 0, measured.excused or 0, measured.done or 0
                ),
                points=format_points(worth.raw[capacity]),
            )
        )
    return drafts
