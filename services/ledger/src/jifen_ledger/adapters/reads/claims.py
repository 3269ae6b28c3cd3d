"""Reads claims and their steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.reads.held import upto
from jifen_ledger.adapters.tables import claim, claim_step, posting, record
from jifen_ledger.application.queries.explained import PostingRow
from jifen_ledger.domain.claim import Claim, Measured, Step, Worth

SCHEME = sa.bindparam("scheme", type_=sa.Text)
UPTO = sa.bindparam("upto", type_=sa.BigInteger)
_CLAIMS = sa.select(claim).where(claim.c.scheme == SCHEME).order_by(claim.c.seq)
CLAIM = _CLAIMS.where(claim.c.claim == sa.bindparam("claim", type_=sa.Text))
CLAIMS = _CLAIMS.where(claim.c.claim == sa.any_(sa.bindparam("claims", type_=sa.ARRAY(sa.Text))))
CLAIMS_OF = _CLAIMS.where(claim.c.holder == sa.bindparam("holder", type_=sa.Text))
STEPS = (
    sa.select(claim_step, record.c.recorded_at)
    .join(record, sa.and_(record.c.scheme == claim_step.c.scheme, record.c.seq == claim_step.c.seq))
    .where(
        claim_step.c.scheme == SCHEME,
        claim_step.c.claim == sa.bindparam("claim", type_=sa.Text),
        claim_step.c.seq <= UPTO,
    )
    .order_by(claim_step.c.seq)
)
# A record that takes back several claims is of none of them: the holder's line tells which.
_TAKEN_BACK = (
    sa.select(claim.c.claim)
    .where(
        claim.c.scheme == posting.c.scheme,
        claim.c.holder == sa.func.split_part(posting.c.account, ":", 2),
        claim.c.reversed_seq == posting.c.seq,
    )
    .order_by((claim.c.item == posting.c.item).desc(), claim.c.seq)
    .limit(1)
    .scalar_subquery()
)
POSTING = (
    sa.select(
        posting,
        sa.func.coalesce(posting.c.claim, _TAKEN_BACK).label("of_claim"),
        record.c.recorded_at,
        record.c.source,
        record.c.event_id,
        record.c.type,
        record.c.subject,
    )
    .join(record, sa.and_(record.c.scheme == posting.c.scheme, record.c.seq == posting.c.seq))
    .where(
        posting.c.scheme == SCHEME,
        posting.c.seq == sa.bindparam("seq", type_=sa.BigInteger),
        posting.c.seq <= UPTO,
        posting.c.ordinal == sa.bindparam("ordinal", type_=sa.SmallInteger),
    )
)


class ClaimReads:
    """The claims of one scheme at one moment; `PastClaimReads` has those of an earlier one."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def claim(self, id_: str) -> Claim | None:
        """Return the claim as it stands."""
        row = (await self._connection.execute(CLAIM, self._key(claim=id_))).one_or_none()
        return None if row is None else claim_of(row)

    async def claims(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims, by seq."""
        return await self.claims_now(ids)

    async def claims_now(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims as they stand now, by seq."""
        rows = await self._connection.execute(CLAIMS, self._key(claims=list(ids)))
        return [claim_of(row) for row in rows]

    async def claims_of(self, holder: str) -> Sequence[Claim]:
        """Return every claim of the holder, by seq."""
        rows = await self._connection.execute(CLAIMS_OF, self._key(holder=holder))
        return [claim_of(row) for row in rows]

    async def latest(self, claim: Claim) -> Claim:
        """Return the claim as it stands now."""
        return claim

    async def steps(self, claim_id: str) -> Sequence[tuple[Step, str]]:
        """Return the claim's steps in stream order, each with its record's `recorded_at`."""
        rows = await self._connection.execute(STEPS, self._key(claim=claim_id, upto=upto(self.at)))
        return [(step_of(row), row.recorded_at) for row in rows]

    async def posting(self, seq: int, ordinal: int) -> PostingRow | None:
        """Return the posting, None where there is none."""
        key = self._key(seq=seq, ordinal=ordinal, upto=upto(self.at))
        row = (await self._connection.execute(POSTING, key)).one_or_none()
        if row is None:
            return None
        return PostingRow(
            row.seq,
            row.ordinal,
            row.account,
            row.delta,
            row.kind,
            row.item,
            row.quarter,
            row.booked,
            row.of_claim,
            row.recorded_at,
            row.source,
            row.event_id,
            row.type,
            row.subject,
        )

    def _key(self, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - parameters of any type
        return {"scheme": self._scheme, **values}


def step_of(row: sa.Row[Any]) -> Step:
    """Return the step of a row."""
    worth = row.worth
    return Step(
        row.claim,
        row.seq,
        row.step,
        row.item,
        {capacity: Measured(**row.measure[capacity]) for capacity in sorted(row.measure)},
        Worth(worth["raw"], worth["applicable"], worth["incentive"]),
        row.by,
        tuple(row.deciders),
        row.reason,
    )
