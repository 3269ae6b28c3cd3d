"""Checks an export by itself: hashes, numbers of rows, the records' order, balances, bulletins."""

from __future__ import annotations

import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final

import orjson

from jifen_contracts.points import format_points, parse_points
from jifen_ledger.adapters.exporting.places import ARCHIVE_ENDS, RECORDS_FILE, SUMS
from jifen_ledger.application.exporting.export import SCHEMA

MANIFEST: Final = "manifest.json"
CHUNK_BYTES: Final = 1 << 20

Open = Callable[[str], IO[bytes]]


class ExportUnsound(Exception):  # noqa: N818 - it says what does not fit
    """The export is not what it says it is."""


def check_export(path: Path) -> dict[str, Any]:
    """Return the manifest of an export that fits it in everything. Raises ExportUnsound."""
    with _opened(path) as (open_, names):
        try:
            with open_(MANIFEST) as file:
                manifest: dict[str, Any] = orjson.loads(file.read())
        except (KeyError, OSError, orjson.JSONDecodeError):
            raise ExportUnsound(f"{MANIFEST} is missing, or is not JSON") from None
        if manifest.get("schema") != SCHEMA:
            raise ExportUnsound(f"{MANIFEST} is not of the schema {SCHEMA}")
        listed = {one["name"] for one in manifest["files"]}
        if strangers := names ^ (listed | {MANIFEST, SUMS}):
            raise ExportUnsound(
                f"not both there and in the manifest: {', '.join(sorted(strangers))}"
            )
        for said in manifest["files"]:
            _check_file(open_, said)
        _check_records(open_, manifest)
        _check_balances(open_, manifest)
        _check_bulletins(open_)
    return manifest


def _check_file(open_: Open, said: dict[str, Any]) -> None:
    name, found, length, ends = said["name"], sha256(), 0, 0
    with open_(name) as file:
        while chunk := file.read(CHUNK_BYTES):
            found.update(chunk)
            length += len(chunk)
            ends += chunk.count(b"\n")
    if (found.hexdigest(), length) != (said["sha256"], said["bytes"]):
        raise ExportUnsound(f"{name} has other bytes than the manifest says")
    if name.endswith(".ndjson") and ends != said["rows"]:
        raise ExportUnsound(f"{name} has {ends} rows, and {said['rows']} in the manifest")


def _check_records(open_: Open, manifest: dict[str, Any]) -> None:
    """Compare numbers and sums: a record's postings add up to zero and are those of the table."""
    postings = _lines(open_, "tables/postings.ndjson")
    last = b""
    seq = 0
    with open_(RECORDS_FILE) as file:
        for seq, line in enumerate(file, start=1):
            last = line.rstrip(b"\n")
            record = orjson.loads(last)
            if record["seq"] != seq:
                raise ExportUnsound(f"record {seq} is missing or not in its place")
            for ordinal, moved in enumerate(record["postings"]):
                row = next(postings, {})
                told = (row.get("seq"), row.get("ordinal"), row.get("account"), row.get("delta"))
                if told != (seq, ordinal, moved["account"], format_points(moved["delta"])):
                    raise ExportUnsound(f"record {seq} and its rows of postings differ")
    if next(postings, None) is not None:
        raise ExportUnsound("there are postings without a record")
    if (seq, sha256(last).hexdigest()) != (manifest["known_at"], manifest["last_record_sha256"]):
        raise ExportUnsound("the last record is not that of the manifest")


def _check_balances(open_: Open, manifest: dict[str, Any]) -> None:
    summed: Counter[tuple[str, str]] = Counter()
    for row in _lines(open_, "tables/postings.ndjson"):
        summed[row["account"], row["unit"]] += parse_points(row["delta"])
    balances: Counter[tuple[str, str]] = Counter()
    for row in _lines(open_, "tables/balances.ndjson"):
        balances[row["account"], row["unit"]] = parse_points(row["balance"])
    if dict(summed) != dict(balances):
        raise ExportUnsound("a balance is not the sum of its postings")
    for unit, total in manifest["trial_balance"].items():
        if total != "0" or sum(tenths for (_, of), tenths in balances.items() if of == unit):
            raise ExportUnsound(f"the balances of {unit} do not add up to zero")


def _check_bulletins(open_: Open) -> None:
    for row in _lines(open_, "tables/bulletins.ndjson"):
        for sheet, named in (("full_sheet", "content_hash"), ("branch_sheet", "branch_hash")):
            with open_(row[sheet]) as file:
                if sha256(file.read()).hexdigest() != row[named]:
                    raise ExportUnsound(f"{row[sheet]} has another hash than its bulletin")


def _lines(open_: Open, name: str) -> Iterator[dict[str, Any]]:
    with open_(name) as file:
        for line in file:
            yield orjson.loads(line)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Open, set[str]]]:
    """Yield what opens a file of the export by its name, and all names there are."""
    if path.is_dir():
        names = {str(one.relative_to(path)) for one in path.rglob("*") if one.is_file()}
        yield (lambda name: (path / name).open("rb")), names
        return
    if not path.name.endswith(ARCHIVE_ENDS):
        raise ExportUnsound("neither a directory nor a .tar.gz")
    # Reading to and fro in a packed file would unpack it again and again.
    with tempfile.TemporaryDirectory(prefix="jifen-export-") as name, tarfile.open(path) as tar:
        tar.extractall(name, filter="data")
        (root,) = Path(name).iterdir()
        with _opened(root) as opened:
            yield opened
