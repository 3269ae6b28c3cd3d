"""`jifen-ledger reconcile`, `refill-stream` and `refill-ledger`: their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Command = Callable[[argparse.Namespace], int]
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


def add_repair_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    scheme_id: Callable[[str], str],
    reconcile: Command,
    refill_stream: Command,
    refill_ledger: Command,
) -> None:
    """Add the three commands; `scheme_id` checks an id."""

    def add(name: str, text: str, about: str, command: Command) -> argparse.ArgumentParser:
        parser = commands.add_parser(
            name,
            help=text,
            description=about,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("scheme", metavar="SCHEME", type=scheme_id, help="such as plant-2")
        parser.set_defaults(command=command)
        return parser

    compared = add("reconcile", "compare stream, journal and log", RECONCILE, reconcile)
    compared.add_argument("--json", action="store_true", help="print one JSON object")
    filled = add(
        "refill-stream", "write a lost stream again from the journal", REFILL_STREAM, refill_stream
    )
    filled.add_argument(
        "--replicas", type=int, choices=REPLICAS, default=1, help="copies of a stream made anew"
    )
    filled.add_argument(
        "--erasable-for-tests",
        action="store_true",
        help="leave a stream made anew without protection, so that it can be emptied",
    )
    filled.add_argument(
        "--set-aside",
        type=Path,
        metavar="FILE",
        help="replace a stream that disagrees with the journal: keep here what the journal lacks, "
        "and put its events behind the journal's end",
    )
    add("refill-ledger", "make lost tables again from the stream", REFILL_LEDGER, refill_ledger)
