"""A finding of lint: which rule is broken, where, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` is the number in domain.md §4.3; the path names items and tiers by their codes."""

    rule: int
    path: str
    message: str
