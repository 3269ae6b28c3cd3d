"""The queries of an export: rows of each table at a moment, always in the same order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from jifen_ledger.adapters import kept_tables, register_tables
from jifen_ledger.adapters.kept_tables import KEPT
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.tables import claim, claim_step, posting, record
from jifen_ledger.adapters.use_tables import evidence_use
from jifen_ledger.application.exporting.columns import Column, Table

SCHEME: Final = sa.bindparam("scheme", type_=sa.Text)

# A column of the export and the column of the ledger, where they are not called alike.
_CALLED: Final[Mapping[str, str]] = {
    "from": "from_day",
    "to": "to_day",
    "on": "on_day",
    "class": "unit_class",
    "made": "opened_seq",
    "left": "left_over",
}
# Rows that are only added, by the table of the export.
_ADDED: Final[Mapping[str, sa.Table]] = {
    "units": register_tables.unit_state,
    "members": register_tables.standing,
    "joined": register_tables.joined,
    "departures": register_tables.departure,
    "assignments": register_tables.assignment,
    "panels": register_tables.panel,
    "shares": register_tables.split,
    "evidence": evidence_use,
    "postings": posting,
}
# Rows that hold until another one takes their place.
_HELD: Final[Mapping[str, sa.Table]] = {
    "absences": kept_tables.absence,
    "erasures": KEPT["erasures"],
    "assessments": KEPT["assessments"],
    "quarters": KEPT["periods"],
    "objections": KEPT["objections"],
    "adjustments": KEPT["adjustments"],
    "vetoes": KEPT["vetoes"],
    "grades": KEPT["grades"],
    "awards": KEPT["awards"],
    "concerns": KEPT["concerns"],
    "offers": KEPT["offers"],
    "redemptions": KEPT["redemptions"],
    "lots": KEPT["lots"],
    "debts": KEPT["wallets"],
    "budgets": KEPT["incentive_years"],
}
# What a table's shape makes of the ledger's columns, in its own words.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "panels": ("branch", "seq", "panel", "from_day", "to_day", "chair", "members", "recused",
               "recused_towards"),
    "shares": ("project", "seq", "unit", "item", "pool", "participants", "parts", "organisers"),
    "postings": ("seq", "ordinal", "account", "delta", "item", "quarter", "kind", "booked",
                 "claim"),
}  # fmt: skip

# What the ledger has besides, and why no export has it.
LEFT_OUT: Final[Mapping[str, str]] = {
    "log_head": "the checkpoint: the manifest says it",
    "record_raw": "messages that are no events and may hold anything; their hash is a record",
    "balance": "summed from the postings",
    "figures": "live scores: they follow from the postings, and those published are there",
    "stated_deed": "an index of the claims",
    "claim_past": "claims as they stood before: --known-at shows them",
    "tally": "counts of the health check, which the bulletins hold",
    "resting": "an index of the claims",
    "published_line": "an index of the bulletins, with what their adjustments make of a year",
    "directory": "names, which only --with-names writes",
    "directory_revision": "how often the directory changed",
    "private_part": "private texts, which are in no export, so that erasing them is complete",
    "private_head": "how far private texts have been copied",
    "left_file": "files that wait to be removed",
    "private_use": "an index of the records: which of them has which private hash",
    "file_use": "an index of the records: which of them names which file",
    "place": "live boards: they follow from the postings, and those published are there",
    "score_count": "an index of the live boards",
    "log_node": "the tree over the records: `log export` writes it",
    "log_signed": "how far the log is signed",
    "log_checkpoint": "what was signed: `log export` writes it",
    "log_cosignature": "what witnesses signed: `log export` writes it",
    "log_published": "how far what was signed is shown",
    "worker": "who does the work",
    "lease": "who does the work",
    "rebuild": "the generation beside the live one",
    "compared": "how far stream, journal and log have been compared",
}
TAKEN: Final = (
    *_ADDED.values(),
    *_HELD.values(),
    record,
    claim,
    claim_step,
    register_tables.scheme_version,
    KEPT["bulletins"],
)


def rows_of(table: Table, at: int) -> sa.Select[Any]:
    """Return the query for the rows of a table that has its own in the ledger."""
    if table.name == "balances":
        return (
            sa.select(posting.c.account, sa.cast(sa.func.sum(posting.c.delta), sa.BigInteger))
            .where(posting.c.scheme == SCHEME, added(posting, at))
            .group_by(posting.c.account)
            .order_by(posting.c.account.collate("C"))
        )
    source = _ADDED[table.name] if table.name in _ADDED else _HELD[table.name]
    there = added(source, at) if table.name in _ADDED else held(source, at)
    named = _PARTS.get(table.name)
    columns = (
        [_column(source, one, at) for one in table.columns]
        if named is None
        else [source.c[name] for name in named]
    )
    return sa.select(*columns).where(source.c.scheme == SCHEME, there).order_by(*_order(source))


def _column(source: sa.Table, column: Column, at: int) -> sa.ColumnElement[Any]:
    if column.name == "corrected_by":
        # What a later record ended was still in force.
        until = source.c.until_seq
        return sa.case((until <= at, until))
    return source.c[_CALLED.get(column.name, column.name)]


def _order(source: sa.Table) -> list[sa.ColumnElement[Any]]:
    """Return seq first, then the rest of the key, texts by their bytes."""
    key = [one for one in source.primary_key.columns if one.name not in ("scheme", "seq")]
    texts = [one.collate("C") if isinstance(one.type, sa.Text) else one for one in key]
    return [source.c.seq, *texts]


RECORDS: Final = (
    sa.select(record.c.seq, record.c.bytes)
    .where(record.c.scheme == SCHEME, record.c.seq <= sa.bindparam("at", type_=sa.BigInteger))
    .order_by(record.c.seq)
)
STEPS: Final = (
    sa.select(claim_step)
    .where(claim_step.c.scheme == SCHEME, claim_step.c.seq <= sa.bindparam("at"))
    .order_by(claim_step.c.seq, claim_step.c.claim.collate("C"))
)
CLAIMS: Final = (
    sa.select(claim)
    .where(claim.c.scheme == SCHEME, claim.c.seq <= sa.bindparam("at"))
    .order_by(claim.c.seq)
)
_OF_THESE: Final = sa.any_(sa.bindparam("claims", type_=sa.ARRAY(sa.Text)))
STEPS_OF: Final = STEPS.where(claim_step.c.claim == _OF_THESE)
# Of each claim what was put aside after the record, the first of it last.
PUT_ASIDE: Final = (
    sa.select(claim_past)
    .where(
        claim_past.c.scheme == SCHEME,
        claim_past.c.claim == _OF_THESE,
        claim_past.c.until_seq > sa.bindparam("at"),
    )
    .order_by(claim_past.c.until_seq.desc())
)
