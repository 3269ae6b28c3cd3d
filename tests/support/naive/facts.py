"""What every part of the model speaks of: accepted facts, claims, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jifen_contracts.periods import month_of, quarter_of

Fact = Mapping[str, Any]

OPEN = ("claimed", "preliminary", "returned")


class Refused(Exception):  # noqa: N818 - the word of the specification
    def __init__(self, code: str, refers_to: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.refers_to = refers_to


def refuse_if(condition: object, code: str) -> None:
    if condition:
        raise Refused(code)


@dataclass(frozen=True)
class Worth:
    """What a claim is worth in one capacity: the scheme's value, and what reviewers gave."""

    kind: str
    mode: str
    raw: int
    value: int
    applicable: int = 0
    outside_month: bool = False
    month_cap: int | None = None
    quarter_cap: int | None = None
    year_cap: int | None = None


@dataclass(frozen=True)
class Reward:
    """What a claim is worth in the wallet."""

    value: int = 0
    month_cap: int | None = None


@dataclass(frozen=True)
class Claim:
    id: str
    holder: str
    by: str | None
    item: str
    deed: str
    group: str | None
    day: date
    measure: Mapping[str, Mapping[str, Any]]
    counterpart: tuple[str, ...]
    project: str | None
    signed: str | None
    evidence_kinds: tuple[str, ...]
    has_basis: bool
    noticed_on: date
    branch: str | None = None
    state: str = "claimed"
    until: date | None = None
    preliminary_deciders: frozenset[str] = frozenset()
    duplicate_of: str | None = None
    highest: bool = True
    worth: Mapping[str, Worth] = field(default_factory=dict)
    offered: Reward = Reward()

    @property
    def key(self) -> str:
        return self.group or self.deed

    @property
    def reward(self) -> Reward:
        """What is worth nothing to the member is worth nothing in the wallet either."""
        worth = self.worth.get("member")
        return self.offered if worth is not None and worth.value else Reward()

    @property
    def month(self) -> str:
        return month_of(self.day)

    @property
    def quarter(self) -> str:
        return quarter_of(self.day)

    @property
    def pending(self) -> int:
        """Its value while it waits; a deduction never waits in `pending`."""
        return sum(worth.value for worth in self.worth.values() if worth.kind != "deduct")

    def state_on(self, day: date) -> str:
        lapsed = self.state == "returned" and self.until is not None and day > self.until
        return "lapsed" if lapsed else self.state

    def is_live(self, day: date) -> bool:
        return self.state_on(day) in (*OPEN, "verified")
