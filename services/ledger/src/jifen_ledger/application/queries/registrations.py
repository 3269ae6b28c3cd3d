"""How many people were registered by which call-up code (双找); nobody is named (F46, F48)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.refusals import QueryInvalid
from jifen_ledger.application.queries.rights import reads_figures


class Registered(NamedTuple):
    """People of one channel, and how many of them are by now members or still applicants."""

    channel: str | None
    registered: int
    members: int
    applicants: int


class RegistrationReads(Protocol):
    """What is asked about registrations."""

    async def registrations(self, day: date, until: date | None) -> Sequence[Registered]:
        """Return how many people each channel brought, those without a channel first.

        Two records of one person are one registration, the earlier of them. What they are is of
        the day; what begins after `until` is left out, where it is given.
        """


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """A channel; None is every registration without a call-up code.

    On the day `members` are full or probationary, `applicants` wait for it, `others` are neither.
    """

    channel: str | None
    registered: int
    members: int
    applicants: int
    others: int


@dataclass(frozen=True, slots=True)
class Registrations:
    """All registrations, and a page of the channels; those of all pages add up to `registered`."""

    size: int
    registered: int
    channels: Sequence[ChannelCount]
    next: str | None


async def registrations_of(
    reads: RegistrationReads, asked: Asked, channel: str | None, limit: int, cursor: str | None
) -> Registrations:
    """Return the page, or only one channel. Raises Forbidden, QueryInvalid."""
    reads_figures(asked.reader)
    after = None if cursor is None else _after(cursor, asked.moment)
    found = await reads.registrations(asked.day, asked.as_of)
    left = [
        one
        for one in found
        if (channel is None or one.channel == channel)
        and (after is None or (one.channel or "") > after)
    ]
    page = left[:limit]
    return Registrations(
        asked.size,
        sum(one.registered for one in found),
        [_count(one) for one in page],
        cursor_of(asked.moment, page[-1].channel or "") if len(left) > limit else None,
    )


def _count(one: Registered) -> ChannelCount:
    others = one.registered - one.members - one.applicants
    return ChannelCount(one.channel, one.registered, one.members, one.applicants, others)


def _after(cursor: str, moment: str) -> str:
    of_moment, channel = read_cursor(cursor, str, str)
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at and as_of.")
    return str(channel)
