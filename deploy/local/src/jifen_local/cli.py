"""The commands of `jifen-local`."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from jifen_local.children import StartFailed
from jifen_local.data_directory import DataDirectory, DirectoryRefused, in_use, is_ours
from jifen_local.demo.audit_bundle import write_bundle
from jifen_local.demo.run import run_demo
from jifen_local.demo.sending import GaveUp
from jifen_local.demo.tokens import SCHEMES, draw_tokens
from jifen_local.interruption import Interrupted, interruptible, run_interruptible
from jifen_local.load.deployment import Deployment
from jifen_local.load.run import run_load
from jifen_local.servers.nats import answers
from jifen_local.stack import LocalStack, Ports, addresses_of

DEFAULT_DATA = Path(".jifen")
# Beside it, because every demo begins with an empty one.
DEMO_DATA = Path(".jifen-demo")
INGEST_PORT, LEDGER_PORT, NATS_PORT = 8080, 8081, 4222
WATCH_EVERY_S = 0.5
# What shells say of a program that was interrupted: 128 and the number of the signal.
STATUS_CUT_SHORT = 130
SCHEME = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")

Port = Annotated[int, typer.Option(min=0, max=65535)]
Data = Annotated[Path, typer.Option(help="Where everything is kept.", show_default=True)]

app = typer.Typer(
    name="jifen-local",
    help="Jifen on this machine: NATS, PostgreSQL and both services.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # One plain line for a wrong option, not a drawn box.
    rich_markup_mode=None,
)


@app.command()
def up(
    data: Data = DEFAULT_DATA,
    scheme: Annotated[list[str] | None, typer.Option(help="Repeatable. [default: plant]")] = None,
    ledger_port: Port = LEDGER_PORT,
    ingest_port: Port = INGEST_PORT,
    nats_port: Port = NATS_PORT,
    sources: Annotated[Path | None, typer.Option(help="Who may send (TOML).")] = None,
    readers: Annotated[Path | None, typer.Option(help="Who may read (TOML).")] = None,
    *,
    servers_only: Annotated[
        bool, typer.Option("--servers-only", help="NATS and PostgreSQL, without the services.")
    ] = False,
) -> None:
    """Start everything and stop it again on Ctrl-C. A port that is taken is replaced by another."""
    schemes = _schemes(scheme or ["plant"])
    for file in (sources, readers):
        if file is not None and not file.is_file():
            _fail(f"{file} is not a file")
    with _one_line(), interruptible():
        stack = LocalStack(
            data,
            schemes=schemes,
            sources_file=sources,
            readers_file=readers,
            ports=Ports(ledger_port, ingest_port, nats_port),
            services=not servers_only,
            report=_say,
        )
        with stack:
            for name, address in stack.addresses.items():
                _say(f"{name:<11} {address}")
            if sources is None or readers is None:
                _say(f"{'tokens':<11} {stack.tokens_file}")
            _say("Ctrl-C stops it.")
            _watch(stack)


@app.command()
def demo(
    *,
    data: Data = DEMO_DATA,
    once: Annotated[bool, typer.Option("--once", help="End after the report.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another year.")] = 2025,
    bundle: Annotated[
        Path | None, typer.Option(help="Write the year's audit bundle, a .tar.gz, there too.")
    ] = None,
) -> None:
    """Play a year of an organisation into an empty Jifen, check every number and show it."""
    if bundle is not None and not (bundle.name.endswith(".tar.gz") and bundle.parent.is_dir()):
        _fail(f"{bundle}: a file that ends in .tar.gz, in a folder that is there")
    result = STATUS_CUT_SHORT  # Until the report is there; after it, Ctrl-C is the way to end.
    with _one_line(), interruptible():
        directory = DataDirectory.claim_empty(data)
        directory.release()
        tokens = draw_tokens()
        sources, readers = tokens.write(directory.path)
        stack = LocalStack(
            data,
            schemes=SCHEMES,
            sources_file=sources,
            readers_file=readers,
            ports=Ports(LEDGER_PORT, INGEST_PORT, NATS_PORT),
            report=_say,
        )
        with stack:
            result = run_demo(stack, tokens, directory.path, once=once, seed=seed)
            if bundle is not None:
                result |= write_bundle(stack, tokens.reader, bundle.absolute(), _say)
            if not once:
                _watch(stack)
    if result != 0:
        raise typer.Exit(result)


@app.command()
def load(
    compose: Annotated[list[Path], typer.Option(help="A compose file; repeatable.")],
    kill: Annotated[
        list[str] | None, typer.Option(help="A service killed in mid-load; repeatable.")
    ] = None,
    *,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another year.")] = 2025,
    days: Annotated[int | None, typer.Option(min=1, help="Only the year's first days.")] = None,
) -> None:
    """Send the demo's year to what docker compose runs, and account for every event."""
    sound = False
    with _one_line():
        deployment = Deployment.of(compose)
        try:
            sound = run_interruptible(run_load(deployment, kill or (), _say, seed=seed, days=days))
        except* (GaveUp, StartFailed, TimeoutError) as stopped:
            _say(f"The load ends early: {stopped.exceptions[0]}")
    if not sound:
        raise typer.Exit(1)


@app.command()
def status(data: Data = DEFAULT_DATA) -> None:
    """Say what runs on the data directory; exit with 1 when something should and does not."""
    if not is_ours(data):
        _say(f"{data} holds no Jifen")
        return
    if not in_use(data):
        _say(f"{data} is there; nothing runs")
        return
    addresses = addresses_of(data)
    if not addresses:
        _say(f"{data} is in use; Jifen is starting or stopping")
        raise typer.Exit(1)
    well = True
    for name, address in addresses.items():
        ready = not address.startswith("http:") or answers(address, "/readyz")
        well &= ready
        _say(f"{name:<11} {address}{'' if ready else '  not ready'}")
    if not well:
        raise typer.Exit(1)


@app.command()
def reset(data: Data = DEFAULT_DATA) -> None:
    """Remove the data directory with all it holds; never while it is in use."""
    if not data.exists():
        _say(f"{data} is not there; nothing to remove")
        return
    with _one_line():
        if not is_ours(data):
            raise DirectoryRefused(f"{data} was not made by jifen-local and stays as it is")
        DataDirectory.claim(data).remove()
    _say(f"{data} is removed")


def main() -> None:
    app()


def _watch(stack: LocalStack) -> None:
    while (child := stack.ended()) is None:
        time.sleep(WATCH_EVERY_S)
    raise StartFailed(f"{child.name} ended by itself: {child.last_words()}")


def _schemes(names: list[str]) -> list[str]:
    for name in names:
        if not SCHEME.fullmatch(name):
            _fail(f"{name!r} is no id of a scheme: lower-case letters, digits and hyphens")
    return names


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except (StartFailed, DirectoryRefused) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
    except Interrupted:
        _say("Stopped.")


def _say(line: str) -> None:
    # Another program may read this through a pipe.
    print(line, flush=True)  # noqa: T201 - a command speaks on its standard output


def _fail(line: str) -> None:
    print(f"jifen-local: {line}", file=sys.stderr)  # noqa: T201
    raise typer.Exit(1)
