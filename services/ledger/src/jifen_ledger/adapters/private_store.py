"""The table of private parts in PostgreSQL: filled from the stream, emptied by erasures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_ledger.adapters.erasing import ALL_IDS, ERASE_PRIVATE_PARTS, SCHEME
from jifen_ledger.adapters.evidence_uses import files_of_persons_alone
from jifen_ledger.adapters.people_tables import erasure
from jifen_ledger.adapters.private_tables import left_file, private_head, private_part
from jifen_ledger.adapters.register_tables import joined
from jifen_ledger.adapters.use_tables import private_use
from jifen_ledger.application.copy_private import Erasures, Position, Unused
from jifen_ledger.application.private_part import PrivatePart
from jifen_ledger.application.stopped import Overtaken, Unavailable

UNUSED_KEPT_DAYS = 1

PERSONS = sa.bindparam("persons", type_=ARRAY(sa.Text))

# A head is made once; that it is there already hides nothing.
BEGIN_HEAD = insert(private_head).values(seq=0, erased_seq=0).on_conflict_do_nothing()
HEAD = sa.select(private_head.c.seq, private_head.c.erased_seq).where(
    private_head.c.scheme == SCHEME
)
MOVE_HEAD = (
    sa.update(private_head)
    .where(
        private_head.c.scheme == sa.bindparam("of_scheme"),
        private_head.c.seq == sa.bindparam("from_seq"),
        private_head.c.erased_seq == sa.bindparam("from_erased_seq"),
    )
    .values(seq=sa.bindparam("to_seq"), erased_seq=sa.bindparam("to_erased_seq"))
)
_stored = insert(private_part)
# The key is the hash of the content: a part that is there already is this one, read again from a
# stream that was restored or refilled, where its message has another number.
STORE = _stored.on_conflict_do_update(
    index_elements=[private_part.c.scheme, private_part.c.privatehash],
    set_={"stream_seq": _stored.excluded.stream_seq},
)
ORDERED = sa.select(sa.func.max(erasure.c.seq), sa.func.array_agg(erasure.c.member)).where(
    erasure.c.scheme == SCHEME, erasure.c.seq > sa.bindparam("after_seq", type_=sa.BigInteger)
)
# A crash between both messages leaves a part without event, and a resend brings one of its own.
UNUSED = sa.select(private_part.c.privatehash, private_part.c.stream_seq).where(
    private_part.c.scheme == SCHEME,
    private_part.c.stored_at < sa.func.now() - sa.text(f"interval '{UNUSED_KEPT_DAYS} day'"),
    ~sa.exists().where(
        private_use.c.scheme == private_part.c.scheme,
        private_use.c.privatehash == private_part.c.privatehash,
    ),
)
FORGET_PARTS = sa.delete(private_part).where(
    private_part.c.scheme == SCHEME,
    private_part.c.privatehash == sa.any_(sa.bindparam("hashes", type_=ARRAY(sa.Text))),
)
LEFT = sa.select(left_file.c.sha256).where(left_file.c.scheme == SCHEME)
FORGET_LEFT = sa.delete(left_file).where(
    left_file.c.scheme == SCHEME,
    left_file.c.sha256 == sa.any_(sa.bindparam("files", type_=ARRAY(sa.Text))),
)


def _erased_among() -> sa.Select[tuple[str]]:
    """Return the query for those who were erased, under their id or one they were joined into."""
    asked = sa.func.unnest(PERSONS).column_valued("asked")
    lives = sa.select(asked.label("person"), asked.label("id")).cte("lives", recursive=True)
    lives = lives.union(
        sa.select(lives.c.person, joined.c.survivor).where(
            joined.c.scheme == SCHEME, joined.c.closed == lives.c.id
        )
    )
    return (
        sa.select(lives.c.person)
        .where(erasure.c.scheme == SCHEME, erasure.c.member == lives.c.id)
        .distinct()
    )


ERASED_AMONG = _erased_among()


class PostgresPrivateParts:
    """One for all schemes."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine with a connection to spare for every scheme."""
        self._engine = engine

    async def position(self, scheme: str) -> Position:
        """Return how far the copy has come."""
        async with self._transaction() as connection:
            await connection.execute(BEGIN_HEAD, {"scheme": scheme})
            head = (await connection.execute(HEAD, {"scheme": scheme})).one()
            return Position(head.seq, head.erased_seq)

    async def erased(self, scheme: str, persons: Collection[str]) -> Collection[str]:
        """Return those who were erased, under this id or one they were joined into."""
        if not persons:
            return ()
        async with self._transaction() as connection:
            key = {"scheme": scheme, "persons": sorted(persons)}
            return [row.person for row in await connection.execute(ERASED_AMONG, key)]

    async def copy(
        self, scheme: str, position: Position, upto_seq: int, parts: Sequence[PrivatePart]
    ) -> None:
        """Store the parts and move the head."""
        async with self._transaction() as connection:
            await self._move(connection, scheme, position, position._replace(seq=upto_seq))
            if parts:
                await connection.execute(STORE, [{"scheme": scheme, **_row(one)} for one in parts])

    async def ordered(self, scheme: str, position: Position) -> Erasures | None:
        """Return the erasures ordered since the position, None where there are none."""
        async with self._transaction() as connection:
            head = (await connection.execute(HEAD, {"scheme": scheme})).one()
            if Position(head.seq, head.erased_seq) != position:
                # Another copy has come, or the orders are to be carried out once more.
                raise Overtaken(f"the private parts of {scheme} are no longer where they were")
            key = {"scheme": scheme, "after_seq": position.erased_seq}
            upto_seq, persons = (await connection.execute(ORDERED, key)).one()
            left = list((await connection.execute(LEFT, {"scheme": scheme})).scalars())
            if upto_seq is None and not left:
                return None
            found = await connection.execute(ALL_IDS, {"scheme": scheme, "persons": persons or []})
            ids = sorted(found.scalars())
            files = await files_of_persons_alone(connection, scheme, ids, left)
            return Erasures(upto_seq or position.erased_seq, ids, files, left)

    async def erase(self, scheme: str, position: Position, erasures: Erasures) -> None:
        """Delete the rows of these ids, and move the position behind the order."""
        async with self._transaction() as connection:
            done = position._replace(erased_seq=erasures.upto_seq)
            await self._move(connection, scheme, position, done)
            await connection.execute(FORGET_LEFT, {"scheme": scheme, "files": list(erasures.left)})
            key = {"scheme": scheme, "persons": list(erasures.ids)}
            await connection.execute(ERASE_PRIVATE_PARTS, key)

    async def unused(self, scheme: str) -> Sequence[Unused]:
        """Return the parts that were stored more than a day ago and that no event has."""
        async with self._transaction() as connection:
            rows = await connection.execute(UNUSED, {"scheme": scheme})
            return [Unused(row.privatehash, row.stream_seq) for row in rows]

    async def forget(self, scheme: str, parts: Sequence[Unused]) -> None:
        """Delete these parts."""
        async with self._transaction() as connection:
            hashes = [one.privatehash for one in parts]
            await connection.execute(FORGET_PARTS, {"scheme": scheme, "hashes": hashes})

    async def _move(
        self, connection: AsyncConnection, scheme: str, before: Position, after: Position
    ) -> None:
        moved = await connection.execute(
            MOVE_HEAD,
            {
                "of_scheme": scheme,
                "from_seq": before.seq,
                "from_erased_seq": before.erased_seq,
                "to_seq": after.seq,
                "to_erased_seq": after.erased_seq,
            },
        )
        if moved.rowcount != 1:
            raise Overtaken(f"another copy of the private parts of {scheme} moved the head")

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
            # The name alone, unlike elsewhere: the server's words may quote a private text.
            raise Unavailable(f"PostgreSQL: {type(error.__cause__ or error).__name__}") from None


def _row(part: PrivatePart) -> dict[str, Any]:
    return {
        "privatehash": part.privatehash,
        "person": part.person,
        "salt": part.salt,
        "private": part.private,
        "files": list(part.files),
        "stream_seq": part.stream_seq,
    }
