"""Writes a batch: the head moves from the size that was read, or nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters import register_rows as register
from jifen_ledger.adapters import register_tables, tables
from jifen_ledger.adapters.claim_rows import Row, claim_row, figures_row, past_rows, step_row
from jifen_ledger.adapters.copying import Copy, Driver, copy_into, copy_rows, driver_of
from jifen_ledger.adapters.erasing import erase_persons
from jifen_ledger.adapters.kept_writer import write_kept
from jifen_ledger.adapters.moving_head import move_head
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.placing import place_holders
from jifen_ledger.adapters.staging import (
    CHANGED_CLAIMS,
    CHANGED_FIGURES,
    CHANGED_TALLIES,
    MOVED_BALANCES,
)
from jifen_ledger.adapters.use_tables import evidence_use, file_use, private_use
from jifen_ledger.application.ports import Batch
from jifen_ledger.domain.changes import Changed, Changes
from jifen_ledger.domain.outcome import Record
from jifen_ledger.log.tree import Growth

_closed = sa.func.unnest(
    sa.bindparam("assignments", type_=ARRAY(sa.Text)),
    sa.bindparam("seqs", type_=ARRAY(sa.BigInteger)),
).table_valued(sa.column("assignment", sa.Text), sa.column("seq", sa.BigInteger), name="closed")
_closed = _closed.render_derived()
CLOSE_ASSIGNMENTS = (
    sa.update(register_tables.assignment)
    .where(
        register_tables.assignment.c.scheme == sa.bindparam("of_scheme"),
        register_tables.assignment.c.assignment == _closed.c.assignment,
        register_tables.assignment.c.until_seq.is_(None),
    )
    .values(until_seq=_closed.c.seq)
)

# The server looks at its tables once a minute; a ledger that fills in less would be planned for as
# if it were empty. So they are looked at whenever a scheme has doubled, from 1,024 records on.
SMALL_BITS = 10
# A small sample tells small from large; the server takes its own in its time.
SMALL_SAMPLE = sa.text("SET LOCAL default_statistics_target = 10")
ANALYZE = sa.text("ANALYZE assignment, claim, figures, place, score_count, standing")

RECORDS = copy_into(tables.record)
RAW = copy_into(tables.record_raw)
POSTINGS = copy_into(tables.posting)
STEPS = copy_into(tables.claim_step, encoded=True)
PAST = copy_into(claim_past, encoded=True)
STATED = copy_into(tables.stated_deed)
EVIDENCE = copy_into(evidence_use)
FILES = copy_into(file_use)
PRIVATE = copy_into(private_use)
VERSIONS = copy_into(register_tables.scheme_version)
UNITS = copy_into(register_tables.unit_state)
STANDINGS = copy_into(register_tables.standing)
ASSIGNMENTS = copy_into(register_tables.assignment)
DEPARTURES = copy_into(register_tables.departure)
JOINS = copy_into(register_tables.joined)
PANELS = copy_into(register_tables.panel)
SPLITS = copy_into(register_tables.split)


async def write(connection: AsyncConnection, batch: Batch, growth: Growth, generation: int) -> None:
    """Write the batch in the connection's transaction. Raises Overtaken."""
    scheme = batch.scheme
    await move_head(connection, batch, growth, generation)
    driver = await driver_of(connection)
    await copy_rows(driver, RECORDS, record_rows(scheme, batch.records, growth.leaves))
    await copy_rows_if_any(driver, RAW, list(_raw_rows(scheme, batch)))
    await write_made(connection, driver, batch)


async def write_made(connection: AsyncConnection, driver: Driver, batch: Batch) -> None:
    """Write what the records make of the tables: all but the records themselves."""
    scheme, changes = batch.scheme, batch.changed.rows
    await copy_rows_if_any(driver, POSTINGS, list(_posting_rows(scheme, batch.records)))
    if changes.assignments:
        await _close_assignments(connection, scheme, changes)
    for target, rows in _register_rows(scheme, changes):
        await copy_rows_if_any(driver, target, rows)
    await copy_rows_if_any(driver, STEPS, [step_row(scheme, step) for step in changes.steps])
    await copy_rows_if_any(driver, PAST, past_rows(scheme, changes.past))
    await write_kept(connection, driver, scheme, changes.kept)
    erased = [one.row.member for one in changes.kept if one.register == "erasures"]
    if erased:
        await erase_persons(connection, scheme, erased)
    await _write_balances(connection, driver, scheme, batch.records)
    await _write_claims(connection, driver, scheme, batch.changed)
    await _write_figures(connection, driver, scheme, batch.changed)
    await place_holders(connection, scheme, batch.changed)
    tallies = [(scheme, *key, *tally) for key, tally in batch.changed.tallies]
    await CHANGED_TALLIES.merge(connection, driver, tallies)
    if batch.to_size.bit_length() > max(batch.from_size.bit_length(), SMALL_BITS):
        await connection.execute(SMALL_SAMPLE)
        await connection.execute(ANALYZE)


async def copy_rows_if_any(driver: Driver, target: Copy, rows: Sequence[Row]) -> None:
    """Write the rows; without any, the round trip is saved."""
    if rows:
        await copy_rows(driver, target, rows)


def record_rows(scheme: str, records: Iterable[Record], leaves: Iterable[bytes]) -> Iterator[Row]:
    """Return the journal's rows of records, each with its leaf hash."""
    return map(partial(_record_row, scheme), records, leaves)


def _record_row(scheme: str, record: Record, leaf: bytes) -> Row:
    envelope = record.envelope
    first = envelope if record.first else None
    return (
        scheme,
        record.seq,
        record.bytes,
        record.recorded_at,
        first.source if first else None,
        first.id if first else None,
        first.content if first else None,
        envelope.type if envelope else None,
        envelope.subject if envelope else None,
        record.outcome.status.value,
        record.outcome.code.value if record.outcome.code else None,
        record.claim or None,
        leaf,
    )


def _raw_rows(scheme: str, batch: Batch) -> Iterator[Row]:
    for record, subject in zip(batch.records, batch.subjects, strict=True):
        if record.payload is not None:
            yield scheme, record.seq, subject, record.payload


def _posting_rows(scheme: str, records: Iterable[Record]) -> Iterator[Row]:
    for record in records:
        for ordinal, posting in enumerate(record.postings):
            yield (
                scheme,
                record.seq,
                ordinal,
                posting.account,
                posting.delta,
                posting.item or None,
                posting.quarter or None,
                posting.kind or None,
                posting.booked or None,
                record.claim or None,
            )


def _register_rows(scheme: str, changes: Changes) -> tuple[tuple[Copy, list[Row]], ...]:
    return (
        (VERSIONS, [register.version_row(scheme, one) for one in changes.versions]),
        (UNITS, [register.unit_row(scheme, unit, one) for unit, one in changes.units]),
        (
            STANDINGS,
            [register.standing_row(scheme, member, one) for member, one in changes.standings],
        ),
        (ASSIGNMENTS, register.assignment_rows(scheme, changes.assignments)),
        (DEPARTURES, [register.departure_row(scheme, one) for one in changes.departures]),
        (JOINS, [register.joined_row(scheme, one) for one in changes.joins]),
        (PANELS, [register.panel_row(scheme, one) for one in changes.panels]),
        (SPLITS, [register.split_row(scheme, one) for one in changes.splits]),
        (
            STATED,
            [(scheme, one.seq, one.holder, one.item, one.deed, one.day) for one in changes.stated],
        ),
        (EVIDENCE, [(scheme, one.sha256, one.seq, one.deed) for one in changes.evidence]),
        (FILES, [(scheme, one.sha256, one.seq) for one in changes.files]),
        (PRIVATE, [(scheme, one.privatehash, one.seq) for one in changes.private]),
    )


async def _close_assignments(connection: AsyncConnection, scheme: str, changes: Changes) -> None:
    ends = register.first_seqs(changes.assignments)
    parameters = {"assignments": list(ends), "seqs": list(ends.values())}
    await connection.execute(CLOSE_ASSIGNMENTS, {"of_scheme": scheme, **parameters})


async def _write_balances(
    connection: AsyncConnection, driver: Driver, scheme: str, records: Iterable[Record]
) -> None:
    moved: dict[str, int] = {}
    for record in records:
        for posting in record.postings:
            moved[posting.account] = moved.get(posting.account, 0) + posting.delta
    rows = [(scheme, account, tenths) for account, tenths in moved.items()]
    await MOVED_BALANCES.merge(connection, driver, rows)


async def _write_claims(
    connection: AsyncConnection, driver: Driver, scheme: str, changed: Changed
) -> None:
    rows = [claim_row(scheme, claim, changed.versions) for claim in changed.claims]
    await CHANGED_CLAIMS.merge(connection, driver, rows)


async def _write_figures(
    connection: AsyncConnection, driver: Driver, scheme: str, changed: Changed
) -> None:
    rows = [figures_row(scheme, key, figures) for key, figures in changed.figures]
    await CHANGED_FIGURES.merge(connection, driver, rows)
