"""`jifen-ledger audit explain`, `diff` and `receipt`: questions to a log that is checked first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jifen_ledger.adapters.audit.folder import BundleFolder
from jifen_ledger.adapters.audit.rows_aside import rows_aside
from jifen_ledger.adapters.cli.audit_asking import (
    Misused,
    asked_of,
    audited_of,
    opened_bundle,
    trust_of,
)
from jifen_ledger.adapters.cli.audit_telling import tell
from jifen_ledger.adapters.cli.simulation_text import progress_bar
from jifen_ledger.application.audit.audited import Audited, AuditFailed, Kept
from jifen_ledger.application.audit.diff import Difference, difference_lines, places_changed
from jifen_ledger.application.audit.explain import (
    FigureAsked,
    figure_explained,
    figure_lines,
    record_explained,
    record_lines,
)
from jifen_ledger.application.audit.replay import Replay
from jifen_ledger.application.audit.verify import Asked, verify
from jifen_ledger.domain.outcome import Record
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.receipts import check_receipt
from jifen_ledger.log.verdicts import Unbelieved


def explain(options: argparse.Namespace) -> int:
    """Explain a record, or a holder's figure of a quarter."""
    asked = asked_of(options)
    if options.seq is not None:
        return _explain_record(options, asked)
    if options.quarter is None:
        raise Misused("--holder needs a --quarter, such as 2025-Q4")
    figure = FigureAsked(options.holder, options.capacity, options.quarter, [])
    with audited_of(options) as audited, rows_aside() as aside, progress_bar("Entries") as show:
        replay = Replay(audited, asked.trust.scheme, aside, each=figure.take)
        verify(audited, asked, show, replay.take)
        found = figure_explained(replay.state, figure)
    return tell(options, figure_lines(found), found)


def _explain_record(options: argparse.Namespace, asked: Asked) -> int:
    explained: list[dict[str, Any]] = []
    with audited_of(options) as audited, rows_aside() as aside, progress_bar("Entries") as show:

        def look(record: Record) -> None:
            if record.seq == options.seq:
                explained.append(record_explained(replay.state, record))

        scheme = asked.trust.scheme
        replay = Replay(audited, scheme, aside, upto=options.seq, each=look)
        verified = verify(audited, asked, show, replay.take)
    if not explained:
        raise Misused(f"--seq {options.seq}: the log has the records 1 to {verified.size:,}")
    return tell(options, record_lines(explained[0]), explained[0])


def diff(options: argparse.Namespace) -> int:
    """Show what was added since an older checkpoint, and what that changed."""
    asked = asked_of(options)
    with audited_of(options) as audited, _older(options.since, audited) as (kept, older):
        since = asked.trust.opened(kept).checkpoint.size
        if older is not None:
            verify(older, Asked(asked.trust), lambda _done, _of: None)
        asked = Asked(asked.trust, [*asked.old, kept], asked.balances, late_max_s=asked.late_max_s)
        difference = Difference(since)
        with progress_bar("Entries") as show:
            verified = verify(audited, asked, show, difference.take)
        sides = (None if older is None else older.rankings(since), audited.rankings(verified.size))
    before, after = sides
    found = {
        "since": since,
        "size": verified.size,
        "types": dict(difference.types),
        "statuses": dict(difference.statuses),
        "accounts": list(difference.accounts()),
        "places": None if before is None or after is None else list(places_changed(before, after)),
    }
    return tell(options, difference_lines(found), found)


@contextmanager
def _older(since: str, audited: Audited) -> Iterator[tuple[Kept, BundleFolder | None]]:
    """Yield the older checkpoint, and the older bundle where it is one's. Raises Misused."""
    if since.isdecimal():
        wanted = (kept for kept in audited.earlier() if kept.note.split(b"\n")[1] == since.encode())
        kept = next(wanted, None)
        if kept is None:
            raise Misused(f"--since {since}: no checkpoint of this size comes with the log")
        yield kept, None
        return
    path = Path(since)
    if path.is_dir() or path.name.endswith(".tar.gz"):
        with opened_bundle(path) as older:
            note = older.log("checkpoint")
            if note is None:
                raise AuditFailed(f"{path}: the checkpoint is missing")
            yield Kept(since, note), older
        return
    yield Kept(since, path.read_bytes()), None


def receipt(options: argparse.Namespace) -> int:
    """Check a member's receipt from its own bytes alone."""
    trust = trust_of(options)
    file: Path = options.file
    try:
        found = check_receipt(file.read_bytes(), trust.log_keys, trust.witness_keys)
    except Unbelieved as error:
        raise AuditFailed(f"{file}: {error}") from None
    trust.check_quorum(str(file), found.opened)
    checkpoint, record = found.opened.checkpoint, found.record
    told = {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": encoded(checkpoint.root),
        "witnesses": found.opened.witnesses,
        "record": record,
        "private": None if found.opening is None else found.opening.private,
    }
    opened = "opened, and its hash fits" if found.opening is not None else "not in the receipt"
    lines = [
        f"log         {checkpoint.origin} at {checkpoint.size:,} entries",
        f"signed      by the log; witnesses: {found.opened.witnesses}",
        f"record      {record['seq']:,}, recorded at {record['recorded_at']}",
        f"outcome     {record['outcome']['status']}",
        *(f"posting     {one['delta']:>6} tenths  {one['account']}" for one in record["postings"]),
        f"private     {opened}",
    ]
    return tell(options, lines, told)
