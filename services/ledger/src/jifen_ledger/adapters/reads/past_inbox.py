"""Reads what waited for reviewers after an earlier record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from jifen_contracts.periods import month_of
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.reads.past_claims import PastClaimReads
from jifen_ledger.adapters.reads.quarters import QuarterReads
from jifen_ledger.adapters.tables import claim, claim_step
from jifen_ledger.domain.claim import Claim, ClaimState

SCHEME = sa.bindparam("scheme", type_=sa.Text)
AT = sa.bindparam("at", type_=sa.BigInteger)
BRANCHES = sa.any_(sa.bindparam("branches", type_=sa.ARRAY(sa.Text)))
# A claim is of the branch that it has now, or had when it was put aside.
_OF_BRANCHES = sa.union(
    sa.select(claim.c.claim).where(
        claim.c.scheme == SCHEME, claim.c.branch == BRANCHES, claim.c.seq <= AT
    ),
    sa.select(claim_past.c.claim).where(
        claim_past.c.scheme == SCHEME,
        claim_past.c.branch == BRANCHES,
        claim_past.c.seq <= AT,
        claim_past.c.until_seq > AT,
    ),
).subquery("of_branches")
_LAST = (
    sa.select(claim_step.c.step)
    .where(
        claim_step.c.scheme == SCHEME,
        claim_step.c.claim == _OF_BRANCHES.c.claim,
        claim_step.c.seq <= AT,
    )
    .order_by(claim_step.c.seq.desc())
    .limit(1)
    .lateral("last")
)
WAITING = sa.select(_OF_BRANCHES.c.claim).join_from(
    _OF_BRANCHES, _LAST, _LAST.c.step.in_(("claimed", "preliminary"))
)


class PastInboxReads(PastClaimReads, QuarterReads):
    """What waited in one scheme at a moment that may have passed."""

    async def waiting(self, branches: Collection[str]) -> Mapping[tuple[str, str], int]:
        """Return how many claims waited for their next decision, by (state, deed month)."""
        found = await self._open_then(branches)
        return Counter((one.state.value, month_of(one.deed_date)) for one in found)

    async def open_claims(
        self, branches: Collection[str], state: str | None, after: tuple[date, int], limit: int
    ) -> Sequence[Claim]:
        """Return claims that waited for a decision, the earliest deeds first, beyond `after`."""
        found = [
            one
            for one in await self._open_then(branches)
            if (one.deed_date, one.seq) > after and state in (None, one.state.value)
        ]
        return sorted(found, key=lambda one: (one.deed_date, one.seq))[:limit]

    async def _open_then(self, branches: Collection[str]) -> Sequence[Claim]:
        key = self._key(branches=list(branches), at=self.at)
        ids = (await self._connection.execute(WAITING, key)).scalars().all()
        waiting = (ClaimState.CLAIMED, ClaimState.PRELIMINARY)
        # Its last step tells that it waited, and the claim as it stood for which stage, and where.
        return [
            one
            for one in await self.claims(list(ids))
            if one.state in waiting and one.branch in branches
        ]
