"""Tokens for a local Jifen: who may send and who may read, unless files say otherwise."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from jifen_local.private_files import write_private

TOKENS, SOURCES, READERS = "tokens.json", "local-sources.toml", "local-readers.toml"
TOKEN_BYTES = 32
SOURCE_URI = "urn:jifen:source:local"
SCOPES = ("admin", "org", "facts", "acts", "concerns", "shop")
COLUMN = "auditor"
NOTE = "# Written at every start from tokens.json; bring your own file with --{option}.\n"


def write_credentials(directory: Path, schemes: Sequence[str]) -> None:
    """The same tokens on every start; random ones for a scheme seen for the first time."""
    file = directory / TOKENS
    tokens: dict[str, dict[str, str]] = json.loads(file.read_bytes()) if file.exists() else {}
    for scheme in schemes:
        if scheme not in tokens:
            tokens[scheme] = {"send": _token(), "read": _token()}
    write_private(file, json.dumps(tokens, indent=2) + "\n")
    write_private(
        directory / SOURCES, _table("sources", (_source(s, t) for s, t in tokens.items()))
    )
    write_private(
        directory / READERS, _table("readers", (_reader(s, t) for s, t in tokens.items()))
    )


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _table(option: str, entries: Iterable[str]) -> str:
    return NOTE.format(option=option) + "".join(entries)


def _source(scheme: str, tokens: dict[str, str]) -> str:
    # JSON's strings and lists of strings are TOML's as well. No two credentials share a name.
    return (
        f'\n[[credential]]\nname = "{scheme}"\nscheme = "{scheme}"\n'
        f'token_sha256 = "{_sha256(tokens["send"])}"\n'
        f"sources = {json.dumps([SOURCE_URI])}\nscopes = {json.dumps(SCOPES)}\n"
    )


def _reader(scheme: str, tokens: dict[str, str]) -> str:
    return (
        f'\n[[reader]]\nname = "local"\nscheme = "{scheme}"\n'
        f'token_sha256 = "{_sha256(tokens["read"])}"\ncolumn = "{COLUMN}"\n'
    )


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
