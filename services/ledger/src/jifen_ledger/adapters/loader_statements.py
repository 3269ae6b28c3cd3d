"""The queries of the loader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.asked import asked, matches
from jifen_ledger.adapters.register_tables import assignment, panel, split
from jifen_ledger.adapters.tables import claim, figures, record, stated_deed
from jifen_ledger.adapters.tally_table import tally
from jifen_ledger.adapters.use_tables import evidence_use


def _rows(table: sa.Table, *key: str) -> sa.Select[Any]:
    keys = asked(*(table.c[name] for name in key))
    return sa.select(table).join_from(keys, table, matches(table, keys))


FIRST_SEEN = _rows(record, "source", "event_id").with_only_columns(
    record.c.source, record.c.event_id, record.c.seq, record.c.content_hash
)
CLAIMS = _rows(claim, "claim")
FIGURES = _rows(figures, "holder", "capacity", "quarter")
TALLIES = _rows(tally, "branch", "quarter")
FIGURES_OF = _rows(figures, "holder").order_by(
    figures.c.holder, figures.c.capacity, figures.c.quarter
)
PANELS = _rows(panel, "branch").order_by(panel.c.branch, panel.c.seq)
BEARERS = (
    _rows(assignment, "assignment")
    .with_only_columns(assignment.c.assignment, assignment.c.member)
    .where(assignment.c.until_seq.is_(None))
)
# Whoever was ever assigned to the unit, as it came to the stream: corrected rows count as well.
PEOPLE_OF = (
    _rows(assignment, "unit")
    .with_only_columns(assignment.c.unit, assignment.c.member)
    .group_by(assignment.c.unit, assignment.c.member)
    .order_by(sa.func.min(assignment.c.seq))
)
# The declaration in force is the last one.
SPLITS = _rows(split, "project").order_by(split.c.project, split.c.seq)
SPLIT_USES = (
    _rows(claim, "project")
    .with_only_columns(claim.c.project, sa.func.count().label("uses"))
    .where(claim.c.state == "verified", claim.c.project.is_not(None))
    .group_by(claim.c.project)
)


By = tuple[tuple[str, ...], sa.Select[Any]]


def _claims_by(*key: str) -> By:
    columns = [claim.c[name] for name in key]
    return key, _rows(claim, *key).with_only_columns(*columns, claim.c.claim).order_by(claim.c.seq)


def _counting_by(*key: str) -> By:
    columns, statement = _claims_by(*key)
    return columns, statement.where(claim.c.counting)


# The columns of the key, and the query for the ids of its claims.
CLAIMS_BY_KEY: Mapping[str, By] = {
    "deeds": _claims_by("holder", "item", "deed"),
    "counting": _counting_by("holder", "item", "deed_year"),
    "stacks": _counting_by("holder", "stack_key"),
    "holdings": _claims_by("holder"),
    "quarter_claims": _claims_by("branch", "deed_quarter"),
}


def _first_two(table: sa.Table, value: str, *key: str) -> By:
    """Return the first value of each key and the first other one: two steps into one index."""
    keys = asked(*(table.c[name] for name in key))
    first = _earliest(table.alias("one"), keys, value).lateral("first")
    other = table.alias("other")
    second = _earliest(other, keys, value).where(other.c[value] != first.c[value])
    found = second.lateral("second")
    return key, (
        sa.select(*keys.columns, first.c[value].label("first"), found.c[value].label("other"))
        .select_from(keys)
        .join(first, sa.true())
        .outerjoin(found, sa.true())
    )


def _earliest(table: sa.FromClause, keys: sa.TableValuedAlias, value: str) -> sa.Select[Any]:
    bears = (table.c[column.name] == column for column in keys.columns)
    return (
        sa.select(table.c[value])
        .where(table.c.scheme == sa.bindparam("scheme"), *bears)
        .order_by(table.c.seq)
        .limit(1)
    )


# The columns of the key, and the query for the first two of its values.
FIRST_TWO: Mapping[str, By] = {
    "deed_holders": _first_two(stated_deed, "holder", "item", "deed"),
    "day_deeds": _first_two(stated_deed, "deed", "holder", "item", "day"),
    "evidence": _first_two(evidence_use, "deed", "sha256"),
}
