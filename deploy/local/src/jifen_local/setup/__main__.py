"""What runs once before a deployment in containers, and answers its operator later."""

import argparse
import json
import re
import sys
import tomllib
from pathlib import Path

from jifen_local.credentials import TOKENS
from jifen_local.setup.admitting import admitted
from jifen_local.setup.making import (
    CA,
    PASSWORDS,
    READERS_FILE,
    SOURCES_FILE,
    hand_over,
    make_secrets,
)
from jifen_local.setup.volume import SecretVolume

ROOT = Path("/secrets")
SCHEME = re.compile(r"[a-z0-9][a-z0-9-]{1,63}")
# What people and upstream systems need; the others are between services.
SHOWN = ("upstream", "repair", "grafana")
ADMITTED = {"sources": ("ingest", SOURCES_FILE), "readers": ("ledger", READERS_FILE)}


def main() -> int:
    """Run one command and return its exit status."""
    parser = argparse.ArgumentParser(prog="jifen-setup", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("make", help="make what is not there yet")
    make.add_argument("--schemes", required=True, type=_schemes, help="such as plant,plant-2")
    make.add_argument("--nats-node", action="append", required=True, help="repeatable")
    make.add_argument("--nats-data", action="append", required=True, type=Path, help="repeatable")
    commands.add_parser("show", help="print the first tokens, and the passwords that people need")
    commands.add_parser("ca", help="print the authority that TLS certificates are of")
    admit = commands.add_parser("admit", help="add stanzas from standard input")
    admit.add_argument("whom", choices=sorted(ADMITTED))
    options = parser.parse_args()
    volume = SecretVolume(ROOT)
    match options.command:
        case "make":
            make_secrets(volume, options.schemes, options.nats_node)
            hand_over(options.nats_data, "nats")
        case "show":
            sys.stdout.write(_shown(volume))
        case "ca":
            sys.stdout.write((volume.root / CA).read_text(encoding="ascii"))
        case _:
            return _admit(volume, *ADMITTED[options.whom], sys.stdin.read())
    return 0


def _shown(volume: SecretVolume) -> str:
    passwords = json.loads((volume.root / PASSWORDS).read_bytes())
    tokens = json.loads((volume.root / TOKENS).read_bytes())
    shown = {"tokens": tokens, "passwords": {name: passwords[name] for name in SHOWN}}
    return json.dumps(shown, indent=2) + "\n"


def _admit(volume: SecretVolume, owner: str, name: str, stanzas: str) -> int:
    """Change the file; the service reads it again by itself."""
    known = volume.path(owner, name).read_text(encoding="utf-8")
    try:
        volume.write(owner, name, admitted(known, stanzas))
    except tomllib.TOMLDecodeError as error:
        sys.stderr.write(f"jifen-setup: nothing is changed: {error}\n")
        return 1
    return 0


def _schemes(text: str) -> list[str]:
    schemes = [one.strip() for one in text.split(",")]
    for scheme in schemes:
        if SCHEME.fullmatch(scheme) is None:
            raise argparse.ArgumentTypeError(f"{scheme!r} is no id of a scheme")
    return schemes


if __name__ == "__main__":
    sys.exit(main())
