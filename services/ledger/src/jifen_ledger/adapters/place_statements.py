"""What moves the places and the counts of scores: statements for a whole batch each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from jifen_ledger.adapters.place_tables import BUCKET
from jifen_ledger.adapters.tables import figures

FIGURES_OF = sa.select(figures.c.holder, figures.c.capacity, figures.c.quarter).where(
    figures.c.scheme == sa.bindparam("of_scheme"),
    figures.c.holder == sa.any_(sa.bindparam("holders", type_=ARRAY(sa.Text))),
)
STAGE = sa.text(
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS moved_place
        (period text, capacity text, holder text, last_day date, unit text, score integer)
        ON COMMIT DELETE ROWS
    """
)
# The last home of the part of a period that has one; a unit is its own.
_HOME = """
    LEFT JOIN LATERAL (
        SELECT assignment.unit FROM assignment
        WHERE assignment.scheme = :of_scheme AND assignment.member = asked.holder
            AND assignment.until_seq IS NULL AND assignment.role = 'member'
            AND assignment.from_day < asked.end_day
            AND coalesce(assignment.to_day, 'infinity')
                > greatest(assignment.from_day, asked.first_day)
        ORDER BY assignment.from_day DESC LIMIT 1
    ) AS home ON asked.capacity <> 'unit'
"""
# Active days as `domain/active_days.py` has them: in a home, in the capacity, with a standing that
# is scored, and not away.
_ACTIVE = """
    CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(daterange(from_day, to_day)) FILTER (
                WHERE role = 'member'), '{}') AS homes,
            coalesce(range_agg(daterange(from_day, to_day)) FILTER (
                WHERE role IN ('committee', 'secretary')), '{}') AS offices
        FROM assignment
        WHERE scheme = :of_scheme AND member = asked.holder AND until_seq IS NULL
    ) AS held
    CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(span) FILTER (
            WHERE standing IN ('full', 'probationary')), '{}') AS days
        FROM (
            SELECT standing, daterange(from_day, lead(from_day) OVER (
                ORDER BY from_day, seq)) AS span
            FROM standing WHERE scheme = :of_scheme AND member = asked.holder
        ) AS line
    ) AS scored
    CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(daterange(from_day, to_day)), '{}') AS days
        FROM absence
        WHERE scheme = :of_scheme AND member = asked.holder AND until_seq IS NULL
    ) AS away
    CROSS JOIN LATERAL (
        -- Worked out once, not wherever it is used.
        SELECT CASE asked.capacity
            WHEN 'member' THEN held.homes * scored.days - away.days
            WHEN 'committee' THEN held.homes * held.offices * scored.days - away.days
            ELSE (
                SELECT datemultirange(daterange(begins, greatest(begins, ends)))
                FROM (
                    SELECT min(from_day) AS begins,
                        coalesce((array_agg(to_day ORDER BY seq DESC))[1], 'infinity') AS ends
                    FROM unit_state WHERE scheme = :of_scheme AND unit = asked.holder
                ) AS states
            )
        END AS days OFFSET 0
    ) AS active
"""
_QUARTER_SCORE = """(
    SELECT figures.score FROM figures
    WHERE figures.scheme = :of_scheme AND figures.holder = asked.holder
        AND figures.capacity = asked.capacity AND figures.quarter = asked.period
)"""
# Half up, as `half_up` has it: whole numbers divide without a remainder here.
_YEAR_SCORE = """(
    SELECT div(2 * sum(score * days) + sum(days), 2 * sum(days))::integer
    FROM (
        SELECT figures.score, (
            SELECT sum(upper(span) - lower(span)) FROM unnest(active.days * datemultirange(
                daterange(quarter.begins, (quarter.begins + interval '3 months')::date)
            )) AS span
        ) AS days
        FROM figures CROSS JOIN LATERAL (
            SELECT (asked.first_day + make_interval(
                months => 3 * (right(figures.quarter, 1)::integer - 1)))::date AS begins
        ) AS quarter
        WHERE figures.scheme = :of_scheme AND figures.holder = asked.holder
            AND figures.capacity = asked.capacity AND figures.score IS NOT NULL
            AND figures.quarter BETWEEN asked.period || '-Q1' AND asked.period || '-Q4'
    ) AS scores WHERE days > 0
)"""


def _stage(score: str, joins: str) -> sa.TextClause:
    """Return the statement that notes what differs from the place there is.

    An absent score takes the place away.
    """
    statement = f"""
    WITH moved AS MATERIALIZED (
        SELECT asked.period, asked.capacity, asked.holder, asked.end_day - 1 AS last_day,
               CASE asked.capacity WHEN 'unit' THEN asked.holder ELSE home.unit END AS unit,
               {score} AS score
        FROM unnest(:holders, :capacities, :periods, :first_days, :end_days)
            AS asked (holder, capacity, period, first_day, end_day)
        {joins}
    )
    INSERT INTO moved_place
    SELECT moved.* FROM moved
    LEFT JOIN place ON place.scheme = :of_scheme AND place.period = moved.period
        AND place.capacity = moved.capacity AND place.holder = moved.holder
    WHERE (place.score, place.unit) IS DISTINCT FROM (moved.score, moved.unit)
        AND num_nulls(place.score, moved.score) < 2
    RETURNING holder, capacity, period
    """  # noqa: S608 - our own words
    return sa.text(statement).bindparams(
        sa.bindparam("of_scheme", type_=sa.Text),
        sa.bindparam("holders", type_=ARRAY(sa.Text)),
        sa.bindparam("capacities", type_=ARRAY(sa.Text)),
        sa.bindparam("periods", type_=ARRAY(sa.Text)),
        sa.bindparam("first_days", type_=ARRAY(sa.Date)),
        sa.bindparam("end_days", type_=ARRAY(sa.Date)),
    )


STAGE_QUARTERS = _stage(_QUARTER_SCORE, _HOME)
STAGE_YEARS = _stage(_YEAR_SCORE, _HOME + _ACTIVE)
# The units above each unit on the last day of its period, nearest first; the scheme comes last.
_ABOVE = """
    above AS (
        WITH RECURSIVE step (last_day, unit, scope) AS (
            SELECT last_day, unit, unit FROM homes WHERE unit IS NOT NULL
            UNION
            SELECT step.last_day, step.unit, coalesce(state.parent, :of_scheme)
            FROM step JOIN LATERAL (
                SELECT parent FROM unit_state
                WHERE scheme = :of_scheme AND unit_state.unit = step.scope
                ORDER BY from_day <= step.last_day DESC, seq DESC LIMIT 1
            ) AS state ON step.scope <> :of_scheme
        )
        SELECT * FROM step
    )
"""
# One statement: the places move, and every count moves by what that came to.
MOVE_PLACES = sa.text(
    f"""
    WITH moved AS (
        MERGE INTO place USING moved_place AS new
        ON place.scheme = :of_scheme AND place.period = new.period
            AND place.capacity = new.capacity AND place.holder = new.holder
        WHEN MATCHED AND new.score IS NULL THEN DELETE
        WHEN MATCHED THEN UPDATE SET unit = new.unit, score = new.score
        WHEN NOT MATCHED AND new.score IS NOT NULL THEN
            INSERT VALUES (:of_scheme, new.period, new.capacity, new.holder, new.unit, new.score)
        RETURNING new.period, new.capacity, new.last_day,
            old.unit AS old_unit, old.score AS old_score,
            place.unit AS new_unit, place.score AS new_score, merge_action() AS action
    ), changed AS (
        SELECT period, capacity, last_day, unit, score, sum(change) AS change
        FROM (
            SELECT period, capacity, last_day, old_unit AS unit, old_score AS score, -1 AS change
            FROM moved WHERE action <> 'INSERT'
            UNION ALL
            SELECT period, capacity, last_day, new_unit, new_score, 1
            FROM moved WHERE action <> 'DELETE'
        ) AS each GROUP BY period, capacity, last_day, unit, score HAVING sum(change) <> 0
    ), homes AS (SELECT DISTINCT last_day, unit FROM changed), {_ABOVE}, scoped AS (
        SELECT period, capacity, scope, score, change
        FROM changed JOIN above USING (last_day, unit)
        -- After a change of the tree all scopes are counted anew.
        WHERE :same_tree AND scope <> unit AND scope <> :of_scheme
        UNION ALL
        SELECT period, capacity, :of_scheme, score, change FROM changed
    ), counted AS (
        SELECT period, capacity, scope, width, score - score % width AS low, sum(change) AS change
        FROM scoped, (VALUES (1), ({BUCKET})) AS widths (width)
        GROUP BY period, capacity, scope, width, low HAVING sum(change) <> 0
    )
    MERGE INTO score_count USING counted
    ON score_count.scheme = :of_scheme AND score_count.period = counted.period
        AND score_count.capacity = counted.capacity AND score_count.scope = counted.scope
        AND score_count.width = counted.width AND score_count.low = counted.low
    WHEN MATCHED AND score_count.holders + counted.change = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET holders = score_count.holders + counted.change
    WHEN NOT MATCHED THEN INSERT VALUES (:of_scheme, counted.period, counted.capacity,
        counted.scope, counted.width, counted.low, counted.change)
    """  # noqa: S608 - our own words
).bindparams(sa.bindparam("of_scheme", type_=sa.Text), sa.bindparam("same_tree", type_=sa.Boolean))

# Registrations move units in the tree: the counts of the scopes above are made anew.
CLEAR_SCOPES = sa.text(
    """
    DELETE FROM score_count WHERE scheme = :of_scheme AND scope <> :of_scheme
        AND period = ANY(:periods)
    """
)
COUNT_SCOPES = sa.text(
    f"""
    WITH periods AS (
        SELECT * FROM unnest(:periods, :last_days) AS periods (period, last_day)
    ), changed AS (
        SELECT period, capacity, last_day, unit, score, count(*) AS change
        FROM place JOIN periods USING (period)
        WHERE scheme = :of_scheme AND unit IS NOT NULL
        GROUP BY period, capacity, last_day, unit, score
    ), homes AS (SELECT DISTINCT last_day, unit FROM changed), {_ABOVE}
    INSERT INTO score_count
    SELECT :of_scheme, period, capacity, scope, width, score - score % width, sum(change)
    FROM changed JOIN above USING (last_day, unit), (VALUES (1), ({BUCKET})) AS widths (width)
    WHERE scope <> unit AND scope <> :of_scheme
    GROUP BY period, capacity, scope, width, score - score % width
    """  # noqa: S608 - our own words
).bindparams(
    sa.bindparam("of_scheme", type_=sa.Text),
    sa.bindparam("periods", type_=ARRAY(sa.Text)),
    sa.bindparam("last_days", type_=ARRAY(sa.Date)),
)
PERIODS = sa.text(
    """
    WITH RECURSIVE period AS (
        (SELECT period FROM place WHERE scheme = :of_scheme ORDER BY period LIMIT 1)
        UNION ALL
        SELECT (SELECT place.period FROM place WHERE scheme = :of_scheme
            AND place.period > period.period ORDER BY place.period LIMIT 1)
        FROM period WHERE period.period IS NOT NULL
    )
    SELECT period FROM period WHERE period IS NOT NULL
    """
).bindparams(sa.bindparam("of_scheme", type_=sa.Text))
