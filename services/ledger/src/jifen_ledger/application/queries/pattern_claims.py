"""Which claims patterns touch: of them more are looked at again (domain.md §8.2, E16)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from jifen_ledger.application.queries.patterns import (
    Approved,
    helps_of,
    reviews_of,
)
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.patterns import Approval, Favour, bursts, mutual_favours
from jifen_ledger.domain.registers import Version


class PatternClaimReads(Protocol):
    """What is asked for the claims of patterns."""

    async def versions(self) -> Sequence[Version]:
        """Return the published versions."""

    async def claims_of_branch(self, branch: str, quarters: Sequence[str]) -> Sequence[Claim]:
        """Return the claims on the branch's deeds of the quarters, by seq."""

    async def approvals(self, claims: Collection[str]) -> Sequence[Approved]:
        """Return every review that let one of these claims go on, in stream order."""


async def claims_in_patterns(
    reads: PatternClaimReads, branch: str, quarter: str, verified: Collection[str], before: int
) -> frozenset[str]:
    """Return those of the verified claims that patterns touched before a record.

    Like the sample itself, this can be repeated by anybody at any time.
    """
    known = frozenset(verified)
    claims = [one for one in await reads.claims_of_branch(branch, (quarter,)) if one.id in known]
    found = await reads.approvals([one.id for one in claims])
    approved = [one for one in found if one.seq < before]
    reviews = reviews_of(await reads.versions(), claims, approved)
    return frozenset((*_of_pairs(reviews), *_of_pairs(helps_of(claims)), *_of_bursts(approved)))


def _of_pairs(favours: Sequence[Favour]) -> Iterable[str]:
    pairs = {(pair.one, pair.other) for pair in mutual_favours(favours)}
    for favour in favours:
        one, other = sorted((favour.doer, favour.holder))
        if (one, other) in pairs:
            yield favour.claim


def _of_bursts(approved: Sequence[Approved]) -> Iterable[str]:
    hasty = bursts(Approval(one.by, one.at_ms, one.seq) for one in approved)
    for burst in hasty:
        for one in approved:
            if one.by == burst.by and burst.first_ms <= one.at_ms <= burst.last_ms:
                yield one.claim
