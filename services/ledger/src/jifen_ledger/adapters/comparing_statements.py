"""What is asked of both generations: `{schema}` has the tables of the second one."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from psycopg import sql

HEADS: Final = """
    SELECT log_head.size, log_head.peaks, rebuild.size, rebuild.peaks
    FROM log_head JOIN rebuild USING (scheme) WHERE scheme = {scheme}
"""
OTHERWISE: Final = """
    SELECT seq, record.bytes, now.bytes
    FROM {schema}.otherwise AS now JOIN record USING (seq)
    WHERE record.scheme = {scheme} ORDER BY seq
"""
_BOTH: Final = """
    (SELECT {columns} FROM {table} WHERE scheme = {scheme}) AS live
    FULL JOIN (SELECT {columns} FROM {second} WHERE scheme = {scheme}) AS second ON {on}
    WHERE live IS DISTINCT FROM second
"""
ROW_COUNTS: Final = f"""
    SELECT count(*) FILTER (WHERE live.scheme IS NOT NULL),
        count(*) FILTER (WHERE second.scheme IS NOT NULL)
    FROM {_BOTH}
"""  # noqa: S608 - our own words
FIRST_ROW: Final = f"""
    SELECT to_jsonb(live), to_jsonb(second) FROM {_BOTH} ORDER BY {{order}} LIMIT 1
"""  # noqa: S608 - our own words
BALANCES: Final = """
    WITH differing AS (
        SELECT account, live.tenths AS live, second.tenths AS second
        FROM (SELECT account, tenths FROM balance WHERE scheme = {scheme}) AS live
        FULL JOIN (SELECT account, tenths FROM {schema}.balance WHERE scheme = {scheme}) AS second
            USING (account)
        WHERE live.tenths IS DISTINCT FROM second.tenths
        ORDER BY account COLLATE "C" LIMIT {most}
    )
    SELECT account, live, second,
        (SELECT coalesce(sum(delta), 0)::bigint FROM posting
            WHERE scheme = {scheme} AND posting.account = differing.account),
        (SELECT coalesce(sum(delta), 0)::bigint FROM {schema}.posting AS posting
            WHERE scheme = {scheme} AND posting.account = differing.account)
    FROM differing ORDER BY account COLLATE "C"
"""
FIGURES: Final = """
    SELECT holder, capacity, quarter, to_jsonb(live), to_jsonb(second)
    FROM (SELECT * FROM figures WHERE scheme = {scheme}) AS live
    FULL JOIN (SELECT * FROM {schema}.figures WHERE scheme = {scheme}) AS second
        USING (holder, capacity, quarter)
    WHERE to_jsonb(live) IS DISTINCT FROM to_jsonb(second)
    ORDER BY holder COLLATE "C", quarter, capacity LIMIT {most}
"""
_RANKED: Final = """
    SELECT period, capacity, holder, score, unit,
        rank() OVER (PARTITION BY period, capacity ORDER BY score DESC)::integer AS place,
        rank() OVER (PARTITION BY period, capacity, unit ORDER BY score DESC)::integer AS within
    FROM {} WHERE scheme = {{scheme}}
"""
PLACES: Final = f"""
    WITH live AS ({_RANKED.format("place")}),
        second AS ({_RANKED.format("{schema}.place")})
    SELECT period, capacity, holder, live.score, live.unit, live.place, live.within,
        second.score, second.unit, second.place, second.within
    FROM live FULL JOIN second USING (period, capacity, holder)
    WHERE (live.score, live.unit, live.place, live.within)
        IS DISTINCT FROM (second.score, second.unit, second.place, second.within)
    ORDER BY holder COLLATE "C", period, capacity LIMIT {{most}}
"""  # noqa: S608 - our own words


def same_key(table: sa.Table) -> sql.Composed:
    """Return that a row of each generation has the same key."""
    return sql.SQL(" AND ").join(
        sql.SQL("live.{0} = second.{0}").format(sql.Identifier(column.name))
        for column in table.primary_key.columns
    )


def either_key(table: sa.Table) -> sql.Composed:
    """Return the order of the key of whichever row is there."""
    return sql.SQL(", ").join(
        sql.SQL("coalesce(live.{0}, second.{0}){1}").format(
            sql.Identifier(column.name),
            sql.SQL(' COLLATE "C"' if isinstance(column.type, sa.Text) else ""),
        )
        for column in table.primary_key.columns
    )
