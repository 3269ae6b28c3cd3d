"""What comparing and refilling have shown, as lines for people and as one object for programs."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from jifen_ledger.application.reconciling.once import Report
from jifen_ledger.application.refilling.ledger import LedgerRefilled
from jifen_ledger.application.refilling.refill import Refilled
from jifen_ledger.application.stopped import Reason
from jifen_ledger.log.encodings import encoded

# What repairs a finding; the others need people, and a copy from elsewhere.
REPAIRS = {
    Reason.STREAM_MISSING: "jifen-ledger refill-stream {scheme}",
    Reason.STREAM_SHORTENED: "jifen-ledger refill-stream {scheme}",
    Reason.STREAM_GAP: "jifen-ledger refill-stream {scheme} --set-aside FILE",
    Reason.STREAM_ALTERED: "jifen-ledger refill-stream {scheme} --set-aside FILE",
    Reason.JOURNAL_SHORTENED: "jifen-ledger refill-ledger {scheme}",
}


def lines_of_report(report: Report) -> Iterator[str]:
    """Yield one screen."""
    scheme, finding, journal = report.scheme, report.finding, report.journal
    if finding is None:
        yield f"{scheme}: stream, journal and log agree"
    else:
        yield f"{scheme}: {finding.reason}: {finding.detail}"
    stream = report.stream
    yield f"  stream    {_stream(report)}"
    yield f"  journal   {journal.size:,} records"
    if journal.signed is not None:
        yield f"  signed    {journal.signed.size:,}, root {encoded(journal.signed.root)}"
    if report.anchor is not None:
        yield f"  anchor    {report.anchor.size:,}, root {encoded(report.anchor.root)}"
    if report.compared:
        yield f"  compared  {report.compared:,} messages, hash {report.digest.hex()}"
    if stream is not None and stream.last_seq > journal.size:
        yield f"  waiting   {stream.last_seq - journal.size:,} messages have no record yet"
    if (repair := _repair(report)) is not None:
        yield f"  repair    {repair}"


def json_of_report(report: Report) -> str:
    """Return the same as one object."""
    finding, stream, signed = report.finding, report.stream, report.journal.signed
    told: dict[str, object] = {
        "scheme": report.scheme,
        "agree": finding is None,
        "finding": None if finding is None else finding.reason.value,
        "detail": None if finding is None else finding.detail,
        "repair": _repair(report),
        "stream": None if stream is None else stream._asdict(),
        "journal": {"size": report.journal.size},
        "signed": None if signed is None else _root(signed.size, signed.root),
        "anchor": None if report.anchor is None else _root(*report.anchor),
        "compared": {"size": report.compared, "hash": report.digest.hex()},
    }
    return orjson.dumps(told).decode()


def lines_of_refill(scheme: str, refilled: Refilled) -> Iterator[str]:
    """Yield what was written into the broker."""
    root = encoded(refilled.root)
    if refilled.events or refilled.private_parts:
        yield (
            f"{scheme}: {refilled.events:,} messages and {refilled.private_parts:,} private parts "
            f"written; stream and journal agree up to seq {refilled.size:,}, root {root}"
        )
    else:
        yield f"{scheme}: nothing was lacking up to seq {refilled.size:,}, root {root}"
    if refilled.moved is not None:
        yield (
            f"{scheme}: {refilled.moved.events:,} events that only the stream had follow the "
            f"journal's end; {refilled.moved.left:,} messages were left aside"
        )
    if refilled.files:
        yield (
            f"{scheme}: {refilled.files:,} files of evidence are named by events and lie in no "
            "table: bring them back from a backup, or send them again"
        )


def lines_of_ledger(scheme: str, refilled: LedgerRefilled) -> Iterator[str]:
    """Yield what was made in the database."""
    yield (
        f"{scheme}: {refilled.size:,} records, {refilled.private_parts:,} private parts copied; "
        f"signed at {refilled.signed.size:,}, root {encoded(refilled.signed.root)}"
    )
    if refilled.anchored:
        yield f"{scheme}: it begins with the {refilled.anchored:,} records that the anchor covers"


def _stream(report: Report) -> str:
    if report.stream is None:
        return "there is none"
    return f"{report.stream.messages:,} messages up to seq {report.stream.last_seq:,}"


def _repair(report: Report) -> str | None:
    if report.finding is None or report.finding.reason not in REPAIRS:
        return None
    return REPAIRS[report.finding.reason].format(scheme=report.scheme)


def _root(size: int, root: bytes) -> dict[str, object]:
    return {"size": size, "root": encoded(root)}
