"""Replays a scheme's past as it was and as a draft would have had it, and writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jifen_contracts.events import UnknownType
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.lint import Finding, lint
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.simulation.as_if import AsIf, Span
from jifen_ledger.domain.simulation.difference import difference_of
from jifen_ledger.domain.simulation.result import Simulated
from jifen_ledger.domain.simulation.twofold import Twofold


@dataclass(frozen=True, slots=True)
class PastRecord:
    """A record of the journal: as it was written, and the message behind it."""

    seq: int
    written: bytes
    payload: bytes


class Past(Protocol):
    """One moment of a scheme's journal."""

    @property
    def scheme(self) -> str:
        """The scheme's id."""

    def size(self) -> int:
        """Return how many records there are."""

    def versions(self) -> Sequence[Version]:
        """Return all published versions, by number."""

    def pages(self) -> Iterator[Sequence[PastRecord]]:
        """Yield every record in the order of the stream, a page at a time."""


class NotSimulated(Exception):  # noqa: N818 - an answer to whoever asked
    """The question has no answer; the text says why in one sentence."""


class DraftUnfit(NotSimulated):
    """The draft breaks the rules of lint; `findings` say where."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Carry what is to be mended first."""
        number = f"{len(findings)} finding" + ("s" if len(findings) > 1 else "")
        super().__init__(f"lint has {number} about the draft: mend them first")
        self.findings = findings


def simulate(
    past: Past, draft: SchemeDocument, span: Span, progress: Callable[[int, int], None]
) -> Simulated:
    """Return what differs, had the draft been in force for the deeds of the span.

    Raises NotSimulated where the draft or the journal is not fit for it.
    """
    versions = past.versions()
    if not versions:
        raise NotSimulated("no version of the scheme is published: there is no past to replay")
    if span.to <= versions[0].effective_from:
        raise NotSimulated(f"the scheme begins on {versions[0].effective_from}, after the span")
    _check(draft, span, versions)
    both, size = Twofold(past.scheme, AsIf(versions, draft, span)), past.size()
    for page in past.pages():
        for record in page:
            _fold(both, record)
        both.forget_changes()
        progress(both.was.size, size)
    return difference_of(both)


def _check(draft: SchemeDocument, span: Span, versions: Sequence[Version]) -> None:
    """Lint the draft against the versions that it leaves in force before it."""
    earlier = [one.document for one in versions if one.effective_from < span.from_]
    findings = lint(draft, span.from_.isoformat(), earlier)
    if not findings and draft.utc_offset != versions[0].document.utc_offset:
        offset = versions[0].document.utc_offset
        findings = (Finding(8, "utc_offset", f"The offset stays {offset} in every version."),)
    if findings:
        raise DraftUnfit(findings)


def _fold(both: Twofold, record: PastRecord) -> None:
    try:
        folded = both.fold(record.seq, record.payload)
    except UnknownType as unknown:
        raise NotSimulated(
            f"record {record.seq} is of type {unknown.type}, which this software does not know"
        ) from unknown
    if folded.bytes != record.written:
        raise NotSimulated(
            f"record {record.seq} is not what this software makes of its event: "
            "simulate with the software that wrote the journal"
        )
