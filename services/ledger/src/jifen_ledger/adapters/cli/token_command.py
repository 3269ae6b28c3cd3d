"""`jifen-ledger token`: a reader's token, shown once, and its lines of the readers' file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from jifen_ledger.adapters.readers import make_reader_token
from jifen_ledger.application.queries.rights import Column


def fill_token(parser: argparse.ArgumentParser, an_id: Callable[[str], str]) -> None:
    """Add what the command takes; `an_id` checks an id."""
    parser.add_argument("name", metavar="NAME", type=an_id, help="such as board-2")
    parser.add_argument("--scheme", required=True, type=an_id)
    parser.add_argument("--column", required=True, choices=[column.value for column in Column])
    parser.add_argument("--member", type=an_id, help="whose token it is (self, branch, reviewer)")
    parser.add_argument("--json", action="store_true", help="say it as JSON, token and lines")
    parser.set_defaults(command=_token)


def _token(options: argparse.Namespace) -> int:
    token, lines = make_reader_token(options.name, options.scheme, options.column, options.member)
    if options.json:
        sys.stdout.write(json.dumps({"token": token, "lines": lines}) + "\n")
        return 0
    sys.stdout.write(lines)
    # The token is shown once, apart from what goes into the file.
    sys.stderr.write(f"token: {token}\n")
    return 0
