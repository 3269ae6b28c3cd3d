"""Whether records were wrongly dated: their times against those of cosignatures (tlog.md §11.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.log.checkpoint import Opened

SKEW_S: Final = 300


class Witnessed(NamedTuple):
    """A size of the log and a time at which a witness saw it."""

    size: int
    time_s: int


def witnessed(notes: Iterable[Opened]) -> Sequence[Witnessed]:
    """Return what the cosignatures of verified checkpoints say, each once."""
    seen = {
        Witnessed(one.checkpoint.size, cosigned.time_s)
        for one in notes
        for cosigned in one.cosigned
    }
    return sorted(seen)


def indexes_of(seen: Iterable[Witnessed]) -> set[int]:
    """Return the entries whose times are wanted: the last that was seen, and the next."""
    return {index for one in seen for index in (one.size - 1, one.size) if index >= 0}


def check_times(
    seen: Sequence[Witnessed], recorded_at: Mapping[int, str], late_max_s: int
) -> int | None:
    """Return the greatest lateness in seconds, None without any cosignature. Raises AuditFailed."""
    latest = None
    for one in seen:
        last = recorded_at.get(one.size - 1)
        if last is not None and _seconds(last) > one.time_s + SKEW_S:
            raise AuditFailed(f"seq {one.size} says {last}, but a witness had seen it before")
        following = recorded_at.get(one.size)
        late = 0 if following is None else max(0, int(one.time_s - _seconds(following)))
        if late > late_max_s:
            raise AuditFailed(
                f"seq {one.size + 1} says {following}, but was added more than {late} s later;"
                " --max-late allows more for an outage that you know of"
            )
        latest = max(latest or 0, late)
    return latest


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()
