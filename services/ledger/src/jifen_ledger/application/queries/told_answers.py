"""Claims, objections and concerns with the private texts that the reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from jifen_ledger.application.queries.claims import ClaimAnswer, Stage, claim_answer
from jifen_ledger.application.queries.concerns import ConcernAnswer, concern_of
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.objections import (
    ObjectionAnswer,
    ObjectionReads,
    QuarterObjections,
    objection_answer,
    objections_answer,
)
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.application.queries.shown_text import TextReads, texts_of


class ToldReads(TextReads, ObjectionReads, Protocol):
    """What is asked for an answer with its texts."""


async def claim_told(reads: ToldReads, asked: Asked, id_: str) -> ClaimAnswer:
    """Return the claim with the texts of its steps. Raises NotFound, Forbidden."""
    found = await claim_answer(reads, asked, id_)
    texts = await texts_of(reads, asked, [one.seq for one in found.events])
    return replace(
        found,
        claimed=_stage(found.claimed, texts),
        preliminary=_stage(found.preliminary, texts),
        verified=_stage(found.verified, texts),
        events=[replace(one, private=texts.get(one.seq)) for one in found.events],
    )


async def objections_told(
    reads: ToldReads, asked: Asked, branch: str, quarter: str
) -> QuarterObjections:
    """Return a quarter's objections with their texts. Raises NotFound, Forbidden."""
    found = await objections_answer(reads, asked, branch, quarter)
    seqs = [seq for one in found.cases for seq in (one.seq, one.decided_seq)]
    texts = await texts_of(reads, asked, seqs)
    cases = [
        replace(
            one,
            private=texts.get(one.seq),
            decision_private=None if one.decided_seq is None else texts.get(one.decided_seq),
        )
        for one in found.cases
    ]
    return replace(found, cases=cases)


async def objection_told(reads: ToldReads, asked: Asked, id_: str) -> ObjectionAnswer:
    """Return an objection with what was filed and answered. Raises NotFound, Forbidden."""
    found = await objection_answer(reads, asked, id_)
    filed = await reads.objection(id_)
    assert filed is not None, "it was answered for"
    texts = await texts_of(reads, asked, [filed.seq, filed.decided_seq])
    decided = None if filed.decided_seq is None else texts.get(filed.decided_seq)
    return replace(found, private=texts.get(filed.seq), decision_private=decided)


async def concern_told(reads: ToldReads, asked: Asked, id_: str) -> ConcernAnswer:
    """Return a concern with what was said about it. Raises NotFound, Forbidden."""
    found = await concern_of(reads, asked, id_)
    texts = await texts_of(reads, asked, [one.seq for one in found.events])
    return replace(found, events=[replace(one, private=texts.get(one.seq)) for one in found.events])


def _stage(stage: Stage | None, texts: Mapping[int, PrivateText]) -> Stage | None:
    return None if stage is None else replace(stage, private=texts.get(stage.seq))
