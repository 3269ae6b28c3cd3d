"""The tables of private parts: outside every hash, erasable, and filled anew from their stream."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from jifen_ledger.adapters.tables import METADATA

PRIVATE_BYTES_MAX = 65_536
SALT_BYTES = 32

# One for each private part; `private` is its canonical JSON, so that it opens the hash.
private_part = sa.Table(
    "private_part",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("privatehash", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("private", sa.LargeBinary, nullable=False),
    # Its message in the private stream.
    sa.Column("stream_seq", sa.BigInteger, nullable=False),
    # The files it names as evidence.
    sa.Column("files", ARRAY(sa.Text), nullable=False),
    sa.Column(
        "stored_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    ),
    sa.CheckConstraint("octet_length(privatehash) = 64", name="privatehash"),
    sa.CheckConstraint(f"octet_length(salt) = {SALT_BYTES}", name="salt"),
    sa.CheckConstraint(f"octet_length(private) <= {PRIVATE_BYTES_MAX}", name="private"),
    sa.Index("private_part_person_idx", "scheme", "person"),
    sa.Index(
        "private_part_files_idx",
        "files",
        postgresql_using="gin",
        postgresql_where=sa.text("cardinality(files) > 0"),
    ),
)
# As the index says it.
NAMES_FILES = sa.func.cardinality(private_part.c.files) > 0

# How far the copy is in the private stream, and up to which record it has carried out erasures.
private_head = sa.Table(
    "private_head",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("erased_seq", sa.BigInteger, nullable=False),
    sa.CheckConstraint("seq >= 0", name="seq"),
    sa.CheckConstraint("erased_seq >= 0", name="erased_seq"),
)

# Files that private parts named which were erased; they go from the store when nobody else does.
left_file = sa.Table(
    "left_file",
    METADATA,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
)
