"""What a holder's claims add up to on a sheet, each quarter as it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from jifen_contracts.periods import quarter_of, year_of
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.recount import effects_of, is_bonus
from jifen_ledger.domain.registers import Version

_OPEN: Final = (ClaimState.CLAIMED, ClaimState.PRELIMINARY, ClaimState.RETURNED)


class ClaimsThen:
    """The holder's claims as they were known at one size, and what they come to in the year."""

    def __init__(self, versions: Sequence[Version], claims: Iterable[Claim], year: str) -> None:
        own = [one for one in claims if year_of(one.deed_date) == year]
        self.verified = [one for one in own if one.state is ClaimState.VERIFIED]
        self.open = [one for one in own if one.state in _OPEN]
        counting = [one for one in self.verified if is_bonus(tuple(versions), one)]
        self.effective = effects_of(tuple(versions), counting).points


class Tally:
    """What one capacity adds up to in the quarters of the period, each as it is seen."""

    def __init__(self, capacity: str, quarters: Mapping[str, ClaimsThen], *, pending: bool) -> None:
        self._capacity = capacity
        self._quarters = quarters
        self._pending = pending
        self._verified = [
            claim
            for quarter, moment in quarters.items()
            for claim in self._of(quarter, moment.verified)
        ]

    def raw(self, item: str) -> int:
        """Return the sum of raw values, as base and deduct lines take them."""
        return sum(one.worth.raw[self._capacity] for one in self._claims(item))

    def applicable(self, item: str) -> int:
        return sum(one.worth.applicable.get(self._capacity, 0) for one in self._claims(item))

    def effective(self, item: str) -> int:
        return sum(
            moment.effective.get((self._capacity, item, quarter), 0)
            for quarter, moment in self._quarters.items()
        )

    def year(self, item: str) -> int:
        """Return what the year has of the item, of a single quarter as it was known then."""
        if len(self._quarters) != 1:
            return self.effective(item)
        [moment] = self._quarters.values()
        own = moment.effective.items()
        return sum(value for (one, code, _), value in own if (one, code) == (self._capacity, item))

    def verified(self, item: str) -> int:
        return len(self._claims(item))

    def open(self, item: str) -> int | None:
        if not self._pending:
            return None
        return sum(
            claim.item == item
            for quarter, moment in self._quarters.items()
            for claim in self._of(quarter, moment.open)
        )

    def _claims(self, item: str) -> list[Claim]:
        return [one for one in self._verified if one.item == item]

    def _of(self, quarter: str, claims: Iterable[Claim]) -> list[Claim]:
        return [
            one
            for one in claims
            if quarter_of(one.deed_date) == quarter and self._capacity in one.worth.raw
        ]
