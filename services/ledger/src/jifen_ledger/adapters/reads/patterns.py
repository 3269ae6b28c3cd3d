"""Reads what patterns are found in: claims of a branch with their approvals, pairs of concerns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from jifen_contracts.periods import end_day, first_day
from jifen_contracts.times import instant_ms
from jifen_ledger.adapters.concern_tables import concern
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.reads.claims import ClaimReads
from jifen_ledger.adapters.reads.held import held, upto
from jifen_ledger.adapters.reads.timelines import RECORDEDTIME
from jifen_ledger.adapters.tables import claim, claim_step, record
from jifen_ledger.adapters.use_tables import evidence_use
from jifen_ledger.application.queries.patterns import Approved, ConcernPair
from jifen_ledger.application.queries.same_evidence import SharedFiles
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.patterns import TINY_DAYS_MAX

APPROVING = ("preliminary", "verified")

SCHEME = sa.bindparam("scheme", type_=sa.Text)
UPTO = sa.bindparam("upto", type_=sa.BigInteger)
CLAIM = sa.bindparam("claim", type_=sa.Text)
BRANCH = sa.bindparam("branch", type_=sa.Text)
APPROVALS = (
    sa.select(
        claim_step.c.claim,
        claim_step.c.seq,
        RECORDEDTIME.label("recordedtime"),
        claim_step.c.by,
        claim_step.c.deciders,
    )
    .join(record, sa.and_(record.c.scheme == claim_step.c.scheme, record.c.seq == claim_step.c.seq))
    .where(
        claim_step.c.scheme == SCHEME,
        claim_step.c.claim == sa.any_(sa.bindparam("claims", type_=sa.ARRAY(sa.Text))),
        claim_step.c.seq <= UPTO,
        claim_step.c.step.in_(APPROVING),
        claim_step.c.by.is_not(None),
    )
    .order_by(claim_step.c.seq)
)
OF_BRANCH = sa.select(claim.c.claim).where(
    claim.c.scheme == SCHEME,
    claim.c.branch == BRANCH,
    claim.c.deed_quarter == sa.any_(sa.bindparam("quarters", type_=sa.ARRAY(sa.Text))),
)
# A claim that was stated anew may have been of another branch or quarter.
ONCE_OF_BRANCH = OF_BRANCH.union(
    sa.select(claim_past.c.claim).where(
        claim_past.c.scheme == SCHEME,
        claim_past.c.branch == BRANCH,
        claim_past.c.deed_date >= sa.bindparam("first", type_=sa.Date),
        claim_past.c.deed_date < sa.bindparam("end", type_=sa.Date),
    )
)
_OWN_FILES = (
    sa.select(evidence_use.c.sha256)
    .join(
        claim_step,
        sa.and_(
            claim_step.c.scheme == evidence_use.c.scheme, claim_step.c.seq == evidence_use.c.seq
        ),
    )
    .where(evidence_use.c.scheme == SCHEME, claim_step.c.claim == CLAIM, claim_step.c.seq <= UPTO)
)
_LAST_USE = sa.func.max(evidence_use.c.seq)
SHARING = (
    sa.select(
        record.c.claim,
        sa.func.array_agg(evidence_use.c.sha256.distinct(), type_=sa.ARRAY(sa.Text)).label("files"),
        _LAST_USE.label("seq"),
    )
    .join(
        record,
        sa.and_(record.c.scheme == evidence_use.c.scheme, record.c.seq == evidence_use.c.seq),
    )
    .where(
        evidence_use.c.scheme == SCHEME,
        evidence_use.c.sha256.in_(_OWN_FILES),
        evidence_use.c.seq <= UPTO,
        record.c.claim != CLAIM,
    )
    .group_by(record.c.claim)
    .having(sa.bindparam("below", type_=sa.BigInteger) > _LAST_USE)
    .order_by(_LAST_USE.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class PatternReads(ClaimReads):
    """What stands out in the claims and concerns of one scheme, at one moment."""

    async def claims_of_branch(self, branch: str, quarters: Sequence[str]) -> Sequence[Claim]:
        """Return the claims on the branch's deeds of the quarters, by seq."""
        days = {"first": first_day(quarters[0]), "end": end_day(quarters[-1])}
        key = self._key(branch=branch, quarters=list(quarters))
        asked = OF_BRANCH if self.at is None else ONCE_OF_BRANCH
        rows = await self._connection.execute(asked, key if self.at is None else key | days)
        claims = await self.claims([row.claim for row in rows])
        return [one for one in claims if one.branch == branch]

    async def approvals(self, claims: Collection[str]) -> Sequence[Approved]:
        """Return every review that let one of these claims go on, in stream order."""
        key = self._key(claims=list(claims), upto=upto(self.at))
        return [
            Approved(row.claim, row.seq, instant_ms(row.recordedtime), row.by, row.deciders)
            for row in await self._connection.execute(APPROVALS, key)
        ]

    async def concern_pairs(
        self, unit: str, first: date, end: date, least: int
    ) -> Sequence[ConcernPair]:
        """Return raisers and handlers with so many concerns about the unit in a span of days."""
        rows = await self._connection.execute(
            _concern_pairs(self._scheme, self.at, unit, first, end, least)
        )
        return [ConcernPair(row.by, row.handler, row.concerns, row.tiny) for row in rows]

    async def sharing_evidence(self, claim: str, below: int, limit: int) -> Sequence[SharedFiles]:
        """Return claims that named one of its files in a record below the seq, latest first."""
        key = self._key(claim=claim, upto=upto(self.at), below=below, most=limit)
        rows = await self._connection.execute(SHARING, key)
        return [SharedFiles(row.claim, row.files, row.seq) for row in rows]


def _concern_pairs(
    scheme: str, at: int | None, unit: str, first: date, end: date, least: int
) -> sa.Select[Any]:
    concerns = sa.func.count()
    tiny = sa.func.count().filter(concern.c.in_use - concern.c.raised_on <= TINY_DAYS_MAX)
    return (
        sa.select(concern.c.by, concern.c.handler, concerns.label("concerns"), tiny.label("tiny"))
        .where(
            concern.c.scheme == scheme,
            held(concern, at),
            concern.c.unit == unit,
            concern.c.raised_on >= first,
            concern.c.raised_on < end,
            concern.c.by.is_not(None),
            concern.c.handler.is_not(None),
        )
        .group_by(concern.c.by, concern.c.handler)
        .having(concerns >= least)
        .order_by(concerns.desc(), concern.c.handler, concern.c.by)
    )
