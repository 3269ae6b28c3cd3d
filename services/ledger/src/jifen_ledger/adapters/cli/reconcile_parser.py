"""`jifen-ledger reconcile`, `refill-stream` and `refill-ledger`: their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

SchemeId = Callable[[str], str]
REPLICAS = (1, 3, 5)

RECONCILE = """\
Compares the stream of a scheme with its journal and its log: first the numbers at their ends, then
every message, every hash and every signed root. Exit status 0: all agree; 1: they do not, and the
first lines say where and what repairs it; 2: a server does not answer."""
REFILL_STREAM = """\
Writes what the broker has lost of a scheme again, from the ledger's tables: the stream, in its old
order and with its old numbers, and the messages of private parts. Until it is done the stream is
closed to everybody else: ingest answers 503 and stores nothing. Needs the broker's operator. Where
stream and journal disagree nothing is written. Killed, it is run again and goes on."""
REFILL_LEDGER = """\
Makes the tables of a scheme again from its stream, in an empty or older database, and signs the log
from where the anchor says it was signed last: the same records, the same tree. Needs the keys and
anchors of the log. Killed, it is run again and goes on. Names of the directory are in no stream."""


def fill_reconcile(parser: argparse.ArgumentParser, scheme_id: SchemeId) -> None:
    """Add the options of `reconcile`; `scheme_id` checks an id."""
    _of_one_scheme(parser, scheme_id, RECONCILE)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def fill_refill_stream(parser: argparse.ArgumentParser, scheme_id: SchemeId) -> None:
    """Add the options of `refill-stream`."""
    _of_one_scheme(parser, scheme_id, REFILL_STREAM)
    parser.add_argument(
        "--replicas", type=int, choices=REPLICAS, default=1, help="copies of a stream made anew"
    )
    parser.add_argument(
        "--erasable-for-tests",
        action="store_true",
        help="leave a stream made anew without protection, so that it can be emptied",
    )
    parser.add_argument(
        "--set-aside",
        type=Path,
        metavar="FILE",
        help="replace a stream that disagrees with the journal: keep here what the journal lacks, "
        "and put its events behind the journal's end",
    )


def fill_refill_ledger(parser: argparse.ArgumentParser, scheme_id: SchemeId) -> None:
    """Add the options of `refill-ledger`."""
    _of_one_scheme(parser, scheme_id, REFILL_LEDGER)


def _of_one_scheme(parser: argparse.ArgumentParser, scheme_id: SchemeId, about: str) -> None:
    parser.description = about
    parser.add_argument("scheme", metavar="SCHEME", type=scheme_id, help="such as plant-2")
