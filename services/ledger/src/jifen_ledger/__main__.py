"""The commands of the ledger; each imports what it needs when it is the one asked for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial

from jifen_ledger.adapters.cli.table import COMMANDS, Listed, Parser, an_id

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
        from jifen_ledger.adapters.cli.said import failed

        if (told := in_one_line(error)) is None:
            raise
        return failed(told)


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
    from jifen_ledger.adapters.cli.rebuild_commands import fill_rebuild
    from jifen_ledger.commands.rebuilding import rebuild_scheme

    fill_rebuild(parser, an_id)
    parser.set_defaults(command=partial(rebuild_scheme, parser))


def _fill_reconcile(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.reconcile_parser import fill_reconcile
    from jifen_ledger.commands.repairing import reconcile_scheme

    fill_reconcile(parser, an_id)
    parser.set_defaults(command=reconcile_scheme)


def _fill_refill_stream(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.reconcile_parser import fill_refill_stream
    from jifen_ledger.commands.repairing import refill_stream_of

    fill_refill_stream(parser, an_id)
    parser.set_defaults(command=refill_stream_of)


def _fill_refill_ledger(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.reconcile_parser import fill_refill_ledger
    from jifen_ledger.commands.repairing import refill_ledger_of

    fill_refill_ledger(parser, an_id)
    parser.set_defaults(command=refill_ledger_of)


def _fill_erasures(parser: Parser) -> None:
    from jifen_ledger.adapters.cli.erasure_commands import fill_erasures

    fill_erasures(parser, an_id)
    parser.set_defaults(command=_erasures)


OF_THE_SERVICE: Mapping[str, Listed] = {
    "migrate": ("bring the database to this version's tables", _fill_migrate),
    "serve": ("follow the streams and answer reads over HTTP", _fill_serve),
    "project": ("project the streams, without answering reads", _fill_project),
    "rebuild": (
        "compute a scheme's tables again, compare, and exchange them",
        _fill_rebuild,
    ),
    "reconcile": ("compare stream, journal and log", _fill_reconcile),
    "refill-stream": ("write a lost stream again from the journal", _fill_refill_stream),
    "refill-ledger": ("make lost tables again from the stream", _fill_refill_ledger),
    "erasures": ("check that persons who were erased are erased everywhere", _fill_erasures),
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
    from jifen_ledger.commands.running import run
    from jifen_ledger.settings import LedgerSettings

    settings = LedgerSettings()
    configure_log(logging.INFO)
    run(run_service(settings))
    return 0


def _project(_: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.cli.failure import CommandFailed
    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.application.stopped import Unavailable
    from jifen_ledger.commands.running import run
    from jifen_ledger.composition.projection import catch_up
    from jifen_ledger.settings import ProjectionSettings

    settings = ProjectionSettings()
    configure_log(logging.INFO)
    try:
        status = run(catch_up(settings))
    except Unavailable as unavailable:
        raise CommandFailed(str(unavailable)) from None
    for one in status.schemes.values():
        end = f"stopped: {one.stopped}: {one.detail}" if one.stopped else "at the stream's end"
        sys.stdout.write(f"{one.scheme}: {one.size} records, {end}\n")
    return 1 if any(one.stopped for one in status.schemes.values()) else 0


def _erasures(options: argparse.Namespace) -> int:
    import logging

    from jifen_ledger.adapters.cli.erasure_commands import tell_erasures
    from jifen_ledger.adapters.log_lines import configure_log
    from jifen_ledger.commands.running import run
    from jifen_ledger.settings import ServersSettings

    settings = ServersSettings()
    # That the connection ends is no news here.
    configure_log(logging.ERROR)
    return run(tell_erasures(options, settings))


if __name__ == "__main__":
    sys.exit(main())
