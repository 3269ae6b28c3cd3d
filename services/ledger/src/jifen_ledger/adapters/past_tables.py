"""What only reads of the past need: claims as they stood before, and postings by deed quarter."""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters.tables import METADATA, claim, posting

# Insert-only: a claim as it stood until the record `until_seq` changed what its steps do not tell.
# `counting` and what the table of the claims computes are about now only.
claim_past = sa.Table(
    "claim_past",
    METADATA,
    *(
        sa.Column(column.name, column.type, nullable=column.nullable)
        for column in claim.columns
        if column.computed is None and column.name != "counting"
    ),
    sa.Column("until_seq", sa.BigInteger, nullable=False),
    sa.PrimaryKeyConstraint("scheme", "claim", "until_seq"),
    sa.ForeignKeyConstraint(["scheme", "until_seq"], ["record.scheme", "record.seq"]),
    sa.CheckConstraint("until_seq > stated_seq", name="until_seq"),
)

# A quarter's postings stand together in the journal: a summary of each range of pages finds them,
# and costs a writer nothing.
POSTINGS_OF_QUARTER = sa.Index(
    "posting_quarter_idx",
    posting.c.scheme,
    posting.c.quarter,
    postgresql_using="brin",
    postgresql_with={"autosummarize": "on", "pages_per_range": "32"},
)
