"""What a batch changed: new register rows in stream order, and keys of rows that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from jifen_ledger.domain.claim import Claim, Step
from jifen_ledger.domain.kept import Kept
from jifen_ledger.domain.registers import Assignment, Panel, Split, Standing, UnitState, Version
from jifen_ledger.domain.score import Figures
from jifen_ledger.domain.tally import Tally


class FirstSeen(NamedTuple):
    """Where a `(source, id)` was seen first, and the hash of its content there."""

    seq: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Departure:
    """A member left on a day."""

    member: str
    seq: int
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Two records of one person became one: `closed` lives on under `survivor`."""

    closed: str
    survivor: str
    seq: int


class StatedDeed(NamedTuple):
    """An accepted `points.earned` that is no base fact, as it was stated."""

    seq: int
    holder: str
    item: str
    deed: str
    day: date


class EvidenceUse(NamedTuple):
    """A file, by its hash, was named as evidence for a deed."""

    seq: int
    sha256: str
    deed: str


class FileUse(NamedTuple):
    """An accepted event named a file, by its hash, otherwise than as evidence for a deed."""

    seq: int
    sha256: str


class PrivateUse(NamedTuple):
    """An event, unless it is a duplicate, has the private part of this hash."""

    seq: int
    privatehash: str


@dataclass(slots=True)
class Changes:
    """What a batch changed: new register rows in stream order, and keys of rows that moved."""

    versions: list[Version] = field(default_factory=list)
    units: list[tuple[str, UnitState]] = field(default_factory=list)
    standings: list[tuple[str, Standing]] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    joins: list[Joined] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    stated: list[StatedDeed] = field(default_factory=list)
    evidence: list[EvidenceUse] = field(default_factory=list)
    files: list[FileUse] = field(default_factory=list)
    private: list[PrivateUse] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    # Claims as they stood until a record that changed what their steps do not tell.
    past: list[tuple[Claim, int]] = field(default_factory=list)
    claims: dict[str, None] = field(default_factory=dict)
    figures: dict[tuple[str, str, str], None] = field(default_factory=dict)
    tallies: dict[tuple[str, str], None] = field(default_factory=dict)
    _lists: tuple[list[Any], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the lists together."""
        self._lists = (
            self.versions,
            self.units,
            self.standings,
            self.assignments,
            self.departures,
            self.joins,
            self.panels,
            self.splits,
            self.steps,
            self.stated,
            self.evidence,
            self.files,
            self.private,
            self.kept,
            self.past,
        )

    def marks(self) -> tuple[int, ...]:
        """Return how long the lists are, for `cut`."""
        return tuple(map(len, self._lists))

    def cut(self, marks: tuple[int, ...]) -> None:
        """Drop the rows since the marks. Keys stay: their rows are written as they were."""
        for rows, mark in zip(self._lists, marks, strict=True):
            del rows[mark:]


class Changed(NamedTuple):
    """Changes taken out of a state that goes on: the rows as they were at that moment.

    `unseen` are the index rows, by table and key, that changed without being known.
    """

    rows: Changes
    claims: Sequence[Claim]
    figures: Sequence[tuple[tuple[str, str, str], Figures]]
    tallies: Sequence[tuple[tuple[str, str], Tally]]
    versions: tuple[Version, ...]
    unseen: Mapping[str, set[Any]]
