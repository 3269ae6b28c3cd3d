"""How an audit command ends: its verdict, as lines for people or as JSON, and its exit status."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from jifen_contracts.environment import first_setting
from jifen_ledger.adapters.cli.audit_asking import Misused
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.cli.said import failed
from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.application.audit.verify import Verified
from jifen_ledger.log.encodings import encoded

GOOD: Final = 0
FAILED: Final = 1
MISUSED: Final = 2

Command = Callable[[argparse.Namespace], int]


def judged(command: Command) -> Command:
    """Return the command with its exit status: 0 all good, 1 a check failed, 2 wrong use, I/O."""

    def run(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except AuditFailed as wrong:
            if options.json:
                say_json({"good": False, "failed": str(wrong)})
            sys.stderr.write(f"FAILED: {wrong}\n")
            return FAILED
        except ValidationError as error:
            sys.stderr.write(f"jifen-ledger: {first_setting(error)}\n")
            return MISUSED
        except (Misused, CommandFailed, OSError) as error:
            failed(str(error))
            return MISUSED

    return run


def say_json(found: Mapping[str, Any]) -> None:
    """Print an object for programs."""
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def verified_object(found: Verified) -> dict[str, Any]:
    """Return what was verified, for programs."""
    return {
        "good": True,
        "origin": found.origin,
        "size": found.size,
        "root": encoded(found.root),
        "witnesses": found.witnesses,
        "older_checkpoints": found.older,
        "records": dict(found.statuses),
        "accounts": len(found.accounts),
        "balances_compared": found.balances,
        "lateness_s": found.lateness_s,
    }


def verified_lines(found: Verified) -> Iterator[str]:
    """Yield what was verified, a line each."""
    yield f"log         {found.origin}"
    yield f"entries     {found.size:,}; root {encoded(found.root)}"
    yield f"signed      by the log; witnesses: {found.witnesses}"
    yield f"older       {found.older:,} earlier checkpoints are beginnings of this log"
    if not found.statuses and found.size:
        yield "records     not looked into (--hashes-only)"
        return
    counts = ", ".join(f"{number:,} {status}" for status, number in sorted(found.statuses.items()))
    yield f"records     {counts or 'none'}"
    compared = "as the ledger says" if found.balances else "nothing to compare with"
    yield f"balances    {len(found.accounts):,} accounts, sum 0; {compared}"
    if found.lateness_s is None:
        yield "times       no witness has cosigned: nothing shows when records were added"
    else:
        yield f"times       no record was added more than {found.lateness_s} s late"


def tell(options: argparse.Namespace, lines: Iterable[str], found: Mapping[str, Any]) -> int:
    """Say that all is good, as it was asked for."""
    if options.json:
        say_json({"good": True, **found})
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.write("all good\n")
    return GOOD
