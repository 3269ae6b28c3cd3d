"""Other claims that were shown with the same file of evidence (E30)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.cursors import INTEGER_MAX, cursor_of, read_cursor
from jifen_ledger.application.queries.holders import Asked, PersonName, shown_names
from jifen_ledger.application.queries.refusals import NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import Reader, require, sees_case
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.life import is_lapsed


class SharedFiles(NamedTuple):
    """A claim, the files that it has in common with another, and the last record that named one."""

    claim: str
    files: Sequence[str]
    seq: int


class SameEvidenceReads(ClaimReads, Protocol):
    """What is asked about claims and their evidence."""

    async def claims_now(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims as they stand now, by seq."""

    async def sharing_evidence(self, claim: str, below: int, limit: int) -> Sequence[SharedFiles]:
        """Return claims that named one of its files in a record below the seq, latest first."""


@dataclass(frozen=True, slots=True)
class SharingClaim:
    """Another claim, with the SHA-256 of the files that both were shown with."""

    claim: str
    holder: str
    holder_name_zh: str | None
    holder_name_en: str | None
    item: str
    deed: str
    deed_date: str
    branch: str
    state: str
    seq: int
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class SameEvidence:
    """A page of the claims on the same evidence, as far as they are cases of the reader."""

    claim: str
    size: int
    claims: Sequence[SharingClaim]
    next: str | None


async def same_evidence(
    reads: SameEvidenceReads, asked: Asked, id_: str, limit: int, cursor: str | None
) -> SameEvidence:
    """Return the page. Raises NotFound, Forbidden, QueryInvalid.

    Whose case a claim is goes by where it stands now.
    """
    claim = await reads.claim(id_)
    if claim is None or not asked.reaches(claim.deed_date):
        raise NotFound("There is no such claim.")
    require(allowed=_sees(asked.reader, await reads.latest(claim)))
    below = INTEGER_MAX if cursor is None else _below(cursor, asked.moment)
    found = await reads.sharing_evidence(id_, below, limit + 1)
    page = {one.claim: one for one in found[:limit]}
    seen = {one.id for one in await reads.claims_now(page) if _sees(asked.reader, one)}
    claims = {
        one.id: one for one in await reads.claims(sorted(seen)) if asked.reaches(one.deed_date)
    }
    names = await shown_names(reads, asked, sorted({one.holder for one in claims.values()}))
    shown = [
        _answer(claims[shared.claim], shared, asked, names)
        for shared in page.values()
        if shared.claim in claims
    ]
    following = cursor_of(asked.moment, found[limit - 1].seq) if len(found) > limit else None
    return SameEvidence(id_, asked.size, shown, following)


def _sees(reader: Reader, claim: Claim) -> bool:
    deciders = claim.preliminary_deciders + claim.verified_deciders
    return reader.is_holder(claim.holder) or sees_case(reader, claim.branch, deciders)


def _below(cursor: str, moment: str) -> int:
    of_moment, seq = read_cursor(cursor, str, int)
    if of_moment != moment:
        raise QueryInvalid("The cursor belongs to another moment: repeat known_at and as_of.")
    return int(seq)


def _answer(
    claim: Claim, shared: SharedFiles, asked: Asked, names: Mapping[str, PersonName]
) -> SharingClaim:
    name = names.get(claim.holder)
    return SharingClaim(
        claim.id,
        claim.holder,
        None if name is None else name.zh,
        None if name is None else name.en,
        claim.item,
        claim.deed,
        claim.deed_date.isoformat(),
        claim.branch,
        "lapsed" if is_lapsed(claim, asked.today) else claim.state.value,
        shared.seq,
        shared.files,
    )
