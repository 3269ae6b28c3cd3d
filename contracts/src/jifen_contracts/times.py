"""Instants: RFC 3339 text on the wire, milliseconds since 1970 inside, local dates by offset."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Final

from pydantic import StringConstraints

from jifen_contracts.ids import DATE

_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_OFFSET = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

TIME: Final = rf"{DATE}T{_CLOCK}(?:\.[0-9]{{1,3}})?{_OFFSET}"

TimeText = Annotated[str, StringConstraints(pattern=rf"^{TIME}$")]
StampText = Annotated[str, StringConstraints(pattern=rf"^{DATE}T{_CLOCK}\.[0-9]{{3}}Z$")]

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
INSTANTS_REMEMBERED: Final = 4096
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MILLISECOND: Final = timedelta(milliseconds=1)


# People decide many claims at once, and what was done is often recorded in the same second.
@lru_cache(maxsize=INSTANTS_REMEMBERED)
def instant_ms(text: str) -> int:
    """Return the milliseconds since 1970 of a TimeText or StampText."""
    return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND


def stamp(ms: int) -> str:
    """Return the instant as a StampText; in this form text order is time order."""
    seconds, rest = divmod(ms, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


# Ingest stamps every event of a second, and the ledger every record.
@lru_cache(maxsize=INSTANTS_REMEMBERED)
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat()


def local_date(ms: int, offset_minutes: int) -> date:
    """Return the calendar day of the instant where clocks run `offset_minutes` ahead of UTC."""
    return date.fromordinal(_EPOCH_DAY + (ms + offset_minutes * MINUTE_MS) // DAY_MS)


def end_of_day_ms(day: date, offset_minutes: int) -> int:
    """Return the last millisecond of the calendar day where clocks run so far ahead of UTC."""
    return (day.toordinal() + 1 - _EPOCH_DAY) * DAY_MS - offset_minutes * MINUTE_MS - 1


def offset_minutes(text: str) -> int:
    """Return the minutes ahead of UTC of an offset such as "+08:00"."""
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return -minutes if text[0] == "-" else minutes
