"""The score function `score/1` (domain.md §5.2): base, bonus and reserve, in tenths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jifen_contracts.points import half_up
from jifen_ledger.domain.claim import NOTHING

BASE_MAX = 600
BONUS_MAX = 200
RESERVE = 200
SCORE_MAX = 1000
APPLICABLE_MIN = 180

# Tiers of a deduction that keep from an excellent grade (domain.md §5.5).
SEVERE_TIERS = frozenset({"serious", "accident"})

CAPACITIES = ("committee", "member", "unit")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one holder has in one capacity and deed quarter, in tenths.

    `earned` and `applicable` sum the verified base facts, `bonus` the effective bonus before the
    bonus part's limit, `categories` the effective points by category A to D, deductions included,
    `bonuses` the effective bonus by category. `severe` counts the deductions that keep from an
    excellent grade. `zeroed` says that a zero veto covers a day of the quarter: no points change,
    the score is 0.
    """

    earned: int = 0
    applicable: int = 0
    bonus: int = 0
    deductions: int = 0
    categories: Mapping[str, int] = field(default_factory=lambda: NOTHING, hash=False)
    bonuses: Mapping[str, int] = field(default_factory=lambda: NOTHING, hash=False)
    severe: int = 0
    zeroed: bool = False

    @property
    def excess(self) -> int:
        """What the bonus part's limit takes back."""
        return max(0, self.bonus - BONUS_MAX)

    @property
    def any(self) -> bool:
        """Tell whether anything counts here."""
        return bool(self.earned or self.applicable or self.bonus or self.deductions)

    @property
    def balance(self) -> int:
        """What the holder's account has of this quarter."""
        return self.earned + self.bonus - self.excess - self.deductions

    @property
    def base(self) -> int | None:
        """The base part, or None where nothing was applicable."""
        return half_up(BASE_MAX * self.earned, self.applicable) if self.applicable else None

    @property
    def score(self) -> int | None:
        """The score, or None where too little was applicable (not scored)."""
        if self.applicable < APPLICABLE_MIN:
            return None
        if self.zeroed:
            return 0
        total = half_up(BASE_MAX * self.earned, self.applicable)
        total += min(BONUS_MAX, self.bonus) + RESERVE - self.deductions
        return max(0, min(SCORE_MAX, total))

    def moved(
        self,
        category: str,
        *,
        earned: int = 0,
        applicable: int = 0,
        bonus: int = 0,
        deductions: int = 0,
        severe: int = 0,
    ) -> Figures:
        """Return the figures after a change in one category."""
        categories = dict(self.categories)
        categories[category] = categories.get(category, 0) + earned + bonus - deductions
        bonuses = self.bonuses
        if bonus:
            bonuses = {**bonuses, category: bonuses.get(category, 0) + bonus}
        return Figures(
            self.earned + earned,
            self.applicable + applicable,
            self.bonus + bonus,
            self.deductions + deductions,
            categories,
            bonuses,
            self.severe + severe,
            self.zeroed,
        )


NO_FIGURES = Figures()
