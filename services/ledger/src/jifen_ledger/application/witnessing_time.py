"""When a cosignature says something true about the times of records (tlog.md §9.1, §11.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from jifen_ledger.application.status import SchemeStatus

# With unchanged size a witness is asked again so often.
REPEATED_S: Final = 600
# As auditors allow between clocks.
SKEW_S: Final = 300


def behind_ms(projection: SchemeStatus, recorded_at: str, now_ms: int) -> int | None:
    """Return how far the projection is behind its stream; None where nobody knows.

    The next record is not older than the newest one, so that one's age is the most it can be.
    """
    if projection.stopped is not None or projection.waiting:
        return None
    if projection.lag == 0:
        return 0
    return max(0, now_ms - int(datetime.fromisoformat(recorded_at).timestamp() * 1_000))


def time_fits(time_s: int, now_ms: int) -> bool:
    """Tell whether a cosignature that came just now can have been made at the time."""
    return abs(time_s * 1_000 - now_ms) <= SKEW_S * 1_000
