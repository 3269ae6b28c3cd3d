"""Whether a record's private part and files are opened to a reader: one rule for every answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from jifen_contracts.periods import quarter_of
from jifen_ledger.application.queries.claims import ClaimReads
from jifen_ledger.application.queries.concern_list import BEYOND_ALL
from jifen_ledger.application.queries.concerns import ConcernReads
from jifen_ledger.application.queries.handling import handles_cases
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.private_text import Told
from jifen_ledger.application.queries.rechecks import RecheckReads
from jifen_ledger.application.queries.rights import Column
from jifen_ledger.application.queries.rights_private import (
    handles,
    is_party,
    never_sees_text,
    opens_case_of_branch,
    opens_personnel,
)
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.people import leads
from jifen_ledger.domain.rechecks import drawn
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.versions import item_of

JUDGED = ("veto", "grade", "award")
# What a raiser says; the other raisers do not read it.
VOICES = ("raised", "confirmed", "reopened")


class OpeningReads(ConcernReads, RecheckReads, ClaimReads, Protocol):
    """What the rights to open something rest on: everything as it is now."""

    @property
    def present(self) -> OpeningReads:
        """The same reads of now, whatever the moment of these."""

    async def objection(self, id_: str) -> Objection | None:
        """Return what was filed under the id."""

    async def member(self, id_: str) -> Member | None:
        """Return the member's time lines."""


async def opens(reads: OpeningReads, asked: Asked, told: Told) -> bool:
    """Tell whether the record's private part and files are opened to the reader."""
    reads = reads.present
    if never_sees_text(asked.reader):
        return False
    if not told.accepted:
        holder = told.subject if told.noun == "points" else None
        return is_party(asked.reader, (holder, told.by))
    match told.noun:
        case "points":
            return await _opens_claim(reads, asked, told)
        case "objection":
            return await _opens_objection(reads, asked, told)
        case "concern":
            return await _opens_concern(reads, asked, told)
        case _:
            return await _opens_other(reads, asked, told)


async def _opens_claim(reads: OpeningReads, asked: Asked, told: Told) -> bool:
    """The holder, whoever said it, those whose case it is."""
    now = await reads.claim(str(told.data["claim"]))
    assert now is not None, "an accepted event is about a claim that exists"
    if is_party(asked.reader, (now.holder, told.by)):
        return True
    decided = handles(asked.reader, _deciders(now))
    reviews = asked.reader.column is Column.REVIEWER
    return opens_case_of_branch(
        asked.reader,
        own_case=decided or (reviews and await handles_cases(reads, asked, now.branch)),
        for_upper=decided or await _is_for_upper(reads, asked, now),
    )


async def _is_for_upper(reads: OpeningReads, asked: Asked, claim: Claim) -> bool:
    """Tell whether the upper level decides the claim, or looks at it again as a sample."""
    if asked.reader.column is not Column.UPPER:
        return False
    item = item_of(await reads.versions_now(), claim)
    if claim.of_unit or "upper" in (item.preliminary, item.confirm):
        return True
    holder = await reads.member(claim.holder)
    if holder is not None and any(
        leads(holder, claim.branch, day) for day in (claim.deed_date, asked.read_on)
    ):
        return True
    filed = await reads.objections_about([claim.id])
    return any(
        one.kind == "sample" or asked.reader.member in one.deciders for one in filed
    ) or await _is_drawn(reads, claim)


async def _is_drawn(reads: OpeningReads, claim: Claim) -> bool:
    quarter = quarter_of(claim.deed_date)
    published = await reads.bulletins(claim.branch, quarter)
    if not published:
        return False
    first = published[0]
    claims = await reads.verified_then(claim.branch, quarter, first.seq)
    return claim.id in {one.claim for one in drawn(first.content_hash, claims)}


async def _opens_objection(reads: OpeningReads, asked: Asked, told: Told) -> bool:
    """Whoever filed it, and those who handle it; never the person it is about."""
    one = await reads.objection(str(told.data["objection"]))
    assert one is not None, "an accepted event is about an objection that exists"
    if is_party(asked.reader, (one.by, told.by)):
        return True
    panel = await reads.panel_members(one.branch, asked.read_on)
    concerned = asked.reader.is_holder(one.subject)
    return not concerned and handles(asked.reader, (*panel, *one.deciders))


async def _opens_concern(reads: OpeningReads, asked: Asked, told: Told) -> bool:
    """Its handler; what is said about the work also its raisers, what a raiser says nobody else."""
    concern = await reads.concern(str(told.data["concern"]), BEYOND_ALL)
    assert concern is not None, "an accepted event is about a concern that exists"
    merged = await reads.merged(concern.concern, BEYOND_ALL)
    raisers = [one.by for one in (concern, *merged) if one.by is not None]
    voices = [told.by] if told.verb in VOICES else [*raisers, told.by]
    handler = [] if concern.handler is None else [concern.handler]
    named = [one for one in (*voices, *handler) if one is not None]
    return is_party(asked.reader, await reads.survivors(named))


async def _opens_other(reads: OpeningReads, asked: Asked, told: Told) -> bool:
    """The person it is about, whoever said it, and who answers for the person's branch."""
    about_person = told.noun in (*JUDGED, "absence", "member", "person")
    if is_party(asked.reader, (told.subject if about_person else None, told.by)):
        return True
    if not about_person:
        return False
    holder = await reads.holder(told.subject, asked.read_on)
    branch = None if holder is None else holder.branch
    return opens_personnel(asked.reader, branch, judged=told.noun in JUDGED)


def _deciders(claim: Claim) -> Collection[str]:
    return (*claim.preliminary_deciders, *claim.verified_deciders)
