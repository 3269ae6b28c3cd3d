"""`jifen-ledger log …`: the verbs and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from jifen_ledger.adapters.cli.log_commands import (
    export,
    make_key,
    retire_key,
    rotate_key,
    set_anchor,
    show_keys,
)

ABOUT = """\
A log's key is 32 random bytes in `<scheme>.key` of JIFEN_LOG_KEY_DIR; its name, the log's origin,
is JIFEN_LOG_ORIGIN/<scheme> and never changes. Give the vkey to whoever checks the log, in another
way than by the ledger itself. A rotation takes effect at the next start of the service."""
KEY_VERBS: tuple[tuple[str, str, Callable[[argparse.Namespace], int]], ...] = (
    ("create", "make the first key of a scheme; print its vkey", make_key),
    ("show", "print the vkeys of a scheme, the current one first", show_keys),
    ("rotate", "make a new key; the old one signs as well until it is retired", rotate_key),
    ("retire", "let the old key sign no more; its vkey stays known", retire_key),
)


def fill_log(log: argparse.ArgumentParser, scheme_id: Callable[[str], str]) -> None:
    """Add the verbs of `log`; `scheme_id` checks an id."""
    log.description = ABOUT
    verbs = log.add_subparsers(required=True, metavar="VERB")
    key = verbs.add_parser("key", help="make, show, rotate and retire keys")
    key_verbs = key.add_subparsers(required=True, metavar="VERB")
    for name, text, command in KEY_VERBS:
        one = key_verbs.add_parser(name, help=text)
        one.add_argument("scheme", metavar="SCHEME", type=scheme_id)
        one.set_defaults(command=command)

    anchor = verbs.add_parser("anchor", help="write a lost anchor from a checkpoint you kept")
    anchor.add_argument("scheme", metavar="SCHEME", type=scheme_id)
    anchor.add_argument("checkpoint", metavar="FILE", type=Path, help="a signed checkpoint")
    anchor.set_defaults(command=set_anchor)

    exported = verbs.add_parser("export", help="write checkpoint, tiles and entries as files")
    exported.add_argument("scheme", metavar="SCHEME", type=scheme_id)
    exported.add_argument("--out", required=True, type=Path, help="a directory, new or empty")
    exported.add_argument("--size", type=int, help="a published size; the newest by default")
    exported.set_defaults(command=export)
