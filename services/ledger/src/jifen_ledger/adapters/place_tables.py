"""The tables that answer ranks of now: everybody's score on a board, and a count for each score.

Both follow from the figures and the registers, and are kept with every batch. Boards of earlier
moments are counted when asked.
"""

from __future__ import annotations

import sqlalchemy as sa

from jifen_ledger.adapters.tables import METADATA

# Scores are counted one by one and in buckets of this width: how many are higher is the sum of a
# few dozen rows, whatever the number of holders.
BUCKET = 32

# Who has a score in a quarter or year; `unit` is the last home branch of the period, or the unit
# itself.
place = sa.Table(
    "place",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("capacity", sa.Text, primary_key=True),
    sa.Column("holder", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text),
    sa.Column("score", sa.Integer, nullable=False),
    sa.CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
    sa.Index("place_score_idx", "scheme", "period", "capacity", sa.text("score DESC"), "holder"),
    sa.Index(
        "place_unit_idx", "scheme", "period", "capacity", "unit", sa.text("score DESC"), "holder"
    ),
)

# How many holders of the units below a scope have a score from `low` on, `width` scores wide. The
# scheme's own scope counts everybody, whatever the unit.
score_count = sa.Table(
    "score_count",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("capacity", sa.Text, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("width", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("low", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holders", sa.BigInteger, nullable=False),
    sa.CheckConstraint("holders > 0", name="holders"),
    sa.CheckConstraint(f"width IN (1, {BUCKET})", name="width"),
    postgresql_with={"fillfactor": "70"},
)
