"""A claim: one holder's statement of one deed under one item, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from jifen_ledger.domain.replacing import replaced_quickly

NOTHING: Mapping[str, int] = MappingProxyType({})


class ClaimState(StrEnum):
    """The states of domain.md §3.1; `lapsed` is derived when read."""

    CLAIMED = "claimed"
    PRELIMINARY = "preliminary"
    VERIFIED = "verified"
    RETURNED = "returned"
    REJECTED = "rejected"
    REVERSED = "reversed"


_OPEN = (ClaimState.CLAIMED, ClaimState.PRELIMINARY)


class Measured(NamedTuple):
    """One capacity of a measure as sent; which fields are set depends on the line's mode."""

    required: int | None = None
    excused: int | None = None
    done: int | None = None
    count: int | None = None  # type: ignore[assignment]  # a tuple's own `count` is not missed
    tier: str | None = None
    answers: int | None = None


class Worth(NamedTuple):
    """What a measure is worth under the effective catalogue, in tenths.

    `raw` and `applicable` are keyed by capacity; `applicable` only names base lines whose
    net requirement is above zero. `incentive` is the raw incentive value.
    """

    raw: Mapping[str, int] = NOTHING
    applicable: Mapping[str, int] = NOTHING
    incentive: int = 0

    @property
    def pending(self) -> int:
        """What a claim of this worth holds in `pending`: deductions never touch it."""
        total = 0
        for value in self.raw.values():
            if value > 0:
                total += value
        return total


@replaced_quickly
class Claim(NamedTuple):
    """A claim as it stands after the last record that touched it.

    `seq` opened it, `stated_seq` last (re)stated it (resubmission), `decided_seq` took the last
    decision. `posts` and `unit_class` select the overlay of the effective catalogue that values it.
    `counted` (per capacity) and `counted_incentive` are what is left of the raw value after the
    stack step while the claim is verified. `lowered` is what a preliminary reviewer gave, by
    capacity, where it was less than the scheme yields. `ended_by` are those who rejected it at the
    second stage, or reversed it.

    A named tuple because the fold replaces claims all the time: half the cost of a dataclass.
    """

    id: str
    seq: int
    stated_seq: int
    holder: str
    of_unit: bool
    state: ClaimState
    item: str
    deed: str
    group: str | None
    project: str | None
    deed_ms: int
    deed_date: date
    stated_ms: int
    branch: str
    version: int
    posts: frozenset[str]
    unit_class: str | None
    catalogue: str
    measure: Mapping[str, Measured]
    counterpart: tuple[str, ...]
    signed: str | None
    evidence_kinds: frozenset[str]
    has_basis: bool
    by: str | None
    worth: Worth
    lowered: Mapping[str, int] = NOTHING
    replaces: str | None = None
    until: date | None = None
    duplicate_of: str | None = None
    preliminary_deciders: tuple[str, ...] = ()
    verified_deciders: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    decided_seq: int | None = None
    verified_seq: int | None = None
    reversed_seq: int | None = None
    counted: Mapping[str, int] = NOTHING
    counted_incentive: int = 0

    @property
    def key(self) -> str:
        """The stack key: `group`, else `deed`."""
        return self.group if self.group is not None else self.deed

    @property
    def pending(self) -> int:
        """What this claim now holds in `pending`, in tenths."""
        return self.worth.pending if self.state in _OPEN else 0

    @property
    def decided_by(self) -> tuple[str, ...]:
        """Everyone who took one of its decisions."""
        return self.preliminary_deciders + self.verified_deciders + self.ended_by


class Step(NamedTuple):
    """One accepted event in a claim's life, with the item, measure and worth it left behind."""

    claim: str
    seq: int
    step: str
    item: str
    measure: Mapping[str, Measured]
    worth: Worth
    by: str | None
    deciders: tuple[str, ...]
    reason: str | None
