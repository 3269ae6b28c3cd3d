"""The moment that answers a read: what `known_at` and `as_of` mean (domain.md §2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from pydantic import TypeAdapter, ValidationError

from jifen_contracts.ids import DateText
from jifen_contracts.periods import end_day, first_day, quarters_of
from jifen_contracts.times import TimeText, end_of_day_ms, instant_ms, stamp
from jifen_ledger.application.queries.cursors import INTEGER_MAX
from jifen_ledger.application.queries.refusals import QueryInvalid
from jifen_ledger.domain.moment import offset_of
from jifen_ledger.domain.registers import Version

_TIME: TypeAdapter[str] = TypeAdapter(TimeText)
_DAY: TypeAdapter[str] = TypeAdapter(DateText)


class Stamps(NamedTuple):
    """When a record came: its own stamp, and its event's recorded time if it has an event."""

    recorded_at: str
    recordedtime: str | None


class MomentReads(Protocol):
    """What is asked of the journal to find a moment."""

    async def stamps(self, seq: int) -> Stamps:
        """Return the stamps of a record that exists."""

    async def last_recorded(self, recorded_at: str) -> int:
        """Return the seq of the last record stamped no later, 0 where there is none."""


class EndingReads(MomentReads, Protocol):
    """What is asked to find the end of a day."""

    async def versions_now(self) -> Sequence[Version]:
        """Return all versions published by now; they say where the scheme's days end."""


class Ending(Protocol):
    """The moment that is asked for, before the day cuts it."""

    @property
    def size(self) -> int:
        """The seq of the last record known."""

    @property
    def now_ms(self) -> int:
        """The time of the moment."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known: the records up to `seq`, at `now_ms`. A final moment never changes."""

    seq: int
    now_ms: int
    final: bool


async def known_moment(reads: MomentReads, text: str, size: int, clock_ms: int) -> Known:
    """Return the moment that `known_at` names. Raises QueryInvalid."""
    if text.isascii() and text.isdigit():
        return await _after_record(reads, int(text[:16]), size)
    try:
        ms = instant_ms(_TIME.validate_python(text))
    except ValidationError:
        raise QueryInvalid(
            "known_at: a sequence such as 4711, or a time such as 2023-10-12T08:00:00Z;"
            " write the + of an offset as %2B."
        ) from None
    if ms > clock_ms:
        raise QueryInvalid(f"known_at: that is ahead; it is {stamp(clock_ms)} now.")
    seq = await reads.last_recorded(stamp(ms))
    if seq == 0:
        if size == 0:
            raise QueryInvalid("known_at: the ledger has no record yet.")
        first = (await reads.stamps(1)).recorded_at
        raise QueryInvalid(f"known_at: nothing was known yet; the first record is of {first}.")
    # After the head, a record may still come that was stamped before that time.
    return Known(seq, ms, final=seq < size)


async def known_by(reads: EndingReads, asked: Ending, day: date) -> Known | None:
    """Return the moment at the end of a day, None where the moment that is asked for is earlier.

    What goes by recorded time was true as soon as it was recorded: the end of the day tells what
    was true on it. Before the first record that is nothing: size 0.
    """
    versions = await reads.versions_now()
    end_ms = end_of_day_ms(day, offset_of(versions))
    if end_ms >= asked.now_ms:
        return None
    seq = min(asked.size, await reads.last_recorded(stamp(end_ms)))
    return Known(seq, end_ms, final=seq < asked.size)


async def _after_record(reads: MomentReads, seq: int, size: int) -> Known:
    if not 1 <= seq <= min(size, INTEGER_MAX):
        raise QueryInvalid(f"known_at: the ledger has the records 1 to {size}.")
    found = await reads.stamps(seq)
    return Known(seq, instant_ms(found.recordedtime or found.recorded_at), final=True)


def deed_day(text: str) -> date:
    """Return the day that `as_of` names. Raises QueryInvalid."""
    try:
        return date.fromisoformat(_DAY.validate_python(text))
    except ValidationError:
        raise QueryInvalid("as_of: a day such as 2023-08-15.") from None


def span_of(period: str, as_of: date | None) -> tuple[date, date]:
    """Return first day and half-open end of the part of a period that is not after `as_of`."""
    first, end = first_day(period), end_day(period)
    if as_of is not None and as_of < end:
        end = max(first, date.fromordinal(as_of.toordinal() + 1))
    return first, end


def last_day(period: str, as_of: date | None) -> date:
    """Return the last day of that part, the period's first day where it is empty."""
    first, end = span_of(period, as_of)
    return max(first, date.fromordinal(end.toordinal() - 1))


def quarters_within(period: str) -> Sequence[str]:
    """Return the quarter itself, or the quarters of the year."""
    return (period,) if "Q" in period else quarters_of(period)


def whole_quarters(period: str, as_of: date | None) -> Sequence[str]:
    """Return the quarters of a period all of whose deeds count, whatever the day.

    A bulletin tells nothing of the deeds up to a day within its quarter.
    """
    quarters = quarters_within(period)
    return [one for one in quarters if span_of(one, as_of) == span_of(one, None)]
