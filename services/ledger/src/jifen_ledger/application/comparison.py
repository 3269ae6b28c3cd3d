"""What a comparison of two generations found: where they differ, and from which record on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from jifen_ledger.application.otherwise import Otherwise


@dataclass(frozen=True, slots=True)
class TreeHeads:
    """The tree over the records, as it was recorded and as it came out this time."""

    size: int
    live: str
    second: str


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table: the hash of its rows in both generations, and what stands in only one of them.

    `first` is the first key whose row differs, with the columns that do: of the live, the second.
    """

    table: str
    live: str
    second: str
    live_only: int = 0
    second_only: int = 0
    first: Mapping[str, Any] | None = None

    @property
    def same(self) -> bool:
        """Whether both generations have the same rows."""
        return self.live == self.second


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of a holder, in both generations; `seq` is the record that explains it."""

    what: str
    live: str | None
    second: str | None
    why: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class HolderDifference:
    """What differs about one holder: balances, scores, ranks; "" stands for all who hold none."""

    holder: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Records:
    """How many records came out otherwise, and the first of them."""

    number: int = 0
    otherwise: Otherwise | None = None

    @property
    def first(self) -> int | None:
        """The seq of the first."""
        return None if self.otherwise is None else self.otherwise.seq


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both generations at one moment."""

    scheme: str
    heads: TreeHeads
    records: Records
    tables: Sequence[TableDifference]
    holders: Sequence[HolderDifference] = field(default=())
    # Whether more holders differ than are listed.
    more: bool = False

    @property
    def differing(self) -> Sequence[TableDifference]:
        """The tables that differ."""
        return [one for one in self.tables if not one.same]

    @property
    def same(self) -> bool:
        """Whether nothing differs: the same records, tree and rows."""
        heads = self.heads.live == self.heads.second
        return heads and not self.records.number and not self.differing

    def as_object(self) -> dict[str, Any]:
        """Return what programs read."""
        otherwise = self.records.otherwise
        return {
            "scheme": self.scheme,
            "same": self.same,
            "size": self.heads.size,
            "root": {"live": self.heads.live, "second": self.heads.second},
            "records": {
                "otherwise": self.records.number,
                "first": None if otherwise is None else otherwise.as_object(),
            },
            "tables": [asdict(one) for one in self.tables],
            "holders": [asdict(one) for one in self.holders],
            "more_holders": self.more,
        }
