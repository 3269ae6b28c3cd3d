"""Exports a log as files in the layout of its HTTP paths: checkpoint, tiles, entry bundles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import sqlalchemy as sa

from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.reads.log import CHECKPOINT, PUBLISHED
from jifen_ledger.application.queries.log import Published
from jifen_ledger.log.tiles import (
    TILE_WIDTH,
    Place,
    bundle_of,
    bundle_path,
    levels_at,
    places_at,
    tile_path,
)

ONE_VIEW = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
ENTRIES = """
SELECT bytes, leaf_hash FROM record WHERE scheme = %s AND seq <= %s ORDER BY seq
"""
NODES = """
SELECT hash FROM log_node WHERE scheme = %s AND tile_level = %s AND idx < %s ORDER BY idx
"""
# Rows that the driver holds at a time.
FETCHED = 4 * TILE_WIDTH


class ExportFailed(Exception):  # noqa: N818 - it says why
    """There is nothing to export, or something in its way."""


def export_log(url: str, scheme: str, directory: Path, size: int | None) -> int:
    """Write the log at a published size, the newest by default; return the size.

    The directory must not be there, or empty. The checkpoint is written last: an export that was
    cut short has none. Raises ExportFailed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise ExportFailed(f"{directory} is not empty")
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(ONE_VIEW)
            published = _published(connection, scheme, size)
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            _write_entries(driver, scheme, published.size, directory)
            for level in levels_at(published.size)[1:]:
                _write_nodes(driver, scheme, published.size, level, directory)
    finally:
        engine.dispose()
    (directory / "checkpoint").write_text(published.note, encoding="utf-8")
    return published.size


def _published(connection: sa.Connection, scheme: str, size: int | None) -> Published:
    found = connection.execute(PUBLISHED, {"scheme": scheme}).one_or_none()
    if found is not None and size is not None and size != found.size:
        by_size = {"scheme": scheme, "size": size}
        earlier = size < found.size
        found = connection.execute(CHECKPOINT, by_size).one_or_none() if earlier else None
    if found is None:
        of_size = "" if size is None else f" of size {size}"
        raise ExportFailed(f"no checkpoint of {scheme}{of_size} is published")
    return Published(*found)


def _write_entries(driver: psycopg.Connection, scheme: str, size: int, directory: Path) -> None:
    with driver.cursor("entries", binary=True) as cursor:
        cursor.itersize = FETCHED
        cursor.execute(ENTRIES, (scheme, size))
        rows = iter(cursor)
        for place in places_at(size):
            taken = _taken(rows, place)
            _write(directory / bundle_path(place), bundle_of(entry for entry, _ in taken))
            _write(directory / tile_path(0, place), b"".join(leaf for _, leaf in taken))


def _write_nodes(
    driver: psycopg.Connection, scheme: str, size: int, level: int, directory: Path
) -> None:
    with driver.cursor("nodes", binary=True) as cursor:
        cursor.itersize = FETCHED
        cursor.execute(NODES, (scheme, level, size >> (8 * level)))
        rows = iter(cursor)
        for place in places_at(size, level):
            taken = _taken(rows, place)
            _write(directory / tile_path(level, place), b"".join(hash_ for (hash_,) in taken))


def _taken(rows: Iterator[tuple[bytes, ...]], place: Place) -> list[tuple[bytes, ...]]:
    taken = [row for _, row in zip(range(place.width), rows, strict=False)]
    if len(taken) < place.width:
        raise ExportFailed(f"the log ends within {place.path}, before its checkpoint does")
    return taken


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
