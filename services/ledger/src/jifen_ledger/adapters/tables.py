"""The tables of the journal, the claims and the figures; every key begins with the scheme."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

ColumnType = TypeEngine[Any] | type[TypeEngine[Any]]

METADATA = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(referred_table_name)s_fkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
    }
)

TENTHS_OF_CATEGORIES = ("a", "b", "c", "d", "bonus_a", "bonus_b", "bonus_c", "bonus_d")


def _key(name: str, type_: ColumnType = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, type_, primary_key=True, autoincrement=False)


def _filled(name: str, type_: ColumnType) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


# The projection's checkpoint: the only position that counts.
log_head = sa.Table(
    "log_head",
    METADATA,
    _key("scheme"),
    _filled("size", sa.BigInteger),
    _filled("last_recorded_at", sa.Text),
    sa.Column("live_from", sa.BigInteger),
    # How often the tables beside the records were replaced by rebuilt ones: who began before
    # that may not write on. It says nothing about the stream.
    sa.Column(
        "generation",
        sa.BigInteger,
        nullable=False,
        server_default=sa.text("0"),
        info={"projected": False},
    ),
    sa.Column("peaks", sa.LargeBinary, nullable=False, server_default=sa.text("''::bytea")),
    sa.CheckConstraint("size >= 0", name="size"),
    sa.CheckConstraint("octet_length(last_recorded_at) = 24", name="last_recorded_at"),
    sa.CheckConstraint("live_from BETWEEN 1 AND size", name="live_from"),
    sa.CheckConstraint("octet_length(peaks) % 32 = 0", name="peaks"),
)

# Insert-only; the journal's row is the log's entry, its index there is seq - 1. `source`,
# `event_id` and `content_hash` stand on the first record of a (source, id) only.
record = sa.Table(
    "record",
    METADATA,
    _key("scheme"),
    _key("seq", sa.BigInteger),
    _filled("bytes", sa.LargeBinary),
    _filled("recorded_at", sa.Text),
    sa.Column("source", sa.Text),
    sa.Column("event_id", sa.Text),
    sa.Column("content_hash", sa.LargeBinary),
    sa.Column("type", sa.Text),
    sa.Column("subject", sa.Text),
    _filled("status", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("claim", sa.Text),
    _filled("leaf_hash", sa.LargeBinary),
    sa.CheckConstraint("octet_length(leaf_hash) = 32", name="leaf_hash"),
    sa.CheckConstraint("seq >= 1", name="seq"),
    sa.CheckConstraint("octet_length(bytes) BETWEEN 1 AND 65535", name="bytes"),
    sa.CheckConstraint("octet_length(recorded_at) = 24", name="recorded_at"),
    sa.CheckConstraint("status IN ('posted', 'recorded', 'refused', 'duplicate')", name="status"),
    sa.CheckConstraint("(status = 'refused') = (code IS NOT NULL)", name="code"),
    sa.CheckConstraint("num_nulls(source, event_id, content_hash) IN (0, 3)", name="first"),
    sa.CheckConstraint("octet_length(content_hash) = 32", name="content_hash"),
    sa.Index(
        "record_source_event_id_key",
        "scheme",
        "source",
        "event_id",
        unique=True,
        postgresql_where=sa.text("source IS NOT NULL"),
    ),
    sa.Index("record_subject_idx", "scheme", "subject", "seq"),
    sa.Index(
        "record_refused_idx",
        "scheme",
        "seq",
        postgresql_where=sa.text("status = 'refused'"),
    ),
)

# Insert-only; messages whose payload is not in their record (tlog.md 2.3), for a refill.
record_raw = sa.Table(
    "record_raw",
    METADATA,
    _key("scheme"),
    _key("seq", sa.BigInteger),
    _filled("subject", sa.Text),
    _filled("payload", sa.LargeBinary),
    sa.ForeignKeyConstraint(["scheme", "seq"], ["record.scheme", "record.seq"]),
)

# Insert-only. No foreign key to `record`: it would cost as much as the row, and both are written
# by one transaction of one writer.
posting = sa.Table(
    "posting",
    METADATA,
    _key("scheme"),
    _key("seq", sa.BigInteger),
    _key("ordinal", sa.SmallInteger),
    _filled("account", sa.Text),
    _filled("delta", sa.BigInteger),
    sa.Column("item", sa.Text),
    sa.Column("quarter", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("booked", sa.Text),
    sa.Column("claim", sa.Text),
    sa.CheckConstraint("ordinal BETWEEN 0 AND 255", name="ordinal"),
    sa.CheckConstraint("delta <> 0", name="delta"),
    sa.CheckConstraint("octet_length(account) BETWEEN 1 AND 96", name="account"),
    sa.CheckConstraint(
        "kind IN ('award', 'reversal', 'release', 'absorb', 'deduct', 'spend', 'expire', 'join')",
        name="kind",
    ),
    sa.CheckConstraint("booked >= quarter", name="booked"),
    sa.Index("posting_account_idx", "scheme", "account", "seq", "ordinal"),
)

# Room on every page keeps most updates there, away from the index.
balance = sa.Table(
    "balance",
    METADATA,
    _key("scheme"),
    _key("account"),
    _filled("tenths", sa.BigInteger),
    postgresql_with={"fillfactor": "70"},
)

claim = sa.Table(
    "claim",
    METADATA,
    _key("scheme"),
    _key("claim"),
    _filled("seq", sa.BigInteger),
    _filled("stated_seq", sa.BigInteger),
    _filled("holder", sa.Text),
    _filled("of_unit", sa.Boolean),
    _filled("state", sa.Text),
    _filled("item", sa.Text),
    _filled("deed", sa.Text),
    sa.Column("deed_group", sa.Text),
    sa.Column("project", sa.Text),
    _filled("deed_ms", sa.BigInteger),
    _filled("deed_date", sa.Date),
    _filled("stated_ms", sa.BigInteger),
    _filled("branch", sa.Text),
    _filled("version", sa.Integer),
    _filled("posts", ARRAY(sa.Text)),
    sa.Column("unit_class", sa.Text),
    _filled("catalogue", sa.Text),
    _filled("measure", JSONB),
    _filled("counterpart", ARRAY(sa.Text)),
    sa.Column("signed", sa.Text),
    sa.Column("evidence_kinds", ARRAY(sa.Text), nullable=False),
    sa.Column("has_basis", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text),
    _filled("worth", JSONB),
    # What the preliminary review lowered, by capacity.
    _filled("lowered", JSONB),
    sa.Column("replaces", sa.Text),
    sa.Column("until", sa.Date),
    sa.Column("duplicate_of", sa.Text),
    _filled("preliminary_deciders", ARRAY(sa.Text)),
    _filled("verified_deciders", ARRAY(sa.Text)),
    _filled("ended_by", ARRAY(sa.Text)),
    sa.Column("decided_seq", sa.BigInteger),
    sa.Column("verified_seq", sa.BigInteger),
    sa.Column("reversed_seq", sa.BigInteger),
    _filled("counted", JSONB),
    _filled("counted_incentive", sa.BigInteger),
    # Whether it is verified and passes through F (domain.md 5.1), so that others depend on it.
    _filled("counting", sa.Boolean),
    sa.Column("stack_key", sa.Text, sa.Computed("COALESCE(deed_group, deed)", persisted=True)),
    sa.Column(
        "deed_year",
        sa.Integer,
        sa.Computed("EXTRACT(year FROM deed_date)::integer", persisted=True),
    ),
    sa.Column(
        "deed_quarter",
        sa.Text,
        sa.Computed(
            "EXTRACT(year FROM deed_date)::text || '-Q' || EXTRACT(quarter FROM deed_date)::text",
            persisted=True,
        ),
    ),
    sa.CheckConstraint(
        "state IN ('claimed', 'preliminary', 'verified', 'returned', 'rejected', 'reversed')",
        name="state",
    ),
    sa.CheckConstraint("stated_seq >= seq", name="stated_seq"),
    sa.CheckConstraint("decided_seq > seq", name="decided_seq"),
    sa.CheckConstraint("(state = 'reversed') = (reversed_seq IS NOT NULL)", name="reversed_seq"),
    sa.CheckConstraint("state <> 'verified' OR verified_seq IS NOT NULL", name="verified_seq"),
    sa.CheckConstraint("state = 'verified' OR NOT counting", name="counting"),
    sa.Index("claim_holder_deed_idx", "scheme", "holder", "item", "deed"),
    sa.Index(
        "claim_counting_idx",
        "scheme",
        "holder",
        "item",
        "deed_year",
        postgresql_where=sa.text("counting"),
    ),
    sa.Index(
        "claim_stack_idx",
        "scheme",
        "holder",
        "stack_key",
        postgresql_where=sa.text("counting"),
    ),
    sa.Index(
        "claim_project_idx",
        "scheme",
        "project",
        postgresql_where=sa.text("project IS NOT NULL"),
    ),
    sa.Index("claim_branch_quarter_idx", "scheme", "branch", "deed_quarter"),
    postgresql_with={"fillfactor": "70"},
)

# Insert-only; every accepted event in a claim's life.
claim_step = sa.Table(
    "claim_step",
    METADATA,
    _key("scheme"),
    _key("claim"),
    _key("seq", sa.BigInteger),
    _filled("step", sa.Text),
    _filled("item", sa.Text),
    _filled("measure", JSONB),
    _filled("worth", JSONB),
    sa.Column("by", sa.Text),
    _filled("deciders", ARRAY(sa.Text)),
    sa.Column("reason", sa.Text),
)

# Insert-only; deeds as accepted claims stated them, which no later decision changes.
stated_deed = sa.Table(
    "stated_deed",
    METADATA,
    _key("scheme"),
    _key("seq", sa.BigInteger),
    _filled("holder", sa.Text),
    _filled("item", sa.Text),
    _filled("deed", sa.Text),
    _filled("day", sa.Date),
    sa.Index("stated_deed_holders_idx", "scheme", "item", "deed", "seq"),
    sa.Index("stated_deed_days_idx", "scheme", "holder", "item", "day", "seq"),
)

figures = sa.Table(
    "figures",
    METADATA,
    _key("scheme"),
    _key("holder"),
    _key("capacity"),
    _key("quarter"),
    _filled("earned", sa.BigInteger),
    _filled("applicable", sa.BigInteger),
    _filled("bonus", sa.BigInteger),
    _filled("deductions", sa.BigInteger),
    *(_filled(category, sa.BigInteger) for category in TENTHS_OF_CATEGORIES),
    # Deductions that keep from an excellent grade.
    _filled("severe", sa.BigInteger),
    # Whether a zero veto covers a day of the quarter; the score has been made 0 by it.
    _filled("zeroed", sa.Boolean),
    sa.Column("score", sa.Integer),
    sa.CheckConstraint("capacity IN ('committee', 'member', 'unit')", name="capacity"),
    sa.CheckConstraint("score BETWEEN 0 AND 1000 AND (score = 0 OR NOT zeroed)", name="score"),
    sa.Index(
        "figures_score_idx",
        "scheme",
        "quarter",
        "capacity",
        sa.text("score DESC"),
        postgresql_where=sa.text("score IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": "70"},
)
