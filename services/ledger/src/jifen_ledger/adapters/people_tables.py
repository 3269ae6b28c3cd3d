"""The tables of what is judged about people."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from jifen_ledger.adapters.kept_table import kept_table

veto = kept_table(
    "veto",
    ("veto",),
    sa.Column("veto", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("effect", sa.Text, nullable=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("to_day", sa.Date),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("annulled", sa.Boolean, nullable=False),
    sa.Column("lifted_on", sa.Date),
    sa.Column("lifted_by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("kind IN ('V1', 'V2', 'V3', 'V4', 'V5')", name="kind"),
    sa.CheckConstraint("effect IN ('zero', 'block')", name="effect"),
    sa.CheckConstraint("from_day < to_day", name="to_day"),
    sa.CheckConstraint(
        "lifted_on IS NULL OR (lifted_on > from_day AND NOT annulled)", name="lifted_on"
    ),
    sa.CheckConstraint("lifted_by <> by", name="lifted_by"),
    sa.CheckConstraint(
        "(annulled OR lifted_on IS NOT NULL) = (lifted_by IS NOT NULL)", name="lifted"
    ),
    sa.CheckConstraint("(lifted_by IS NULL) = (reason IS NULL)", name="reason"),
    sa.Index("veto_member_idx", "scheme", "member"),
)

award = kept_table(
    "award",
    ("award",),
    sa.Column("award", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("level", sa.Text),
    sa.Column("month", sa.Text),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("to_day", sa.Date),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("revoked_on", sa.Date),
    sa.Column("revoked_by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint(
        "kind IN ('title', 'badge', 'honour', 'benefit', 'unit_award')", name="kind"
    ),
    sa.CheckConstraint("level IN ('plant', 'company', 'province', 'nation')", name="level"),
    sa.CheckConstraint("kind <> 'benefit' OR month IS NOT NULL", name="month"),
    sa.CheckConstraint("num_nulls(revoked_on, revoked_by, reason) IN (0, 3)", name="revoked_on"),
    sa.Index("award_holder_idx", "scheme", "holder"),
    sa.Index(
        "award_register_idx",
        "scheme",
        "opened_seq",
        postgresql_where=sa.text("until_seq IS NULL"),
    ),
)

grade = kept_table(
    "grade",
    ("member", "year"),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("year", sa.Text, nullable=False),
    sa.Column("grade", sa.Text, nullable=False),
    sa.Column("proposal", sa.Text, nullable=False),
    sa.Column("figure", sa.Integer, nullable=False),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("told_on", sa.Date, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("pool", ARRAY(sa.Text), nullable=False),
    sa.Column("over_quota", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("deciders", ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("grade IN ('excellent', 'qualified', 'basic', 'unqualified')", name="grade"),
    sa.CheckConstraint("figure BETWEEN 0 AND 1000", name="figure"),
    sa.CheckConstraint(
        "reason IS NOT NULL OR (grade = proposal AND NOT over_quota)", name="reason"
    ),
    sa.Index("grade_branch_idx", "scheme", "branch", "year"),
)

erasure = kept_table(
    "erasure",
    ("member",),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
)
