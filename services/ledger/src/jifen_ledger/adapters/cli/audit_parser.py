"""`jifen-ledger audit …`: the verbs and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from jifen_ledger.adapters.cli.audit_asking import add_place, add_trust
from jifen_ledger.adapters.cli.audit_commands import (
    Command,
    judged,
    make,
    recompute_log,
    replay_log,
    verify_log,
)

ABOUT = """\
The auditor's tools. All but `bundle --scheme` need no database, no configuration and no network
but the address they are given. docs/audit.md leads through them.

Exit status: 0 all good; 1 a check failed, the last line says which; 2 wrong use or unreadable."""


def add_audit_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    scheme_id: Callable[[str], str],
) -> None:
    """Add `audit` and its verbs; `scheme_id` checks an id."""
    audit = commands.add_parser(
        "audit",
        help="check a log: signatures, tree, records, balances, decisions",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = audit.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, text: str, command: Command) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.add_argument("--json", action="store_true", help="say it as JSON")
        added.set_defaults(command=judged(command))
        return added

    verified = verb("verify", "signatures, tree, form of all records, balances, times", verify_log)
    add_place(verified)
    add_trust(verified)
    verified.add_argument("--hashes-only", action="store_true", help="signatures and tree only")

    replayed = verb("replay", "verify, and fold all events again by the rules", replay_log)
    add_place(replayed)
    add_trust(replayed)

    recomputed = verb(
        "recompute", "verify, and recalculate balances and boards by other means", recompute_log
    )
    add_place(recomputed)
    add_trust(recomputed)

    made = verb("bundle", "make one file with everything an auditor needs", make)
    made.add_argument("--scheme", metavar="S", type=scheme_id, required=True)
    made.add_argument("--size", metavar="N", type=int, help="a published size; default: the newest")
    made.add_argument(
        "--out", metavar="PATH", type=Path, required=True,
        help="a new file that ends in .tar.gz, or a new folder",
    )  # fmt: skip
