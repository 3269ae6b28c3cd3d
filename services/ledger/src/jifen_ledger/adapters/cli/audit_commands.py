"""`jifen-ledger audit …`: each command's work and what it says at the end."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from jifen_ledger.adapters.audit.archive import ENDS, pack
from jifen_ledger.adapters.audit.making import make_bundle
from jifen_ledger.adapters.audit.recompute import recomputing
from jifen_ledger.adapters.audit.rows_aside import rows_aside
from jifen_ledger.adapters.cli.audit_asking import Misused, asked_of, audited_of
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.cli.simulation_text import progress_bar
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.log_export import ExportFailed
from jifen_ledger.application.audit.audited import AuditFailed
from jifen_ledger.application.audit.balances import balances_text, compare_balances
from jifen_ledger.application.audit.rankings import compare_rankings
from jifen_ledger.application.audit.replay import Replay
from jifen_ledger.application.audit.verify import Trust, Verified, verify
from jifen_ledger.log.encodings import encoded
from jifen_ledger.settings import DatabaseSettings, LogFilesSettings

GOOD: Final = 0
FAILED: Final = 1
MISUSED: Final = 2

Command = Callable[[argparse.Namespace], int]


def judged(command: Command) -> Command:
    """Return the command with its exit status: 0 all good, 1 a check failed, 2 wrong use, I/O."""

    def run(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except AuditFailed as failed:
            if options.json:
                say_json({"good": False, "failed": str(failed)})
            sys.stderr.write(f"FAILED: {failed}\n")
            return FAILED
        except (Misused, CommandFailed, OSError) as error:
            sys.stderr.write(f"jifen-ledger: {error}\n")
            return MISUSED

    return run


def verify_log(options: argparse.Namespace) -> int:
    """Check a log."""
    asked = asked_of(options)
    with audited_of(options) as audited, progress_bar("Entries") as show:
        verified = verify(audited, asked, show)
    if options.json:
        say_json(verified_object(verified))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in verified_lines(verified)))
        sys.stdout.write("all good\n")
    return GOOD


def replay_log(options: argparse.Namespace) -> int:
    """Check a log, and fold its events again."""
    asked = asked_of(options)
    with audited_of(options) as audited, rows_aside() as aside, progress_bar("Entries") as show:
        replay = Replay(audited, scheme_of(asked.trust), aside)
        verified = verify(audited, asked, show, replay.take)
        ranked = replay.compare_rankings(verified.size)
    if options.json:
        told = {"not_replayed": replay.not_replayed, "rankings_compared": ranked}
        say_json(verified_object(verified) | told)
    else:
        folded = verified.size - replay.not_replayed
        lines = [
            *verified_lines(verified),
            f"replay      {folded:,} as the rules give them, {replay.not_replayed:,} not replayed",
            "rankings    " + ("as the rules give them" if ranked else "nothing to compare with"),
        ]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.write("all good\n")
    return GOOD


def recompute_log(options: argparse.Namespace) -> int:
    """Check a log, and recalculate balances and boards without our rules."""
    asked = asked_of(options)
    with audited_of(options) as audited, recomputing() as recompute:
        with progress_bar("Entries") as show:
            verified = verify(audited, asked, show, recompute.take)
        balances = dict(recompute.balances())
        compare_balances(balances_text(verified.accounts.items()), balances)
        said = audited.rankings(verified.size)
        counted = recompute.rankings()
        if said is not None:
            compare_rankings(said, counted, "the recomputation")
    places = counted.count(b"\n")
    if options.json:
        told = {"rankings_compared": said is not None, "places": places}
        say_json(verified_object(verified) | told)
    else:
        compared = "nothing to compare with" if said is None else "as the ledger says"
        lines = [
            *verified_lines(verified),
            f"recomputed  {len(balances):,} balances as the records sum to",
            f"rankings    {places:,} places; {compared}",
        ]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.write("all good\n")
    return GOOD


def scheme_of(trust: Trust) -> str:
    """Return the scheme: the last part of the name that the log's key bears."""
    return trust.log_keys[0].name.rpartition("/")[2]


def make(options: argparse.Namespace) -> int:
    """Make an audit bundle from the database."""
    out: Path = options.out
    url = DatabaseSettings().database_url.get_secret_value()
    settings = LogFilesSettings()
    keys = KeyFiles(settings.log_key_dir, settings.log_origin).read(options.scheme)
    verifiers = [*(key.verifier for key in keys.signing), *keys.retired]
    try:
        with _making(out) as directory:
            made = make_bundle(url, options.scheme, options.size, verifiers, directory)
    except ExportFailed as failed:
        raise CommandFailed(str(failed)) from None
    except sa.exc.OperationalError as error:
        raise CommandFailed(f"the database: {error.orig}") from None
    root = encoded(made.root)
    if options.json:
        say_json({"origin": made.origin, "out": str(out), "root": root, "size": made.size})
    else:
        sys.stdout.write(f"{out}: {made.origin} at {made.size} entries, root {root}\n")
    return GOOD


@contextmanager
def _making(out: Path) -> Iterator[Path]:
    """Yield the folder to write into; what `out` names is whole at the end, or not there."""
    if not out.name.endswith(ENDS):
        yield out
        return
    if out.exists():
        raise CommandFailed(f"{out} is there already; a bundle replaces nothing")
    part = out.with_name(f".{out.name}.part")
    with tempfile.TemporaryDirectory(prefix=".jifen-bundle-", dir=out.parent) as name:
        yield Path(name)
        try:
            with part.open("xb") as file:
                pack(Path(name), file)
            part.rename(out)
        finally:
            part.unlink(missing_ok=True)


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
