"""The table of what is counted of a branch's claims, by deed quarter, for its health check."""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters.tables import METADATA
from jifen_ledger.domain.tally import Tally

tally = sa.Table(
    "tally",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("branch", sa.Text, primary_key=True),
    sa.Column("quarter", sa.Text, primary_key=True),
    *(sa.Column(name, sa.BigInteger, nullable=False) for name in Tally._fields),
    postgresql_with={"fillfactor": "70"},
)
