"""Documents as the commands name them: a draft's file, or the number of a published version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.draft import DraftUnreadable, read_draft
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.past import PostgresPast, SchemeUnclear, past_of
from jifen_ledger.domain.registers import Version


@dataclass(frozen=True, slots=True)
class Named:
    """A document, and what to call it."""

    name: str
    document: SchemeDocument


def draft_in(file: Path) -> SchemeDocument:
    """Return the document of a file. Raises DraftUnreadable, CommandFailed."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file}: not UTF-8 text: {error.reason}") from None
    except OSError as error:
        raise CommandFailed(f"{file}: {error.strerror}") from None
    return read_draft(text)


def readable_draft_in(file: Path) -> SchemeDocument:
    """Return the document of a file. Raises CommandFailed with the first fault."""
    try:
        return draft_in(file)
    except DraftUnreadable as unreadable:
        first = unreadable.faults[0]
        raise CommandFailed(f"{file}: {first.path}: {first.message}") from None


def document_named(name: str, versions: Sequence[Version]) -> Named:
    """Return the version with the number, or else the draft in the file. Raises CommandFailed."""
    if not name.isdecimal():
        return Named(name, readable_draft_in(Path(name)))
    for version in versions:
        if version.version == int(name):
            called = f"version {version.version}, from {version.effective_from}"
            return Named(called, version.document)
    raise CommandFailed(f"there is no version {name}; {len(versions)} are published")


@contextmanager
def opened_past(url: str | None, scheme: str | None) -> Iterator[PostgresPast]:
    """Open the past of a scheme. Raises CommandFailed."""
    if url is None:
        raise CommandFailed("JIFEN_DATABASE_URL: not set, and the published versions are there")
    try:
        with past_of(url, scheme) as past:
            yield past
    except SchemeUnclear as unclear:
        raise CommandFailed(str(unclear)) from None


def published_versions(url: str | None, scheme: str | None) -> tuple[str, Sequence[Version]]:
    """Return the scheme and its versions by number. Raises CommandFailed."""
    with opened_past(url, scheme) as past:
        return past.scheme, past.versions()
