"""Objections, complaints, statements and re-checks (domain.md §2.2, §5.3), by their id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ObjectionState(StrEnum):
    """Where an objection stands: a statement is noted, everything else is to be decided.

    What was carried into the time after FINAL may still be decided.
    """

    NOTED = "noted"
    OPEN = "open"
    CARRIED = "carried"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Objection:
    """Somebody questions a claim or a bulletin, or answers a notice; `seq` filed it.

    `unit` is the one it is about where it is about no claim. `branch` and `quarter` say in whose
    bulletin the thing stands. `by` may be an alias or absent. `due` is the last day to decide.
    `corrects` are the claims to reverse, `reversals` the records that name this objection as cause.
    """

    seq: int
    objection: str
    subject: str
    kind: str
    claim: str | None
    unit: str | None
    branch: str
    quarter: str
    by: str | None
    filed_day: date
    due: date
    state: str
    decision: str | None = None
    corrects: tuple[str, ...] = ()
    reason: str | None = None
    deciders: tuple[str, ...] = ()
    decided_seq: int | None = None
    decided_day: date | None = None
    reversals: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """It waits for an answer."""
        return self.state == ObjectionState.OPEN

    @property
    def demands(self) -> tuple[str, ...]:
        """The claims that must be reversed before the next revision."""
        return self.corrects if self.decision in ("upheld", "partly") else ()
