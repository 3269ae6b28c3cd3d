"""What a replay found, cut to what fits a page, in the order of the command's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jifen_contracts.points import parse_points

# The command prints, and writes as tables, all of them.
LINES_SHOWN: Final = 100

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cut:
    """The first lines of a table, and how many more there are."""

    rows: Sequence[Row]
    more: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference. Each score has its ranks as `whole` and `branch`, where it has one."""

    records: int
    from_day: str
    to_day: str
    replaced: Sequence[int]
    summary: Sequence[Row]
    items: Cut
    scores: Cut
    grades: Cut
    refusals: Cut
    claims: Cut

    @property
    def is_empty(self) -> bool:
        """Tell whether the draft changes nothing."""
        tables = (self.items, self.scores, self.grades, self.refusals, self.claims)
        return not any(table.rows for table in tables)

    @property
    def ids(self) -> Sequence[str]:
        """The people and units that are named."""
        tables = (self.scores, self.grades, self.claims)
        return sorted({row["holder"] for table in tables for row in table.rows})


def shown_of(found: Mapping[str, Any], scheme: str) -> Shown:
    """Return what a page shows of the command's answer."""
    return Shown(
        records=found["records"],
        from_day=found["from"],
        to_day=found["to"],
        replaced=found["replaced_versions"],
        summary=found["summary"],
        items=_cut(found["items"]),
        scores=_cut(_placed(found, scheme)),
        grades=_cut(found["grades"]),
        refusals=_cut(found["refusals"]),
        claims=_cut(found["claims"]),
    )


def _cut(rows: Sequence[Row]) -> Cut:
    return Cut(rows[:LINES_SHOWN], max(0, len(rows) - LINES_SHOWN))


def _placed(found: Mapping[str, Any], scheme: str) -> Sequence[Row]:
    """Return the scores with their ranks, the largest difference first."""
    places: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in found["ranks"]:
        board = "whole" if row["board"] == scheme else "branch"
        places.setdefault(_key(row), {})[board] = row
    rows = [{"whole": None, "branch": None, **row, **places.get(_key(row), {})}
            for row in found["scores"]]  # fmt: skip
    return sorted(rows, key=_largest_first)


def _key(row: Row) -> tuple[str, ...]:
    return row["quarter"], row["capacity"], row["holder"]


def _largest_first(row: Row) -> tuple[int, tuple[str, ...]]:
    """Whoever gains or loses a score at all stands at the very top."""
    moved = row["difference"]
    return (-1_001 if moved is None else -abs(parse_points(moved))), _key(row)
