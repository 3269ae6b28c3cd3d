"""`jifen-ledger audit …`: each command's work and what it says at the end."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from jifen_ledger.adapters.audit.archive import ENDS, pack, unpacked
from jifen_ledger.adapters.audit.folder import BundleFolder
from jifen_ledger.adapters.audit.live import download_bundle
from jifen_ledger.adapters.audit.making import make_bundle
from jifen_ledger.adapters.audit.rows_aside import rows_aside
from jifen_ledger.adapters.cli.audit_asking import asked_of, audited_of
from jifen_ledger.adapters.cli.audit_telling import (
    GOOD,
    say_json,
    tell,
    verified_lines,
    verified_object,
)
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.cli.simulation_text import progress_bar
from jifen_ledger.adapters.key_files import KeyFiles
from jifen_ledger.adapters.log_export import ExportFailed
from jifen_ledger.application.audit.balances import balances_text, compare_balances
from jifen_ledger.application.audit.rankings import compare_rankings
from jifen_ledger.application.audit.replay import Replay
from jifen_ledger.application.audit.verify import verify
from jifen_ledger.settings import DatabaseSettings, LogFilesSettings


def verify_log(options: argparse.Namespace) -> int:
    """Check a log."""
    asked = asked_of(options)
    with audited_of(options) as audited, progress_bar("Entries") as show:
        verified = verify(audited, asked, show)
    return tell(options, verified_lines(verified), verified_object(verified))


def replay_log(options: argparse.Namespace) -> int:
    """Check a log, and fold its events again."""
    asked = asked_of(options)
    with audited_of(options) as audited, rows_aside() as aside, progress_bar("Entries") as show:
        replay = Replay(audited, asked.trust.scheme, aside)
        verified = verify(audited, asked, show, replay.take)
        ranked = replay.compare_rankings(verified.size)
    told = {"not_replayed": replay.not_replayed, "rankings_compared": ranked}
    folded = verified.size - replay.not_replayed
    lines = [
        *verified_lines(verified),
        f"replay      {folded:,} as the rules give them, {replay.not_replayed:,} not replayed",
        "rankings    " + ("as the rules give them" if ranked else "nothing to compare with"),
    ]
    return tell(options, lines, verified_object(verified) | told)


def recompute_log(options: argparse.Namespace) -> int:
    """Check a log, and recalculate balances and boards without our rules."""
    try:
        # A third of all that the ledger needs, for this alone: the service's image leaves it out.
        from jifen_ledger.adapters.audit.recompute import recomputing  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise CommandFailed(f"the package {missing.name} is not installed here") from None
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
    told = {"rankings_compared": said is not None, "places": places}
    compared = "nothing to compare with" if said is None else "as the ledger says"
    lines = [
        *verified_lines(verified),
        f"recomputed  {len(balances):,} balances as the records sum to",
        f"rankings    {places:,} places; {compared}",
    ]
    return tell(options, lines, verified_object(verified) | told)


def make(options: argparse.Namespace) -> int:
    """Make an audit bundle from the database, or fetch one from a running ledger."""
    out: Path = options.out
    if out.exists():
        raise CommandFailed(f"{out} is there already; a bundle replaces nothing")
    with _making(out) as directory:
        write = _write_from_database if options.url is None else _write_from_address
        write(options, directory)
        manifest = BundleFolder(directory).manifest
    if options.json:
        told = {"origin": manifest.origin, "root": manifest.root, "size": manifest.size}
        say_json({"out": str(out), **told})
    else:
        sys.stdout.write(
            f"{out}: {manifest.origin} at {manifest.size} entries, root {manifest.root}\n"
        )
    return GOOD


def _write_from_database(options: argparse.Namespace, directory: Path) -> None:
    url = DatabaseSettings().database_url.get_secret_value()
    settings = LogFilesSettings()
    keys = KeyFiles(settings.log_key_dir, settings.log_origin).read(options.scheme)
    own = [*(key.verifier for key in keys.signing), *keys.retired]
    verifiers = [*own, *(one.key for one in settings.witnesses)]
    try:
        make_bundle(url, options.scheme, options.size, verifiers, directory)
    except ExportFailed as failed:
        raise CommandFailed(str(failed)) from None
    except sa.exc.OperationalError as error:
        raise CommandFailed(f"the database: {error.orig}") from None


def _write_from_address(options: argparse.Namespace, directory: Path) -> None:
    token = None if options.token_file is None else options.token_file.read_text().strip()
    with tempfile.NamedTemporaryFile(suffix=ENDS) as part:
        download_bundle(options.url, token, options.size, part)
        part.flush()
        with unpacked(Path(part.name)) as found:
            shutil.copytree(found, directory, dirs_exist_ok=True)


@contextmanager
def _making(out: Path) -> Iterator[Path]:
    """Yield the folder to write into; what `out` names is whole at the end, or not there."""
    if not out.name.endswith(ENDS):
        yield out
        return
    part = out.with_name(f".{out.name}.part")
    with tempfile.TemporaryDirectory(prefix=".jifen-bundle-", dir=out.parent) as name:
        yield Path(name)
        try:
            with part.open("xb") as file:
                pack(Path(name), file)
            part.rename(out)
        finally:
            part.unlink(missing_ok=True)
