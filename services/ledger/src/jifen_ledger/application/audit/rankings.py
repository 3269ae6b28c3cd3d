"""The boards of a bundle: every quarter's scores of all members, in each capacity (tlog.md §7.3).

They are the live ones, counted up to the size of the log; what a bulletin froze is bound by the
hashes in its record. Units compare by other figures and have no board here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Final

from jifen_contracts.canonical import canonical
from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.application.queries.holders import version_for
from jifen_ledger.domain.ranking import ranking
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.score import Figures

CAPACITIES: Final = ("committee", "member")


def board_of(quarter: str, capacity: str) -> str:
    """Return the name of a board."""
    return f"{quarter}/{capacity}"


def place_line(board: str, rank: int, score: int, subject: str) -> bytes:
    """Return the line of a place; the score is in tenths."""
    place = {"board": board, "rank": rank, "score": score, "subject": subject}
    return canonical(place) + b"\n"


def rankings_text(
    figures: Iterable[tuple[tuple[str, str, str], Figures]], versions: Sequence[Version]
) -> bytes:
    """Return the rankings that figures by (holder, capacity, quarter) give."""
    boards: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for (holder, capacity, quarter), one in figures:
        if capacity in CAPACITIES and one.score is not None:
            boards.setdefault((quarter, capacity), []).append((holder, one.score))
    return b"".join(
        place_line(board_of(quarter, capacity), one.rank, one.score, one.holder)
        for (quarter, capacity), scores in sorted(boards.items())
        if len(scores) >= version_for(versions, quarter).document.ranking.min_n
        for one in ranking(scores)
    )


def compare_rankings(said: bytes, counted: bytes, by: str) -> None:
    """Compare what the ledger says with what was counted anew. Raises AuditFailed."""
    for number, (one, other) in enumerate(_pairs(said, counted), start=1):
        if one != other:
            raise AuditFailed(
                f"line {number} of the rankings: the ledger says {_shown(one)},"
                f" {by} gives {_shown(other)}"
            )


def _pairs(said: bytes, counted: bytes) -> Iterator[tuple[bytes | None, bytes | None]]:
    return zip_longest(said.splitlines(), counted.splitlines())


def _shown(line: bytes | None) -> str:
    return "nothing" if line is None else line.decode(errors="replace")
