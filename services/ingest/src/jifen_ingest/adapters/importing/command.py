"""What `jifen-ingest import` does, in the order in which it does it."""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from jifen_ingest.adapters.importing.failure import ImportFailed
from jifen_ingest.adapters.importing.http_door import TIMEOUT_S, HttpDoor, LedgerDoor
from jifen_ingest.adapters.importing.parser import RECORDS
from jifen_ingest.adapters.importing.report import Report
from jifen_ingest.adapters.importing.sent_file import SentFile
from jifen_ingest.adapters.importing.table_files import FileUnfit, read_table
from jifen_ingest.application.import_events import Event, ImportEvents, Refused, Sent, Stopped
from jifen_ingest.domain.importing.drafts import Draft, Terms
from jifen_ingest.domain.importing.kinds.catalogue import KINDS
from jifen_ingest.domain.importing.preparing import Prepared, prepare
from jifen_ingest.domain.importing.records import NoRecord, event_of

RECORDED_WITHIN_S: Final = 120.0
LOOK_AGAIN_S: Final = 0.1
TOKEN_CHARS_MAX: Final = 256

Numbered = tuple[int, Event]


def import_file(options: argparse.Namespace) -> int:
    """Check the file, show what it says, send it. Raises ImportFailed."""
    try:
        if options.kind == RECORDS:
            return _import_records(options)
        return _import_table(options)
    except FileUnfit as unfit:
        raise ImportFailed(f"{options.file}: {unfit}") from None
    except Stopped as stopped:
        raise ImportFailed(str(stopped)) from None


def _import_table(options: argparse.Namespace) -> int:
    if options.source is None:
        raise ImportFailed("say with --source for which system the rows speak")
    kind = KINDS[options.kind]
    history = options.history or options.recorded is not None
    if kind.past and not history:
        raise ImportFailed(f"{kind.name}: only as an import of the past, with --history")
    table = read_table(options.file, options.sheet)
    terms = Terms(
        table.sha256, kind.name, options.source, options.scheme, options.utc_offset,
        options.day, options.recorded, history,
    )  # fmt: skip
    prepared = prepare(kind, terms, table.headings, table.rows)
    report = Report(options.file, terms)
    report.checked(kind, prepared)
    if prepared.problems and (not options.send_good_rows or prepared.wrong_as_a_whole):
        report.not_sent(prepared)
        return 1
    if prepared.people and not options.without_names and options.ledger_url is None:
        raise ImportFailed("the file has names: say --ledger-url, or --without-names")
    if options.dry_run:
        report.preview(prepared.good)
        return 0
    drafts = prepared.good
    sent = _send(options, terms.batch, len(drafts), _events(drafts, terms))
    report.sent(sent)
    if sent.refused:
        return 1
    return 1 if _ask_the_ledger(options, prepared, terms, sent, report) else 0


def _events(drafts: Iterable[Draft], terms: Terms) -> Iterator[Numbered]:
    for draft in drafts:
        yield draft.row, draft.event(terms)


def _import_records(options: argparse.Namespace) -> int:
    digest, number = _look_through(options)
    report = Report(options.file, Terms(digest, RECORDS, "", options.scheme))
    report.records(number)
    if options.dry_run:
        return 0
    with options.file.open("rb") as file:
        sent = _send(options, digest[:24], number, _of_records(file, options.scheme))
    report.sent(sent)
    return 1 if sent.refused else 0


def _look_through(options: argparse.Namespace) -> tuple[str, int]:
    """Return hash and number of events: every line is a record of this scheme."""
    number, found = 0, sha256()
    with options.file.open("rb") as file:
        for row, line in enumerate(file, start=1):
            found.update(line)
            try:
                number += event_of(orjson.loads(line), options.scheme) is not None
            except (orjson.JSONDecodeError, NoRecord) as wrong:
                raise ImportFailed(f"{options.file}: row {row}: {wrong}") from None
    return found.hexdigest(), number


def _of_records(file: Iterable[bytes], scheme: str) -> Iterator[Numbered]:
    for row, line in enumerate(file, start=1):
        event = event_of(orjson.loads(line), scheme)
        if event is not None:
            yield row, event


def _send(options: argparse.Namespace, batch: str, number: int, events: Iterable[Numbered]) -> Sent:
    token = _token(options.token_file, "--token-file")
    progress = SentFile(options.file, batch, again=options.again)
    with httpx.Client(timeout=TIMEOUT_S) as client, _bar("Events sent", number) as show:
        door = HttpDoor(client, options.url, options.scheme, token)
        return ImportEvents(door, progress, show)(events)


def _ask_the_ledger(
    options: argparse.Namespace, prepared: Prepared, terms: Terms, sent: Sent, report: Report
) -> bool:
    """Put names into the directory and tell which rows the fold refused; whether it did any."""
    if options.ledger_url is None:
        return False
    token = _token(options.reader_token_file, "--reader-token-file")
    with httpx.Client(timeout=TIMEOUT_S) as client:
        ledger = LedgerDoor(client, options.ledger_url, options.scheme, token)
        _until_recorded(ledger, sent.last_seq)
        refused = []
        with _bar("Outcomes asked", len(prepared.good)) as show:
            for number, (row, event) in enumerate(_events(prepared.good, terms), start=1):
                code, meaning = ledger.outcome(event["source"], event["id"])
                if code:
                    refused.append(Refused(row, code, meaning))
                show(number)
        report.decided(len(prepared.good), refused)
        people = () if options.without_names else prepared.people
        report.named(people, [why for one in people if (why := ledger.name(*one))])
    return bool(refused)


def _until_recorded(ledger: LedgerDoor, seq: int) -> None:
    deadline = time.monotonic() + RECORDED_WITHIN_S
    while ledger.size() < seq:
        if time.monotonic() > deadline:
            raise Stopped("everything is stored, but the ledger has not come so far; ask it later")
        time.sleep(LOOK_AGAIN_S)


def _token(path: Path | None, option: str) -> str:
    if path is None:
        raise ImportFailed(f"say with {option} which file holds the token")
    token = path.read_text(encoding="utf-8").strip()
    if not token.isascii() or not 0 < len(token) <= TOKEN_CHARS_MAX:
        raise ImportFailed(f"{path} holds no token")
    return token


@contextmanager
def _bar(says: str, number: int) -> Iterator[Callable[[int], Any]]:
    """Yield what takes how many are done; the bar is on stderr, for terminals only."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(says, total=number)
        yield lambda done: bar.update(task, completed=done)
