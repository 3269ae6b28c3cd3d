"""The year score of a member, and the point that both capacities give (domain.md §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jifen_contracts.points import half_up
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.unit_mean import MemberDays, year_score

# (capacity, quarter).
Quarters = Mapping[tuple[str, str], Figures]


@dataclass(frozen=True, slots=True)
class YearScores:
    """A member's year in tenths; None for a capacity without a scored quarter.

    The pair (member, committee) is a point in the coordinate system, `combined` the weighted mean
    of both, never their sum; a plain member has the first coordinate only.
    """

    member: int | None
    committee: int | None
    combined: int | None

    @property
    def figure(self) -> int | None:
        """What a grade goes by: combined if the committee capacity was scored, else the member's.

        Who was scored as a committee member only is graded by that.
        """
        if self.committee is None:
            return self.member
        return self.committee if self.combined is None else self.combined


def year_scores(
    figures: Quarters, days: Mapping[tuple[str, str], int], document: SchemeDocument
) -> YearScores:
    """Return the scores of a year from its quarters' figures and active days."""
    member = _of_capacity("member", figures, days)
    committee = _of_capacity("committee", figures, days)
    return YearScores(member, committee, combined_score(member, committee, document))


def combined_score(
    member: int | None, committee: int | None, document: SchemeDocument
) -> int | None:
    """Return the weighted mean of both capacities, None where one was not scored."""
    if member is None or committee is None:
        return None
    weights = document.combined
    total = weights.member + weights.committee
    if total == 0:
        # A scheme that weighs neither prefers neither.
        return half_up(member + committee, 2)
    return half_up(weights.member * member + weights.committee * committee, total)


def _of_capacity(
    capacity: str, figures: Quarters, days: Mapping[tuple[str, str], int]
) -> int | None:
    return year_score(
        MemberDays(score, days.get(key, 0))
        for key, one in figures.items()
        if key[0] == capacity and (score := one.score) is not None
    )
