"""`jifen-ledger records …`: what was refused, and why."""

from __future__ import annotations

import argparse
import base64
import json
import sys
from collections.abc import Callable
from typing import Any

from jifen_contracts.codes import MEANINGS, Code
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.refused_records import (
    Shown,
    record_shown,
    refused_records,
    schemes_in,
)
from jifen_ledger.adapters.standing import ALARMS
from jifen_ledger.settings import DatabaseSettings

SHOWN = 20
PAYLOAD_BYTES_SHOWN = 2_000
ABOUT = """\
A refused event is a record like any other: it stays, and nothing of it is ever sent again from
here. Its producer puts right what the code says, and sends it under a new id.
Needs JIFEN_DATABASE_URL. Exit status: 0 told; 1 not, one line says why."""
ADVICE = "Nothing is sent again from here: the producer puts it right and sends it under a new id."
PAST_INGEST = (
    "Ingest lets nothing like this through: look who may publish to the stream, then at ingest."
)


def fill_records(records: argparse.ArgumentParser, an_id: Callable[[str], str]) -> None:
    """Add the verbs of `records`; `an_id` checks an id."""
    records.description = ABOUT
    verbs = records.add_subparsers(required=True, metavar="VERB")
    listed = verbs.add_parser(
        "list", help="the newest that were refused", description="The newest that were refused."
    )
    listed.add_argument("--scheme", type=an_id, help="of this one only")
    listed.add_argument(
        "--code", action="append", choices=sorted(MEANINGS), metavar="CODE", default=[],
        help="with this code only; repeatable",
    )  # fmt: skip
    listed.add_argument(
        "--alarms", action="store_true", help=f"only those that should not be: {', '.join(ALARMS)}"
    )
    listed.add_argument("--before", metavar="SEQ", type=int, help="older than this number")
    listed.add_argument("--most", metavar="N", type=int, default=SHOWN, help="default: %(default)s")
    listed.add_argument("--json", action="store_true", help="say it as JSON")
    listed.set_defaults(command=_list)

    shown = verbs.add_parser(
        "show",
        help="all that is kept of one: event, outcome, postings; or the bytes that were no event",
        description="All that is kept of one record.",
    )
    shown.add_argument("seq", metavar="SEQ", type=int, help="its number in the stream")
    shown.add_argument("--scheme", type=an_id, help="which one, where the database has several")
    shown.add_argument("--json", action="store_true", help="say it as JSON")
    shown.set_defaults(command=_show)


def _list(options: argparse.Namespace) -> int:
    url = DatabaseSettings().database_url.get_secret_value()
    codes = [*options.code, *(ALARMS if options.alarms else ())]
    found = refused_records(url, options.scheme, codes, options.before, options.most)
    if options.json:
        _say_json(found)
        return 0
    for one in found:
        kind = f"{one['type']} of {one['subject']}" if one["type"] else "not an event"
        sys.stdout.write(
            f"{one['scheme']} {one['seq']:>9}  {one['recorded_at']}  {one['code']}  {kind}\n"
        )
    if not found:
        sys.stdout.write("none\n")
    return 0


def _show(options: argparse.Namespace) -> int:
    url = DatabaseSettings().database_url.get_secret_value()
    scheme = options.scheme or _only(schemes_in(url))
    found = record_shown(url, scheme, options.seq)
    if found is None:
        raise CommandFailed(f"{scheme} has no record {options.seq}")
    if options.json:
        _say_json(_object(found))
    else:
        _tell(found)
    return 0


def _only(schemes: list[str]) -> str:
    if len(schemes) != 1:
        there = ", ".join(schemes) or "none"
        raise CommandFailed(f"name the scheme with --scheme; the database has: {there}")
    return schemes[0]


def _tell(found: Shown) -> None:
    outcome = found.record["outcome"]
    sys.stdout.write(f"{json.dumps(found.record, ensure_ascii=False, indent=2)}\n")
    if found.payload is not None:
        text = found.payload[:PAYLOAD_BYTES_SHOWN].decode(errors="backslashreplace")
        sys.stdout.write(f"subject {found.subject}, {len(found.payload):,} bytes:\n{text}\n")
    if found.meaning is not None:
        sys.stdout.write(f"{outcome['code']}: {found.meaning}\n")
        sys.stdout.write(f"{ADVICE}\n")
    if outcome.get("code") in (Code.MALFORMED, Code.TOO_LARGE):
        sys.stdout.write(f"{PAST_INGEST}\n")


def _object(found: Shown) -> dict[str, Any]:
    told: dict[str, Any] = {"record": found.record, "meaning": found.meaning}
    if found.payload is not None:
        told["subject"] = found.subject
        told["payload_base64"] = base64.b64encode(found.payload).decode()
    return told


def _say_json(told: object) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
