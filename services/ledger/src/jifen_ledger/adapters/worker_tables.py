"""The tables of the work itself: who works, who holds which scheme, what is rebuilt or compared.

They lie outside the stream and every hash: losing them loses nothing but time.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from jifen_ledger.adapters.tables import METADATA

worker = sa.Table(
    "worker",
    METADATA,
    sa.Column("worker", sa.Text, primary_key=True),
    sa.Column("schemes", ARRAY(sa.Text), nullable=False),
    sa.Column("seen_at", sa.TIMESTAMP(timezone=True), nullable=False),
)

# `stream_last` and `trouble` are what the holder last told, for whoever asks elsewhere.
lease = sa.Table(
    "lease",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("stream_last", sa.BigInteger, nullable=False),
    sa.Column("trouble", sa.Text, nullable=False),
)

# The generation beside the live one: what the first `size` records make lies in the tables of its
# schema. A new one is being built or waits for the switch; an old one was left by a switch.
rebuild = sa.Table(
    "rebuild",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    # Of the tables, when the second set was made like them.
    sa.Column("revision", sa.Text, nullable=False),
    # What has built it, as far as it was built.
    sa.Column("software", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("last_recorded_at", sa.Text, nullable=False),
    sa.Column("live_from", sa.BigInteger),
    # Of the tree over the records as they came out this time.
    sa.Column("peaks", sa.LargeBinary, nullable=False),
    # What the last comparison with the live generation found.
    sa.Column("comparison", JSONB),
    sa.CheckConstraint("size >= 0", name="size"),
    sa.CheckConstraint("role IN ('new', 'old')", name="role"),
    sa.CheckConstraint("octet_length(peaks) % 32 = 0", name="peaks"),
)

# How far the pass over the past is that compares stream, journal and log: 0 where none is.
compared = sa.Table(
    "compared",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    # Which stream that was: one made anew has another.
    sa.Column("stream_created", sa.Text, nullable=False),
    sa.Column("began_ms", sa.BigInteger, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    # Of the tree over the records that were compared.
    sa.Column("peaks", sa.LargeBinary, nullable=False),
    sa.Column("last_recorded_at", sa.Text, nullable=False),
    # When the last whole pass ended, and at which size.
    sa.Column("whole_ms", sa.BigInteger),
    sa.Column("whole_size", sa.BigInteger, nullable=False),
    sa.CheckConstraint("size >= 0 AND whole_size >= 0", name="size"),
    sa.CheckConstraint("octet_length(peaks) % 32 = 0", name="peaks"),
)
