"""The tables of concerns, and of the claims that rest on them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from jifen_ledger.adapters.kept_table import kept_table

concern = kept_table(
    "concern",
    ("concern",),
    sa.Column("concern", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("urgency", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("raised_on", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("parent", sa.Text),
    sa.Column("origin", sa.Text),
    sa.Column("by", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("handler", sa.Text),
    sa.Column("handler_unit", sa.Text),
    sa.Column("pauses", JSONB, nullable=False),
    sa.Column("stages", JSONB, nullable=False),
    sa.Column("levels", JSONB, nullable=False),
    sa.Column("merged_into", sa.Text),
    sa.Column("in_use", sa.Date),
    sa.Column("paused_days", sa.Integer),
    sa.Column("resolved_on", sa.Date),
    sa.Column("confirmed_on", sa.Date),
    sa.Column("reopenings", sa.Integer, nullable=False),
    sa.Column("voices", JSONB, nullable=False),
    sa.CheckConstraint("kind IN ('concern', 'project', 'fix', 'care')", name="kind"),
    sa.CheckConstraint("urgency IN ('at_once', 'urgent', 'ordinary')", name="urgency"),
    sa.CheckConstraint(
        "state IN ('raised', 'assigned', 'resolved', 'confirmed', 'reopened', 'merged')",
        name="state",
    ),
    sa.CheckConstraint("due >= raised_on", name="due"),
    sa.CheckConstraint("(state = 'raised') = (handler IS NULL)", name="handler"),
    sa.CheckConstraint("(handler IS NULL) = (handler_unit IS NULL)", name="handler_unit"),
    sa.CheckConstraint("(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into"),
    sa.CheckConstraint(
        "(state IN ('resolved', 'confirmed')) = (in_use IS NOT NULL AND resolved_on IS NOT NULL)",
        name="resolved_on",
    ),
    sa.CheckConstraint("(state = 'confirmed') = (confirmed_on IS NOT NULL)", name="confirmed_on"),
    sa.CheckConstraint("jsonb_array_length(pauses) <= 2", name="pauses"),
    sa.CheckConstraint("(in_use IS NULL) = (paused_days IS NULL)", name="paused_days"),
    sa.CheckConstraint("code IS NULL OR by IS NULL", name="code"),
    sa.Index("concern_unit_idx", "scheme", "unit", "opened_seq"),
    sa.Index(
        "concern_parent_idx", "scheme", "parent", postgresql_where=sa.text("parent IS NOT NULL")
    ),
    sa.Index(
        "concern_merged_into_idx",
        "scheme",
        "merged_into",
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    ),
    sa.Index(
        "concern_origin_idx", "scheme", "origin", postgresql_where=sa.text("origin IS NOT NULL")
    ),
)

resting = kept_table(
    "resting",
    ("claim",),
    sa.Column("claim", sa.Text, nullable=False),
    sa.Column("deed", sa.Text, nullable=False),
    sa.Index("resting_deed_idx", "scheme", "deed"),
)
