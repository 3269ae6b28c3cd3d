"""What runs once before a deployment in containers, and answers its operator later."""

import argparse
import json
import re
import sys
import tomllib
from pathlib import Path

from jifen_local.credentials import TOKENS
from jifen_local.nats_users import USERS, role_of
from jifen_local.setup.admitting import admitted
from jifen_local.setup.making import (
    CA,
    READERS_FILE,
    SOURCES_FILE,
    hand_over,
    make_again,
    make_secrets,
)
from jifen_local.setup.passwords import (
    ROTATED,
    RotationRefused,
    kept_passwords,
    retire,
    rotate,
    user_of,
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
    user = commands.add_parser("user", help="print the variables of a user of NATS")
    user.add_argument("role", choices=USERS)
    for name, text in (
        ("rotate", "draw new passwords; those of NATS count beside the old ones"),
        ("retire", "let only the new passwords count"),
    ):
        changed = commands.add_parser(name, help=text)
        changed.add_argument(
            "roles", metavar="ROLE", nargs="+", choices=ROTATED, help="%(choices)s"
        )
    commands.add_parser("ca", help="print the authority that TLS certificates are of")
    admit = commands.add_parser("admit", help="add stanzas from standard input")
    admit.add_argument("whom", choices=sorted(ADMITTED))
    options = parser.parse_args()
    try:
        return _run(SecretVolume(ROOT), options)
    except (RotationRefused, tomllib.TOMLDecodeError) as refused:
        sys.stderr.write(f"jifen-setup: nothing is changed: {refused}\n")
        return 1


def _run(volume: SecretVolume, options: argparse.Namespace) -> int:
    match options.command:
        case "make":
            make_secrets(volume, options.schemes, options.nats_node)
            hand_over(options.nats_data, "nats")
        case "show":
            sys.stdout.write(_shown(volume))
        case "user":
            sys.stdout.write(_variables(volume, options.role))
        case "rotate":
            rotate(volume, options.roles)
            make_again(volume)
        case "retire":
            retire(volume, options.roles)
            make_again(volume)
        case "ca":
            sys.stdout.write((volume.root / CA).read_text(encoding="ascii"))
        case _:
            _admit(volume, *ADMITTED[options.whom], sys.stdin.read())
    return 0


def _shown(volume: SecretVolume) -> str:
    passwords = kept_passwords(volume)
    tokens = json.loads((volume.root / TOKENS).read_bytes())
    known = {name: one for name, one in passwords.items() if role_of(name) in SHOWN}
    return json.dumps({"tokens": tokens, "passwords": known}, indent=2) + "\n"


def _variables(volume: SecretVolume, role: str) -> str:
    passwords = kept_passwords(volume)
    user = user_of(passwords, role)
    return f"JIFEN_NATS_USER={user}\nJIFEN_NATS_PASSWORD={passwords[user]}\n"


def _admit(volume: SecretVolume, owner: str, name: str, stanzas: str) -> None:
    """Change the file; the service reads it again by itself."""
    known = volume.path(owner, name).read_text(encoding="utf-8")
    volume.write(owner, name, admitted(known, stanzas))


def _schemes(text: str) -> list[str]:
    schemes = [one.strip() for one in text.split(",")]
    for scheme in schemes:
        if SCHEME.fullmatch(scheme) is None:
            raise argparse.ArgumentTypeError(f"{scheme!r} is no id of a scheme")
    return schemes


if __name__ == "__main__":
    sys.exit(main())
