"""`jifen-ledger status`: how every scheme stands, on one screen."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.standing import Standing, standings
from jifen_ledger.settings import DatabaseSettings

NOT_WELL = 3
_ARTICLE = {"new": "a new", "old": "the old"}
ABOUT = f"""\
Says of each scheme how many records it has and who works on it, what is signed, whether what must
hold holds, and what was refused that should never have come. Needs JIFEN_DATABASE_URL.

Exit status: 0 all is well; 1 it could not be told; {NOT_WELL} something is wrong, and said."""


def fill_status(parser: argparse.ArgumentParser, an_id: Callable[[str], str]) -> None:
    """Add what the command takes; `an_id` checks an id."""
    parser.description = ABOUT
    parser.add_argument("scheme", metavar="SCHEME", nargs="?", type=an_id, help="this one only")
    parser.add_argument(
        "--every-row", action="store_true", help="count all records and add up all postings too"
    )
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    parser.set_defaults(command=_status)


def _status(options: argparse.Namespace) -> int:
    url = DatabaseSettings().database_url.get_secret_value()
    found = standings(url, options.scheme, every_row=options.every_row)
    if options.scheme is not None and not found:
        raise CommandFailed(f"the database has no scheme {options.scheme}")
    well = all(one.well for one in found)
    if options.json:
        told = {"well": well, "schemes": [one.as_object() for one in found]}
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for one in found for line in _lines(one))
    return 0 if well else NOT_WELL


def _lines(one: Standing) -> Iterator[str]:
    yield "; ".join(_first(one))
    signed = "nothing yet" if one.signed is None else f"{one.signed:,} at {one.signed_at}"
    yield f"  signed      {signed}; {one.unsigned:,} not yet"
    yield f"  tree head   {one.root}"
    yield f"  invariants  {len(one.checked) - len(one.broken)} of {len(one.checked)} hold"
    refused = sum(one.refused.values())
    unusual = ", ".join(f"{alarm.seq} {alarm.code}" for alarm in one.alarms)
    yield f"  refused     {refused:,}; of these to be looked at: {unusual or 'none'}"
    for text in (*one.broken, *one.wrong):
        yield f"  WRONG       {text}"


def _first(one: Standing) -> Iterator[str]:
    yield f"{one.scheme}: {one.records} records"
    if one.worker is None:
        yield "held by nobody"
    else:
        yield f"held by {one.worker}, {one.behind} behind"
    if one.rebuilt is not None:
        yield f"beside it {_ARTICLE[one.beside or 'new']} generation at {one.rebuilt}"
