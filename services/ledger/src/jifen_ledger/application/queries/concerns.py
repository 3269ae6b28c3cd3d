"""One concern: its clock, its parts, those merged into it, and what its raisers say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_ledger.application.queries.concern_days import (
    LevelAnswer,
    PauseAnswer,
    StageAnswer,
    levels_of,
    pauses_of,
    stages_of,
)
from jifen_ledger.application.queries.concern_list import BEYOND_ALL, ConcernLine, lines_of
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import reads_figures, sees_raisers
from jifen_ledger.domain.concern_voices import UNNAMED
from jifen_ledger.domain.concerns import Concern, Voice

STATES_MAX = 200


@dataclass(frozen=True, slots=True)
class PastState:
    """A concern as one record left it."""

    seq: int
    recorded_at: str
    concern: Concern


class ConcernReads(HolderReads, Protocol):
    """What is asked of one concern."""

    async def concern(self, id_: str, known_at: int) -> Concern | None:
        """Return the concern as it was after a record."""

    async def merged(self, id_: str, known_at: int) -> Sequence[Concern]:
        """Return the concerns that were merged into it, by seq."""

    async def parts(self, ids: Collection[str], known_at: int) -> Sequence[Concern]:
        """Return the concerns whose parent is one of these, by seq."""

    async def survivors(self, ids: Collection[str]) -> Sequence[str]:
        """Return the surviving ids of people, in the order asked."""

    async def past_states(self, id_: str, known_at: int) -> Sequence[PastState]:
        """Return the last states of a concern, at most STATES_MAX, in stream order."""


@dataclass(frozen=True, slots=True)
class Dissent:
    """A raiser, or `upper`, who was not satisfied; who it was is for handlers only."""

    seq: int
    on: str
    reason: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class ConcernStep:
    """What a record made of the concern."""

    seq: int
    recorded_at: str
    state: str
    handler: str | None
    handler_unit: str | None
    due: str
    private: PrivateText | None = None


@dataclass(frozen=True, slots=True)
class ConcernAnswer:
    """A concern. `light` is that of care: green when all its parts are done, amber when some are.

    `raised_by` is null for those who may not know; it is empty where nobody is named.
    """

    size: int
    concern: ConcernLine
    merged_into: str | None
    merged: Sequence[str]
    reopenings: int
    pauses: Sequence[PauseAnswer]
    levels: Sequence[LevelAnswer]
    stages: Sequence[StageAnswer]
    children: Sequence[ConcernLine]
    children_open: int
    light: str | None
    raisers: int
    confirmations: int
    raised_by: Sequence[str] | None
    dissents: Sequence[Dissent]
    events: Sequence[ConcernStep]


async def concern_of(reads: ConcernReads, asked: Asked, id_: str) -> ConcernAnswer:
    """Return the concern. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    concern = await reads.concern(id_, asked.size)
    if concern is None:
        raise NotFound("There is no such concern.")
    merged = await reads.merged(id_, asked.size)
    group = (concern, *merged)
    parts = await reads.parts([one.concern for one in group], asked.size)
    own = {one.concern for one in group}
    open_parts = [one for one in parts if one.is_open and one.concern not in own]
    named = await reads.survivors([one.by for one in group if one.by is not None])
    past = await reads.past_states(id_, asked.size)
    seen = sees_raisers(asked.reader, named, await _handlers_now(reads, id_))
    line, *children = await lines_of(reads, asked, [concern, *parts])
    return ConcernAnswer(
        size=asked.size,
        concern=line,
        merged_into=concern.merged_into,
        merged=[one.concern for one in merged],
        reopenings=concern.reopenings,
        pauses=pauses_of(concern),
        levels=levels_of(concern, asked.today),
        stages=stages_of(concern, asked.today),
        children=children,
        children_open=len(open_parts),
        light=_light(concern, parts),
        raisers=len(set(named)) + sum(one.by is None for one in group),
        confirmations=sum(one.satisfaction is not None for one in concern.voices),
        raised_by=list(dict.fromkeys(named)) if seen else None,
        dissents=_dissents(past, seen=seen),
        events=[_step(one) for one in past],
    )


async def _handlers_now(reads: ConcernReads, id_: str) -> Sequence[str]:
    """Return who handles the concern by now: rights are those of now, whatever the moment."""
    now = await reads.concern(id_, BEYOND_ALL)
    handler = None if now is None else now.handler
    return await reads.survivors([] if handler is None else [handler])


def _light(concern: Concern, parts: Sequence[Concern]) -> str | None:
    if concern.kind != "care" or not parts:
        return None
    done = sum(part.is_closed for part in parts)
    if done == len(parts):
        return "green"
    return "amber" if done else "red"


def _dissents(past: Sequence[PastState], *, seen: bool) -> Sequence[Dissent]:
    """Return every dissent once, in the record that first had it."""
    found: dict[Voice, Dissent] = {}
    for state in past:
        for voice in state.concern.voices:
            if voice.satisfaction is None and voice not in found:
                named = seen and not voice.raiser.startswith(UNNAMED)
                by = voice.raiser if named else None
                found[voice] = Dissent(state.seq, voice.on.isoformat(), voice.reason, by)
    return list(found.values())


def _step(past: PastState) -> ConcernStep:
    concern = past.concern
    return ConcernStep(
        seq=past.seq,
        recorded_at=past.recorded_at,
        state=concern.state,
        handler=concern.handler,
        handler_unit=concern.handler_unit,
        due=concern.due.isoformat(),
    )
