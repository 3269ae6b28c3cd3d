"""Reads claims as they stood after an earlier record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.reads.claims import ClaimReads, step_of
from jifen_ledger.adapters.reads.registers import RegisterReads
from jifen_ledger.adapters.register_tables import joined
from jifen_ledger.adapters.tables import claim, claim_step
from jifen_ledger.domain.claim import Claim, Step
from jifen_ledger.domain.claim_then import claim_then, counted_then

SCHEME = sa.bindparam("scheme", type_=sa.Text)
AT = sa.bindparam("at", type_=sa.BigInteger)
HOLDERS = sa.bindparam("holders", type_=sa.ARRAY(sa.Text))
IDS = sa.any_(sa.bindparam("claims", type_=sa.ARRAY(sa.Text)))

# Of each claim the first row put aside after the record.
PUT_ASIDE = (
    sa.select(claim_past)
    .ext(distinct_on(claim_past.c.claim))
    .where(claim_past.c.scheme == SCHEME, claim_past.c.claim == IDS, claim_past.c.until_seq > AT)
    .order_by(claim_past.c.claim, claim_past.c.until_seq)
)
STEPS = (
    sa.select(claim_step)
    .where(claim_step.c.scheme == SCHEME, claim_step.c.claim == IDS, claim_step.c.seq <= AT)
    .order_by(claim_step.c.claim, claim_step.c.seq)
)
_OPENED = sa.select(claim).where(claim.c.scheme == SCHEME, claim.c.seq <= AT).order_by(claim.c.seq)
CLAIMS = _OPENED.where(claim.c.claim == IDS)


def _heirs() -> sa.CTE:
    """Return the records of people that what is the holders' may belong to by now."""
    holder = sa.select(sa.func.unnest(HOLDERS).label("id"))
    heirs = holder.cte("heirs", recursive=True)
    return heirs.union(
        sa.select(joined.c.survivor).where(joined.c.scheme == SCHEME, joined.c.closed == heirs.c.id)
    )


HEIRS = _heirs()
CLAIMS_OF = _OPENED.where(claim.c.holder.in_(sa.select(HEIRS.c.id)))


class PastClaimReads(RegisterReads, ClaimReads):
    """The claims of one scheme at a moment that may have passed; `at` is always set."""

    as_of: date | None = None
    # Claims by holder that were asked for already.
    _found: dict[str, Sequence[Claim]]

    @property
    def cut(self) -> int:
        """The seq of the last record known."""
        assert self.at is not None, "a past read is cut at a record"
        return self.at

    async def claim(self, id_: str) -> Claim | None:
        """Return the claim as it stood, without what the set of claims counts of it."""
        found = await self.claims([id_])
        return found[0] if found else None

    async def claims(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims, by seq, without what the set of claims counts of them."""
        return await self._then(CLAIMS, self._key(claims=list(ids), at=self.at))

    async def claims_of(self, holder: str) -> Sequence[Claim]:
        """Return every claim of the holder, by seq, on deeds up to the day that is asked for."""
        return (await self.claims_of_each([holder]))[holder]

    async def claims_of_each(self, holders: Collection[str]) -> Mapping[str, Sequence[Claim]]:
        """Return the same of several holders, asked for together."""
        missing = [one for one in holders if one not in self._found]
        if missing:
            own: dict[str, list[Claim]] = {holder: [] for holder in missing}
            for claim in await self._then(CLAIMS_OF, self._key(holders=missing, at=self.at)):
                if claim.holder in own and self._done(claim):
                    own[claim.holder].append(claim)
            versions = await self.versions()
            self._found |= {one: counted_then(versions, claims) for one, claims in own.items()}
        return {holder: self._found[holder] for holder in holders}

    async def latest(self, claim: Claim) -> Claim:
        """Return the claim as it stands now."""
        now = await super().claim(claim.id)
        assert now is not None
        return now

    async def steps_of(self, ids: Collection[str]) -> Mapping[str, Sequence[Step]]:
        """Return the steps of these claims until the moment, in stream order."""
        steps: dict[str, list[Step]] = {}
        key = self._key(claims=list(ids), at=self.at)
        for row in await self._connection.execute(STEPS, key):
            steps.setdefault(row.claim, []).append(step_of(row))
        return steps

    def _done(self, claim: Claim) -> bool:
        return self.as_of is None or claim.deed_date <= self.as_of

    async def _then(self, statement: sa.Select[Any], key: dict[str, Any]) -> list[Claim]:
        rows = (await self._connection.execute(statement, key)).all()
        ids = [row.claim for row in rows]
        aside = {
            row.claim: claim_of(row)
            for row in await self._connection.execute(PUT_ASIDE, self._key(claims=ids, at=self.at))
        }
        steps = await self.steps_of(ids)
        return [
            claim_then(aside.get(row.claim) or claim_of(row), steps[row.claim], self.cut)
            for row in rows
        ]
