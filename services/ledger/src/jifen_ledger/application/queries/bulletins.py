"""Bulletins (通报) as they were frozen: which there are, and what the reader's sheet says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from jifen_contracts.canonical import decode
from jifen_ledger.application.queries.holders import Asked, HolderReads, shown_names
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import OUTSIDE, Column, Reader, require
from jifen_ledger.domain.bulletins import Bulletin

FULL, BRANCH, STAFF = "full", "branch", "staff"
_WHOLE = frozenset({Column.REVIEWER, Column.UPPER, Column.AUDITOR})


@dataclass(frozen=True, slots=True)
class Revision:
    """One frozen revision: the record that froze it, and the hash of the sheet the reader sees."""

    quarter: str
    revision: int
    seq: int
    sheet: str
    hash: str | None


@dataclass(frozen=True, slots=True)
class BulletinList:
    """All revisions of a branch's bulletins, the newest quarter first."""

    branch: str
    size: int
    revisions: Sequence[Revision]


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a member or unit."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class BulletinAnswer:
    """A revision as the reader sees it.

    `sheet` says which: full (reviewers, upper level, auditors), branch (its members) or staff,
    which is the branch sheet without its ordinary members and has no hash. `content` is the sheet
    itself, amounts in tenths; the names are no part of it.
    """

    branch: str
    quarter: str
    revision: int
    last_revision: int
    size: int
    sheet: str
    hash: str | None
    content: Mapping[str, Any]
    names: Mapping[str, Name]


class BulletinReads(HolderReads, Protocol):
    """What is asked of the frozen bulletins."""

    async def bulletins(self, branch: str, quarter: str | None) -> Sequence[Bulletin]:
        """Return the branch's revisions, of one quarter or of all, in their order."""


async def bulletins_of(reads: BulletinReads, asked: Asked, branch: str) -> BulletinList:
    """Return the revisions that the reader may open. Raises NotFound, Forbidden."""
    await _known_branch(reads, branch)
    found = await reads.bulletins(branch, None)
    seen = [(one, _sheet_for(asked.reader, one)) for one in found]
    require(allowed=asked.reader.column not in OUTSIDE)
    ordered = sorted(seen, key=lambda one: (one[0].quarter, one[0].revision), reverse=True)
    return BulletinList(
        branch,
        asked.size,
        [
            Revision(one.quarter, one.revision, one.seq, sheet, _hash(one, sheet))
            for one, sheet in ordered
            if sheet is not None
        ],
    )


async def bulletin_of(
    reads: BulletinReads, asked: Asked, branch: str, quarter: str, revision: int | None
) -> BulletinAnswer:
    """Return a revision, the last one if none is named. Raises NotFound, Forbidden."""
    bulletin, last = await _revision(reads, branch, quarter, revision)
    sheet = _sheet_for(asked.reader, bulletin)
    require(allowed=sheet is not None)
    content = _content(bulletin, sheet or STAFF)
    named = [branch, *(one["holder"] for one in (*content["holders"], *content.get("bands", ())))]
    names = await shown_names(reads, asked, sorted(set(named)))
    return BulletinAnswer(
        branch,
        quarter,
        bulletin.revision,
        last,
        asked.size,
        sheet or STAFF,
        _hash(bulletin, sheet or STAFF),
        content,
        {id_: Name(name.zh, name.en) for id_, name in names.items()},
    )


async def sheet_of(
    reads: BulletinReads, asked: Asked, branch: str, quarter: str, revision: int | None
) -> bytes:
    """Return the reader's sheet byte for byte as it was hashed. Raises NotFound, Forbidden."""
    bulletin, _ = await _revision(reads, branch, quarter, revision)
    sheet = _sheet_for(asked.reader, bulletin)
    require(allowed=sheet in (FULL, BRANCH))
    return bulletin.full_sheet if sheet == FULL else bulletin.branch_sheet


async def _known_branch(reads: BulletinReads, branch: str) -> None:
    if branch not in await reads.units():
        raise NotFound("There is no such branch.")


async def _revision(
    reads: BulletinReads, branch: str, quarter: str, revision: int | None
) -> tuple[Bulletin, int]:
    await _known_branch(reads, branch)
    found = await reads.bulletins(branch, quarter)
    if not found:
        raise NotFound("The branch has published no bulletin of that quarter.")
    last = found[-1].revision
    for one in found:
        if one.revision == (revision or last):
            return one, last
    raise NotFound(f"The bulletin has {last} revisions.")


def sheet_opened(reader: Reader, branch: str) -> str | None:
    """Return the sheet of a branch's bulletins that the reader's column opens."""
    if reader.column in _WHOLE:
        return FULL
    if reader.column in OUTSIDE:
        return None
    if reader.own_branch(branch):
        return BRANCH
    return STAFF if reader.column is Column.STAFF else None


def _sheet_for(reader: Reader, bulletin: Bulletin) -> str | None:
    """Return the sheet that the reader may open.

    The audience stays the same for ever: who is listed may open it after a transfer too.
    """
    opened = sheet_opened(reader, bulletin.branch)
    if opened in (FULL, BRANCH) or reader.column in OUTSIDE:
        return opened
    return BRANCH if _lists(bulletin, reader.member) else opened


def _lists(bulletin: Bulletin, member: str | None) -> bool:
    if member is None:
        return False
    held: Any = decode(bulletin.full_sheet)["holders"]
    return any(line["holder"] == member for line in held)


def sheet_hash(sheet: str | None, content_hash: str | None, branch_hash: str | None) -> str | None:
    """Return the hash of a sheet; whoever sees a part of one has nothing to compare it with."""
    return {FULL: content_hash, BRANCH: branch_hash}.get(sheet or STAFF)


def _hash(bulletin: Bulletin, sheet: str) -> str | None:
    return sheet_hash(sheet, bulletin.content_hash, bulletin.branch_hash)


def _content(bulletin: Bulletin, sheet: str) -> dict[str, Any]:
    if sheet == FULL:
        return decode(bulletin.full_sheet)
    content: dict[str, Any] = decode(bulletin.branch_sheet)
    if sheet == BRANCH:
        return content
    # Staff see office holders and units (domain.md §7).
    content.pop("bands")
    for part in ("holders", "adjustments", "differences"):
        if part in content:
            content[part] = [one for one in content[part] if one.get("capacity") != "member"]
    return content
