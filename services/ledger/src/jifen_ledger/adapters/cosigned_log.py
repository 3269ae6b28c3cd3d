"""The stored logs as their witnesses are asked: the newest checkpoint, proofs, cosignatures."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.answering import transaction
from jifen_ledger.adapters.log_tables import log_checkpoint, log_cosignature
from jifen_ledger.adapters.publishing import publish
from jifen_ledger.adapters.stored_hashes import stored_hashes
from jifen_ledger.adapters.tables import log_head
from jifen_ledger.application.log_ports import Anchors
from jifen_ledger.application.witness import LastCosigned, Newest, Quorum
from jifen_ledger.log.checkpoint import Cosigned
from jifen_ledger.log.keys import VerifierKey
from jifen_ledger.log.ranges import consistency_ranges, range_hashes, spans_of

SCHEME = sa.bindparam("scheme", type_=sa.Text)
NEWEST = (
    sa.select(log_checkpoint.c.size, log_checkpoint.c.note, log_head.c.last_recorded_at)
    .join_from(log_checkpoint, log_head, log_head.c.scheme == log_checkpoint.c.scheme)
    .where(log_checkpoint.c.scheme == SCHEME)
    .order_by(log_checkpoint.c.size.desc())
    .limit(1)
)
LAST = (
    sa.select(log_cosignature.c.size, log_cosignature.c.cosigned_at)
    .where(
        log_cosignature.c.scheme == SCHEME,
        log_cosignature.c.key_name == sa.bindparam("name", type_=sa.Text),
        log_cosignature.c.key_id == sa.bindparam("id", type_=sa.LargeBinary),
    )
    .order_by(log_cosignature.c.size.desc(), log_cosignature.c.cosigned_at.desc())
    .limit(1)
)
# The same key, time and text have the same line: there is nothing that this could hide.
ADD = insert(log_cosignature).on_conflict_do_nothing()


class PostgresCosignedLog:
    """One for all schemes and witnesses."""

    def __init__(self, engine: AsyncEngine, quorum: Quorum, anchors: Anchors) -> None:
        """Take an engine, what makes a checkpoint public, and where that is known besides."""
        self._engine = engine
        self._quorum = quorum
        self._anchors = anchors

    async def newest(self, scheme: str) -> Newest | None:
        """Return the newest checkpoint."""
        async with transaction(self._engine) as connection:
            row = (await connection.execute(NEWEST, {"scheme": scheme})).one_or_none()
        return None if row is None else Newest(*row)

    async def last_cosigned(self, scheme: str, key: VerifierKey) -> LastCosigned | None:
        """Return what the witness has cosigned last."""
        asked = {"scheme": scheme, "name": key.name, "id": key.key_id}
        async with transaction(self._engine) as connection:
            row = (await connection.execute(LAST, asked)).one_or_none()
        return None if row is None else LastCosigned(*row)

    async def consistency(self, scheme: str, old: int, size: int) -> Sequence[bytes]:
        """Return the proof that the tree of the size begins with the old one."""
        ranges = consistency_ranges(old, size)
        async with transaction(self._engine) as connection:
            return range_hashes(ranges, await stored_hashes(connection, scheme, spans_of(ranges)))

    async def keep(self, scheme: str, size: int, cosigned: Cosigned) -> None:
        """Add a verified cosignature, and publish the size if that makes its quorum."""
        row = {
            "scheme": scheme,
            "size": size,
            "key_name": cosigned.key.name,
            "key_id": cosigned.key.key_id,
            "cosigned_at": cosigned.time_s,
            "line": cosigned.line.text,
        }
        async with transaction(self._engine) as connection:
            await connection.execute(ADD, row)
        # Counted after the commit: of two witnesses at once, neither would see the other's line.
        async with transaction(self._engine) as connection:
            shown = await publish(connection, scheme, self._quorum, size)
            if shown is not None:
                # Before anybody is shown it: an older copy of the database forgets it.
                await self._anchors.show(scheme, shown)
