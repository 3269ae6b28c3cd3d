"""Events that rows of a file become: the same file with the same terms gives the same events."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from jifen_contracts.times import instant_ms, stamp

MIDNIGHT: Final = "00:00:00"
# The day's last minute, for what ends with the day.
DAYS_END: Final = "23:59:00"
ID_CHARS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a whole file.

    `day` is the day it speaks for, where its rows do not say it themselves. `recorded` is the
    recorded time of an import of the past, where it is one for all rows.
    """

    file_sha256: str
    kind: str
    source: str
    scheme: str
    utc_offset: str = "+08:00"
    day: date | None = None
    recorded: str | None = None
    history: bool = False

    @property
    def batch(self) -> str:
        """What tells this import from all others: the file, and whatever shapes its events."""
        shaping = (self.file_sha256, self.kind, self.source, self.scheme, self.utc_offset,
                   str(self.day))  # fmt: skip
        return hashlib.sha256("\n".join(shaping).encode()).hexdigest()[:24]

    @property
    def correlation(self) -> str:
        """The `correlationid` of every event: the file's own hash."""
        return f"file:sha256:{self.file_sha256}"

    def at(self, day: date, clock: str = MIDNIGHT) -> str:
        """Return a local time of the day."""
        return f"{day}T{clock}{self.utc_offset}"


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that a row becomes; `part` tells the events of one row apart.

    `said` is when it was said, where that is not its own time: an import's recorded time.
    """

    row: int
    part: str
    kind: str
    subject: str
    time: str
    data: Mapping[str, Any] = field(hash=False)
    said: str = ""

    def event(self, terms: Terms) -> dict[str, Any]:
        """Return the event as it is sent."""
        sent: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"import-{terms.batch}-{self.row}-{self.part}",
            "source": terms.source,
            "type": f"jifen.{self.kind}.v1",
            "subject": self.subject,
            "time": self.time,
            "correlationid": terms.correlation,
            "schemeid": terms.scheme,
            "data": {key: value for key, value in self.data.items() if value not in (None, [])},
        }
        if terms.history:
            sent["recordedtime"] = stamp(instant_ms(terms.recorded or self.said or self.time))
        return sent


def said_id(*parts: object) -> str:
    """Return an id that follows from what a row says, so that another file says the same."""
    whole = "-".join(str(part).lower() for part in parts).replace("_", "-")
    if len(whole) <= ID_CHARS_MAX:
        return whole
    return f"{parts[0]}-{hashlib.sha256(whole.encode()).hexdigest()[:40]}"
