"""What a draft would have changed, for machines: one JSON object, or a CSV file for each table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from jifen_contracts.points import format_points
from jifen_ledger.domain.simulation.result import ScoreChange, Simulated

Row = Sequence[object]

RANKS: Final = ("quarter", "capacity", "holder", "board", "n_before", "rank_before",
                "n_after", "rank_after")  # fmt: skip


def as_json(found: Simulated) -> str:
    """Return everything as one JSON object; points are decimal strings."""
    tables = {name: [dict(zip(head, row, strict=True)) for row in rows]
              for name, head, rows in _tables(found)}  # fmt: skip
    said: dict[str, Any] = {
        "scheme": found.scheme,
        "from": found.from_,
        "to": found.to,
        "records": found.records,
        "replaced_versions": list(found.replaced),
        **tables,
    }
    return orjson.dumps(said).decode()


def write_csv(found: Simulated, directory: Path) -> None:
    """Write every table into the directory, which is made if it is not there."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, head, rows in _tables(found):
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(["" if value is None else value for value in row] for row in rows)


def _tables(found: Simulated) -> Iterator[tuple[str, Sequence[str], Iterable[Row]]]:
    yield (
        "summary",
        ("capacity", "risen", "fallen", "same", "newly_scored", "no_longer_scored",
         "mean_before", "mean_after"),
        [(one.capacity, one.risen, one.fallen, one.same, one.newly_scored, one.no_longer_scored,
          _points(one.mean_before), _points(one.mean_after)) for one in found.tallies],
    )  # fmt: skip
    yield (
        "scores",
        ("quarter", "capacity", "holder", "before", "after", "difference"),
        [_score(one) for one in found.scores],
    )
    yield "ranks", RANKS, [row for one in found.scores for row in _ranks(one)]
    yield (
        "items",
        ("capacity", "item", "before", "after", "difference"),
        [(one.capacity, one.item, _points(one.before), _points(one.after),
          _points(one.after - one.before)) for one in found.items],
    )  # fmt: skip
    yield (
        "claims",
        ("claim", "holder", "item", "deed_date", "before", "after", "code"),
        [(one.claim, one.holder, one.item, one.deed_date, one.before, one.after, one.code)
         for one in found.claims],
    )  # fmt: skip
    yield (
        "refusals",
        ("type", "before", "after", "events"),
        [(one.type, one.before, one.after, one.events) for one in found.refusals],
    )
    yield (
        "grades",
        ("year", "holder", "figure_before", "figure_after", "grade_before", "grade_after"),
        [(one.year, one.holder, _points(one.figure_before), _points(one.figure_after),
          one.grade_before, one.grade_after) for one in found.grades],
    )  # fmt: skip


def _score(one: ScoreChange) -> Row:
    scores = (_points(one.before), _points(one.after), _points(one.difference))
    return (one.quarter, one.capacity, one.holder, *scores)


def _ranks(one: ScoreChange) -> Iterator[Row]:
    for place in one.places:
        ranks = (place.board, place.n_before, place.before, place.n_after, place.after)
        yield (one.quarter, one.capacity, one.holder, *ranks)


def _points(tenths: int | None) -> str | None:
    return None if tenths is None else format_points(tenths)
