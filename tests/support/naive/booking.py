"""In which quarter a difference is booked: by the branch of the last deed behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jifen_contracts.periods import next_quarter
from tests.support.naive.effect import BONUS, points
from tests.support.naive.facts import Claim
from tests.support.naive.quarters import Quarter
from tests.support.naive.registers import Registers


@dataclass(frozen=True)
class Booking:
    """`own` is the decided claim, where there is one; `claims` are those behind other differences.

    `moved` are the bonus items that move in a quarter; without a decision all of them do.
    """

    registers: Registers
    claims: Sequence[Claim]
    own: Claim | None = None
    moved: Mapping[str, set[str]] = field(default_factory=dict)

    @staticmethod
    def of_decision(
        registers: Registers, claim: Claim, before: Sequence[Claim], after: Sequence[Claim]
    ) -> "Booking":
        moved: dict[str, set[str]] = {}
        for capacity in claim.worth:
            old, new = points(before, capacity), points(after, capacity)
            for item, quarter in old.keys() | new.keys():
                if item != BONUS and old.get((item, quarter), 0) != new.get((item, quarter), 0):
                    moved.setdefault(quarter, set()).add(item)
        others = [one for one in (*before, *after) if one.id != claim.id and _earns_bonus(one)]
        return Booking(registers, others, claim, moved)

    def booked(self, item: str, quarter: str) -> str:
        branch = self.branch(item, quarter)
        while branch is not None and Quarter(self.registers, branch, quarter).is_published:
            quarter = next_quarter(quarter)
        return quarter

    def branch(self, item: str, quarter: str) -> str | None:
        own = self.own
        if own is not None and quarter == own.quarter and item in (own.item, BONUS):
            return own.branch
        return _last_branch(self._behind(item, quarter)) or (own.branch if own else None)

    def _behind(self, item: str, quarter: str) -> list[Claim]:
        there = [claim for claim in self.claims if claim.quarter == quarter]
        if item != BONUS:
            return [claim for claim in there if claim.item == item]
        if self.own is None:
            return [claim for claim in there if _earns_bonus(claim)]
        return [claim for claim in there if claim.item in self.moved.get(quarter, set())]


def _last_branch(claims: Iterable[Claim]) -> str | None:
    last = max(claims, key=lambda claim: (claim.day, claim.id), default=None)
    return None if last is None else last.branch


def _earns_bonus(claim: Claim) -> bool:
    kinds = {worth.kind for worth in claim.worth.values()}
    return "bonus" in kinds or bool(claim.reward.value)
