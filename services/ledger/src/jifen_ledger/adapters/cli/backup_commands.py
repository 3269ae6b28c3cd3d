"""`jifen-ledger backup` and `restore`: everything into a directory, and back."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path

from jifen_ledger.adapters.backing_up.bringing_back import bring_back, checked_backup
from jifen_ledger.adapters.backing_up.failed import BackupFailed
from jifen_ledger.adapters.backing_up.manifest import Manifest
from jifen_ledger.adapters.backing_up.places import Places
from jifen_ledger.adapters.backing_up.taking import take_backup
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.cli.simulation_text import progress_bar
from jifen_ledger.adapters.log_lines import configure_log
from jifen_ledger.settings import BackupSettings, secret_of

NEEDS = """\
Needs JIFEN_NATS_URL, JIFEN_NATS_USER (the operator, who alone may read and make streams),
JIFEN_NATS_PASSWORD, JIFEN_DATABASE_URL, JIFEN_LOG_KEY_DIR and JIFEN_LOG_ANCHOR_DIR."""
BACKUP = f"""\
Writes a new directory: the anchors, the database of one moment, every scheme's stream of events,
its private parts and its files of evidence, and a manifest with the hash of each. Everything runs
on meanwhile. Names and private parts are in it: keep it as you keep the servers. The keys of the
logs are not, so that nobody who has the backup can sign: `--keys` copies them to a place apart.

{NEEDS}
docs/operations.md says more. Exit status: 0 taken; 1 not, one line says why."""
RESTORE = f"""\
Compares every file with its hash, and then brings everything back. Nothing is written over: the
database must have no rows, the streams no messages, and neither ledger nor ingest may run. Keys
that are there must be the same; of two anchors the later one stays.

{NEEDS}
Exit status: 0 restored (with --check: the backup is whole); 1 not, one line says why."""


def fill_backup(parser: argparse.ArgumentParser) -> None:
    """Add what `backup` takes."""
    parser.description = BACKUP
    parser.add_argument("--output", metavar="DIR", type=Path, required=True, help="a new directory")
    parser.add_argument(
        "--keys", metavar="DIR", type=Path, help="copy the keys of the logs there, apart from it"
    )
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    parser.set_defaults(command=_backup)


def fill_restore(parser: argparse.ArgumentParser) -> None:
    """Add what `restore` takes."""
    parser.description = RESTORE
    parser.add_argument("backup", metavar="DIR", type=Path, help="what `backup` wrote")
    parser.add_argument(
        "--keys", metavar="DIR", type=Path, help="where the keys were copied, to bring back too"
    )
    parser.add_argument(
        "--replicas", type=int, choices=(1, 3, 5), help="copies in a cluster (default: as before)"
    )
    parser.add_argument(
        "--check", action="store_true", help="only compare the files with their hashes"
    )
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    parser.set_defaults(command=_restore)


def _backup(options: argparse.Namespace) -> int:
    configure_log(logging.ERROR)
    places = _places(BackupSettings())
    try:
        with progress_bar("Backup") as show:
            taking = take_backup(places, options.output, options.keys, show)
            manifest = asyncio.run(taking)
    except BackupFailed as failed:
        raise CommandFailed(str(failed)) from None
    _tell(options.output, manifest, as_json=options.json)
    return 0


def _restore(options: argparse.Namespace) -> int:
    configure_log(logging.ERROR)
    try:
        with progress_bar("Restore") as show:
            if options.check:
                manifest, behind = checked_backup(options.backup, show), []
            else:
                places = _places(BackupSettings())
                restored = asyncio.run(
                    bring_back(places, options.backup, options.keys, options.replicas, show)
                )
                manifest, behind = restored.manifest, restored.behind_anchor
    except BackupFailed as failed:
        raise CommandFailed(str(failed)) from None
    _tell(options.backup, manifest, as_json=options.json)
    for scheme in behind:
        sys.stderr.write(
            f"{scheme}: its anchor stands beyond what the backup has. Nothing is signed until the"
            " rest is back; see Restore in docs/operations.md.\n"
        )
    return 0


def _places(settings: BackupSettings) -> Places:
    return Places(
        database_url=settings.database_url.get_secret_value(),
        nats_url=settings.nats_url,
        nats_user=settings.nats_user,
        nats_password=secret_of(settings.nats_password),
        anchors=settings.log_anchor_dir,
        keys=settings.log_key_dir,
    )


def _tell(place: Path, manifest: Manifest, *, as_json: bool) -> None:
    if as_json:
        told = {
            "path": str(place),
            **manifest.model_dump(include={"taken_at", "revision", "schemes"}),
            "rows": sum(table.rows for table in manifest.tables),
            "streams": {stream.name: stream.last_seq for stream in manifest.streams},
            "bytes": sum(file.size for file in manifest.files()),
        }
        sys.stdout.write(json.dumps(told, indent=2) + "\n")
        return
    files = list(manifest.files())
    sys.stdout.write(
        f"{place}: {len(files)} files, {sum(file.size for file in files):,} bytes,"
        f" {len(manifest.streams)} streams, taken at {manifest.taken_at}\n"
    )
    for scheme, one in manifest.schemes.items():
        sys.stdout.write(f"{scheme}: {one.records:,} records, root {one.root}\n")
