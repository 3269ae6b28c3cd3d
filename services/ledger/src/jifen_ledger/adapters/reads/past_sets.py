"""Reads claims as they stood after an earlier record, by what they were about then."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from jifen_contracts.periods import end_day, first_day, quarter_of
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.reads.past_claims import AT, HEIRS, SCHEME, PastClaimReads
from jifen_ledger.adapters.tables import claim
from jifen_ledger.domain.claim import Claim, ClaimState

DEEDS = sa.any_(sa.bindparam("deeds", type_=sa.ARRAY(sa.Text)))
BRANCH = sa.bindparam("branch", type_=sa.Text)
QUARTERS = sa.any_(sa.bindparam("quarters", type_=sa.ARRAY(sa.Text)))

# A claim stated again may name another deed: it had the one that was put aside.
_NAMED_BEFORE = sa.exists().where(
    claim_past.c.scheme == claim.c.scheme,
    claim_past.c.claim == claim.c.claim,
    claim_past.c.until_seq > AT,
    claim_past.c.deed == DEEDS,
)
FOR_DEEDS = sa.select(claim.c.claim).where(
    claim.c.scheme == SCHEME,
    claim.c.seq <= AT,
    claim.c.holder.in_(sa.select(HEIRS.c.id)),
    sa.or_(claim.c.deed == DEEDS, _NAMED_BEFORE),
)
# A claim is of the branch and quarter that it has now, or had when it was put aside.
OF_QUARTERS = sa.union(
    sa.select(claim.c.claim).where(
        claim.c.scheme == SCHEME,
        claim.c.branch == BRANCH,
        claim.c.deed_quarter == QUARTERS,
        claim.c.seq <= AT,
    ),
    sa.select(claim_past.c.claim).where(
        claim_past.c.scheme == SCHEME,
        claim_past.c.branch == BRANCH,
        claim_past.c.deed_date >= sa.bindparam("first", type_=sa.Date),
        claim_past.c.deed_date < sa.bindparam("end", type_=sa.Date),
        claim_past.c.seq <= AT,
        claim_past.c.until_seq > AT,
    ),
)


class PastClaimSetReads(PastClaimReads):
    """Sets of claims of one scheme at a moment that may have passed."""

    # Claims by branch and quarters that were asked for already.
    _of_quarters: dict[tuple[str, tuple[str, ...]], Sequence[Claim]]

    async def claims_for(self, holders: Collection[str], deeds: Collection[str]) -> Sequence[Claim]:
        """Return the claims of these holders for these deeds, by seq."""
        key = self._key(holders=list(holders), deeds=list(deeds), at=self.at)
        ids = (await self._connection.execute(FOR_DEEDS, key)).scalars().all()
        return [
            one
            for one in await self.claims(ids)
            if one.holder in holders and one.deed in deeds and self._done(one)
        ]

    async def claims_of_quarters(self, branch: str, quarters: Sequence[str]) -> Sequence[Claim]:
        """Return the claims on the branch's deeds of the quarters, by seq."""
        asked = (branch, tuple(quarters))
        if asked not in self._of_quarters:
            first, end = first_day(min(quarters)), end_day(max(quarters))
            days = {"first": first, "end": end, "at": self.at}
            key = self._key(branch=branch, quarters=list(quarters), **days)
            ids = (await self._connection.execute(OF_QUARTERS, key)).scalars().all()
            self._of_quarters[asked] = [
                one
                for one in await self.claims(ids)
                if one.branch == branch
                and quarter_of(one.deed_date) in quarters
                and self._done(one)
            ]
        return self._of_quarters[asked]

    async def verified_claims(
        self, branch: str, quarters: Sequence[str], after: int, limit: int
    ) -> Sequence[Claim]:
        """Return verified claims on the branch's deeds of the quarters, by seq, beyond `after`."""
        found = (
            one
            for one in await self.claims_of_quarters(branch, quarters)
            if one.state is ClaimState.VERIFIED and one.seq > after
        )
        return list(found)[:limit]
