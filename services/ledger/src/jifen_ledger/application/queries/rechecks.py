"""The re-check sample of a published quarter, drawn so that anybody can repeat it (X16)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_ledger.application.queries.bulletins import BulletinReads
from jifen_ledger.application.queries.handling import PanelReads, handles_cases
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.pattern_claims import PatternClaimReads, claims_in_patterns
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.rechecks import Drawn, drawn


class RecheckReads(BulletinReads, PanelReads, PatternClaimReads, Protocol):
    """What is asked for a sample."""

    async def verified_then(self, branch: str, quarter: str, seq: int) -> Sequence[str]:
        """Return the ids of the quarter's claims that were verified right before a record."""

    async def objections_about(self, claims: Collection[str]) -> Sequence[Objection]:
        """Return what was filed about these claims, in the order it came."""


@dataclass(frozen=True, slots=True)
class DrawnClaim:
    """A claim to look at again; `objection` is the re-check that was filed for it."""

    claim: str
    digest: str
    objection: str | None
    decision: str | None


@dataclass(frozen=True, slots=True)
class Recheck:
    """The sample of a quarter: `drawn` of `verified` claims, by the first bulletin's hash.

    `more` are drawn in the same way from the `in_patterns` claims that patterns touch (E16): a hint
    to whoever re-checks, and nothing follows from it.
    """

    branch: str
    quarter: str
    size: int
    content_hash: str
    verified: int
    drawn: Sequence[DrawnClaim]
    in_patterns: int
    more: Sequence[DrawnClaim]


async def recheck_of(reads: RecheckReads, asked: Asked, branch: str, quarter: str) -> Recheck:
    """Return the sample. Raises NotFound, Forbidden."""
    require(allowed=await handles_cases(reads, asked, branch))
    published = await reads.bulletins(branch, quarter)
    if not published:
        raise NotFound("The branch has published no bulletin of that quarter.")
    first = published[0]
    claims = await reads.verified_then(branch, quarter, first.seq)
    lots = drawn(first.content_hash, claims)
    touched = await claims_in_patterns(reads, branch, quarter, claims, first.seq)
    more = drawn(first.content_hash, touched - {one.claim for one in lots})
    filed = await reads.objections_about([one.claim for one in (*lots, *more)])
    samples = {one.claim: one for one in filed if one.kind == "sample"}
    return Recheck(
        branch,
        quarter,
        asked.size,
        first.content_hash,
        len(claims),
        [_drawn(one, samples.get(one.claim)) for one in lots],
        len(touched),
        [_drawn(one, samples.get(one.claim)) for one in more],
    )


def _drawn(one: Drawn, sample: Objection | None) -> DrawnClaim:
    return DrawnClaim(
        one.claim,
        one.digest,
        None if sample is None else sample.objection,
        None if sample is None else sample.decision,
    )
