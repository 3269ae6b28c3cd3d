"""When an event happened and when it was recorded, in the scheme's local calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from jifen_contracts.times import instant_ms, local_date
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State

DAY_MS = 86_400_000
INSTANTS_REMEMBERED = 4096


class Moment(NamedTuple):
    """The two times of an event (domain.md §2.1), and their local days; `day` is the deed's."""

    seq: int
    time_ms: int
    recorded_ms: int
    day: date
    recorded_day: date


def moment_of(state: State, seq: int, time: str, recordedtime: str) -> Moment:
    """Return the event's times under the scheme's fixed offset (UTC before its first version)."""
    offset = offset_of(state.versions)
    time_ms, day = _instant(time, offset)
    recorded_ms, recorded_day = _instant(recordedtime, offset)
    return Moment(seq, time_ms, recorded_ms, day, recorded_day)


def local_day(state: State, ms: int) -> date:
    """Return the local date of an instant."""
    return local_day_of(state.versions, ms)


def local_day_of(versions: Sequence[Version], ms: int) -> date:
    """Return the local date of an instant, under the offset that the first version fixed."""
    return local_date(ms, offset_of(versions))


def local_day_at(state: State, time: str) -> date:
    """Return the local date of a time on the wire."""
    return _instant(time, offset_of(state.versions))[1]


# People decide many claims at once, and what was done is often recorded in the same second.
@lru_cache(maxsize=INSTANTS_REMEMBERED)
def _instant(text: str, offset: int) -> tuple[int, date]:
    ms = instant_ms(text)
    return ms, local_date(ms, offset)


def offset_of(versions: Sequence[Version]) -> int:
    """Return the minutes east of UTC that the first version fixed; UTC before there is one."""
    return versions[0].offset_minutes if versions else 0
