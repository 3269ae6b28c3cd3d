"""The queries of the loader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.asked import asked, found, rows_by
from jifen_ledger.adapters.register_tables import assignment, panel, split
from jifen_ledger.adapters.tables import claim, figures, record, stated_deed
from jifen_ledger.adapters.tally_table import tally
from jifen_ledger.adapters.use_tables import evidence_use

Condition = sa.ColumnElement[bool]


def _first_seen() -> sa.Select[Any]:
    joined, rows = found(record, ("source", "event_id"))
    columns = (rows.c.source, rows.c.event_id, rows.c.seq, rows.c.content_hash)
    return sa.select(*columns).select_from(joined)


def _bearers() -> sa.Select[Any]:
    joined, rows = found(assignment, ("assignment",), (assignment.c.until_seq.is_(None),))
    return sa.select(rows.c.assignment, rows.c.member).select_from(joined)


def people_of(*where: Condition) -> sa.Select[Any]:
    """Return the query for whoever was ever assigned to the units, as it came to the stream.

    Corrected rows count as well.
    """
    joined, rows = found(assignment, ("unit",), where)
    people = sa.select(rows.c.unit, rows.c.member).select_from(joined)
    return people.group_by(rows.c.unit, rows.c.member).order_by(sa.func.min(rows.c.seq))


def panels(*where: Condition) -> sa.Select[Any]:
    """Return the query for the panels of branches, in the order in which they were formed."""
    return rows_by(panel, ("branch",), where=where, order=("branch", "seq"))


def splits(*where: Condition) -> sa.Select[Any]:
    """Return the query for the declarations of projects; the last one is in force."""
    return rows_by(split, ("project",), where=where, order=("project", "seq"))


def _split_uses() -> sa.Select[Any]:
    verified = (claim.c.state == "verified", claim.c.project.is_not(None))
    joined, rows = found(claim, ("project",), verified)
    uses = sa.select(rows.c.project, sa.func.count().label("uses")).select_from(joined)
    return uses.group_by(rows.c.project)


FIRST_SEEN = _first_seen()
CLAIMS = rows_by(claim, ("claim",))
FIGURES = rows_by(figures, ("holder", "capacity", "quarter"))
TALLIES = rows_by(tally, ("branch", "quarter"))
FIGURES_OF = rows_by(figures, ("holder",), order=("holder", "capacity", "quarter"))
PANELS = panels()
BEARERS = _bearers()
PEOPLE_OF = people_of()
SPLITS = splits()
SPLIT_USES = _split_uses()

By = tuple[tuple[str, ...], sa.Select[Any]]


def _claims_by(*key: str, where: Sequence[Condition] = ()) -> By:
    joined, rows = found(claim, key, where)
    columns = [rows.c[name] for name in key]
    ids = sa.select(*columns, rows.c.claim).select_from(joined)
    return key, ids.order_by(rows.c.seq)


def _counting_by(*key: str) -> By:
    return _claims_by(*key, where=(claim.c.counting,))


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
