"""Brings a backup back: anchors and keys, files, private parts, events, and the database last.

Cut short anywhere, it leaves nothing that could go wrong: a scheme takes events only once its
stream is there, whole; a ledger without its rows makes the same ones again from the stream; and
with the anchor in its place it never signs less than it has signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jifen_contracts.subjects import stream_of
from jifen_ledger.adapters.anchor_files import ANCHOR, AnchorFiles
from jifen_ledger.adapters.backing_up.failed import BackupFailed
from jifen_ledger.adapters.backing_up.key_copies import copy_keys, key_files, refuse_if_there
from jifen_ledger.adapters.backing_up.manifest import (
    BLOCK_BYTES,
    Manifest,
    Stream,
    Table,
    check_files,
    read_manifest,
)
from jifen_ledger.adapters.backing_up.places import Places, Show
from jifen_ledger.adapters.backing_up.rows import (
    driver_of,
    fill_tables,
    refuse_unless_empty,
)
from jifen_ledger.adapters.backing_up.snapshots import Snapshots, snapshots_on
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.migrate import knows, upgrade
from jifen_ledger.application.log_halted import SigningHalted


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and of each scheme the size at which its anchor stands."""

    manifest: Manifest
    anchored: Mapping[str, int]

    @property
    def behind_anchor(self) -> list[str]:
        """Return the schemes whose backup ends before what was signed."""
        last = {stream.name: stream.last_seq for stream in self.manifest.streams}
        return [
            scheme
            for scheme, size in self.anchored.items()
            if last.get(stream_of(scheme), 0) < size
        ]


def checked_backup(backup: Path, show: Show) -> Manifest:
    """Return what the backup says, all of whose files are as they were written.

    Raises BackupUnsound.
    """
    manifest = read_manifest(backup)
    check_files(backup, manifest, show)
    return manifest


async def bring_back(
    places: Places, backup: Path, keys: Path | None, replicas: int | None, show: Show
) -> Restored:
    """Bring everything back, into servers and directories that are empty. Raises BackupFailed."""
    manifest = checked_backup(backup, show)
    if not knows(manifest.revision):
        raise BackupFailed(
            f"the backup has the tables of revision {manifest.revision}, which this version does"
            " not know; take the version that wrote it or a newer one"
        )
    own_keys = [] if keys is None else key_files(keys)
    refuse_if_there(own_keys, places.keys)
    engine = sync_engine(places.database_url)
    try:
        with engine.connect() as connection:
            refuse_unless_empty(driver_of(connection), manifest.revision)
    finally:
        engine.dispose()
    async with snapshots_on(places.nats_url, places.nats_user, places.nats_password) as snapshots:
        for stream in manifest.streams:
            await snapshots.refuse_if_used(stream.name)
        anchored = _bring_anchors(places.anchors, backup, manifest)
        copy_keys(own_keys, places.keys)
        await _bring_streams(snapshots, backup, manifest.streams, replicas, show)
    _bring_rows(places.database_url, backup, manifest, show)
    return Restored(manifest, anchored)


def _bring_anchors(target: Path, backup: Path, manifest: Manifest) -> dict[str, int]:
    """Bring each anchor back, unless one is there that was written later."""
    anchored: dict[str, int] = {}
    own, kept = AnchorFiles(target), AnchorFiles(backup / "anchors")
    try:
        for scheme in manifest.anchors:
            there, then = own.read_now(scheme), kept.read_now(scheme)
            if then is None:
                raise BackupFailed(f"{backup}: anchors/{scheme}.{ANCHOR} is not there")
            if there is None or there.size < then.size:
                own.write_now(scheme, then)
            anchored[scheme] = max(then.size, 0 if there is None else there.size)
    except SigningHalted as halted:
        raise BackupFailed(halted.detail) from None
    return anchored


async def _bring_streams(
    snapshots: Snapshots,
    backup: Path,
    streams: tuple[Stream, ...],
    replicas: int | None,
    show: Show,
) -> None:
    # Those of events last: with its own stream a scheme begins to take events.
    total, done = sum(stream.file.size for stream in streams), 0

    def blocks_of(stream: Stream) -> Iterator[bytes]:
        nonlocal done
        with (backup / stream.file.path).open("rb") as opened:
            while block := opened.read(BLOCK_BYTES // 4):
                yield block
                done += len(block)
                show(done, total, stream.name)

    for stream in reversed(streams):
        await snapshots.remove_if_unused(stream.name)
        await snapshots.bring_back(stream, blocks_of(stream), replicas)


def _bring_rows(url: str, backup: Path, manifest: Manifest, show: Show) -> None:
    upgrade(url, manifest.revision)
    total, done = sum(table.rows for table in manifest.tables), 0

    def filled(table: Table) -> None:
        nonlocal done
        done += table.rows
        show(done, total, table.name)

    engine = sync_engine(url)
    try:
        with engine.begin() as connection:
            fill_tables(driver_of(connection), manifest.tables, backup, filled)
    finally:
        engine.dispose()
    # Rows of an older version become those of this one.
    upgrade(url)
