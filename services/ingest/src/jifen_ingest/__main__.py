"""The commands of ingest: serve, the streams of schemes, credentials of senders, imports."""

import argparse
import asyncio
import gc
import json
import logging
import re
import sys
from collections.abc import Callable, Coroutine

import nats.errors
from pydantic import ValidationError

from jifen_contracts.environment import first_setting, lines_of
from jifen_contracts.ids import ID_PATTERN
from jifen_ingest.adapters.importing.failure import ImportFailed
from jifen_ingest.adapters.importing.parser import add_import_command
from jifen_ingest.adapters.log_lines import configure_log
from jifen_ingest.adapters.source_commands import add_source_commands
from jifen_ingest.adapters.sources import SourcesUnfit, new_token
from jifen_ingest.adapters.streams import SchemeStreams, StreamsUnfit, create_streams, list_schemes
from jifen_ingest.domain.scopes import Scope
from jifen_ingest.settings import Settings, StreamsSettings

REPLICAS = (1, 3, 5)
# What is remembered of stored events is long-lived and has no cycles; with Python's defaults a
# tenth of the time goes into looking for some.
COLLECT_AFTER = (50_000, 20, 50)
EXIT_STATUS = "Exit status: 0 done; 1 it could not be done, one line says why; 2 wrong use."


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told in one line."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except ValidationError as error:
        return _failed(first_setting(error))
    except SourcesUnfit as unfit:
        return _failed(f"JIFEN_SOURCES_FILE: {unfit}")
    except (StreamsUnfit, ImportFailed) as unfit:
        return _failed(str(unfit))
    except (nats.errors.Error, OSError) as error:
        return _failed(f"{_of_whom(command)}{type(error).__name__}: {error}")


def _of_whom(command: object) -> str:
    # The others have to do with files and addresses only.
    return "the broker: " if command in (_serve, _create, _list) else ""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jifen-ingest",
        description=f"{__doc__}\n\n{EXIT_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    served = commands.add_parser("serve", help="take events over HTTP and NATS")
    served.set_defaults(command=_serve)

    scheme = commands.add_parser("scheme", help="make the streams of a scheme, list the schemes")
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
    create.add_argument("--json", action="store_true", help="say it as JSON")
    create.set_defaults(command=_create)
    listed = verbs.add_parser("list", help="the schemes that have streams, and what is in them")
    listed.add_argument("--json", action="store_true", help="say it as JSON")
    listed.set_defaults(command=_list)

    token = commands.add_parser("token", help="make a token and its stanza of the sources file")
    token.add_argument("name", metavar="NAME", type=_id, help="the credential's name")
    token.add_argument("--scheme", type=_id, default="plant", help="the credential's scheme")
    token.add_argument(
        "--scopes", nargs="+", choices=[scope.value for scope in Scope], default=["facts"]
    )
    token.set_defaults(command=_token)

    settings = commands.add_parser("settings", help="list the environment variables of the service")
    settings.set_defaults(command=_settings)

    add_source_commands(commands, _id)
    add_import_command(commands, _import)
    return parser


def _serve(_: argparse.Namespace) -> int:
    settings = Settings()
    configure_log(logging.INFO)
    return _run(lambda: _serving(settings))


async def _serving(settings: Settings) -> None:
    from jifen_ingest.adapters.server import config_of, serve
    from jifen_ingest.app import running

    async with running(settings) as ingest:
        # What lives as long as the process need not be looked at by every collection.
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
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
    from jifen_ingest.app import connected

    created: dict[str, list[str]] = {}
    async with connected(settings, soon=True) as (_, client):
        for scheme in options.schemes or settings.schemes:
            created[scheme] = await create_streams(
                client,
                scheme,
                replicas=options.replicas or settings.stream_replicas,
                erasable=options.erasable_for_tests,
            )
    if options.json:
        made = [{"scheme": scheme, "created": streams} for scheme, streams in created.items()]
        sys.stdout.write(json.dumps(made) + "\n")
        return
    streams = [one for made in created.values() for one in made]
    sys.stdout.write(
        f"created {' and '.join(streams)}\n" if streams else "the streams are as they must be\n"
    )


def _list(options: argparse.Namespace) -> int:
    settings = Settings()
    configure_log(logging.WARNING)
    return _run(lambda: _listing(settings, options))


async def _listing(settings: Settings, options: argparse.Namespace) -> None:
    from jifen_ingest.app import connected

    async with connected(settings, soon=True) as (_, client):
        found = await list_schemes(client)
    if options.json:
        sys.stdout.write(json.dumps([one._asdict() for one in found], indent=2) + "\n")
        return
    sys.stdout.writelines(f"{_told(one)}\n" for one in found)


def _told(one: SchemeStreams) -> str:
    return (
        f"{one.scheme}  {one.events} events, {one.private_parts} private parts,"
        f" {one.bytes:,} bytes, copies: {one.replicas}"
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
    from jifen_ingest.adapters.importing.command import import_file

    return import_file(options)


def _settings(_: argparse.Namespace) -> int:
    sys.stdout.write(lines_of(StreamsSettings))
    return 0


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
    import uvicorn

    # The log is configured already; uvicorn would do it over.
    return uvicorn.Config("", log_config=None).get_loop_factory()


def _id(text: str) -> str:
    if re.fullmatch(ID_PATTERN, text) is None:
        raise argparse.ArgumentTypeError("not an id: 2 to 64 of a-z, 0-9 and -")
    return text


def _failed(reason: str) -> int:
    sys.stderr.write(f"jifen-ingest: {' '.join(reason.split())}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
