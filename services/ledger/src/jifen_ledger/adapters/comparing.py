"""Both generations of a scheme's tables at one moment: where their rows differ."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.comparing_statements import (
    BALANCES,
    FIGURES,
    FIRST_ROW,
    HEADS,
    OTHERWISE,
    PLACES,
    ROW_COUNTS,
    either_key,
    same_key,
)
from jifen_ledger.adapters.copying import Driver, driver_of
from jifen_ledger.adapters.digest import rows_of
from jifen_ledger.adapters.projected import MADE
from jifen_ledger.application.comparison import Comparison, Records, TableDifference, TreeHeads
from jifen_ledger.application.explain_differences import (
    BalanceRow,
    Found,
    Place,
    PlaceRow,
    ScoreRow,
    explained,
)
from jifen_ledger.application.otherwise import FirstOtherwise, Otherwise
from jifen_ledger.application.stopped import Overtaken
from jifen_ledger.log.encodings import encoded
from jifen_ledger.log.tree import Tree

# What is listed of differences of one kind; the tables' counts tell how many there are.
ROWS_MAX: Final = 10_000
HOLDERS_MAX: Final = 1_000
READ_RECORDS: Final = 1_000
COMPARED: Final = tuple(sorted(MADE, key=lambda table: table.name))
FIGURES_KEY: Final = frozenset({"scheme", "holder", "capacity", "quarter"})

_Row = dict[str, Any]


class Heads(NamedTuple):
    """How far both generations are, and the peaks of their trees."""

    live_size: int
    live_peaks: bytes
    second_size: int
    second_peaks: bytes


class PostgresView:
    """Compares on a connection whose transaction shows one moment."""

    def __init__(self, connection: AsyncConnection, scheme: str, schema: str) -> None:
        """Look at the live tables and at those of the schema."""
        self._connection = connection
        self._scheme = scheme
        self._schema = schema

    async def compare(self) -> Comparison:
        """Return where they differ. Raises Overtaken where they do not know the same."""
        driver = await driver_of(self._connection)
        heads = Heads(*(await self._all(driver, HEADS))[0])
        if heads.live_size != heads.second_size:
            raise Overtaken(f"the generations are at {heads.live_size} and {heads.second_size}")
        first = await self._otherwise(driver)
        tables = [await self._table(driver, table) for table in COMPARED]
        found = Found((), (), ())
        if not all(one.same for one in tables):
            found = await self._rows(driver)
        holders = explained(found, first)
        cut = any(len(rows) == ROWS_MAX for rows in found)
        return Comparison(
            self._scheme,
            TreeHeads(
                heads.live_size,
                *(
                    encoded(Tree.of(heads.live_size, peaks).root)
                    for peaks in (heads.live_peaks, heads.second_peaks)
                ),
            ),
            Records(first.number, first.first),
            tables,
            list(islice(holders, HOLDERS_MAX)),
            more=cut or len(holders) > HOLDERS_MAX,
        )

    async def _otherwise(self, driver: Driver) -> FirstOtherwise:
        """Return the records that came out otherwise, read a few at a time."""
        first = FirstOtherwise()
        async with driver.cursor("otherwise") as cursor:
            await cursor.execute(self._composed(OTHERWISE))
            while rows := await cursor.fetchmany(READ_RECORDS):
                for seq, recorded, now in rows:
                    first.take(Otherwise.of(seq, recorded, now))
        return first

    async def _table(self, driver: Driver, table: sa.Table) -> TableDifference:
        live, second = [
            await self._digest(driver, table, schema) for schema in (None, self._schema)
        ]
        if live == second:
            return TableDifference(table.name, live, second)
        names = [str(column.name) for column in table.primary_key.columns]
        parts = {
            "table": sql.Identifier(table.name),
            "second": sql.Identifier(self._schema, table.name),
            "columns": sql.SQL(", ").join(sql.Identifier(one.name) for one in table.columns),
            "on": same_key(table),
            "order": either_key(table),
        }
        [(live_only, second_only)] = await self._all(driver, ROW_COUNTS, **parts)
        [rows] = await self._all(driver, FIRST_ROW, **parts)
        first = _differing(names, *rows)
        return TableDifference(table.name, live, second, live_only, second_only, first)

    async def _digest(self, driver: Driver, table: sa.Table, schema: str | None) -> str:
        found = sha256()
        statement = rows_of(table, self._scheme, schema)
        async with driver.cursor() as cursor, cursor.copy(statement) as copy:
            async for block in copy:
                found.update(block)
        return found.hexdigest()

    async def _rows(self, driver: Driver) -> Found:
        return Found(
            [BalanceRow(*row) for row in await self._all(driver, BALANCES)],
            [_score(*row) for row in await self._all(driver, FIGURES)],
            [_place_row(*row) for row in await self._all(driver, PLACES)],
        )

    async def _all(self, driver: Driver, statement: str, **parts: sql.Composable) -> list[Any]:
        found = await driver.execute(self._composed(statement, **parts))
        return await found.fetchall()

    def _composed(self, statement: str, **parts: sql.Composable) -> sql.Composed:
        return sql.SQL(statement).format(
            scheme=sql.Literal(self._scheme),
            schema=sql.Identifier(self._schema),
            most=sql.Literal(ROWS_MAX),
            **parts,
        )


def _score(
    holder: str, capacity: str, quarter: str, live: _Row | None, second: _Row | None
) -> ScoreRow:
    return ScoreRow(holder, capacity, quarter, _columns(FIGURES_KEY, live, second))


def _place_row(period: str, capacity: str, holder: str, *sides: Any) -> PlaceRow:  # noqa: ANN401 - columns of two rows
    live, second = (None if side[0] is None else Place(*side) for side in (sides[:4], sides[4:]))
    return PlaceRow(period, capacity, holder, live, second)


def _columns(
    key: frozenset[str], live: _Row | None, second: _Row | None
) -> dict[str, tuple[object, object]]:
    """Return the columns in which two rows differ, with both values."""
    before, after = live or {}, second or {}
    return {
        name: (before.get(name), after.get(name))
        for name in (before or after)
        if name not in key and before.get(name) != after.get(name)
    }


def _differing(key: Sequence[str], live: _Row | None, second: _Row | None) -> _Row:
    row = live or second or {}
    return {
        "key": {name: row[name] for name in key if name != "scheme"},
        "columns": {
            name: list(values) for name, values in _columns(frozenset(key), live, second).items()
        },
    }
