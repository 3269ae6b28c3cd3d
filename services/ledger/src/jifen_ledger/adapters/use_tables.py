"""The tables of what events use that lies apart: files of evidence and private parts."""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters.tables import METADATA


def _use_table(name: str, of: str) -> sa.Table:
    return sa.Table(
        name,
        METADATA,
        sa.Column("scheme", sa.Text, primary_key=True),
        sa.Column(of, sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    )


# Insert-only; which file was evidence for which deed: the fold reads it.
evidence_use = sa.Table(
    "evidence_use",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("deed", sa.Text, primary_key=True),
)

# Insert-only; which other events name which file.
file_use = _use_table("file_use", "sha256")

# Insert-only; which record's event has which private part.
private_use = _use_table("private_use", "privatehash")
