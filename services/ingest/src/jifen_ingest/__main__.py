"""The commands of ingest: serve, make the streams of a scheme, make a token, import a file."""

import argparse
import asyncio
import gc
import json
import logging
import re
import sys
from collections.abc import Callable, Coroutine

import nats.errors
import uvicorn
from pydantic import ValidationError

from jifen_contracts.ids import ID_PATTERN
from jifen_ingest.adapters.importing.failure import ImportFailed
from jifen_ingest.adapters.importing.parser import add_import_command
from jifen_ingest.adapters.log_lines import configure_log
from jifen_ingest.adapters.server import config_of, serve
from jifen_ingest.adapters.sources import SourcesUnfit, new_token
from jifen_ingest.adapters.streams import StreamsUnfit, create_streams
from jifen_ingest.app import connected, running
from jifen_ingest.domain.scopes import Scope
from jifen_ingest.settings import Settings, StreamsSettings

REPLICAS = (1, 3, 5)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told in one line."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ValidationError as error:
        return _failed(_first_setting(error))
    except (SourcesUnfit, StreamsUnfit, ImportFailed) as unfit:
        return _failed(str(unfit))
    except (nats.errors.Error, OSError) as error:
        return _failed(f"{_of_whom(command)}{type(error).__name__}: {error}")


def _of_whom(command: object) -> str:
    # An import has to do with files and addresses only.
    return "" if command is _import else "the broker: "


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jifen-ingest", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    served = commands.add_parser("serve", help="take events over HTTP and NATS")
    served.set_defaults(command=_serve)

    scheme = commands.add_parser("scheme", help="work on a scheme's streams")
    verbs = scheme.add_subparsers(required=True, metavar="VERB")
    create = verbs.add_parser("create", help="make the streams of schemes, or compare them")
    create.add_argument(
        "schemes",
        metavar="SCHEME",
        nargs="*",
        type=_id,
        help="such as plant-2; without one, those of JIFEN_SCHEMES",
    )
    create.add_argument(
        "--replicas",
        type=int,
        choices=REPLICAS,
        help="copies in a cluster (JIFEN_STREAM_REPLICAS, or 1)",
    )
    protection = create.add_mutually_exclusive_group()
    protection.add_argument(
        "--production",
        action="store_true",
        help="nothing can ever be deleted from the scheme's stream (the default)",
    )
    protection.add_argument(
        "--erasable-for-tests",
        action="store_true",
        help="leave the scheme's stream without protection, so that it can be emptied",
    )
    create.set_defaults(command=_create)

    token = commands.add_parser("token", help="make a token and its stanza of the sources file")
    token.add_argument("name", metavar="NAME", type=_id, help="the credential's name")
    token.add_argument("--scheme", type=_id, default="plant", help="the credential's scheme")
    token.add_argument(
        "--scopes", nargs="+", choices=[scope.value for scope in Scope], default=["facts"]
    )
    token.set_defaults(command=_token)

    add_import_command(commands, _import)
    return parser


def _serve(_: argparse.Namespace) -> int:
    settings = Settings()
    configure_log(logging.INFO)
    return _run(lambda: _serving(settings))


async def _serving(settings: Settings) -> None:
    async with running(settings) as ingest:
        # What lives as long as the process need not be looked at by every collection.
        gc.freeze()
        await serve(
            config_of(
                ingest.http,
                settings.http_host,
                settings.http_port,
                connections_max=settings.ingest_connections_max,
                drain_timeout_s=settings.ingest_drain_timeout_s,
                tls=(settings.http_tls_cert_file, settings.http_tls_key_file),
            )
        )


def _create(options: argparse.Namespace) -> int:
    settings = StreamsSettings()
    if not (options.schemes or settings.schemes):
        return _failed("name a scheme, or set JIFEN_SCHEMES")
    configure_log(logging.WARNING)
    return _run(lambda: _creating(settings, options))


async def _creating(settings: StreamsSettings, options: argparse.Namespace) -> None:
    created: list[str] = []
    async with connected(settings) as (_, client):
        for scheme in options.schemes or settings.schemes:
            created += await create_streams(
                client,
                scheme,
                replicas=options.replicas or settings.stream_replicas,
                erasable=options.erasable_for_tests,
            )
    sys.stdout.write(
        f"created {' and '.join(created)}\n" if created else "the streams are as they must be\n"
    )


def _token(options: argparse.Namespace) -> int:
    token, token_sha256 = new_token()
    sys.stdout.write(
        f"The token, shown this once: {token}\n\n"
        "[[credential]]\n"
        f'name = "{options.name}"\n'
        f'scheme = "{options.scheme}"\n'
        f'token_sha256 = "{token_sha256}"\n'
        f'sources = ["urn:jifen:source:{options.name}"]\n'
        f"scopes = {json.dumps(options.scopes)}\n"
    )
    return 0


def _import(options: argparse.Namespace) -> int:
    # The service needs neither workbooks nor a client, and starts sooner without them.
    from jifen_ingest.adapters.importing.command import import_file  # noqa: PLC0415

    return import_file(options)


def _run(command: Callable[[], Coroutine[None, None, None]]) -> int:
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        try:
            runner.run(command())
        except BaseExceptionGroup as group:
            # A task group wraps what went wrong in its body, even if it is one thing.
            if len(group.exceptions) == 1:
                raise group.exceptions[0] from None
            raise
    return 0


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    # The log is configured already; uvicorn would do it over.
    return uvicorn.Config("", log_config=None).get_loop_factory()


def _id(text: str) -> str:
    if re.fullmatch(ID_PATTERN, text) is None:
        raise argparse.ArgumentTypeError("not an id: 2 to 64 of a-z, 0-9 and -")
    return text


def _first_setting(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"JIFEN_{'_'.join(map(str, first['loc'])).upper()}: {first['msg']}"


def _failed(reason: str) -> int:
    sys.stderr.write(f"jifen-ingest: {' '.join(reason.split())}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
