"""Many small records written at once: a long log without the time that folding one takes."""

from collections.abc import Sequence
from hashlib import sha256

from jifen_contracts.codes import Code
from jifen_contracts.record import record_bytes_without_event
from jifen_ledger.adapters import writer
from jifen_ledger.adapters.copying import copy_rows, driver_of
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.journal import BEGIN_HEAD, HEAD
from jifen_ledger.adapters.moving_head import move_head
from jifen_ledger.application.ports import Batch
from jifen_ledger.domain.changes import Changed, Changes
from jifen_ledger.domain.outcome import Outcome, Record, Status
from jifen_ledger.domain.state import BEFORE_THE_FIRST
from jifen_ledger.log.tree import Tree, growth_by
from tests.support.people import SCHEME

MALFORMED = Outcome(Status.REFUSED, Code.MALFORMED)


async def write_records(url: str, size: int) -> None:
    """Write what the projection writes of messages that are no events, up to the size."""
    engine = async_engine(url, connections_max=1)
    try:
        async with engine.begin() as connection:
            begin = {"scheme": SCHEME, "size": 0, "last_recorded_at": BEFORE_THE_FIRST}
            await connection.execute(BEGIN_HEAD, begin)
            head = (await connection.execute(HEAD, {"scheme": SCHEME})).one()
            records = _records(head.size, size)
            if not records:
                return
            tree = Tree.of(head.size, head.peaks)
            growth = growth_by(tree, (record.bytes for record in records))
            changed = Changed(Changes(), (), (), (), (), {})
            batch = Batch(SCHEME, tree.size, records, [""] * len(records), None, changed)
            await move_head(connection, batch, growth, head.generation)
            rows = writer.record_rows(SCHEME, records, growth.leaves)
            await copy_rows(await driver_of(connection), writer.RECORDS, rows)
    finally:
        await engine.dispose()


def _records(after: int, upto: int) -> Sequence[Record]:
    said = MALFORMED.as_object()
    return [
        Record(
            seq=seq,
            recorded_at=BEFORE_THE_FIRST,
            bytes=record_bytes_without_event(
                sha256(b"%d" % seq).hexdigest(), said, BEFORE_THE_FIRST, seq
            ),
            outcome=MALFORMED,
            postings=(),
            envelope=None,
            first=False,
        )
        for seq in range(after + 1, upto + 1)
    ]
