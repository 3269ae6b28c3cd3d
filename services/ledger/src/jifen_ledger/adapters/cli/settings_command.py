"""The command that lists the environment variables of the ledger."""

from __future__ import annotations

import argparse
import sys

from jifen_contracts.environment import lines_of
from jifen_ledger.settings import EvidenceSettings, LedgerSettings


def fill_settings(parser: argparse.ArgumentParser) -> None:
    """Add nothing but what the command does: it has no options."""
    parser.set_defaults(command=_list)


def _list(_: argparse.Namespace) -> int:
    sys.stdout.write(lines_of(LedgerSettings) + lines_of(EvidenceSettings))
    return 0
