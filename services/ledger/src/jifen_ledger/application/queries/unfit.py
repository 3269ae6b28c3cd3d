"""Verified claims of a branch that no longer fit (E37, E49): for people to reverse and decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from jifen_contracts.codes import MEANINGS
from jifen_contracts.periods import quarter_of, quarters_of
from jifen_contracts.points import format_points
from jifen_ledger.application.queries.catalogue import RegisterState
from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.handling import CaseReads, cases_by_now
from jifen_ledger.application.queries.holders import (
    Asked,
    PersonName,
    item_names,
    shown_names,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_case
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.fitting import Misfit, misfit_of
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import NotLoaded

# Nothing tells beforehand which claims fit: all are looked at, so many for one answer.
LOOKED_AT_MAX: Final = 4_000
LOOKED_AT_TOGETHER: Final = 400
# A claim names its holder, counterparts and people joined with them; each is loaded once.
LOADS_MAX: Final = 64


class UnfitReads(RegisterState, CaseReads, Protocol):
    """What is asked of verified claims."""

    async def verified_claims(
        self, branch: str, quarters: Sequence[str], after: int, limit: int
    ) -> Sequence[Claim]:
        """Return verified claims on the branch's deeds of the quarters, by seq, beyond `after`."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""


@dataclass(frozen=True, slots=True)
class UnfitClaim:
    """One claim: what was verified, and what the registers and the scheme say now.

    `code` is the refusal it would meet today; without one, `points_now` is what it would yield.
    """

    claim: str
    holder: str
    name_zh: str | None
    name_en: str | None
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    deed: str
    deed_date: str
    quarter: str
    verified_seq: int
    version: int
    version_now: int
    branch_now: str
    points: Mapping[str, str]
    points_now: Mapping[str, str] | None
    code: str | None
    meaning: str | None


@dataclass(frozen=True, slots=True)
class UnfitClaims:
    """A page, the earliest claim first; it may be short, or empty, and yet have a next one."""

    unit: str
    period: str
    size: int
    claims: Sequence[UnfitClaim]
    next: str | None


async def unfit_claims(
    reads: UnfitReads, asked: Asked, branch: str, period: str, limit: int, cursor: str | None
) -> UnfitClaims:
    """Return a page of the claims. Raises NotFound, Forbidden, QueryInvalid."""
    require(allowed=sees_case(asked.reader, branch, ()))
    if branch not in await reads.units():
        raise NotFound("There is no such unit.")
    quarters = (period,) if "Q" in period else quarters_of(period)
    after = _read(cursor)
    found: list[Misfit] = []
    left = LOOKED_AT_MAX
    state = await reads.registers([])
    more = True
    while more and left > 0 and len(found) < limit:
        claims = await reads.verified_claims(branch, quarters, after, LOOKED_AT_TOGETHER)
        more, left = len(claims) == LOOKED_AT_TOGETHER, left - len(claims)
        await _know_holders(reads, state, claims)
        cases = {one.id for one in await cases_by_now(reads, asked, (branch,), claims)}
        for claim in claims:
            misfit = await _misfit(reads, state, claim) if claim.id in cases else None
            after = claim.seq
            if misfit is not None:
                found.append(misfit)
            if len(found) == limit:
                more = more or claim is not claims[-1]
                break
    names = await shown_names(reads, asked, [one.claim.holder for one in found])
    items = item_names(state.versions)
    return UnfitClaims(
        unit=branch,
        period=period,
        size=asked.size,
        claims=[_answer(one, names, items) for one in found],
        next=cursor_of(after) if more else None,
    )


async def _know_holders(reads: UnfitReads, state: State, claims: Sequence[Claim]) -> None:
    """Load at once what nearly every claim asks for."""
    members = {claim.holder for claim in claims} | {
        one for claim in claims for one in claim.counterpart
    }
    projects = {claim.project for claim in claims if claim.project is not None}
    wanted: dict[str, set[Any]] = {
        "members": {one for one in members if not state.members.knows(one)},
        "splits": {one for one in projects if not state.splits.knows(one)},
    }
    await reads.load(state, {table: keys for table, keys in wanted.items() if keys})


async def _misfit(reads: UnfitReads, state: State, claim: Claim) -> Misfit | None:
    for _ in range(LOADS_MAX):
        try:
            return misfit_of(state, claim)
        except NotLoaded as missing:
            await reads.load(state, {missing.table: {missing.key}})
    raise AssertionError("a claim asks for more than a claim can name")


def _answer(
    one: Misfit, names: Mapping[str, PersonName], items: Mapping[str, PersonName]
) -> UnfitClaim:
    claim = one.claim
    name, item = names.get(claim.holder), items.get(claim.item)
    assert claim.verified_seq is not None
    return UnfitClaim(
        claim=claim.id,
        holder=claim.holder,
        name_zh=None if name is None else name.zh,
        name_en=None if name is None else name.en,
        item=claim.item,
        item_name_zh=None if item is None else item.zh,
        item_name_en=None if item is None else item.en,
        deed=claim.deed,
        deed_date=claim.deed_date.isoformat(),
        quarter=quarter_of(claim.deed_date),
        verified_seq=claim.verified_seq,
        version=claim.version,
        version_now=one.version,
        branch_now=one.branch,
        points=_points(claim.worth.raw),
        points_now=None if one.code is not None else _points(one.points),
        code=None if one.code is None else one.code.value,
        meaning=None if one.code is None else MEANINGS[one.code],
    )


def _points(raw: Mapping[str, int]) -> dict[str, str]:
    return {capacity: format_points(value) for capacity, value in raw.items()}


def _read(cursor: str | None) -> int:
    if cursor is None:
        return 0
    (seq,) = read_cursor(cursor, int)
    assert isinstance(seq, int)
    return seq
