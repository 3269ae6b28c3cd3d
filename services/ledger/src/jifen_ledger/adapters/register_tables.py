"""The tables of the registers: versions, units, members and their time lines, panels, splits.

Rows are added, never changed; only a corrected assignment closes the row before it by `until_seq`.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jifen_ledger.adapters.tables import METADATA


def _register(name: str, key: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """Return a register: each row was said about `key` by the record `seq`."""
    return sa.Table(
        name,
        METADATA,
        sa.Column("scheme", sa.Text, primary_key=True),
        sa.Column(key, sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        *columns,
        sa.ForeignKeyConstraint(["scheme", "seq"], ["record.scheme", "record.seq"]),
    )


scheme_version = sa.Table(
    "scheme_version",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("document", JSONB, nullable=False),
    sa.CheckConstraint("version >= 1", name="version"),
    sa.ForeignKeyConstraint(["scheme", "seq"], ["record.scheme", "record.seq"]),
)

unit_state = _register(
    "unit_state",
    "unit",
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("unit_class", sa.Text),
    sa.Column("parent", sa.Text),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("to_day", sa.Date),
    sa.Column("came_from", ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("from_day < to_day", name="to_day"),
)

standing = _register(
    "standing",
    "member",
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("channel", sa.Text),
    sa.CheckConstraint(
        "standing IN ('full', 'probationary', 'applicant', 'staff', 'retired')", name="standing"
    ),
)

assignment = _register(
    "assignment",
    "assignment",
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("post", sa.Text),
    sa.Column("of", ARRAY(sa.Text), nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("to_day", sa.Date),
    sa.Column("sent", sa.Date),
    sa.Column("until_seq", sa.BigInteger),
    sa.CheckConstraint("from_day <= to_day", name="to_day"),
    sa.CheckConstraint("until_seq > seq", name="until_seq"),
    sa.Index(
        "assignment_current_key",
        "scheme",
        "assignment",
        unique=True,
        postgresql_where=sa.text("until_seq IS NULL"),
    ),
    sa.Index("assignment_member_idx", "scheme", "member", "seq"),
    sa.Index("assignment_unit_idx", "scheme", "unit", "role"),
    # Which pacts name a member.
    sa.Index(
        "assignment_of_idx",
        "of",
        postgresql_using="gin",
        postgresql_where=sa.text("cardinality(of) > 0"),
    ),
)

departure = _register(
    "departure",
    "member",
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)

joined = sa.Table(
    "joined",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("closed", sa.Text, primary_key=True),
    sa.Column("survivor", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.CheckConstraint("closed <> survivor", name="survivor"),
    sa.ForeignKeyConstraint(["scheme", "seq"], ["record.scheme", "record.seq"]),
)

panel = _register(
    "panel",
    "branch",
    sa.Column("panel", sa.Text, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("to_day", sa.Date, nullable=False),
    sa.Column("chair", sa.Text, nullable=False),
    sa.Column("members", ARRAY(sa.Text), nullable=False),
    # Two arrays of one length: who steps back, and towards whom.
    sa.Column("recused", ARRAY(sa.Text), nullable=False),
    sa.Column("recused_towards", ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("from_day < to_day", name="to_day"),
    sa.CheckConstraint("cardinality(recused) = cardinality(recused_towards)", name="recused"),
)

split = _register(
    "split",
    "project",
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("pool", sa.BigInteger, nullable=False),
    # Two arrays of one length, in declared order: who has a part, and its tenths.
    sa.Column("participants", ARRAY(sa.Text), nullable=False),
    sa.Column("parts", ARRAY(sa.BigInteger), nullable=False),
    sa.Column("organisers", ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("cardinality(participants) = cardinality(parts)", name="parts"),
)
