"""`jifen-ledger export` and `check-export`: take a full export of a scheme, and check one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.cli.simulation_text import progress_bar
from jifen_ledger.adapters.exporting.check import ExportUnsound, check_export
from jifen_ledger.adapters.exporting.moment import NoSuchMoment, moment_of
from jifen_ledger.adapters.exporting.names import names_file, write_names
from jifen_ledger.adapters.exporting.places import place_at
from jifen_ledger.adapters.past import SchemeUnclear
from jifen_ledger.application.exporting.contents import TABLES
from jifen_ledger.application.exporting.export import export
from jifen_ledger.settings import DatabaseSettings

EXPORT = """\
Writes every record, every register, claims, postings, balances, bulletins byte for byte, rankings
and the scheme's documents, each table as NDJSON and as CSV, with a manifest of hashes. The same
moment gives the same bytes. Nothing in it is a name or a private part. Needs JIFEN_DATABASE_URL."""


def fill_export(taken: argparse.ArgumentParser) -> None:
    """Add what `export` takes."""
    taken.description = EXPORT
    taken.add_argument("--scheme", metavar="ID", help="which one, where the database has several")
    taken.add_argument(
        "--output", metavar="PATH", type=Path, required=True,
        help="a new directory, or a file that ends in .tar.gz",
    )  # fmt: skip
    taken.add_argument(
        "--known-at", metavar="SEQ", type=int, help="as known after this record (default: the last)"
    )
    taken.add_argument(
        "--with-names", action="store_true",
        help="write the directory's names too, into a file beside the export",
    )  # fmt: skip
    taken.set_defaults(command=_export)


def fill_check(checked: argparse.ArgumentParser) -> None:
    """Add what `check-export` takes."""
    checked.description = "Needs nothing but the export."
    checked.add_argument("path", metavar="PATH", type=Path, help="a directory or a .tar.gz")
    checked.set_defaults(command=_check)


def _export(options: argparse.Namespace) -> int:
    output: Path = options.output
    beside = [output, *([names_file(output)] if options.with_names else [])]
    for path in beside:
        if path.exists():
            raise CommandFailed(f"{path} is there already; an export writes over nothing")
    url = DatabaseSettings().database_url.get_secret_value()
    try:
        with moment_of(url, options.scheme, options.known_at) as moment:
            with (
                place_at(output, f"{moment.scheme}-{moment.at}") as place,
                progress_bar("Export") as show,
            ):
                written, before = 0, {table.name: 0 for table in TABLES}

                def progress(table: str, rows: int) -> None:
                    nonlocal written
                    written += rows - before[table]
                    before[table] = rows
                    show(written, None, table)

                manifest = export(moment, place, progress)
            names = write_names(names_file(output), moment.names()) if options.with_names else None
    except (SchemeUnclear, NoSuchMoment) as unclear:
        raise CommandFailed(str(unclear)) from None
    _tell(output, manifest["scheme"], manifest["known_at"], manifest["files"])
    if names is not None:
        sys.stdout.write(
            f"{names_file(output)}: {names:,} people of the directory as it is now, with names and"
            " phones. It is no part of the export: keep it apart, and delete what is erased.\n"
        )
    return 0


def _check(options: argparse.Namespace) -> int:
    try:
        manifest = check_export(options.path)
    except ExportUnsound as unsound:
        raise CommandFailed(f"{options.path}: {unsound}") from None
    _tell(options.path, manifest["scheme"], manifest["known_at"], manifest["files"])
    sys.stdout.write(
        "Hashes, rows, records, postings, balances and bulletins fit; each unit adds up to zero.\n"
    )
    return 0


def _tell(path: Path, scheme: str, at: int, files: list[dict[str, object]]) -> None:
    size = sum(int(str(one["bytes"])) for one in files)
    rows = {str(one["name"]): one["rows"] for one in files if "rows" in one}
    sys.stdout.write(
        f"{path}: {scheme} as known after record {at:,}: {len(files)} files, {size:,} bytes,"
        f" {rows['tables/claims.ndjson']:,} claims, {rows['tables/postings.ndjson']:,} postings\n"
    )
