"""A claim as it lies in the inbox of the branch that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from jifen_local.demo.messages import Desk, Moment
from jifen_local.demo.world import Branch

Measure = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Filed:
    """What reviewers know of a claim: `branch` is the holder's on the deed date, or the unit."""

    claim: str
    item: str
    deed: str
    holder: str
    branch: Branch
    deed_on: date
    filed_on: date
    measure: Measure = field(hash=False)
    counterpart: tuple[str, ...] = ()
    group: str | None = None
    participants: frozenset[str] = frozenset()
    by_person: bool = False

    @property
    def of_unit(self) -> bool:
        """Tell whether a branch holds the claim, not a person."""
        return self.holder == self.branch.id

    @property
    def month(self) -> int:
        """The month of the year whose review decides the claim."""
        return self.deed_on.month


def file_claim(
    desk: Desk,
    filed: Filed,
    recorded: Moment,
    deed: Moment,
    *,
    stating: Mapping[str, object],
    fold: str | None = None,
) -> Filed:
    """Send the `points.earned` of the claim, with what else it states, and return it."""
    data: dict[str, object] = {
        "claim": filed.claim,
        "item": filed.item,
        "deed": filed.deed,
        "measure": filed.measure,
    }
    if filed.counterpart:
        data["counterpart"] = list(filed.counterpart)
    if filed.group is not None:
        data["group"] = filed.group
    data |= stating
    desk.send("points.earned", filed.holder, recorded, data, deed=deed, fold=fold)
    return filed


def evidence(kind: str, of: str) -> list[dict[str, str]]:
    """Return the evidence list for one file, whose content the demo makes up from its name."""
    return [{"kind": kind, "sha256": file_hash(of)}]


def file_hash(of: str) -> str:
    """Return the hash of an invented file."""
    return sha256(f"demo file {of}".encode()).hexdigest()
