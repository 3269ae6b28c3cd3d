"""How every scheme of a database stands: head, checkpoint, holder, what holds and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from jifen_contracts.codes import Code
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.log_tables import log_checkpoint, log_signed
from jifen_ledger.adapters.reads.ledger import SUMS
from jifen_ledger.adapters.tables import log_head, record
from jifen_ledger.adapters.trial_balance import UNBALANCED
from jifen_ledger.adapters.worker_tables import lease, rebuild
from jifen_ledger.application.log_status import UNPUBLISHED_MAX_MS
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.tree import Tree

# What a ledger that works as it should never has: somebody went past ingest, or ids were reused.
ALARMS: Final = (Code.CONFLICTING_DUPLICATE, Code.MALFORMED, Code.TOO_LARGE)
LAST_ALARMS: Final = 3

ONE_VIEW = sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
SCHEME = sa.bindparam("scheme", type_=sa.Text)
NOW = sa.func.clock_timestamp()
_newest = (
    sa.select(
        log_checkpoint.c.scheme,
        sa.func.max(log_checkpoint.c.size).label("size"),
        sa.func.max(log_checkpoint.c.created_at).label("created_at"),
    )
    .group_by(log_checkpoint.c.scheme)
    .subquery("newest")
)
_last = (
    sa.select(sa.func.max(record.c.seq)).where(record.c.scheme == log_head.c.scheme)
).scalar_subquery()
_first_unsigned = (
    sa.select(record.c.recorded_at).where(
        record.c.scheme == log_head.c.scheme,
        record.c.seq == sa.func.coalesce(_newest.c.size, 0) + 1,
    )
).scalar_subquery()
HEADS = (
    sa.select(
        log_head,
        sa.func.coalesce(_last, 0).label("last_record"),
        sa.case((lease.c.expires_at > NOW, lease.c.worker)).label("worker"),
        lease.c.stream_last,
        lease.c.trouble,
        rebuild.c.role,
        rebuild.c.size.label("rebuilt"),
        _newest.c.size.label("signed"),
        _newest.c.created_at,
        NOW.label("now"),
        _first_unsigned.label("unsigned_since"),
        log_signed.c.size.label("tree_size"),
        log_signed.c.root.label("tree_root"),
    )
    .select_from(
        log_head.outerjoin(lease, lease.c.scheme == log_head.c.scheme)
        .outerjoin(rebuild, rebuild.c.scheme == log_head.c.scheme)
        .outerjoin(_newest, _newest.c.scheme == log_head.c.scheme)
        .outerjoin(log_signed, log_signed.c.scheme == log_head.c.scheme)
    )
    .order_by(log_head.c.scheme)
)
REFUSED = (
    sa.select(record.c.code, sa.func.count().label("number"))
    .where(record.c.scheme == SCHEME, record.c.status == "refused")
    .group_by(record.c.code)
)
ALARMED = (
    sa.select(record.c.seq, record.c.code, record.c.recorded_at)
    .where(record.c.scheme == SCHEME, record.c.status == "refused", record.c.code.in_(ALARMS))
    .order_by(record.c.seq.desc())
    .limit(LAST_ALARMS)
)
COUNTED = sa.select(sa.func.count()).select_from(record).where(record.c.scheme == SCHEME)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A record that should not be there."""

    seq: int
    code: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One scheme; `broken` and `wrong` are sentences for people, none where all is well."""

    scheme: str
    records: int
    last_recorded_at: str
    root: str
    signed: int | None
    signed_at: str | None
    worker: str | None
    stream_last: int | None
    trouble: str
    # The generation beside the live one: what it is, and how many records it has.
    beside: str | None
    rebuilt: int | None
    refused: Mapping[str, int]
    alarms: Sequence[Alarm]
    checked: Sequence[str]
    broken: Sequence[str]
    wrong: Sequence[str]

    @property
    def behind(self) -> int:
        """Return how many messages of the stream have no record yet, as the holder told."""
        return max(0, (self.stream_last or 0) - self.records)

    @property
    def unsigned(self) -> int:
        """Return how many records no checkpoint covers."""
        return self.records - (self.signed or 0)

    @property
    def well(self) -> bool:
        """Tell whether nothing has to be done."""
        return not self.broken and not self.wrong

    def as_object(self) -> dict[str, Any]:
        """Return everything, for programs."""
        more = {"behind": self.behind, "unsigned": self.unsigned, "well": self.well}
        return {**asdict(self), **more}


def standings(url: str, scheme: str | None, *, every_row: bool) -> list[Standing]:
    """Return how the schemes stand, or the one that is named; `every_row` looks at all rows."""
    engine = sync_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(ONE_VIEW)
            return [
                _standing(connection, row, every_row=every_row)
                for row in connection.execute(HEADS).all()
                if scheme in (None, row.scheme)
            ]
    finally:
        engine.dispose()


def _standing(connection: sa.Connection, row: sa.Row[Any], *, every_row: bool) -> Standing:
    key = {"scheme": row.scheme}
    tree = Tree.of(row.size, bytes(row.peaks))
    checked, broken = _invariants(connection, row, tree, every_row=every_row)
    return Standing(
        scheme=row.scheme,
        records=row.size,
        last_recorded_at=row.last_recorded_at,
        root=encoded(tree.root),
        signed=row.signed,
        signed_at=None if row.created_at is None else row.created_at.isoformat("T", "seconds"),
        worker=row.worker,
        stream_last=row.stream_last,
        trouble=row.trouble or "",
        beside=row.role,
        rebuilt=row.rebuilt,
        refused={one.code: one.number for one in connection.execute(REFUSED, key)},
        alarms=[Alarm(*one) for one in connection.execute(ALARMED, key)],
        checked=checked,
        broken=broken,
        wrong=_wrong(row),
    )


def _invariants(
    connection: sa.Connection, row: sa.Row[Any], tree: Tree, *, every_row: bool
) -> tuple[list[str], list[str]]:
    """Return what was looked at, and what does not hold."""
    key = {"scheme": row.scheme}
    sums: Counter[str] = Counter()
    for unit, _, tenths in connection.execute(SUMS, key):
        sums[unit] += tenths
    found = {
        "the last record is the head's": row.last_record == row.size,
        "each unit adds up to zero": not any(sums.values()),
        "the tree is the one that was signed": row.tree_size != tree.size
        or bytes(row.tree_root) == tree.root,
    }
    if every_row:
        number = connection.execute(COUNTED, key).scalar_one()
        unbalanced = connection.execute(UNBALANCED, key).first()
        found["every number has its record"] = number == row.size
        found["every balance is the sum of its postings"] = unbalanced is None
    return list(found), [f"not true: {text}" for text, holds in found.items() if not holds]


def _wrong(row: sa.Row[Any]) -> list[str]:
    wrong = []
    if row.worker is None:
        wrong.append("no ledger works on it")
    elif row.trouble:
        wrong.append(row.trouble)
    if row.worker is not None and row.unsigned_since is not None:
        waited = row.now - datetime.fromisoformat(row.unsigned_since)
        if waited >= timedelta(milliseconds=UNPUBLISHED_MAX_MS):
            unsigned = row.size - (row.signed or 0)
            wrong.append(f"{unsigned} records wait for a signature since {row.unsigned_since}")
    return wrong
