"""The second opinion in SQL: balances, figures and boards from the log's records alone.

Written from domain.md §5 and §6; nothing here is shared with the fold. The sums come from the
postings, what was applicable from the events of the claims, vetoes and joins from their own.
"""

from __future__ import annotations

from typing import Final

# One row for each line of the file with the entries; `read_ndjson_objects` leaves it as it is.
RECORDS: Final = """
CREATE TABLE record AS
SELECT CAST(json->>'$.seq' AS BIGINT) AS seq,
       json->>'$.outcome.status' IN ('posted', 'recorded') AS accepted,
       json->>'$.event.type' AS type,
       json->>'$.event.subject' AS subject,
       json->>'$.event.time' AS time,
       json->'$.event.data' AS data,
       json->'$.postings' AS postings
FROM read_ndjson_objects(?, maximum_object_size = 1048576)
"""

POSTINGS: Final = """
CREATE TABLE posting AS
SELECT seq,
       one->>'$.account' AS account,
       CAST(one->>'$.delta' AS BIGINT) AS delta,
       one->>'$.item' AS item,
       one->>'$.quarter' AS quarter
FROM (SELECT seq, unnest(CAST(postings AS JSON[])) AS one FROM record)
"""

BALANCES: Final = """
SELECT account, CAST(sum(delta) AS BIGINT) FROM posting GROUP BY account ORDER BY account
"""

VERSIONS: Final = """
CREATE TABLE version AS
SELECT seq,
       CAST(data->>'$.version' AS INTEGER) AS version,
       CAST(data->>'$.effective_from' AS DATE) AS effective_from,
       CAST(coalesce(data->>'$.document.ranking.min_n', '5') AS INTEGER) AS min_n,
       data->'$.document' AS document
FROM record WHERE accepted AND type = 'jifen.scheme.published.v1'
"""

# What each version makes of an item in a capacity; amounts in tenths.
LINES: Final = """
CREATE TABLE line AS
SELECT version, item->>'$.code' AS item, capacity,
       item->>('$.lines.' || capacity || '.kind') AS kind,
       CAST(10 * CAST(item->>('$.lines.' || capacity || '.max') AS DECIMAL(9, 1)) AS BIGINT) AS most
FROM (SELECT version, unnest(CAST(document->'$.items' AS JSON[])) AS item FROM version),
     (VALUES ('committee'), ('member'), ('unit')) AS held(capacity)
WHERE json_exists(item, '$.lines.' || capacity)
"""

# The calendar day of a deed is that of the scheme's clock, whatever offset the sender wrote.
STEPS: Final = """
CREATE TABLE step AS
WITH told AS (
  SELECT seq, type, subject, data->>'$.claim' AS claim, data->>'$.deed' AS said_deed,
         data->>'$.stage' = 'verified' AND data->>'$.decision' = 'accept' AS verified,
         type = 'jifen.points.earned.v1' OR data->>'$.decision' = 'accept' AS says,
         data->>'$.item' AS said_item,
         CASE WHEN json_exists(data, '$.measure') THEN data->'$.measure' END AS said_measure,
         CASE WHEN type = 'jifen.points.earned.v1'
              THEN CAST(timezone('UTC', CAST(time AS TIMESTAMPTZ)) + offset_by.span AS DATE)
         END AS said_day
  FROM record,
       (SELECT CAST(any_value(hours) AS INTEGER) * INTERVAL 1 MINUTE AS span FROM (
          SELECT (CASE WHEN document->>'$.utc_offset' LIKE '-%' THEN -1 ELSE 1 END)
                 * (60 * CAST(substr(document->>'$.utc_offset', 2, 2) AS INTEGER)
                    + CAST(substr(document->>'$.utc_offset', 5, 2) AS INTEGER)) AS hours
          FROM version WHERE version = 1)) AS offset_by
  WHERE accepted AND type IN ('jifen.points.earned.v1', 'jifen.points.reviewed.v1',
                              'jifen.points.reversed.v1'))
SELECT seq, claim, subject, coalesce(verified, false) AS verified,
       last_value(CASE WHEN says THEN said_item END IGNORE NULLS) OVER so_far AS item,
       last_value(CASE WHEN says THEN said_measure END IGNORE NULLS) OVER so_far AS measure,
       last_value(said_day IGNORE NULLS) OVER so_far AS day,
       last_value(said_deed IGNORE NULLS) OVER so_far AS deed,
       lead(seq) OVER (PARTITION BY claim ORDER BY seq) AS next
FROM told
WINDOW so_far AS (PARTITION BY claim ORDER BY seq ROWS UNBOUNDED PRECEDING)
"""

# Of two records of one person one goes on; several joins are followed to their end.
JOINED: Final = """
CREATE TABLE joined AS
WITH RECURSIVE said AS (
  SELECT data->>'$.same_as' AS closed, subject AS survivor
  FROM record
  WHERE accepted AND type = 'jifen.member.enrolled.v1' AND json_exists(data, '$.same_as')),
way AS (
  SELECT closed, survivor FROM said
  UNION
  SELECT way.closed, said.survivor FROM way JOIN said ON said.closed = way.survivor)
SELECT closed, survivor FROM way WHERE survivor NOT IN (SELECT closed FROM said)
"""

# A concern that is opened again opens what it was merged into and what it is a part of, and takes
# back the verified claims whose deed they are. Its event names no claim; where it takes back only
# one, that one's item and quarter are left out of the postings (domain.md §5.1).
TAKEN_BACK: Final = """
CREATE TABLE taken_back AS
WITH RECURSIVE above AS (
  SELECT seq, data->>'$.concern' AS concern, data->>'$.parent' AS whole
  FROM record WHERE accepted AND type = 'jifen.concern.raised.v1'
  UNION ALL
  SELECT seq, data->>'$.concern', data->>'$.merge_into'
  FROM record WHERE accepted AND type = 'jifen.concern.assigned.v1'),
opened AS (
  SELECT seq, data->>'$.concern' AS concern
  FROM record WHERE accepted AND type = 'jifen.concern.reopened.v1'
  UNION
  SELECT opened.seq, above.whole
  FROM opened JOIN above ON above.concern = opened.concern AND above.seq < opened.seq
  WHERE above.whole IS NOT NULL)
SELECT opened.seq, step.subject, joined.survivor,
       arg_max(step.item, step.seq) AS item, arg_max(step.day, step.seq) AS day
FROM opened
JOIN step ON step.deed = opened.concern AND step.verified
 AND step.seq < opened.seq AND (step.next IS NULL OR step.next > opened.seq)
LEFT JOIN joined ON joined.closed = step.subject
GROUP BY ALL
"""

# The base facts that stand verified, with what their line makes applicable.
APPLICABLE: Final = """
CREATE TABLE applicable AS
SELECT holder, capacity, quarter, CAST(sum(most) AS BIGINT) AS tenths FROM (
  SELECT coalesce(joined.survivor, step.subject) AS holder, line.capacity,
         year(day) || '-Q' || quarter(day) AS quarter, line.most
  FROM step
  LEFT JOIN joined ON joined.closed = step.subject
  JOIN line ON line.item = step.item
   AND json_exists(step.measure, '$.' || line.capacity)
   AND line.version = (SELECT max(version.version) FROM version
                       WHERE version.seq < step.seq AND version.effective_from <= step.day)
  WHERE step.next IS NULL AND step.verified AND line.kind = 'base'
    AND CAST(step.measure->>('$.' || line.capacity || '.required') AS INTEGER)
      > CAST(coalesce(step.measure->>('$.' || line.capacity || '.excused'), '0') AS INTEGER))
GROUP BY ALL
"""

# What the accounts of holders have of each quarter, by the kind of the item's line then.
POINTS: Final = """
CREATE TABLE points AS
WITH moved AS (
  SELECT seq, delta, item, quarter,
         split_part(account, ':', 2) AS holder, split_part(account, ':', 3) AS capacity
  FROM posting WHERE account LIKE 'member:%' AND account NOT LIKE '%:pending'),
held AS (
  SELECT delta, holder, capacity, coalesce(moved.item, step.item, taken_back.item) AS item,
         coalesce(step.day, taken_back.day) AS deed_day,
         coalesce(moved.quarter, year(deed_day) || '-Q' || quarter(deed_day)) AS quarter
  FROM moved
  LEFT JOIN step ON step.seq = moved.seq
  LEFT JOIN taken_back ON taken_back.seq = moved.seq
        AND moved.holder IN (taken_back.subject, taken_back.survivor)),
quarters AS (
  SELECT quarter, begins, max(version) AS version
  FROM (SELECT quarter, make_date(CAST(quarter[1:4] AS INTEGER),
                                  3 * CAST(quarter[7:7] AS INTEGER) - 2, 1) AS begins
        FROM (SELECT DISTINCT quarter FROM held))
  LEFT JOIN version ON version.effective_from <= begins
  GROUP BY ALL)
SELECT holder, held.capacity, held.quarter, quarters.begins, quarters.version,
       coalesce(sum(delta) FILTER (kind = 'base'), 0) AS earned,
       coalesce(-sum(delta) FILTER (kind = 'deduct'), 0) AS deducted,
       coalesce(sum(delta) FILTER (kind IS NULL OR kind = 'bonus'), 0) AS bonus
FROM held
JOIN quarters ON quarters.quarter = held.quarter
LEFT JOIN line ON line.version = quarters.version
              AND line.item = held.item AND line.capacity = held.capacity
GROUP BY ALL
"""

# A veto as it stands: annulled, ended on a day, or neither.
ZEROED: Final = """
CREATE TABLE zeroed AS
WITH lifted AS (
  SELECT data->>'$.veto' AS veto, bool_or(data->>'$.on' IS NULL) AS annulled,
         CAST(arg_max(data->>'$.on', seq) AS DATE) AS ended
  FROM record WHERE accepted AND type = 'jifen.veto.lifted.v1' GROUP BY ALL)
SELECT coalesce(joined.survivor, record.subject) AS holder,
       CAST(data->>'$.from' AS DATE) AS begins,
       coalesce(lifted.ended, CAST(data->>'$.to' AS DATE), DATE '9999-12-31') AS ends
FROM record
LEFT JOIN lifted ON lifted.veto = data->>'$.veto'
LEFT JOIN joined ON joined.closed = record.subject
WHERE accepted AND type = 'jifen.veto.imposed.v1' AND data->>'$.effect' = 'zero'
  AND NOT coalesce(lifted.annulled, false)
"""

# `score/1`: base by half_up, bonus as posted, a reserve of 200, and nothing below 0 or above 1000.
SCORES: Final = """
CREATE TABLE score AS
SELECT points.quarter, points.capacity, points.holder, points.version,
       CASE WHEN EXISTS (SELECT 1 FROM zeroed
                         WHERE zeroed.holder = points.holder
                           AND zeroed.begins < points.begins + INTERVAL 3 MONTH
                           AND zeroed.ends > points.begins)
            THEN 0
            ELSE greatest(0, least(1000,
              (2 * 600 * earned + tenths) // (2 * tenths) + bonus + 200 - deducted))
       END AS score
FROM points JOIN applicable USING (holder, capacity, quarter)
WHERE tenths >= 180
"""

# Equal scores have equal ranks; too few holders have none.
BOARDS: Final = """
SELECT quarter || '/' || capacity AS board,
       CAST(rank() OVER (PARTITION BY quarter, capacity ORDER BY score DESC) AS BIGINT) AS place,
       CAST(score AS BIGINT) AS score, holder
FROM score JOIN version USING (version)
WHERE capacity IN ('committee', 'member')
QUALIFY count(*) OVER (PARTITION BY quarter, capacity) >= min_n
ORDER BY board, place, holder
"""

PREPARING: Final = (
    VERSIONS,
    LINES,
    STEPS,
    JOINED,
    TAKEN_BACK,
    APPLICABLE,
    POINTS,
    ZEROED,
    SCORES,
)
