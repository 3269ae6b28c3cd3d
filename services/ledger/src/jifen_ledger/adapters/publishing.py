"""What anybody is shown of a log: the largest checkpoint that has its quorum of cosignatures."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.log_tables import log_checkpoint, log_cosignature, log_published
from jifen_ledger.application.witness import Quorum

_SCHEME = sa.bindparam("scheme", type_=sa.Text)
# None: any size.
_SIZE = sa.bindparam("size", type_=sa.BigInteger)
_KEY = log_cosignature.c.key_name + "+" + sa.func.encode(log_cosignature.c.key_id, "hex")


def _published(sizes: sa.Select[Any]) -> sa.Executable:
    statement = insert(log_published).from_select(["scheme", "size"], sizes)
    only_grows = statement.on_conflict_do_update(
        index_elements=[log_published.c.scheme],
        set_={"size": statement.excluded.size},
        # Never back to a smaller size, also where the quorum has become a larger one.
        where=log_published.c.size < statement.excluded.size,
    )
    return only_grows.returning(log_published.c.size)


SIGNED = _published(
    sa.select(_SCHEME, log_checkpoint.c.size)
    .where(log_checkpoint.c.scheme == _SCHEME, _SIZE.is_(None) | (log_checkpoint.c.size == _SIZE))
    .order_by(log_checkpoint.c.size.desc())
    .limit(1)
)
COSIGNED = _published(
    sa.select(_SCHEME, log_cosignature.c.size)
    .where(
        log_cosignature.c.scheme == _SCHEME,
        _SIZE.is_(None) | (log_cosignature.c.size == _SIZE),
        sa.any_(sa.bindparam("keys", type_=ARRAY(sa.Text))) == _KEY,
    )
    .group_by(log_cosignature.c.size)
    .having(sa.func.count(sa.distinct(_KEY)) >= sa.bindparam("quorum", type_=sa.Integer))
    .order_by(log_cosignature.c.size.desc())
    .limit(1)
)


async def publish(
    connection: AsyncConnection, scheme: str, quorum: Quorum, size: int | None = None
) -> int | None:
    """Publish the size, or the largest one there is, if it has its quorum and is a larger one.

    Return what is published thereby.
    """
    if quorum.number == 0:
        found = await connection.execute(SIGNED, {"scheme": scheme, "size": size})
        return found.scalar_one_or_none()
    keys = [f"{key.name}+{key.key_id.hex()}" for key in quorum.keys]
    asked = {"scheme": scheme, "size": size, "keys": keys, "quorum": quorum.number}
    return (await connection.execute(COSIGNED, asked)).scalar_one_or_none()
