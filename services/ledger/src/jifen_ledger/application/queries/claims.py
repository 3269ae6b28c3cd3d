"""A claim's life: what was claimed, reviewed and verified, side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from jifen_contracts.periods import quarter_of
from jifen_contracts.points import format_points
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    item_names,
    known_holder,
    policy_of,
    ruling_document,
)
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import (
    Holder,
    View,
    require,
    sees_case,
    view_of,
)
from jifen_ledger.domain.claim import Claim, ClaimState, Measured, Step
from jifen_ledger.domain.life import is_lapsed
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.tallies import review_deadline
from jifen_ledger.domain.versions import line_of, version_numbered

STAGES = ("claimed", "preliminary", "verified")


class ClaimReads(HolderReads, Protocol):
    """What is asked of the claims."""

    async def claim(self, id_: str) -> Claim | None:
        """Return the claim as it stands."""

    async def latest(self, claim: Claim) -> Claim:
        """Return the claim as it stands now."""

    async def steps(self, claim: str) -> Sequence[tuple[Step, str]]:
        """Return the claim's steps in stream order, each with its record's `recorded_at`."""

    async def claims_of(self, holder: str) -> Sequence[Claim]:
        """Return every claim of the holder, by seq."""

    async def claims(self, ids: Collection[str]) -> Sequence[Claim]:
        """Return these claims, by seq."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a claim, with the item, measure and value it left behind."""

    seq: int
    step: str
    recorded_at: str
    item: str
    measure: Mapping[str, Mapping[str, int | str]]
    points: Mapping[str, str]
    by: str | None
    deciders: Sequence[str]
    reason: str | None
    private: PrivateText | None = None


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """A claim; `overdue_since` is the deadline that passed without a decision."""

    claim: str
    holder: str
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    deed: str
    group: str | None
    project: str | None
    counterpart: Sequence[str]
    deed_date: str
    quarter: str
    branch: str
    version: int
    catalogue: str
    state: str
    until: str | None
    overdue: bool
    overdue_since: str | None
    duplicate_of: str | None
    replaces: str | None
    claimed: Stage | None
    preliminary: Stage | None
    verified: Stage | None
    events: Sequence[Stage]


async def claim_answer(reads: ClaimReads, asked: Asked, id_: str) -> ClaimAnswer:
    """Return the claim without private texts. Raises NotFound, Forbidden."""
    claim = await reads.claim(id_)
    if claim is None or (asked.as_of is not None and claim.deed_date > asked.as_of):
        raise NotFound("There is no such claim.")
    versions = await reads.versions()
    holder = await known_holder(reads, asked, claim.holder)
    capacities = await seen_capacities(reads, asked, holder, claim)
    require(allowed=bool(capacities))
    stages = [_stage(step, recorded_at, capacities) for step, recorded_at in await reads.steps(id_)]
    last = {stage.step: stage for stage in stages}
    since = overdue_since(claim, versions, asked.today)
    name = item_names(versions).get(claim.item)
    state = "lapsed" if is_lapsed(claim, asked.today) else claim.state.value
    return ClaimAnswer(
        claim=claim.id,
        holder=claim.holder,
        item=claim.item,
        item_name_zh=None if name is None else name.zh,
        item_name_en=None if name is None else name.en,
        deed=claim.deed,
        group=claim.group,
        project=claim.project,
        counterpart=claim.counterpart,
        deed_date=claim.deed_date.isoformat(),
        quarter=quarter_of(claim.deed_date),
        branch=claim.branch,
        version=claim.version,
        catalogue=claim.catalogue,
        state=state,
        until=None if claim.until is None else claim.until.isoformat(),
        overdue=since is not None,
        overdue_since=None if since is None else since.isoformat(),
        duplicate_of=claim.duplicate_of,
        replaces=claim.replaces,
        claimed=last.get("claimed"),
        preliminary=last.get("preliminary") or _by_record(versions, claim, last["claimed"]),
        verified=last.get("verified"),
        events=stages,
    )


async def seen_capacities(
    reads: ClaimReads, asked: Asked, holder: Holder, claim: Claim
) -> frozenset[str]:
    """Return the capacities of the claim that the reader sees.

    A claim that was verified is the event behind postings and is seen with them; one that was not,
    and every deduction, is a case. Whose case it is goes by where the claim stands now.
    """
    everything = frozenset(claim.worth.raw)
    if asked.reader.is_holder(claim.holder):
        return everything
    now = await reads.latest(claim)
    deciders = now.preliminary_deciders + now.verified_deciders
    if sees_case(asked.reader, now.branch, deciders):
        return everything
    if claim.verified_seq is None:
        return frozenset()
    versions, document = await reads.versions(), await ruling_document(reads, asked)
    return frozenset(
        capacity
        for capacity in everything
        if line_of(versions, claim, capacity).kind != "deduct"
        and view_of(asked.reader, holder, capacity, policy_of(document, capacity)).value
        >= View.SHEET.value
    )


def overdue_since(claim: Claim, versions: Sequence[Version], today: date) -> date | None:
    """Return the last day of the deadline that the claim's next decision has missed."""
    match claim.state:
        case ClaimState.CLAIMED:
            stage = "preliminary"
        case ClaimState.PRELIMINARY:
            stage = "verified"
        case _:
            return None
    deadline = review_deadline(versions, claim, stage, today)
    return deadline if today > deadline else None


def measure_words(
    measure: Mapping[str, Measured], capacities: Collection[str]
) -> dict[str, dict[str, int | str]]:
    """Return the measure of these capacities as it was sent."""
    return {
        capacity: {
            name: value
            for name in Measured._fields
            if (value := getattr(measured, name)) is not None
        }
        for capacity, measured in measure.items()
        if capacity in capacities
    }


def _by_record(versions: Sequence[Version], claim: Claim, claimed: Stage) -> Stage | None:
    """Return the review that a record in the stream was: it let the claim stand as stated."""
    rests_on = version_numbered(versions, claim.version).resting_on_records
    if claimed.item not in rests_on:
        return None
    return replace(claimed, step="preliminary", by=None)


def _stage(step: Step, recorded_at: str, capacities: Collection[str]) -> Stage:
    return Stage(
        seq=step.seq,
        step=step.step,
        recorded_at=recorded_at,
        item=step.item,
        measure=measure_words(step.measure, capacities),
        points={
            capacity: format_points(value)
            for capacity, value in step.worth.raw.items()
            if capacity in capacities
        },
        by=step.by,
        deciders=step.deciders,
        reason=step.reason,
    )
