"""The table of self-assessments (`domain/assessments.py`)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from jifen_ledger.adapters.kept_table import kept_table

assessment = kept_table(
    "assessment",
    ("subject", "month", "late"),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("month", sa.Text, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("values", JSONB, nullable=False),
    sa.Column("missing", JSONB, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("recorded_day", sa.Date, nullable=False),
    sa.CheckConstraint("level IN ('member', 'group', 'branch')", name="level"),
    sa.CheckConstraint("month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'", name="month"),
)
