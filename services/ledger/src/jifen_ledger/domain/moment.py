"""When an event happened and when it was recorded, in the scheme's local calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from jifen_contracts.times import instant_ms, local_date, offset_minutes
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State

DAY_MS = 86_400_000


class Moment(NamedTuple):
    """The two times of an event (domain.md §2.1), and their local days; `day` is the deed's."""

    seq: int
    time_ms: int
    recorded_ms: int
    day: date
    recorded_day: date


def moment_of(state: State, seq: int, time: str, recordedtime: str) -> Moment:
    """Return the event's times under the scheme's fixed offset (UTC before its first version)."""
    offset = _offset(state.versions)
    time_ms, recorded_ms = instant_ms(time), instant_ms(recordedtime)
    return Moment(
        seq, time_ms, recorded_ms, local_date(time_ms, offset), local_date(recorded_ms, offset)
    )


def local_day(state: State, ms: int) -> date:
    """Return the local date of an instant."""
    return local_day_of(state.versions, ms)


def local_day_of(versions: Sequence[Version], ms: int) -> date:
    """Return the local date of an instant, under the offset that the first version fixed."""
    return local_date(ms, _offset(versions))


def _offset(versions: Sequence[Version]) -> int:
    return _minutes(versions[0].document.utc_offset) if versions else 0


_minutes = lru_cache(offset_minutes)
