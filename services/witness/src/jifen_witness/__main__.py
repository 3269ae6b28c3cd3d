"""A witness: cosigns the checkpoints of logs that only grow, and of no others."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from jifen_witness.adapters.failure import CommandFailed
from jifen_witness.adapters.files import STATE, create_key, read_key, read_logs
from jifen_witness.adapters.http import witness_application
from jifen_witness.adapters.state_file import StateFile
from jifen_witness.application.cosign import CosignCheckpoint

MORE = "docs/witness.md leads through the commands."
CONNECTIONS_MAX = 256
KEEP_ALIVE_S = 75
GRACE_S = 5


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; what went wrong is told in one line."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (CommandFailed, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"jifen-witness: {error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="jifen-witness", description=__doc__, epilog=MORE)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(
        name: str, text: str, command: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.add_argument(
            "--dir", type=Path, required=True, help="the folder of the witness's key and memory"
        )
        added.set_defaults(command=command)
        return added

    made = verb("init", "make the key and the empty memory of a new witness; print its vkey", _init)
    made.add_argument("--name", required=True, help="such as witness.example/w1, for ever")
    verb("vkey", "print the vkey, for those who run and who check logs", _vkey)
    verb("status", "print what was cosigned last, and any proof that a log has forked", _status)
    served = verb("serve", "answer logs over HTTP until a signal", _serve)
    served.add_argument(
        "--logs", type=Path, required=True, help="the logs to watch: a file, one vkey a line"
    )
    served.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    served.add_argument("--port", type=int, default=8090, help="port (%(default)s)")
    return parser


def _init(options: argparse.Namespace) -> int:
    directory: Path = options.dir
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = create_key(directory, options.name)
    StateFile.create(directory / STATE)
    sys.stdout.write(f"{key.text}\n")
    return 0


def _vkey(options: argparse.Namespace) -> int:
    sys.stdout.write(f"{read_key(options.dir).verifier.text}\n")
    return 0


def _status(options: argparse.Namespace) -> int:
    state = StateFile(options.dir / STATE)
    state.check()
    for one in state.newest():
        origin, size, _ = one.checkpoint
        sys.stdout.write(f"{origin}: size {size}, cosigned at {_time(one.time_s)}\n")
    found = state.contradictions()
    for fork in found:
        sys.stdout.write(f"{fork.origin}: TWO ROOTS for size {fork.size} {_time(fork.time_s)}\n")
        sys.stdout.write(f"{fork.cosigned}\n{fork.note}\n")
    return 1 if found else 0


def _serve(options: argparse.Namespace) -> int:
    state = StateFile(options.dir / STATE)
    state.check()
    key, logs = read_key(options.dir), read_logs(options.logs)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    cosign = CosignCheckpoint(key, logs, state, lambda: int(time.time()))
    uvicorn.run(
        witness_application(cosign),
        host=options.host,
        port=options.port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    return 0


def _time(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    sys.exit(main())
