"""Who uses which file: claims by their evidence, other events and private parts by its hash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from jifen_contracts.private_parts import person_of
from jifen_ledger.adapters.erasing import ALL_IDS
from jifen_ledger.adapters.people_tables import erasure
from jifen_ledger.adapters.private_tables import NAMES_FILES, private_part
from jifen_ledger.adapters.register_tables import unit_state
from jifen_ledger.adapters.tables import record
from jifen_ledger.adapters.use_tables import evidence_use, file_use, private_use

ORDER = "jifen.person.erased.v1"
NOBODY = ""

SCHEME = sa.bindparam("scheme", type_=sa.Text)
FILES = sa.bindparam("files", type_=ARRAY(sa.Text))
IDS = sa.bindparam("ids", type_=ARRAY(sa.Text))
MARKS = sa.bindparam("marks", type_=ARRAY(sa.LargeBinary))


class _Use(NamedTuple):
    sha256: str
    person: str


# A record names a file once or, as evidence for several deeds, more often: one use all the same.
USES = (
    sa.select(evidence_use.c.scheme, evidence_use.c.sha256, evidence_use.c.seq)
    .where(evidence_use.c.scheme == SCHEME)
    .union(
        sa.select(file_use.c.scheme, file_use.c.sha256, file_use.c.seq).where(
            file_use.c.scheme == SCHEME
        )
    )
    .subquery("uses")
)
USING = sa.select(USES.c.sha256, record.c.type, record.c.subject, record.c.bytes).join_from(
    USES, record, sa.and_(record.c.scheme == USES.c.scheme, record.c.seq == USES.c.seq)
)
USERS_OF = USING.where(USES.c.sha256 == sa.any_(FILES))
PRIVATE_USERS_OF = sa.select(
    sa.func.unnest(private_part.c.files).label("sha256"), private_part.c.person
).where(private_part.c.scheme == SCHEME, private_part.c.files.overlap(FILES), NAMES_FILES)
_UNITS = sa.select(unit_state.c.unit).where(unit_state.c.scheme == SCHEME)
_marks = (
    sa.func.unnest(MARKS)
    .table_valued(sa.column("mark", sa.LargeBinary), name="marks")
    .render_derived()
)
# Of a unit's event the person is `by`, which only its bytes tell.
_SAID = sa.exists(
    sa.select(_marks.c.mark).where(
        sa.func.pg_catalog.position(record.c.bytes, _marks.c.mark, type_=sa.Integer) > 0
    )
)
USED_BY = (
    USING.with_only_columns(USES.c.sha256)
    .where(
        sa.or_(
            record.c.subject == sa.any_(IDS),
            sa.and_(record.c.subject.in_(_UNITS), _SAID),
        )
    )
    .distinct()
)

_private = sa.select(
    private_part.c.scheme,
    private_part.c.privatehash,
    sa.func.unnest(private_part.c.files).label("sha256"),
)
_private_files = _private.where(private_part.c.scheme == SCHEME, NAMES_FILES).subquery(
    "private_files"
)
_ALL_USES = sa.union(
    sa.select(USES.c.scheme, USES.c.sha256, USES.c.seq),
    sa.select(_private_files.c.scheme, _private_files.c.sha256, private_use.c.seq).join(
        private_use,
        sa.and_(
            private_use.c.scheme == _private_files.c.scheme,
            private_use.c.privatehash == _private_files.c.privatehash,
        ),
    ),
).subquery("all_uses")
LAST_USES = (
    sa.select(_ALL_USES.c.sha256, sa.func.max(record.c.recorded_at).label("recorded_at"))
    .join(record, sa.and_(record.c.scheme == _ALL_USES.c.scheme, record.c.seq == _ALL_USES.c.seq))
    .where(_ALL_USES.c.sha256 == sa.any_(FILES))
    .group_by(_ALL_USES.c.sha256)
)
ERASED = sa.select(erasure.c.member).where(erasure.c.scheme == SCHEME).distinct()


class PostgresFileUses:
    """What the ledger knows of files, for a command that runs once."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an engine."""
        self._engine = engine

    async def last_uses(self, scheme: str, files: Collection[str]) -> Mapping[str, datetime]:
        """Return when the last event that names each file was recorded."""
        async with self._engine.connect() as connection:
            key = {"scheme": scheme, "files": list(files)}
            rows = await connection.execute(LAST_USES, key)
            return {row.sha256: datetime.fromisoformat(row.recorded_at) for row in rows}

    async def of_erased_alone(self, scheme: str) -> Collection[str]:
        """Return the files that only persons use who were erased."""
        async with self._engine.connect() as connection:
            key = {"scheme": scheme}
            persons = [row.member for row in await connection.execute(ERASED, key)]
            if not persons:
                return ()
            found = await connection.execute(ALL_IDS, {**key, "persons": persons})
            ids = [row.id for row in found]
            return await files_of_persons_alone(connection, scheme, ids, ())


async def files_of_persons_alone(
    connection: AsyncConnection, scheme: str, ids: Sequence[str], more: Collection[str]
) -> Sequence[str]:
    """Return the files that these persons' events use, and `more`, unless others use them."""
    marks = [b'"by":%b' % orjson.dumps(one) for one in ids]
    key = {"scheme": scheme, "ids": list(ids), "marks": marks}
    found = {*more, *(await connection.execute(USED_BY, key)).scalars()}
    if not found:
        return ()
    of_others = {
        use.sha256
        for use in await _uses_of(connection, scheme, sorted(found))
        if use.person not in ids
    }
    return sorted(found - of_others)


async def _uses_of(connection: AsyncConnection, scheme: str, files: Sequence[str]) -> list[_Use]:
    key = {"scheme": scheme, "files": list(files)}
    told = _told((await connection.execute(USERS_OF, key)).all())
    private = (await connection.execute(PRIVATE_USERS_OF, key)).all()
    return [*told, *(_Use(row.sha256, row.person) for row in private)]


def _told(rows: Iterable[Any]) -> list[_Use]:
    return [_Use(row.sha256, _person(row)) for row in rows]


def _person(row: Any) -> str:  # noqa: ANN401 - a row of USING
    # The order to erase a person must stay provable when the person is erased.
    if row.type == ORDER:
        return NOBODY
    return person_of(row.type, row.subject, orjson.loads(row.bytes)["event"]["data"])
