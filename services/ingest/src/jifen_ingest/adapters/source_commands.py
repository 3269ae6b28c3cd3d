"""`jifen-ingest source …`: credentials are listed, created, rotated and revoked in their file."""

import argparse
import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from jifen_ingest.adapters.sources import read_sources
from jifen_ingest.adapters.sources_editing import Issued, SourcesFile, Wanted
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.scopes import Scope
from jifen_ingest.settings import Settings

OVERLAP: Final = "24h"
UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
ABOUT = """\
Works on the file JIFEN_SOURCES_FILE, which has no token, only their hashes. It is replaced as a
whole or not at all, its comments stay, and a running ingest takes it up with the next request.
Exit status: 0 done; 1 not, one line says why, and the file is as it was."""


def add_source_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", an_id: Callable[[str], str]
) -> None:
    """Add `source` and its verbs; `an_id` checks an id."""
    source = commands.add_parser(
        "source",
        help="list, create, rotate and revoke the credentials of senders",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = source.add_subparsers(required=True, metavar="VERB")

    def verb(
        name: str, text: str, command: Callable[[argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.add_argument("--json", action="store_true", help="say it as JSON")
        added.set_defaults(command=command)
        return added

    verb("list", "who may send, and what", _list)
    created = verb("create", "add a credential and show its token, this once", _create)
    rotated = verb("rotate", "show a new token; the one of before counts a while longer", _rotate)
    retired = verb("retire", "end a rotation: the old token counts no more", _retire)
    revoked = verb("revoke", "remove a credential: its tokens count no more", _revoke)
    for one in (created, rotated, retired, revoked):
        one.add_argument("name", metavar="NAME", type=an_id, help="the credential's name")
    created.add_argument("--scheme", type=an_id, default="plant", help="default: plant")
    created.add_argument(
        "--source", action="append", metavar="URI", dest="sources",
        help="for which system it speaks; repeatable (default: urn:jifen:source:NAME)",
    )  # fmt: skip
    created.add_argument(
        "--scopes", nargs="+", choices=[scope.value for scope in Scope], default=["facts"],
        help="default: facts",
    )  # fmt: skip
    rotated.add_argument(
        "--overlap", metavar="TIME", type=_duration, default=OVERLAP,
        help="how long the token of now counts as well, such as 30m, 24h, 7d; 0s: not at all"
        " (default: %(default)s)",
    )  # fmt: skip


def _list(options: argparse.Namespace) -> int:
    found = [_object(one) for one in read_sources(Settings().sources_file)]
    if options.json:
        return _say(found)
    for one in found:
        old = f"; an old token until {one['old_until']}" if one["old_until"] else ""
        sys.stdout.write(
            f"{one['name']}  {one['scheme']}  {','.join(one['scopes'])}"
            f"  {' '.join(one['sources'])}{old}\n"
        )
    return 0


def _create(options: argparse.Namespace) -> int:
    sources = options.sources or [f"urn:jifen:source:{options.name}"]
    wanted = Wanted(options.name, options.scheme, sources, options.scopes)
    return _tell(_file().create(wanted), as_json=options.json)


def _rotate(options: argparse.Namespace) -> int:
    return _tell(_file().rotate(options.name, options.overlap), as_json=options.json)


def _retire(options: argparse.Namespace) -> int:
    _file().retire(options.name)
    if options.json:
        return _say({"name": options.name, "retired": True})
    sys.stdout.write(f"{options.name}: the old token counts no more\n")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    _file().revoke(options.name)
    if options.json:
        return _say({"name": options.name, "revoked": True})
    sys.stdout.write(f"{options.name}: none of its tokens counts any more\n")
    return 0


def _file() -> SourcesFile:
    return SourcesFile(Settings().sources_file)


def _tell(issued: Issued, *, as_json: bool) -> int:
    until = None if issued.old_until is None else issued.old_until.isoformat()
    if as_json:
        return _say(
            {
                "name": issued.name,
                "scheme": issued.scheme,
                "token": issued.token,
                "old_until": until,
            }
        )
    sys.stdout.write(f"The token of {issued.name}, shown this once: {issued.token}\n")
    if until is not None:
        sys.stdout.write(f"The one of before counts until {until}.\n")
    return 0


def _object(one: Credential) -> dict[str, Any]:
    return {
        "name": one.name,
        "scheme": one.scheme,
        "scopes": sorted(one.scopes),
        "sources": sorted(one.sources),
        "old_until": None if one.old_until is None else one.old_until.isoformat(),
    }


def _say(told: object) -> int:
    sys.stdout.write(json.dumps(told, indent=2) + "\n")
    return 0


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError("not a time such as 30m, 24h or 7d")
    return timedelta(seconds=int(found[1]) * UNITS[found[2]])
