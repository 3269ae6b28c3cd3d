"""Persons of whom everything that can be erased was erased (domain.md §7, E42)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Erasure:
    """The id is closed; `basis` is the hash of the first order to erase."""

    seq: int
    member: str
    basis: str
