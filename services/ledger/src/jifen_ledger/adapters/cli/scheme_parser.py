"""`jifen-ledger scheme …`: the verbs of a scheme's life cycle and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from jifen_contracts.periods import first_day, quarter_of
from jifen_ledger.adapters.cli.scheme_commands import (
    begin_draft,
    compare,
    lint_draft,
    simulate_draft,
    write_event,
)
from jifen_ledger.settings import MaybeDatabaseSettings, secret_of

LINES_SHOWN = 30
LIFE = """\
A version's life: draft, lint, simulate on last year's events, approve, publish. A draft is a file
of yours, in YAML or JSON; nothing is published before its event is sent to ingest.
docs/scheme.md goes through it."""


def fill_scheme(scheme: argparse.ArgumentParser) -> None:
    """Add the verbs of `scheme`; each sets as `work` what does it."""
    scheme.set_defaults(command=_work)
    scheme.description = LIFE
    verbs = scheme.add_subparsers(required=True, metavar="VERB")
    _add_draft(verbs)
    _add_lint(verbs)
    _add_differences(verbs)
    _add_simulate(verbs)
    _add_event(verbs)


def _work(options: argparse.Namespace) -> int:
    work: Callable[[argparse.Namespace, str | None], int] = options.work
    return work(options, secret_of(MaybeDatabaseSettings().database_url))


def _add_draft(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    draft = verbs.add_parser(
        "draft",
        help="print what a draft begins with: the default scheme, or a published version",
        description="Prints YAML. A version needs JIFEN_DATABASE_URL.",
    )
    draft.add_argument("number", metavar="VERSION", nargs="?", type=int, help="such as 1")
    _scheme(draft)
    draft.set_defaults(work=begin_draft)


def _add_lint(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    lint = verbs.add_parser(
        "lint",
        help="say what keeps a draft from being published; status 1 if anything does",
        description="Checks the draft by the eight rules; with JIFEN_DATABASE_URL also against "
        "the published versions.",
    )
    _draft(lint)
    _scheme(lint)
    lint.add_argument(
        "--effective-from",
        type=_quarter_start,
        metavar="DATE",
        help="its first day (default: that of the next quarter)",
    )
    lint.add_argument("--json", action="store_true", help="print the findings as JSON")
    lint.set_defaults(work=lint_draft)


def _add_differences(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    differences = verbs.add_parser(
        "differences",
        help="say what one document changes against another",
        description="A and B are files or numbers of published versions; a number needs "
        "JIFEN_DATABASE_URL.",
    )
    differences.add_argument("a", metavar="A", help="a file, or a version such as 1")
    differences.add_argument("b", metavar="B", help="a file, or a version such as 2")
    _scheme(differences)
    differences.add_argument("--json", action="store_true", help="print the changes as JSON")
    differences.set_defaults(work=compare)


def _add_simulate(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulate = verbs.add_parser(
        "simulate",
        help="replay the past under a draft: whose score, rank and grade line would differ",
        description="Replays every event of the journal twice: as it was, and as if the draft had "
        "been in force for deeds of the span. Nothing is written. Needs JIFEN_DATABASE_URL.",
    )
    _draft(simulate)
    _scheme(simulate)
    simulate.add_argument(
        "--from", dest="from_", type=_quarter_start, required=True, metavar="DATE",
        help="first day of a quarter, such as 2025-01-01",
    )  # fmt: skip
    simulate.add_argument(
        "--to", type=_quarter_start, required=True, metavar="DATE",
        help="first day of the quarter after the last, such as 2026-01-01",
    )  # fmt: skip
    simulate.add_argument(
        "--lines", type=int, default=LINES_SHOWN, metavar="N",
        help=f"print at most so many lines of each table, 0 for all (default: {LINES_SHOWN})",
    )  # fmt: skip
    simulate.add_argument("--json", action="store_true", help="print everything as JSON")
    simulate.add_argument(
        "--csv", type=Path, metavar="DIRECTORY", help="write every table there as a CSV file"
    )
    simulate.set_defaults(work=simulate_draft)


def _add_event(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    event = verbs.add_parser(
        "event",
        help="print the event that publishes a draft, ready to be sent to ingest",
        description="Lints the draft first. The version's number is the next one; without "
        "JIFEN_DATABASE_URL say it with --version.",
    )
    _draft(event)
    _scheme(event)
    event.add_argument("--effective-from", type=_quarter_start, metavar="DATE",
                       help="its first day (default: that of the next quarter)")  # fmt: skip
    event.add_argument("--note", required=True, help="what it changes and who approved it")
    event.add_argument("--source", required=True, help="a source of the credential that sends it")
    event.add_argument("--version", type=int, metavar="N", help="its number, where none is known")
    event.add_argument("--retroactive", metavar="REASON", help="a code, if it starts in the past")
    event.set_defaults(work=write_event)


def _draft(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="the draft, in YAML or JSON")


def _scheme(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--scheme", metavar="ID", help="which one, where the database has several")


def _quarter_start(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date such as 2025-01-01: {text}") from None
    first = first_day(quarter_of(day))
    if day != first:
        raise argparse.ArgumentTypeError(f"{day} is not the first day of a quarter: try {first}")
    return day
