"""Bulletins (通报) as they were frozen, by branch, quarter and revision (domain.md §5.4)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One revision: both sheets byte for byte, their hashes, and the health lines that were red.

    `seq` is the record that froze it, and what its content is a function of reaches up to there.
    """

    seq: int
    branch: str
    quarter: str
    revision: int
    full_sheet: bytes
    branch_sheet: bytes
    content_hash: str
    branch_hash: str
    red: tuple[str, ...]
