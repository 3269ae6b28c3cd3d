"""Whether a draft could be published: lint, and what the fold would ask of its day and size."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from jifen_contracts.canonical import canonical
from jifen_contracts.events import EVENT_BYTES_MAX
from jifen_contracts.periods import end_day, quarter_of
from jifen_contracts.scheme.document import SchemeDocument, document_object
from jifen_contracts.scheme.lint import Finding, lint
from jifen_ledger.domain.registers import Version

# What an event holds beside the document: envelope, stamps, version, note.
ENVELOPE_BYTES: Final = 1_536
DATES_RULE: Final = 8
SIZE_RULE: Final = 0


def next_quarter_start(today: date) -> date:
    """Return the day from which a version applies unless its event says another (§4.1)."""
    return end_day(quarter_of(today))


def findings_about(
    document: SchemeDocument, effective_from: date, published: Sequence[Version]
) -> tuple[Finding, ...]:
    """Return everything that keeps the draft from following the published versions."""
    earlier = [version.document for version in published]
    return (
        *_size(document),
        *lint(document, effective_from.isoformat(), earlier),
        *_order(effective_from, published),
    )


def document_bytes(document: SchemeDocument) -> int:
    """Return how long the document is in its event."""
    return len(canonical(document_object(document)))


def _size(document: SchemeDocument) -> tuple[Finding, ...]:
    room = EVENT_BYTES_MAX - ENVELOPE_BYTES
    size = document_bytes(document)
    if size <= room:
        return ()
    message = f"{size} bytes do not fit in one event: shorten texts by {size - room} bytes."
    return (Finding(SIZE_RULE, "document", message),)


def _order(effective_from: date, published: Sequence[Version]) -> tuple[Finding, ...]:
    if not published or effective_from > published[-1].effective_from:
        return ()
    last = published[-1]
    message = (
        f"{effective_from} is not after {last.effective_from}, the first day of version "
        f"{last.version}: choose a later quarter."
    )
    return (Finding(DATES_RULE, "effective_from", message),)
