"""The commands of the ledger; each imports what it needs when it is the one asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import TypeVar

from jifen_ledger.adapters.cli.table import COMMANDS, Listed, Parser, an_id

T = TypeVar("T")
# Of `reconcile`: nothing was found, because nothing could be compared.
UNANSWERED = 2

ABOUT = """\
The commands of the ledger: of its service, its tables, readers, files, schemes and logs.

Exit status: 0 done; 1 it could not be done, one line says why; 2 wrong use. `audit` and `status`
have more to say; their --help tells."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told in one line."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given[0] if given else "").parse_args(given)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except Exception as error:
        from jifen_ledger.adapters.cli.failures import in_one_line

        if (told := in_one_line(error)) is None:
            raise
        return _failed(told)


def _parser(chosen: str) -> Parser:
    """Return the parser; only the chosen command gets its options, and imports what it needs."""
    own_form = argparse.RawDescriptionHelpFormatter
    parser = Parser(prog="jifen-ledger", description=ABOUT, formatter_class=own_form)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (text, fill) in {**OF_THE_SERVICE, **COMMANDS}.items():
        added = commands.add_parser(name, help=text, formatter_class=own_form)
        if name == chosen:
            fill(added)
    return parser


def _fill_migrate(parser: Parser) -> None:
    parser.set_defaults(command=_migrate)


def _fill_serve(parser: Parser) -> None:
    parser.set_defaults(command=_serve)


def _fill_project(parser: Parser) -> None:
    parser.add_argument(
        "--once",
        action="store_true",
        required=True,
        help="up to the streams' present end (`serve` follows them)",
    )
    parser.set_defaults(command=_project)


def _fill_rebuild(parser: Parser) -> None:
    from jifen_ledger.application.rebuild import RebuildSource

    parser.add_argument("--scheme", required=True, type=an_id)
    parser.add_argument(
        "--from",
        dest="source",
        required=True,
        type=RebuildSource,
        choices=list(RebuildSource),
        help="the events of the broker's stream, or those that the records hold",
    )
    parser.set_defaults(command=_rebuild)


def _fill_reconcile(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.reconcile_parser import fill_reconcile

    fill_reconcile(parser, an_id)
    parser.set_defaults(command=_reconcile)


def _fill_refill_stream(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.reconcile_parser import fill_refill_stream

    fill_refill_stream(parser, an_id)
    parser.set_defaults(command=_refill_stream)


def _fill_refill_ledger(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.reconcile_parser import fill_refill_ledger

    fill_refill_ledger(parser, an_id)
    parser.set_defaults(command=_refill_ledger)


OF_THE_SERVICE: Mapping[str, Listed] = {
    "migrate": ("bring the database to this version's tables", _fill_migrate),
    "serve": ("follow the streams and answer reads over HTTP", _fill_serve),
    "project": ("project the streams, without answering reads", _fill_project),
    "rebuild": (
        "compute a scheme's tables again, compare every record, and exchange them",
        _fill_rebuild,
    ),
    "reconcile": ("compare stream, journal and log", _fill_reconcile),
    "refill-stream": ("write a lost stream again from the journal", _fill_refill_stream),
    "refill-ledger": ("make lost tables again from the stream", _fill_refill_ledger),
}


def _migrate(_: argparse.Namespace) -> int:
    from jifen_ledger.adapters.migrate import upgrade
    from jifen_ledger.settings import DatabaseSettings

    upgrade(DatabaseSettings().database_url.get_secret_value())
    return 0


def _serve(_: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.app import run_service
    from jifen_ledger.settings import LedgerSettings

    settings = LedgerSettings()
    configure_log(logging.INFO)
    _run(run_service(settings))
    return 0


def _project(_: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.composition.projection import catch_up
    from jifen_ledger.settings import ProjectionSettings

    settings = ProjectionSettings()
    configure_log(logging.INFO)
    status = _run(catch_up(settings))
    for one in status.schemes.values():
        end = f"stopped: {one.stopped}: {one.detail}" if one.stopped else "at the stream's end"
        sys.stdout.write(f"{one.scheme}: {one.size} records, {end}\n")
    return 1 if any(one.stopped for one in status.schemes.values()) else 0


def _rebuild(options: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.cli.progress import shown
    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.application.rebuild import RebuildRefused
    from jifen_ledger.application.status import SchemeStatus
    from jifen_ledger.application.stopped import Halted
    from jifen_ledger.composition.rebuilding import rebuild
    from jifen_ledger.settings import FoldSettings

    settings = FoldSettings()
    configure_log(logging.WARNING)
    status = SchemeStatus(options.scheme)
    try:
        _run(shown(rebuild(settings, status, options.source), status))
    except (RebuildRefused, Halted) as refused:
        return _failed(str(refused))
    sys.stdout.write(f"{status.scheme}: {status.size} records, each as it was\n")
    return 0


def _reconcile(options: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.cli.progress import shown
    from jifen_ledger.adapters.cli.reconcile_text import json_of_report, lines_of_report
    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.application.status import SchemeStatus
    from jifen_ledger.application.stopped import Halted, Unavailable
    from jifen_ledger.composition.reconciling import reconcile
    from jifen_ledger.settings import ReconcileSettings

    settings = ReconcileSettings()
    configure_log(logging.ERROR)
    status = SchemeStatus(options.scheme)
    try:
        report = _run(shown(reconcile(settings, status), status))
    except Unavailable as unavailable:
        _failed(str(unavailable))
        return UNANSWERED
    except Halted as halted:
        return _failed(str(halted))
    _tell([json_of_report(report)] if options.json else lines_of_report(report))
    return 0 if report.finding is None else 1


def _refill_stream(options: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.cli.progress import shown
    from jifen_ledger.adapters.cli.reconcile_text import lines_of_refill
    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.application.refilling.ports import RefillRefused
    from jifen_ledger.application.status import SchemeStatus
    from jifen_ledger.application.stopped import Halted
    from jifen_ledger.composition.refilling import Made, refill_stream
    from jifen_ledger.settings import ReconcileSettings

    settings = ReconcileSettings()
    configure_log(logging.ERROR)
    status = SchemeStatus(options.scheme)
    made = Made(options.replicas, options.erasable_for_tests)
    try:
        refilled = _run(shown(refill_stream(settings, status, made, options.set_aside), status))
    except (RefillRefused, Halted) as refused:
        return _failed(str(refused))
    _tell(lines_of_refill(status.scheme, refilled))
    return 0


def _refill_ledger(options: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.cli.progress import shown
    from jifen_ledger.adapters.cli.reconcile_text import lines_of_ledger
    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.adapters.migrate import upgrade
    from jifen_ledger.application.refilling.ports import RefillRefused
    from jifen_ledger.application.status import SchemeStatus
    from jifen_ledger.application.stopped import Halted
    from jifen_ledger.composition.refilling import refill_ledger
    from jifen_ledger.settings import RefillLedgerSettings

    settings = RefillLedgerSettings()
    configure_log(logging.ERROR)
    upgrade(settings.database_url.get_secret_value())
    status = SchemeStatus(options.scheme)
    try:
        refilled = _run(shown(refill_ledger(settings, status), status))
    except (RefillRefused, Halted) as refused:
        return _failed(str(refused))
    _tell(lines_of_ledger(status.scheme, refilled))
    return 0


def _tell(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _run(command: Coroutine[None, None, T]) -> T:
    import asyncio

    import uvicorn

    from jifen_ledger.composition.process import spare_collector

    spare_collector()
    # The log is configured already; uvicorn would do it over.
    loop_factory = uvicorn.Config("", log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(command)


def _failed(message: str) -> int:
    sys.stderr.write(f"jifen-ledger: {' '.join(message.split())}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
