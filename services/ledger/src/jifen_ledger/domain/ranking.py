"""Standard competition ranking: 1-2-2-4, without any hidden tie-break (domain.md §5.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """A holder on a board; the score is in tenths."""

    holder: str
    score: int
    rank: int


def ranking(scores: Iterable[tuple[str, int]]) -> tuple[Ranked, ...]:
    """Return the board: the higher score first, equal scores with equal rank.

    Ids order the display within a rank and nothing else.
    """
    board: list[Ranked] = []
    for place, (holder, score) in enumerate(sorted(scores, key=_display), start=1):
        tied = bool(board) and board[-1].score == score
        board.append(Ranked(holder, score, board[-1].rank if tied else place))
    return tuple(board)


def _display(one: tuple[str, int]) -> tuple[int, str]:
    holder, score = one
    return (-score, holder)


def band_of(score: int, bands: Sequence[int]) -> int | None:
    """Return the floor of the highest band that holds the score, None below the last band."""
    return next((floor for floor in sorted(bands, reverse=True) if score >= floor), None)
