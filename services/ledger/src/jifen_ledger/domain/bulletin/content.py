"""What a bulletin says (domain.md §5.4): the parts that its two sheets are made of.

All amounts are integer tenths. Nothing here has a name of a person: sheets hold ids only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jifen_ledger.domain.bulletin.health import HealthLine
from jifen_ledger.domain.claim import NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """One holder in one capacity.

    `bonus` is effective, by category, before the bonus part's limit; `points` are all effective
    points by category, base and deductions included. `score` is absent for who is not scored;
    `partial` marks a person whose home branch was another one for a part of the quarter.
    """

    holder: str
    capacity: str
    earned: int
    applicable: int
    excess: int
    deductions: int
    score: int | None
    bonus: Mapping[str, int] = field(default_factory=lambda: NOTHING, hash=False)
    points: Mapping[str, int] = field(default_factory=lambda: NOTHING, hash=False)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A posting of an earlier quarter that was booked in this one."""

    holder: str
    capacity: str
    quarter: str
    item: str
    points: int
    seq: int


@dataclass(frozen=True, slots=True)
class Waived:
    """A base fact that the upper level went without."""

    holder: str
    item: str
    period: str


@dataclass(frozen=True, slots=True)
class PanelShown:
    """The assessment group in force when the bulletin was frozen."""

    panel: str
    chair: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Objections:
    """How many objections were filed, and how those decided ended."""

    filed: int = 0
    upheld: int = 0
    partly: int = 0
    dismissed: int = 0
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Why figures of a holder moved after a revision: the record, and who decided."""

    holder: str
    seq: int
    deciders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranks:
    """How a capacity's order is shown: `policy` full, bands or off; `bands` are floors in tenths.

    Nobody is ranked among fewer than `min_n` scored holders.
    """

    policy: Mapping[str, str] = field(hash=False)
    bands: tuple[int, ...]
    min_n: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a revision is made of; the same for the same stream up to `upto_seq`.

    `changes` are those since the revision before.
    """

    scheme: str
    branch: str
    quarter: str
    revision: int
    upto_seq: int
    versions: tuple[int, ...]
    ranks: Ranks
    panel: PanelShown | None
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    waived: tuple[Waived, ...]
    claims_late: int
    claims_open: int
    objections: Objections
    health: tuple[HealthLine, ...]
    changes: tuple[Change, ...] = ()
