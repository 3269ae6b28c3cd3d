"""How long a file of evidence is kept: years after its last use, days if nothing ever used it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Why(StrEnum):
    """Why a file goes."""

    EXPIRED = "expired"
    UNUSED = "unused"
    ERASED = "erased"
    UNFINISHED = "unfinished"


class Retention(NamedTuple):
    """`years` count from the last event that names the file, `unused_days` from its upload."""

    years: int
    unused_days: int


def reason_to_go(
    retention: Retention, now: datetime, stored_at: datetime, last_used: datetime | None
) -> Why | None:
    """Return why the file goes now, None while it is kept."""
    if last_used is None:
        kept = stored_at + timedelta(days=retention.unused_days)
        return Why.UNUSED if now > kept else None
    return Why.EXPIRED if now > _years_after(last_used, retention.years) else None


def _years_after(day: datetime, years: int) -> datetime:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # The 29th of February has no anniversary in most years.
        return day.replace(year=day.year + years, month=3, day=1)
