"""Takes a backup: anchors, then the database, then events, private parts and files.

Each is taken after what is made from it. The anchor is written after the records that it covers,
the database follows the stream, and an event is sent after its private part and its files: so what
comes later in the backup always has what comes earlier, whatever is written meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of
from jifen_ledger.adapters.anchor_files import ANCHOR
from jifen_ledger.adapters.backing_up.failed import BackupFailed
from jifen_ledger.adapters.backing_up.key_copies import (
    copy_keys,
    key_files,
    refuse_if_there,
    refuse_unless_apart,
)
from jifen_ledger.adapters.backing_up.manifest import File, Manifest, Scheme, Stream, Table, written
from jifen_ledger.adapters.backing_up.places import Places, Show
from jifen_ledger.adapters.backing_up.rows import (
    Driver,
    heads_of,
    one_moment,
    revision_of,
    tables_of,
    write_table,
)
from jifen_ledger.adapters.backing_up.snapshots import Snapshots, snapshots_on
from jifen_ledger.adapters.durable_files import sync_directory


async def take_backup(places: Places, output: Path, keys: Path | None, show: Show) -> Manifest:
    """Write a backup into a new directory, and the keys into one apart. Raises BackupFailed."""
    draft = output.with_name(f"{output.name}.partial")
    for path in (output, draft):
        if path.exists():
            raise BackupFailed(f"{path} is there already; a backup writes over nothing")
    if keys is not None:
        refuse_unless_apart(keys, output)
        refuse_if_there(key_files(places.keys), keys)
    try:
        draft.mkdir(mode=0o700)
        manifest = await _write(places, draft, show)
        if keys is not None:
            copy_keys(key_files(places.keys), keys)
        # Only a whole backup ever has the name that was asked for.
        draft.rename(output)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError):
            raise BackupFailed(f"{error.filename or draft}: {error.strerror}") from None
        raise
    sync_directory(output.parent)
    return manifest


async def _write(places: Places, draft: Path, show: Show) -> Manifest:
    anchors = _copy_anchors(places.anchors, draft)
    with one_moment(places.database_url) as driver:
        revision, heads = _what_it_is(driver)
        tables = list(_write_tables(driver, draft, show))
    async with snapshots_on(places.nats_url, places.nats_user, places.nats_password) as snapshots:
        streams = await _take_streams(snapshots, heads, draft, show)
    manifest = Manifest(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        revision=revision,
        schemes=heads,
        anchors=anchors,
        tables=tuple(tables),
        streams=tuple(streams),
    )
    manifest.write(draft)
    return manifest


def streams_in_order(names: Iterable[str], schemes: Iterable[str]) -> list[str]:
    """Return the streams of the schemes, those of events first, as far as they are there."""
    there, ordered = set(names), sorted(schemes)
    kinds = (stream_of, private_stream_of, evidence_stream_of)
    return [name for kind in kinds for scheme in ordered if (name := kind(scheme)) in there]


def schemes_of(names: Iterable[str]) -> set[str]:
    """Return the schemes that have a stream of events."""
    # An id is lower case, so no scheme's stream looks like one of private parts.
    begins = stream_of("")
    return {
        name.removeprefix(begins)
        for name in names
        if name.startswith(begins) and name.removeprefix(begins).islower()
    }


def _copy_anchors(source: Path, draft: Path) -> dict[str, File]:
    copied = {}
    for path in sorted(source.glob(f"*.{ANCHOR}")):
        with written(draft, f"anchors/{path.name}") as (write, hashed):
            write(path.read_bytes())
        copied[path.stem] = hashed.file(f"anchors/{path.name}")
    return copied


def _what_it_is(driver: Driver) -> tuple[str, dict[str, Scheme]]:
    revision = revision_of(driver)
    if revision is None:
        raise BackupFailed("the database has no tables of a ledger")
    return revision, heads_of(driver)


def _write_tables(driver: Driver, draft: Path, show: Show) -> Iterator[Table]:
    names = tables_of(driver)
    for number, name in enumerate(names):
        show(number, len(names), name)
        yield write_table(driver, name, draft)


async def _take_streams(
    snapshots: Snapshots, heads: Mapping[str, Scheme], draft: Path, show: Show
) -> list[Stream]:
    names = await snapshots.names()
    taken: list[Stream] = []
    ordered = streams_in_order(names, {*schemes_of(names), *heads})
    for number, name in enumerate(ordered):
        show(number, len(ordered), name)
        with written(draft, f"streams/{name}.snapshot") as (write, hashed):
            config, state = await snapshots.take(name, write)
        file = hashed.file(f"streams/{name}.snapshot")
        taken.append(Stream(name=name, config=config, state=state, file=file))
    last = {stream.name: stream.last_seq for stream in taken}
    for scheme, head in heads.items():
        if last.get(stream_of(scheme), 0) < head.records:
            raise BackupFailed(
                f"{scheme}: the ledger has {head.records} records, its stream"
                f" {last.get(stream_of(scheme), 0)} messages; bring the stream back first"
            )
    return taken
