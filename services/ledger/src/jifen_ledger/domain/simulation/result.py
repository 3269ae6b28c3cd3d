"""What a draft would have changed: what people read before they agree to it. Amounts in tenths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Places:
    """A holder's rank on one board before and after; None where not scored or too few are."""

    board: str
    n_before: int
    before: int | None
    n_after: int
    after: int | None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One capacity of a holder in one quarter whose score or rank differs; None = not scored."""

    quarter: str
    capacity: str
    holder: str
    before: int | None
    after: int | None
    places: Sequence[Places]

    @property
    def difference(self) -> int | None:
        """How far the score moved, where there are two."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Tally:
    """All holders of a capacity over the quarters: how many scores moved, and their means."""

    capacity: str
    risen: int
    fallen: int
    same: int
    newly_scored: int
    no_longer_scored: int
    mean_before: int | None
    mean_after: int | None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What an item gave all holders of a capacity (`inc`: incentive points) in the span."""

    capacity: str
    item: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim that ends in another state; "refused" where it was never opened.

    `code` is the refusal that appears or disappears.
    """

    claim: str
    holder: str
    item: str
    deed_date: str
    before: str
    after: str
    code: str


@dataclass(frozen=True, slots=True)
class RefusalChange:
    """Events of a type that were decided otherwise; an absent code means accepted."""

    type: str
    before: str | None
    after: str | None
    events: int


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A full member whose year's figure crosses a line of the grades; the quota is not applied."""

    year: str
    holder: str
    figure_before: int | None
    figure_after: int | None
    grade_before: str | None
    grade_after: str | None


@dataclass(frozen=True, slots=True)
class Simulated:
    """Everything that differs, each list in a fixed order; `replaced` are version numbers."""

    scheme: str
    from_: str
    to: str
    records: int
    replaced: Sequence[int]
    tallies: Sequence[Tally]
    scores: Sequence[ScoreChange]
    items: Sequence[ItemChange]
    claims: Sequence[ClaimChange]
    refusals: Sequence[RefusalChange]
    grades: Sequence[GradeChange]

    @property
    def is_empty(self) -> bool:
        """Tell whether the draft changes nothing."""
        return not (self.scores or self.items or self.claims or self.refusals or self.grades)
