"""Rows of an export that come from bulletins: scores as published, and the rankings they give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from jifen_contracts.canonical import decode
from jifen_ledger.application.exporting.columns import Row
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.ranking import ranking

CATEGORIES: Final = "abcd"
# Units compare by the mean per member-day within one kind and class, not by their own score.
RANKED: Final = ("committee", "member")


class Scored(NamedTuple):
    """A holder's score in the last revision of a branch's quarter."""

    branch: str
    capacity: str
    holder: str
    score: int


def sheet_names(bulletin: Bulletin) -> tuple[str, str]:
    """Return the files of the full and of the branch sheet."""
    place = f"bulletins/{bulletin.branch}/{bulletin.quarter}-r{bulletin.revision}"
    return f"{place}-full.json", f"{place}-branch.json"


def bulletin_row(bulletin: Bulletin) -> Row:
    """Return the row of the table of bulletins."""
    return (
        bulletin.branch,
        bulletin.quarter,
        bulletin.revision,
        bulletin.seq,
        bulletin.content_hash,
        bulletin.branch_hash,
        bulletin.red,
        *sheet_names(bulletin),
    )


def score_rows(bulletin: Bulletin) -> Iterator[Row]:
    """Yield a row for each line of the full sheet."""
    for line in _lines(bulletin):
        yield (
            bulletin.quarter,
            bulletin.branch,
            bulletin.revision,
            line["holder"],
            line["capacity"],
            line["base_earned"],
            line["base_applicable"],
            *(line["bonus"].get(category, 0) for category in CATEGORIES),
            line["excess"],
            line["deductions"],
            line.get("score"),
            line.get("partial", False),
        )


def ranking_rows(
    quarter: str, bulletins: Sequence[Bulletin], scheme: str, min_n: Mapping[int, int]
) -> Iterator[Row]:
    """Yield the boards of a quarter: each branch's own, and that of all that published it.

    `bulletins` are all revisions of the quarter, by branch and revision; `min_n` is the fewest
    holders that are ranked, by version of the scheme.
    """
    last = {bulletin.branch: bulletin for bulletin in bulletins}
    fewest = {branch: _min_n(one, min_n) for branch, one in last.items()}
    scored = [one for bulletin in last.values() for one in _scored(bulletin)]
    for branch in sorted(last):
        own = [one for one in scored if one.branch == branch]
        yield from _boards(quarter, branch, own, fewest[branch])
    yield from _boards(quarter, scheme, scored, max(fewest.values(), default=0))


def _boards(quarter: str, scope: str, scored: Iterable[Scored], min_n: int) -> Iterator[Row]:
    for capacity in RANKED:
        # Who moved within the quarter stands in two bulletins, and once on a board of both.
        scores = {one.holder: one.score for one in scored if one.capacity == capacity}
        if len(scores) < min_n:
            continue
        for one in ranking(scores.items()):
            yield (quarter, scope, capacity, one.rank, one.holder, one.score, len(scores))


def _scored(bulletin: Bulletin) -> Iterator[Scored]:
    for line in _lines(bulletin):
        if "score" in line:
            yield Scored(bulletin.branch, line["capacity"], line["holder"], line["score"])


def _min_n(bulletin: Bulletin, by_version: Mapping[int, int]) -> int:
    sheet: Any = decode(bulletin.full_sheet)
    return by_version[sheet["versions"][-1]]


def _lines(bulletin: Bulletin) -> Sequence[dict[str, Any]]:
    sheet: Any = decode(bulletin.full_sheet)
    lines: Sequence[dict[str, Any]] = sheet["holders"]
    return lines
