"""Lots, wallets, budgets, offers and redemptions.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_removed

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE lot (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    claim TEXT NOT NULL, holder TEXT NOT NULL, item TEXT NOT NULL, amount BIGINT NOT NULL,
    left_over BIGINT NOT NULL, held BIGINT NOT NULL, posted DATE NOT NULL, due DATE NOT NULL,
    expires DATE NOT NULL, state TEXT NOT NULL,
    CONSTRAINT lot_pkey PRIMARY KEY (scheme, claim, opened_seq, seq),
    CONSTRAINT lot_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT lot_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT lot_held_check CHECK (held >= 0),
    CONSTRAINT lot_left_over_check CHECK (left_over BETWEEN held AND amount),
    CONSTRAINT lot_amount_check CHECK (amount > 0),
    CONSTRAINT lot_expires_check CHECK (posted <= due AND due <= expires),
    CONSTRAINT lot_state_check
        CHECK (state = CASE WHEN left_over > 0 THEN 'open' ELSE 'used' END),
    CONSTRAINT lot_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX lot_current_key ON lot (scheme, claim, opened_seq) WHERE until_seq IS NULL;
CREATE INDEX lot_current_idx ON lot (scheme, holder, state) WHERE until_seq IS NULL;
CREATE INDEX lot_holder_idx ON lot (scheme, holder, seq);
CREATE TABLE wallet (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    holder TEXT NOT NULL, debt BIGINT NOT NULL, withheld JSONB NOT NULL,
    CONSTRAINT wallet_pkey PRIMARY KEY (scheme, holder, seq),
    CONSTRAINT wallet_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT wallet_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT wallet_debt_check CHECK (debt >= 0),
    CONSTRAINT wallet_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX wallet_current_key ON wallet (scheme, holder) WHERE until_seq IS NULL;
CREATE TABLE incentive_year (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    year TEXT NOT NULL, issued BIGINT NOT NULL,
    CONSTRAINT incentive_year_pkey PRIMARY KEY (scheme, year, seq),
    CONSTRAINT incentive_year_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT incentive_year_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT incentive_year_issued_check CHECK (issued > 0),
    CONSTRAINT incentive_year_record_fkey FOREIGN KEY(scheme, seq)
        REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX incentive_year_current_key ON incentive_year (scheme, year)
    WHERE until_seq IS NULL;
CREATE TABLE offer (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    offer TEXT NOT NULL, sponsor TEXT NOT NULL, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
    price BIGINT NOT NULL, stock BIGINT NOT NULL, per_member INTEGER NOT NULL,
    opens DATE NOT NULL, closes DATE NOT NULL, code_days INTEGER NOT NULL,
    reserved BIGINT NOT NULL,
    CONSTRAINT offer_pkey PRIMARY KEY (scheme, offer, seq),
    CONSTRAINT offer_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT offer_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT offer_price_check CHECK (price >= 0),
    CONSTRAINT offer_stock_check CHECK (stock >= 0),
    CONSTRAINT offer_reserved_check CHECK (reserved >= 0),
    CONSTRAINT offer_closes_check CHECK (opens < closes),
    CONSTRAINT offer_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX offer_current_key ON offer (scheme, offer) WHERE until_seq IS NULL;
CREATE TABLE redemption (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    redemption TEXT NOT NULL, member TEXT NOT NULL, offer TEXT NOT NULL,
    quantity INTEGER NOT NULL, price BIGINT NOT NULL, reserved_on DATE NOT NULL,
    code_until DATE NOT NULL, holds JSONB NOT NULL, state TEXT NOT NULL, why TEXT, by TEXT,
    CONSTRAINT redemption_pkey PRIMARY KEY (scheme, redemption, seq),
    CONSTRAINT redemption_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT redemption_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT redemption_quantity_check CHECK (quantity > 0),
    CONSTRAINT redemption_code_until_check CHECK (code_until > reserved_on),
    CONSTRAINT redemption_state_check CHECK (state IN ('open', 'fulfilled', 'cancelled')),
    CONSTRAINT redemption_why_check CHECK ((state = 'cancelled') = (why IS NOT NULL)),
    CONSTRAINT redemption_by_check CHECK ((state = 'fulfilled') = (by IS NOT NULL)),
    CONSTRAINT redemption_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX redemption_current_key ON redemption (scheme, redemption)
    WHERE until_seq IS NULL;
CREATE INDEX redemption_member_idx ON redemption (scheme, member, opened_seq);
CREATE INDEX redemption_open_idx ON redemption (scheme, offer)
    WHERE until_seq IS NULL AND state = 'open';
ALTER TABLE posting DROP CONSTRAINT posting_kind_check;
ALTER TABLE posting ADD CONSTRAINT posting_kind_check CHECK (kind IN ('award', 'reversal',
    'release', 'absorb', 'deduct', 'spend', 'expire', 'join'))
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("lot", "wallet", "incentive_year", "offer", "redemption"):
        never_removed(table)


def downgrade() -> None:
    raise NotImplementedError("A register goes with the ledger it was folded into.")
