"""Transfers under way (在途): sent by one branch and not yet received by the other (E33)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Protocol

from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked, HolderReads, shown_names
from jifen_ledger.application.queries.refusals import NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import require, sees_case
from jifen_ledger.domain.registers import Assignment


class OnTheWay(NamedTuple):
    """A home branch to come, and the branch that is responsible until then."""

    assignment: Assignment
    sending: str | None


class TransferReads(HolderReads, Protocol):
    """What is asked about transfers."""

    async def transfers(
        self, branch: str, day: date, after: tuple[date, str] | None, limit: int
    ) -> Sequence[OnTheWay]:
        """Return transfers that the branch has sent, or will receive, and that are under way.

        They come by the day of arrival and the assignment's id.
        """


@dataclass(frozen=True, slots=True)
class Transfer:
    """A member on the way; the sending branch stays responsible until the day of arrival."""

    member: str
    name_zh: str | None
    name_en: str | None
    side: Literal["sending", "receiving"]
    sending: str | None
    receiving: str
    sent: str
    received: str
    days: int
    assignment: str
    seq: int


@dataclass(frozen=True, slots=True)
class Transfers:
    """A page of the transfers under way on a day, the next to arrive first."""

    branch: str
    day: str
    size: int
    transfers: Sequence[Transfer]
    next: str | None


async def transfers_of(
    reads: TransferReads, asked: Asked, branch: str, limit: int, cursor: str | None
) -> Transfers:
    """Return the page. Raises NotFound, Forbidden, QueryInvalid."""
    require(allowed=sees_case(asked.reader, branch, ()))
    units = await reads.units()
    if branch not in units or units[branch].latest.kind != "branch":
        raise NotFound("There is no such branch.")
    day = asked.day
    found = await reads.transfers(branch, day, _after(cursor, asked.moment), limit + 1)
    page = found[:limit]
    names = await shown_names(reads, asked, [one.assignment.member for one in page])
    transfers = []
    for one, sending in page:
        assert one.sent is not None
        name = names.get(one.member)
        transfers.append(
            Transfer(
                one.member,
                None if name is None else name.zh,
                None if name is None else name.en,
                "receiving" if one.unit == branch else "sending",
                sending,
                one.unit,
                one.sent.isoformat(),
                one.from_.isoformat(),
                (day - one.sent).days,
                one.id,
                one.seq,
            )
        )
    following = None
    if len(found) > limit:
        last = page[-1].assignment
        following = cursor_of(asked.moment, last.from_.isoformat(), last.id)
    return Transfers(branch, day.isoformat(), asked.size, transfers, following)


def _after(cursor: str | None, moment: str) -> tuple[date, str] | None:
    if cursor is None:
        return None
    of_moment, day, assignment = read_cursor(cursor, str, str, str)
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at and as_of.")
    try:
        return date.fromisoformat(str(day)), str(assignment)
    except ValueError:
        raise QueryInvalid("The cursor is not one that this address gave.") from None
