"""The commands of the ledger: of its service, its tables, readers, files, schemes and logs."""

from __future__ import annotations

import argparse
import asyncio
import logging
import re
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
import uvicorn
from pydantic import ValidationError

from jifen_contracts.ids import ID_PATTERN
from jifen_ledger.adapters.cli.audit_parser import add_audit_commands
from jifen_ledger.adapters.cli.erasure_commands import add_erasure_command, tell_erasures
from jifen_ledger.adapters.cli.evidence_commands import add_evidence_commands, expire_files
from jifen_ledger.adapters.cli.export_commands import add_export_commands
from jifen_ledger.adapters.cli.failure import CommandFailed, first_setting
from jifen_ledger.adapters.cli.holders import lines_of_holders
from jifen_ledger.adapters.cli.log_parser import add_log_commands
from jifen_ledger.adapters.cli.progress import shown
from jifen_ledger.adapters.cli.rebuild_commands import (
    add_rebuild_command,
    source_of,
    tell_built,
    tell_compared,
)
from jifen_ledger.adapters.cli.scheme_parser import add_scheme_commands
from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.key_files import KeyUnfit
from jifen_ledger.adapters.log_lines import configure_log
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.adapters.readers import ReadersUnfit, make_reader_token
from jifen_ledger.app import run_service
from jifen_ledger.application.generations import RebuildRefused
from jifen_ledger.application.queries.rights import Column
from jifen_ledger.application.rebuild import RebuildSource
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Halted
from jifen_ledger.composition import rebuilding
from jifen_ledger.composition.process import spare_collector
from jifen_ledger.composition.projection import catch_up
from jifen_ledger.settings import (
    DatabaseSettings,
    EvidenceSettings,
    FoldSettings,
    LedgerSettings,
    MaybeDatabaseSettings,
    ProjectionSettings,
    ServersSettings,
)

T = TypeVar("T")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told in one line."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ValidationError as error:
        return _failed(first_setting(error))
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        return _failed(f"the database: {error.orig}")
    except (ReadersUnfit, KeyUnfit, CommandFailed, OSError) as error:
        return _failed(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jifen-ledger", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    migrate = commands.add_parser("migrate", help="bring the database to this version's tables")
    migrate.set_defaults(command=_migrate)

    served = commands.add_parser("serve", help="follow the streams and answer reads over HTTP")
    served.set_defaults(command=_serve)

    project = commands.add_parser("project", help="project the streams, without answering reads")
    project.add_argument(
        "--once",
        action="store_true",
        required=True,
        help="up to the streams' present end (`serve` follows them)",
    )
    project.set_defaults(command=_project)

    rebuilt = add_rebuild_command(commands, _id)
    rebuilt.set_defaults(command=partial(_rebuild, rebuilt))

    holders = commands.add_parser("status", help="print which worker holds which scheme")
    holders.set_defaults(command=_status)

    token = commands.add_parser("token", help="make a reader's token and its lines of the file")
    token.add_argument("name", metavar="NAME", type=_id, help="such as board-2")
    token.add_argument("--scheme", required=True, type=_id)
    token.add_argument("--column", required=True, choices=[column.value for column in Column])
    token.add_argument("--member", type=_id, help="whose token it is (self, branch, reviewer)")
    token.set_defaults(command=_token)

    digest = commands.add_parser("digest", help="print a hash of everything held of a scheme")
    digest.add_argument("scheme", metavar="SCHEME", type=_id, help="such as plant-2")
    digest.set_defaults(command=_digest)

    add_export_commands(commands)
    expiring = add_evidence_commands(commands)
    expiring.add_argument("scheme", metavar="SCHEME", type=_id, help="such as plant-2")
    expiring.set_defaults(command=_expire)
    looked = add_erasure_command(commands)
    looked.add_argument("scheme", metavar="SCHEME", type=_id, help="such as plant-2")
    looked.set_defaults(command=_erasures)

    add_log_commands(commands, _id)
    add_audit_commands(commands, _id)
    add_scheme_commands(commands).set_defaults(command=_scheme)
    return parser


def _migrate(_: argparse.Namespace) -> int:
    settings = DatabaseSettings()
    upgrade(settings.database_url.get_secret_value())
    return 0


def _serve(_: argparse.Namespace) -> int:
    settings = LedgerSettings()
    configure_log(logging.INFO)
    _run(run_service(settings))
    return 0


def _project(_: argparse.Namespace) -> int:
    settings = ProjectionSettings()
    configure_log(logging.INFO)
    status = _run(catch_up(settings))
    for one in status.schemes.values():
        end = f"stopped: {one.stopped}: {one.detail}" if one.stopped else "at the stream's end"
        sys.stdout.write(f"{one.scheme}: {one.size} records, {end}\n")
    return 1 if any(one.stopped for one in status.schemes.values()) else 0


def _rebuild(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    source = source_of(parser, options)
    settings = FoldSettings()
    configure_log(logging.WARNING)
    status = SchemeStatus(options.scheme)
    step = partial(_step, settings, status, source)
    try:
        match options.step:
            case None:
                step(rebuilding.rebuild)
                sys.stdout.write(f"{status.scheme}: {status.size} records, each as it was\n")
            case "build":
                return tell_built(status.scheme, step(rebuilding.build))
            case "compare":
                return tell_compared(step(rebuilding.compare), options)
            case "switch":
                different = options.although_different
                step(partial(rebuilding.switch, although_different=different))
                sys.stdout.write(f"{status.scheme}: switched at {status.size} records\n")
            case "back":
                step(rebuilding.switch_back)
                sys.stdout.write(f"{status.scheme}: back again at {status.size} records\n")
            case _:
                step(rebuilding.drop)
                sys.stdout.write(f"{status.scheme}: nothing is kept beside the live generation\n")
    except (RebuildRefused, Halted) as refused:
        return _failed(str(refused))
    return 0


def _step(
    settings: FoldSettings,
    status: SchemeStatus,
    source: RebuildSource,
    step: Callable[[FoldSettings, SchemeStatus, RebuildSource], Coroutine[None, None, T]],
) -> T:
    return _run(shown(step(settings, status, source), status))


def _status(_: argparse.Namespace) -> int:
    settings = DatabaseSettings()
    sys.stdout.writelines(
        f"{line}\n" for line in lines_of_holders(settings.database_url.get_secret_value())
    )
    return 0


def _token(options: argparse.Namespace) -> int:
    try:
        token, lines = make_reader_token(
            options.name, options.scheme, options.column, options.member
        )
    except ReadersUnfit as unfit:
        return _failed(str(unfit))
    sys.stdout.write(lines)
    # The token is shown once, apart from what goes into the file.
    sys.stderr.write(f"token: {token}\n")
    return 0


def _digest(options: argparse.Namespace) -> int:
    settings = DatabaseSettings()
    sys.stdout.write(digest_of(settings.database_url.get_secret_value(), options.scheme) + "\n")
    return 0


def _expire(options: argparse.Namespace) -> int:
    settings = EvidenceSettings()
    configure_log(logging.WARNING)
    return _run(expire_files(options, settings))


def _erasures(options: argparse.Namespace) -> int:
    settings = ServersSettings()
    # That the connection ends is no news here.
    configure_log(logging.ERROR)
    return _run(tell_erasures(options, settings))


def _scheme(options: argparse.Namespace) -> int:
    url = MaybeDatabaseSettings().database_url
    work: Callable[[argparse.Namespace, str | None], int] = options.work
    return work(options, None if url is None else url.get_secret_value())


def _run(command: Coroutine[None, None, T]) -> T:
    spare_collector()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(command)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    # The log is configured already; uvicorn would do it over.
    return uvicorn.Config("", log_config=None).get_loop_factory()


def _id(text: str) -> str:
    if re.fullmatch(ID_PATTERN, text) is None:
        raise argparse.ArgumentTypeError("not an id: 2 to 64 of a-z, 0-9 and -")
    return text


def _failed(message: str) -> int:
    sys.stderr.write(f"jifen-ledger: {message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
