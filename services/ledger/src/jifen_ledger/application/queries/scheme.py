"""The published versions of the scheme, and what one changes against another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jifen_contracts.scheme.difference import Added, Change, Changed, Removed, difference
from jifen_contracts.scheme.document import document_object
from jifen_ledger.application.queries.holders import Asked, HolderReads
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.versions import version_on


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """One published version; `document` is as it was published, without defaults."""

    version: int
    effective_from: str
    seq: int
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SchemeAnswer:
    """The scheme's versions, and the one in force on the day: today, or `as_of`."""

    scheme: str
    size: int
    in_force: int | None
    versions: Sequence[VersionAnswer]


@dataclass(frozen=True, slots=True)
class ChangeAnswer:
    """One change; `before` is absent for what was added, `after` for what was removed."""

    change: str
    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Differences:
    """What one version changes against another."""

    scheme: str
    from_version: int
    to_version: int
    changes: Sequence[ChangeAnswer]


async def scheme_of(reads: HolderReads, asked: Asked) -> SchemeAnswer:
    """Return every version and its document."""
    versions = await reads.versions()
    now = version_on(versions, asked.day)
    return SchemeAnswer(
        asked.reader.scheme,
        asked.size,
        None if now is None else now.version,
        [
            VersionAnswer(
                one.version,
                one.effective_from.isoformat(),
                one.seq,
                document_object(one.document),
            )
            for one in versions
        ],
    )


async def differences_of(
    reads: HolderReads, asked: Asked, from_version: int, to_version: int
) -> Differences:
    """Return what the one version changes against the other. Raises NotFound."""
    versions = await reads.versions()
    old, new = _numbered(versions, from_version), _numbered(versions, to_version)
    changes = [_change(one) for one in difference(old.document, new.document)]
    return Differences(asked.reader.scheme, from_version, to_version, changes)


def _numbered(versions: Sequence[Version], number: int) -> Version:
    if not 1 <= number <= len(versions):
        raise NotFound(f"There is no version {number}.")
    return versions[number - 1]


def _change(change: Change) -> ChangeAnswer:
    match change:
        case Added():
            return ChangeAnswer("added", change.path, None, change.after)
        case Removed():
            return ChangeAnswer("removed", change.path, change.before, None)
        case Changed():
            return ChangeAnswer("changed", change.path, change.before, change.after)
