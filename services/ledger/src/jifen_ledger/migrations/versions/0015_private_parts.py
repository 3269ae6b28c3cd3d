"""Private parts, and the files that events name.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_changed

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE private_part (
    scheme TEXT NOT NULL, privatehash TEXT NOT NULL, person TEXT NOT NULL, salt BYTEA NOT NULL,
    private BYTEA NOT NULL, stream_seq BIGINT NOT NULL, files TEXT[] NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT private_part_pkey PRIMARY KEY (scheme, privatehash),
    CONSTRAINT private_part_privatehash_check CHECK (octet_length(privatehash) = 64),
    CONSTRAINT private_part_salt_check CHECK (octet_length(salt) = 32),
    CONSTRAINT private_part_private_check CHECK (octet_length(private) <= 65536)
);
CREATE INDEX private_part_person_idx ON private_part (scheme, person);
CREATE INDEX private_part_files_idx ON private_part USING gin (files)
    WHERE cardinality(files) > 0;
CREATE TABLE private_head (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, erased_seq BIGINT NOT NULL,
    CONSTRAINT private_head_pkey PRIMARY KEY (scheme),
    CONSTRAINT private_head_seq_check CHECK (seq >= 0),
    CONSTRAINT private_head_erased_seq_check CHECK (erased_seq >= 0)
);
CREATE TABLE left_file (
    scheme TEXT NOT NULL, sha256 TEXT NOT NULL,
    CONSTRAINT left_file_pkey PRIMARY KEY (scheme, sha256)
);
CREATE TABLE file_use (
    scheme TEXT NOT NULL, sha256 TEXT NOT NULL, seq BIGINT NOT NULL,
    CONSTRAINT file_use_pkey PRIMARY KEY (scheme, sha256, seq)
);
CREATE TABLE private_use (
    scheme TEXT NOT NULL, privatehash TEXT NOT NULL, seq BIGINT NOT NULL,
    CONSTRAINT private_use_pkey PRIMARY KEY (scheme, privatehash, seq)
)
"""
# What is named stands in plain words in the canonical bytes; only accepted events use a file.
USED_BEFORE = """
INSERT INTO file_use
SELECT DISTINCT record.scheme, named[1], record.seq
FROM record, regexp_matches(
    convert_from(record.bytes, 'UTF8'), '"sha256":"([0-9a-f]{64})"', 'g'
) AS named
WHERE record.status IN ('posted', 'recorded') AND record.type IN (
    'jifen.concern.resolved.v1', 'jifen.absence.recorded.v1', 'jifen.veto.imposed.v1',
    'jifen.award.granted.v1', 'jifen.grade.decided.v1', 'jifen.person.erased.v1'
)
"""
BASES_OF_CLAIMS = """
INSERT INTO file_use
SELECT DISTINCT record.scheme, named[1], record.seq
FROM claim JOIN record ON record.scheme = claim.scheme AND record.claim = claim.claim,
regexp_matches(
    convert_from(record.bytes, 'UTF8'), '"basis":[{]"sha256":"([0-9a-f]{64})"'
) AS named
WHERE claim.has_basis AND record.type = 'jifen.points.earned.v1'
    AND record.status IN ('posted', 'recorded') AND NOT EXISTS (
        SELECT FROM evidence_use AS shown WHERE shown.scheme = record.scheme
            AND shown.sha256 = named[1] AND shown.seq = record.seq
    )
"""

PRIVATE_BEFORE = """
INSERT INTO private_use
SELECT record.scheme, named[1], record.seq
FROM record, regexp_matches(
    convert_from(record.bytes, 'UTF8'), '"privatehash":"([0-9a-f]{64})"'
) AS named
WHERE record.status <> 'duplicate'
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    op.execute(USED_BEFORE)
    op.execute(BASES_OF_CLAIMS)
    op.execute(PRIVATE_BEFORE)
    never_changed("file_use")
    never_changed("private_use")


def downgrade() -> None:
    raise NotImplementedError("Private parts go by erasing their rows, not by a migration.")
