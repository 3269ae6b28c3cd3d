"""`jifen-ledger audit …`: the verbs and their options."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from jifen_ledger.adapters.cli.audit_asking import add_keys, add_place, add_trust
from jifen_ledger.adapters.cli.audit_commands import make, recompute_log, replay_log, verify_log
from jifen_ledger.adapters.cli.audit_questions import diff, explain, receipt
from jifen_ledger.adapters.cli.audit_telling import Command, judged
from jifen_ledger.domain.score import CAPACITIES

ABOUT = """\
The auditor's tools. All but `bundle --scheme` need no database, no configuration and no network
but the address they are given. docs/audit.md leads through them.

Exit status: 0 all good; 1 a check failed, the last line says which; 2 wrong use or unreadable."""


def fill_audit(audit: argparse.ArgumentParser, scheme_id: Callable[[str], str]) -> None:
    """Add the verbs of `audit`; `scheme_id` checks an id."""
    audit.description = ABOUT
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

    explained = verb("explain", "why a record moved points, or what a score is made of", explain)
    add_place(explained)
    add_trust(explained)
    about = explained.add_mutually_exclusive_group(required=True)
    about.add_argument("--seq", metavar="N", type=int, help="the record with this number")
    about.add_argument("--holder", metavar="ID", help="the score of a member or unit")
    explained.add_argument("--quarter", metavar="Q", help="of this quarter, such as 2025-Q4")
    explained.add_argument(
        "--capacity", choices=CAPACITIES, default="member", help="in this capacity"
    )

    compared = verb("diff", "what was added since an older checkpoint, and what it changed", diff)
    add_place(compared)
    add_trust(compared)
    compared.add_argument(
        "--since", metavar="OLD", required=True,
        help="an older bundle, a checkpoint kept as a file, or the size of one in the bundle",
    )  # fmt: skip

    received = verb("receipt", "check a member's receipt by itself", receipt)
    received.add_argument("file", metavar="FILE", type=Path)
    add_keys(received)

    made = verb("bundle", "make one file with everything an auditor needs", make)
    source = made.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--scheme", metavar="S", type=scheme_id, help="from the database, JIFEN_DATABASE_URL"
    )
    source.add_argument("--url", metavar="URL", help="from a running ledger: …/schemes/S/log")
    made.add_argument(
        "--token-file", metavar="FILE", type=Path, help="a token that may read the entries"
    )
    made.add_argument("--size", metavar="N", type=int, help="a published size; default: the newest")
    made.add_argument(
        "--out", metavar="PATH", type=Path, required=True,
        help="a new file that ends in .tar.gz, or a new folder",
    )  # fmt: skip
