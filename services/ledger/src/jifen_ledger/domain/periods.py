"""A branch's quarter on its way from open to final (domain.md §5.3), by branch and quarter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class PeriodState(StrEnum):
    """Where a branch's quarter stands."""

    OPEN = "open"
    PRELIMINARY = "preliminary"
    VERIFIED = "verified"
    PUBLISHED = "published"
    FINAL = "final"


class WaivedFact(NamedTuple):
    """A base fact that the upper level went without: it is not applicable."""

    holder: str
    item: str
    period: str


class WaivedAssessment(NamedTuple):
    """A self-assessment that the upper level went without."""

    holder: str
    month: str


@dataclass(frozen=True, slots=True)
class Period:
    """A branch's quarter; `seq` is its first step, and nothing is kept of one without any.

    Of each step the record and its local recorded day; an opened quarter has taken back its earlier
    ones. `published_seq` is the first publication, whose window of objections ends with the day
    `window_end`; `revised_seq` froze the revision that is valid now. `decided_by` are all who
    verified, published or revised; `by`, `deciders` and `reason` belong to the last step.
    """

    seq: int
    branch: str
    quarter: str
    state: str
    by: str
    revision: int = 0
    preliminary_seq: int | None = None
    preliminary_day: date | None = None
    verified_seq: int | None = None
    verified_day: date | None = None
    published_seq: int | None = None
    published_day: date | None = None
    window_end: date | None = None
    revised_seq: int | None = None
    final_seq: int | None = None
    final_day: date | None = None
    waived_facts: tuple[WaivedFact, ...] = ()
    waived_assessments: tuple[WaivedAssessment, ...] = ()
    waived_reason: str | None = None
    decided_by: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def is_published(self) -> bool:
        """Nothing is booked into it any more."""
        return self.published_seq is not None
