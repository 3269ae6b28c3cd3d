"""The tables of wallets: lots, debts, budgets, offers and redemptions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from jifen_ledger.adapters.kept_table import kept_table

lot = kept_table(
    "lot",
    ("claim", "opened_seq"),
    sa.Column("claim", sa.Text, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("left_over", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False),
    sa.Column("posted", sa.Date, nullable=False),
    sa.Column("due", sa.Date, nullable=False),
    sa.Column("expires", sa.Date, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.CheckConstraint("held >= 0", name="held"),
    sa.CheckConstraint("left_over BETWEEN held AND amount", name="left_over"),
    sa.CheckConstraint("amount > 0", name="amount"),
    sa.CheckConstraint("posted <= due AND due <= expires", name="expires"),
    sa.CheckConstraint("state = CASE WHEN left_over > 0 THEN 'open' ELSE 'used' END", name="state"),
    # The open ones for the fold; every state of them for reads of the past.
    sa.Index(
        "lot_current_idx",
        "scheme",
        "holder",
        "state",
        postgresql_where=sa.text("until_seq IS NULL"),
    ),
    sa.Index("lot_holder_idx", "scheme", "holder", "seq"),
)

wallet = kept_table(
    "wallet",
    ("holder",),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("debt", sa.BigInteger, nullable=False),
    sa.Column("withheld", JSONB, nullable=False),
    sa.CheckConstraint("debt >= 0", name="debt"),
)

incentive_year = kept_table(
    "incentive_year",
    ("year",),
    sa.Column("year", sa.Text, nullable=False),
    sa.Column("issued", sa.BigInteger, nullable=False),
    sa.CheckConstraint("issued > 0", name="issued"),
)

offer = kept_table(
    "offer",
    ("offer",),
    sa.Column("offer", sa.Text, nullable=False),
    sa.Column("sponsor", sa.Text, nullable=False),
    sa.Column("name_zh", sa.Text, nullable=False),
    sa.Column("name_en", sa.Text, nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("stock", sa.BigInteger, nullable=False),
    sa.Column("per_member", sa.Integer, nullable=False),
    sa.Column("opens", sa.Date, nullable=False),
    sa.Column("closes", sa.Date, nullable=False),
    sa.Column("code_days", sa.Integer, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    sa.CheckConstraint("price >= 0", name="price"),
    sa.CheckConstraint("stock >= 0", name="stock"),
    sa.CheckConstraint("reserved >= 0", name="reserved"),
    sa.CheckConstraint("opens < closes", name="closes"),
)

redemption = kept_table(
    "redemption",
    ("redemption",),
    sa.Column("redemption", sa.Text, nullable=False),
    sa.Column("member", sa.Text, nullable=False),
    sa.Column("offer", sa.Text, nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("reserved_on", sa.Date, nullable=False),
    sa.Column("code_until", sa.Date, nullable=False),
    sa.Column("holds", JSONB, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("why", sa.Text),
    sa.Column("by", sa.Text),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("code_until > reserved_on", name="code_until"),
    sa.CheckConstraint("state IN ('open', 'fulfilled', 'cancelled')", name="state"),
    sa.CheckConstraint("(state = 'cancelled') = (why IS NOT NULL)", name="why"),
    sa.CheckConstraint("(state = 'fulfilled') = (by IS NOT NULL)", name="by"),
    sa.Index("redemption_member_idx", "scheme", "member", "opened_seq"),
    sa.Index(
        "redemption_open_idx",
        "scheme",
        "offer",
        postgresql_where=sa.text("until_seq IS NULL AND state = 'open'"),
    ),
)
