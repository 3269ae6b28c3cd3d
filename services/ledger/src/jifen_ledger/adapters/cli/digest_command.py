"""`jifen-ledger digest`: a hash of everything held of a scheme."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.settings import DatabaseSettings


def fill_digest(parser: argparse.ArgumentParser, an_id: Callable[[str], str]) -> None:
    """Add what the command takes; `an_id` checks an id."""
    parser.add_argument("scheme", metavar="SCHEME", type=an_id, help="such as plant-2")
    parser.set_defaults(command=_digest)


def _digest(options: argparse.Namespace) -> int:
    settings = DatabaseSettings()
    sys.stdout.write(digest_of(settings.database_url.get_secret_value(), options.scheme) + "\n")
    return 0
