"""Whether a checkpoint is cosigned: the checks of tlog.md §9.2, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from jifen_ledger.log.checkpoint import Checkpoint, parse_checkpoint, verified_lines
from jifen_ledger.log.hashes import EMPTY_ROOT
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.note import join_note, parse_note
from jifen_ledger.log.proof_files import ConsistencyFile, parse_consistency
from jifen_ledger.log.verdicts import Malformed, Unverified
from jifen_witness.domain.refusals import (
    Inconsistent,
    Stale,
    UnknownLog,
    Unreadable,
    Untrusted,
)

# The keys that are trusted for each origin.
Logs = Mapping[str, Sequence[VerifierKey]]


class Standing(NamedTuple):
    """What was cosigned last of a log."""

    size: int
    root: bytes


NOTHING: Final = Standing(0, EMPTY_ROOT)


class Presented(NamedTuple):
    """A checkpoint that its log has signed, and the proof that comes with it."""

    checkpoint: Checkpoint
    file: ConsistencyFile
    # The text with the lines of trusted keys; others say nothing, and are not kept.
    note: str


def presented(body: bytes, logs: Logs) -> Presented:
    """Return what a request presents. Raises Unreadable, UnknownLog, Untrusted."""
    try:
        file = parse_consistency(body)
        checkpoint = parse_checkpoint(parse_note(file.note).text)
    except Malformed as error:
        raise Unreadable(str(error)) from None
    keys = logs.get(checkpoint.origin)
    if keys is None:
        raise UnknownLog(f"{checkpoint.origin} is not watched here")
    try:
        text, lines = verified_lines(file.note, keys)
    except Unverified as error:
        raise Untrusted(str(error)) from None
    if not lines:
        raise Untrusted(f"no trusted key of {checkpoint.origin} has signed")
    if file.old > checkpoint.size:
        raise Unreadable(f"old {file.old} is larger than the size {checkpoint.size}")
    return Presented(checkpoint, file, join_note(text, [line.text for _, line in lines]))


def judge(request: Presented, standing: Standing) -> None:
    """Check that the tree begins with the one of before. Raises Stale, Inconsistent."""
    if request.file.old != standing.size:
        raise Stale(standing.size)
    try:
        request.file.check(standing.root, request.checkpoint)
    except Unverified as error:
        raise Inconsistent(str(error)) from None
