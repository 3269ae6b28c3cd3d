"""The command `jifen-ingest import` and its options."""

import argparse
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from jifen_contracts.ids import ID_PATTERN
from jifen_contracts.times import TimeText
from jifen_ingest.domain.importing.kinds.catalogue import KINDS

RECORDS = "records"
INGEST_URL = "http://127.0.0.1:8080"
_TIME: TypeAdapter[str] = TypeAdapter(TimeText)
HELP = """\
Reads the whole file first and reports every problem with row and column; nothing is sent unless all
rows are right. Each row becomes events whose ids follow from the file, so the same file sent twice
counts once, and each event bears the file's SHA-256. Names go to the directory, not into events.
docs/import.md goes through it."""


def add_import_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    command: Callable[[argparse.Namespace], int],
) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "import",
        help="send rosters, units, attendance, opening balances from a CSV or Excel file",
        description=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", type=Path, help=".csv, .xlsx, or records.ndjson")
    parser.add_argument(
        "--kind",
        required=True,
        choices=[*KINDS, RECORDS],
        help="what the rows are; records are those of an export",
    )
    parser.add_argument("--scheme", type=_id, default="plant")
    parser.add_argument("--sheet", metavar="NAME", help="of a workbook (default: the first)")
    parser.add_argument("--source", help="a source of the credential, such as urn:jifen:source:hr")
    parser.add_argument("--dry-run", action="store_true", help="check and show, send nothing")
    parser.add_argument(
        "--send-good-rows", action="store_true", help="send the rows with which nothing is wrong"
    )
    parser.add_argument("--again", action="store_true", help="send what was confirmed before too")
    parser.add_argument("--token-file", type=Path, help="holds the token to send with")
    parser.add_argument("--url", default=INGEST_URL, help="of ingest (default: %(default)s)")
    parser.add_argument(
        "--day", type=_day, help="the day the file speaks for, where its rows begin later"
    )
    parser.add_argument("--utc-offset", type=_offset, default="+08:00", help="of the days")
    past = parser.add_argument_group("import of the past, with a credential of scope history")
    past.add_argument(
        "--history", action="store_true", help="each event was recorded when it happened"
    )
    past.add_argument("--recorded", type=_time, help="or all of them at this time")
    ledger = parser.add_argument_group("with the ledger")
    ledger.add_argument("--ledger-url", help="put names there, and ask what became of each row")
    ledger.add_argument("--reader-token-file", type=Path, help="a token of column upper")
    ledger.add_argument("--without-names", action="store_true", help="leave names out")
    parser.set_defaults(command=command)


def _id(text: str) -> str:
    if re.fullmatch(ID_PATTERN, text) is None:
        raise argparse.ArgumentTypeError("not an id: 2 to 64 of a-z, 0-9 and -")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date such as 2025-01-01: {text}") from None


def _offset(text: str) -> str:
    if re.fullmatch(r"[+-](?:0\d|1[0-4]):[0-5]\d", text) is None:
        raise argparse.ArgumentTypeError("an offset such as +08:00")
    return text


def _time(text: str) -> str:
    try:
        return _TIME.validate_python(text)
    except ValidationError:
        raise argparse.ArgumentTypeError("a time such as 2025-01-06T09:00:00+08:00") from None
