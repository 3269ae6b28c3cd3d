"""What bulletins published of a score, and what late decisions made of it (domain.md §5.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from jifen_contracts.periods import end_day
from tests.support.naive.booking import Booking
from tests.support.naive.effect import figures
from tests.support.naive.facts import Claim
from tests.support.naive.quarters import Quarter
from tests.support.naive.registers import Registers

Place = tuple[str, str, str]
Claims = Mapping[str, Claim]


@dataclass(frozen=True)
class Frozen:
    """A revision: the claims as they stood then, and whose earlier quarters it adjusts."""

    branch: str
    quarter: str
    claims: Claims
    adjusts: frozenset[Place]


@dataclass(frozen=True)
class Late:
    """A decision that changed figures of a quarter which the branch had published."""

    branch: str
    booked: str
    place: Place


def late_decisions(
    registers: Registers, decided: Claim, before: Claims, after: Claims
) -> list[Late]:
    """What one decision changes of published quarters, points or only what is applicable."""
    was, now = (_verified(claims, decided.holder) for claims in (before, after))
    booking = Booking.of_decision(registers, decided, was, now)
    found = []
    for capacity in decided.worth:
        for quarter in {claim.quarter for claim in (*was, *now)}:
            if figures(was, capacity, quarter) == figures(now, capacity, quarter):
                continue
            items = set(booking.moved.get(quarter, ()))
            items |= {decided.item} if quarter == decided.quarter else set()
            for item in items:
                branch, booked = booking.branch(item, quarter), booking.booked(item, quarter)
                if branch is not None and booked != quarter:
                    found.append(Late(branch, booked, (decided.holder, capacity, quarter)))
    return found


def frozen_now(
    registers: Registers, branch: str, name: str, claims: Claims, late: Sequence[Late]
) -> Frozen:
    """The revision that was just published; only the first lists what was booked in its quarter."""
    first = len(Quarter(registers, branch, name).bulletins) == 1
    listed = {one.place for one in late if (one.branch, one.booked) == (branch, name)}
    return Frozen(branch, name, dict(claims), frozenset(listed if first else ()))


def published_score(registers: Registers, frozen: Sequence[Frozen], place: Place) -> int | None:
    """What the year counts: as the quarter's bulletin says, or a later one that adjusts it."""
    holder, capacity, quarter = place
    home = registers.home(holder, end_day(quarter) - timedelta(days=1))
    told = [
        one
        for one in frozen
        if (one.branch, one.quarter) == (home, quarter) or place in one.adjusts
    ]
    return figures(_verified(told[-1].claims, holder), capacity, quarter).score if told else None


def _verified(claims: Claims, holder: str) -> list[Claim]:
    own = (claim for claim in claims.values() if claim.holder == holder)
    return [claim for claim in own if claim.state == "verified"]
