"""What an upstream system sends: one event as bytes, its moment, and what its sender expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import orjson

SCHEME: Final = "plant"
SOURCES: Final[Mapping[str, str]] = {
    "personnel": "urn:jifen:source:personnel",
    "attendance": "urn:jifen:source:attendance",
    "safety": "urn:jifen:source:safety",
    "review-desk": "urn:jifen:source:review-desk",
}
UTC_OFFSET: Final = "+08:00"

_OFFSET_S: Final = 8 * 3_600
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A second of a local day at the plant."""

    day: date
    second: int

    def __post_init__(self) -> None:
        """Hold to the day: a second past midnight would belong to the next one."""
        assert 0 <= self.second < _DAY_S, self.second

    @property
    def local(self) -> str:
        """The moment as people write it there."""
        minute, second = divmod(self.second, 60)
        return f"{self.day}T{minute // 60:02}:{minute % 60:02}:{second:02}{UTC_OFFSET}"

    @property
    def stamp(self) -> str:
        """The moment as a stamp in UTC."""
        past = self.second - _OFFSET_S
        day = self.day if past >= 0 else date.fromordinal(self.day.toordinal() - 1)
        minute, second = divmod(past % _DAY_S, 60)
        return f"{day}T{minute // 60:02}:{minute % 60:02}:{second:02}.000Z"


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way: `door` and `fold` name the refusal foreseen there, if any.

    `desk` is the system that sends it, `credential` the name of the token it sends it with.
    `resent` marks the exact repetition of an earlier message.
    """

    moment: Moment
    body: bytes
    desk: str
    credential: str
    door: str | None = None
    fold: str | None = None
    resent: bool = False

    @property
    def event(self) -> dict[str, object]:
        """The event inside; only messages with sound JSON have one."""
        found = orjson.loads(self.body)
        assert isinstance(found, dict)
        return found

    def again(self, moment: Moment) -> Message:
        """Return the same bytes, sent once more at another moment."""
        return replace(self, moment=moment, resent=True)


@dataclass(slots=True)
class Desk:
    """The sending side of one upstream system: numbers its events and keeps them in order."""

    name: str
    prefix: str
    messages: list[Message] = field(default_factory=list)
    _count: int = 0

    def send(
        self,
        kind: str,
        subject: str,
        moment: Moment,
        data: Mapping[str, object],
        *,
        deed: Moment | None = None,
        door: str | None = None,
        fold: str | None = None,
    ) -> Message:
        """Write `jifen.<kind>.v1` about the subject and put it into the day's post."""
        self._count += 1
        event = {
            "specversion": "1.0",
            "id": f"{self.prefix}-{self._count:06}",
            "source": SOURCES[self.name],
            "type": f"jifen.{kind}.v1",
            "subject": subject,
            "time": (deed or moment).local,
            "recordedtime": moment.stamp,
            "data": data,
        }
        message = Message(moment, orjson.dumps(event), self.name, self.name, door=door, fold=fold)
        self.messages.append(message)
        return message
