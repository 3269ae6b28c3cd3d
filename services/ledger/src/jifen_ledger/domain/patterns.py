"""Patterns that deserve a second look and have no effect of their own (§8.2, E16 and E67)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

# From so many claims in each direction on, two people who approve or help each other are shown.
FAVOURS_MIN: Final = 3
# From so many approvals of one person within a minute on: E16 speaks of fifty.
APPROVALS_MIN: Final = 50
MINUTE_MS: Final = 60_000
# From so many concerns of one raiser with one handler on.
CONCERNS_MIN: Final = 5
# A concern that took no longer is a tiny one.
TINY_DAYS_MAX: Final = 1


class Favour(NamedTuple):
    """Somebody did something for somebody else's claim."""

    doer: str
    holder: str
    claim: str


class Approval(NamedTuple):
    """Somebody approved a claim, at the recorded time."""

    by: str
    at_ms: int
    seq: int


class Mutual(NamedTuple):
    """Two people, and how many claims of the other each of them had a part in."""

    one: str
    other: str
    by_one: int
    by_other: int


class Burst(NamedTuple):
    """Approvals of one person so close together that they can hardly have been looked at."""

    by: str
    approvals: int
    first_seq: int
    first_ms: int
    last_ms: int


def mutual_favours(favours: Iterable[Favour]) -> list[Mutual]:
    """Return the pairs who did each other favours, those with most on both sides first."""
    counts = Counter((one.doer, one.holder) for one in set(favours) if one.doer != one.holder)
    found = [
        Mutual(one, other, count, counts[other, one])
        for (one, other), count in counts.items()
        if one < other and min(count, counts[other, one]) >= FAVOURS_MIN
    ]
    return sorted(found, key=lambda pair: (-min(pair[2:]), -max(pair[2:]), pair))


def bursts(approvals: Iterable[Approval]) -> list[Burst]:
    """Return the bursts, the longest first; two that overlap are one."""
    by_person: defaultdict[str, list[Approval]] = defaultdict(list)
    for one in approvals:
        by_person[one.by].append(one)
    found = [burst for own in by_person.values() for burst in _bursts_of(own)]
    return sorted(found, key=lambda burst: (-burst.approvals, burst.first_seq))


def _bursts_of(approvals: Sequence[Approval]) -> list[Burst]:
    """Return the bursts of one person: runs that some minute with enough approvals covers."""
    ordered = sorted(approvals, key=lambda one: (one.at_ms, one.seq))
    spans: list[tuple[int, int]] = []
    for start in range(len(ordered) - APPROVALS_MIN + 1):
        end = start + APPROVALS_MIN - 1
        if ordered[end].at_ms - ordered[start].at_ms >= MINUTE_MS:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        Burst(
            ordered[start].by,
            end - start + 1,
            min(one.seq for one in ordered[start : end + 1]),
            ordered[start].at_ms,
            ordered[end].at_ms,
        )
        for start, end in spans
    ]
