"""Awards: titles, badges, honours, benefits and unit awards, as facts with a basis (§6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BADGE = "badge"
BENEFIT = "benefit"
UNIT_AWARD = "unit_award"
KINDS = ("title", BADGE, "honour", BENEFIT, UNIT_AWARD)


@dataclass(frozen=True, slots=True)
class Award:
    """An award as it stands; `basis` is the hash of the document it rests on.

    `month` is that of a benefit. A revoked award ends on the day of its revocation.
    """

    seq: int
    award: str
    holder: str
    kind: str
    name_zh: str
    name_en: str
    level: str | None
    month: str | None
    from_: date
    to: date | None
    basis: str
    by: str
    revoked_on: date | None = None
    revoked_by: str | None = None
    reason: str | None = None

    @property
    def end(self) -> date | None:
        """The first day on which it is no longer held."""
        ends = [day for day in (self.to, self.revoked_on) if day is not None]
        return min(ends, default=None)

    def held_on(self, day: date) -> bool:
        """Tell whether the award is held on the day."""
        return self.from_ <= day and (self.end is None or day < self.end)
