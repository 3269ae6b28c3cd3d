"""The tables of a branch's quarter: its steps, what was objected to, what was booked later."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jifen_ledger.adapters.kept_table import kept_table

# A step of a branch's quarter; what it says of earlier steps stays true until a quarter is opened.
period = kept_table(
    "period",
    ("branch", "quarter"),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("preliminary_seq", sa.BigInteger),
    sa.Column("preliminary_day", sa.Date),
    sa.Column("verified_seq", sa.BigInteger),
    sa.Column("verified_day", sa.Date),
    sa.Column("published_seq", sa.BigInteger),
    sa.Column("published_day", sa.Date),
    sa.Column("window_end", sa.Date),
    sa.Column("revised_seq", sa.BigInteger),
    sa.Column("final_seq", sa.BigInteger),
    sa.Column("final_day", sa.Date),
    sa.Column("waived_facts", JSONB, nullable=False),
    sa.Column("waived_assessments", JSONB, nullable=False),
    sa.Column("waived_reason", sa.Text),
    sa.Column("decided_by", ARRAY(sa.Text), nullable=False),
    sa.Column("deciders", ARRAY(sa.Text), nullable=False),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint(
        "state IN ('open', 'preliminary', 'verified', 'published', 'final')", name="state"
    ),
    sa.CheckConstraint("quarter ~ '^[0-9]{4}-Q[1-4]$'", name="quarter"),
    sa.CheckConstraint("(state = 'open') = (preliminary_seq IS NULL)", name="preliminary_seq"),
    sa.CheckConstraint(
        "(state IN ('open', 'preliminary')) = (verified_seq IS NULL)", name="verified_seq"
    ),
    sa.CheckConstraint(
        "(state IN ('published', 'final')) = (published_seq IS NOT NULL)", name="published_seq"
    ),
    sa.CheckConstraint("(state = 'final') = (final_seq IS NOT NULL)", name="final_seq"),
    sa.CheckConstraint("(revision = 0) = (published_seq IS NULL)", name="revision"),
    sa.CheckConstraint("num_nulls(preliminary_seq, preliminary_day) IN (0, 2)", name="preliminary"),
    sa.CheckConstraint("num_nulls(verified_seq, verified_day) IN (0, 2)", name="verified"),
    sa.CheckConstraint(
        "num_nulls(published_seq, published_day, window_end, revised_seq) IN (0, 4)",
        name="published",
    ),
    sa.CheckConstraint("num_nulls(final_seq, final_day) IN (0, 2)", name="final"),
    sa.CheckConstraint("window_end >= published_day", name="window_end"),
)

objection = kept_table(
    "objection",
    ("objection",),
    sa.Column("objection", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("claim", sa.Text),
    sa.Column("unit", sa.Text),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("by", sa.Text),
    sa.Column("filed_day", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("decision", sa.Text),
    sa.Column("corrects", ARRAY(sa.Text), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("deciders", ARRAY(sa.Text), nullable=False),
    sa.Column("decided_seq", sa.BigInteger),
    sa.Column("decided_day", sa.Date),
    sa.Column("reversals", ARRAY(sa.BigInteger), nullable=False),
    sa.CheckConstraint("kind IN ('objection', 'complaint', 'statement', 'sample')", name="kind"),
    sa.CheckConstraint("num_nulls(claim, unit) = 1", name="about"),
    sa.CheckConstraint("kind NOT IN ('statement', 'sample') OR claim IS NOT NULL", name="claim"),
    sa.CheckConstraint("state IN ('noted', 'open', 'carried', 'decided')", name="state"),
    sa.CheckConstraint("(kind = 'statement') = (state = 'noted')", name="noted"),
    sa.CheckConstraint(
        "(state = 'carried') = (decision IS NOT DISTINCT FROM 'carried')", name="carried"
    ),
    sa.CheckConstraint("decision IN ('upheld', 'partly', 'dismissed', 'carried')", name="decision"),
    sa.CheckConstraint("(state IN ('noted', 'open')) = (decision IS NULL)", name="decided"),
    sa.CheckConstraint(
        "num_nulls(decision, reason, decided_seq, decided_day) IN (0, 4)", name="answer"
    ),
    sa.CheckConstraint("decided_seq > opened_seq", name="decided_seq"),
    sa.Index(
        "objection_quarter_idx",
        "scheme",
        "branch",
        "quarter",
        postgresql_where=sa.text("until_seq IS NULL"),
    ),
    sa.Index(
        "objection_claim_idx",
        "scheme",
        "claim",
        postgresql_where=sa.text("until_seq IS NULL AND claim IS NOT NULL"),
    ),
)

adjustment = kept_table(
    "adjustment",
    ("opened_seq", "holder", "capacity", "item", "quarter"),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("capacity", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("booked", sa.Text, nullable=False),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("claim", sa.Text),
    sa.CheckConstraint("booked > quarter", name="booked"),
    sa.CheckConstraint("capacity IN ('committee', 'member', 'unit')", name="capacity"),
    sa.Index("adjustment_booked_idx", "scheme", "branch", "booked"),
)

# A frozen revision never changes: each is a row of its own and is never ended.
bulletin = kept_table(
    "bulletin",
    ("branch", "quarter", "revision"),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("full_sheet", sa.LargeBinary, nullable=False),
    sa.Column("branch_sheet", sa.LargeBinary, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("branch_hash", sa.Text, nullable=False),
    sa.Column("red", ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("revision >= 1", name="revision"),
    sa.CheckConstraint("until_seq IS NULL AND opened_seq = seq", name="frozen"),
    sa.CheckConstraint("content_hash = encode(sha256(full_sheet), 'hex')", name="content_hash"),
    sa.CheckConstraint("branch_hash = encode(sha256(branch_sheet), 'hex')", name="branch_hash"),
)

# Neither do the lines that it published; with a quarter of an earlier date, after adjustments.
published_line = kept_table(
    "published_line",
    ("branch", "quarter", "revision", "holder", "capacity", "of_quarter"),
    sa.Column("branch", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("capacity", sa.Text, nullable=False),
    sa.Column("of_quarter", sa.Text, nullable=False),
    sa.Column("score", sa.Integer),
    sa.Column("earned", sa.BigInteger, nullable=False),
    sa.Column("applicable", sa.BigInteger, nullable=False),
    sa.Column("bonus", sa.BigInteger, nullable=False),
    sa.Column("deductions", sa.BigInteger, nullable=False),
    sa.Column("severe", sa.BigInteger, nullable=False),
    sa.Column("zeroed", sa.Boolean, nullable=False),
    sa.Column("partial", sa.Boolean, nullable=False),
    sa.Column("categories", JSONB, nullable=False),
    sa.Column("bonuses", JSONB, nullable=False),
    sa.CheckConstraint("capacity IN ('committee', 'member', 'unit')", name="capacity"),
    sa.CheckConstraint("of_quarter <= quarter", name="of_quarter"),
    sa.CheckConstraint("score BETWEEN 0 AND 1000 AND (score = 0 OR NOT zeroed)", name="score"),
    sa.CheckConstraint("until_seq IS NULL AND opened_seq = seq", name="frozen"),
    sa.Index("published_line_holder_idx", "scheme", "holder", "of_quarter"),
    sa.Index(
        "published_line_adjusts_idx",
        "scheme",
        "branch",
        "of_quarter",
        postgresql_where=sa.text("of_quarter < quarter"),
    ),
)
