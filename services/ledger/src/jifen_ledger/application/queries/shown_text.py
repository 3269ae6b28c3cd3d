"""The private parts and files of some records, as far as they are opened to the reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from jifen_ledger.application.private_part import evidence_in
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.openings import OpeningReads, opens
from jifen_ledger.application.queries.private_text import (
    NamedFile,
    Opening,
    PrivateReads,
    PrivateText,
    ShownFile,
    Told,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Column, require
from jifen_ledger.application.queries.rights_private import sees_hash


class TextReads(PrivateReads, OpeningReads, Protocol):
    """What is asked to show private text."""


async def texts_of(
    reads: TextReads, asked: Asked, seqs: Collection[int | None]
) -> Mapping[int, PrivateText]:
    """Return what is shown of these records, by seq; nothing where nothing is."""
    wanted = sorted({seq for seq in seqs if seq is not None})
    if not wanted or asked.reader.column in (Column.PUBLIC, Column.SHOP):
        return {}
    told = [one for one in await reads.told(wanted) if one.privatehash or one.files]
    by_hash = sees_hash(asked.reader)
    seen = told if by_hash else [one for one in told if await opens(reads, asked, one)]
    hashes = [one.privatehash for one in seen if one.privatehash]
    opened = await reads.openings(hashes) if hashes and not by_hash else {}
    persons = {one.person for one in seen if one.privatehash and one.privatehash not in opened}
    # An auditor keeps answers for a day, and learns of erasures from the log.
    erased = await reads.erased(persons) if persons and not by_hash else ()
    return {
        one.seq: _text(
            one,
            opened.get(one.privatehash or ""),
            erased=one.privatehash is not None and one.person in erased,
        )
        for one in seen
    }


async def opening_of(reads: TextReads, asked: Asked, seq: int) -> Opening:
    """Return what opens the hash of a record's private part. Raises NotFound, Forbidden."""
    found = await reads.told([seq])
    if not found:
        raise NotFound("There is no event with this seq.")
    [told] = found
    require(allowed=await opens(reads, asked, told))
    opened = await reads.openings([told.privatehash]) if told.privatehash else {}
    opening = opened.get(told.privatehash or "")
    if opening is None:
        raise NotFound("The event has no private part, or it was erased.")
    return opening


def _text(told: Told, opening: Opening | None, *, erased: bool) -> PrivateText:
    named: Sequence[NamedFile] = told.files
    if opening is not None:
        named = (*named, *(NamedFile(*one) for one in evidence_in(opening.private)))
    return PrivateText(
        told.privatehash,
        None if opening is None else opening.private,
        [ShownFile(one.sha256, one.kind) for one in dict.fromkeys(named)],
        erased,
    )
