"""Vetoes with figures that know of them, awards, grades, and erased persons.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

from jifen_ledger.migrations.only_added import never_removed

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE figures ADD COLUMN severe BIGINT NOT NULL DEFAULT 0;
ALTER TABLE figures ALTER COLUMN severe DROP DEFAULT;
ALTER TABLE figures ADD COLUMN zeroed BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE figures ALTER COLUMN zeroed DROP DEFAULT;
ALTER TABLE figures DROP CONSTRAINT figures_score_check;
ALTER TABLE figures ADD CONSTRAINT figures_score_check
    CHECK (score BETWEEN 0 AND 1000 AND (score = 0 OR NOT zeroed));
CREATE TABLE veto (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    veto TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, effect TEXT NOT NULL,
    from_day DATE NOT NULL, to_day DATE, basis TEXT NOT NULL, by TEXT NOT NULL,
    annulled BOOLEAN NOT NULL, lifted_on DATE, lifted_by TEXT, reason TEXT,
    CONSTRAINT veto_pkey PRIMARY KEY (scheme, veto, seq),
    CONSTRAINT veto_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT veto_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT veto_kind_check CHECK (kind IN ('V1', 'V2', 'V3', 'V4', 'V5')),
    CONSTRAINT veto_effect_check CHECK (effect IN ('zero', 'block')),
    CONSTRAINT veto_to_day_check CHECK (from_day < to_day),
    CONSTRAINT veto_lifted_on_check
        CHECK (lifted_on IS NULL OR (lifted_on > from_day AND NOT annulled)),
    CONSTRAINT veto_lifted_by_check CHECK (lifted_by <> by),
    CONSTRAINT veto_lifted_check
        CHECK ((annulled OR lifted_on IS NOT NULL) = (lifted_by IS NOT NULL)),
    CONSTRAINT veto_reason_check CHECK ((lifted_by IS NULL) = (reason IS NULL)),
    CONSTRAINT veto_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX veto_current_key ON veto (scheme, veto) WHERE until_seq IS NULL;
CREATE INDEX veto_member_idx ON veto (scheme, member);
CREATE TABLE award (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    award TEXT NOT NULL, holder TEXT NOT NULL, kind TEXT NOT NULL, name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL, level TEXT, month TEXT, from_day DATE NOT NULL, to_day DATE,
    basis TEXT NOT NULL, by TEXT NOT NULL, revoked_on DATE, revoked_by TEXT, reason TEXT,
    CONSTRAINT award_pkey PRIMARY KEY (scheme, award, seq),
    CONSTRAINT award_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT award_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT award_kind_check
        CHECK (kind IN ('title', 'badge', 'honour', 'benefit', 'unit_award')),
    CONSTRAINT award_level_check CHECK (level IN ('plant', 'company', 'province', 'nation')),
    CONSTRAINT award_month_check CHECK (kind <> 'benefit' OR month IS NOT NULL),
    CONSTRAINT award_revoked_on_check
        CHECK (num_nulls(revoked_on, revoked_by, reason) IN (0, 3)),
    CONSTRAINT award_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX award_current_key ON award (scheme, award) WHERE until_seq IS NULL;
CREATE INDEX award_holder_idx ON award (scheme, holder);
CREATE TABLE grade (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    member TEXT NOT NULL, year TEXT NOT NULL, grade TEXT NOT NULL, proposal TEXT NOT NULL,
    figure INTEGER NOT NULL, branch TEXT NOT NULL, told_on DATE NOT NULL, basis TEXT NOT NULL,
    reason TEXT, pool TEXT[] NOT NULL, over_quota BOOLEAN NOT NULL, by TEXT NOT NULL,
    deciders TEXT[] NOT NULL,
    CONSTRAINT grade_pkey PRIMARY KEY (scheme, member, year, seq),
    CONSTRAINT grade_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT grade_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT grade_grade_check
        CHECK (grade IN ('excellent', 'qualified', 'basic', 'unqualified')),
    CONSTRAINT grade_figure_check CHECK (figure BETWEEN 0 AND 1000),
    CONSTRAINT grade_reason_check
        CHECK (reason IS NOT NULL OR (grade = proposal AND NOT over_quota)),
    CONSTRAINT grade_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX grade_current_key ON grade (scheme, member, year) WHERE until_seq IS NULL;
CREATE INDEX grade_branch_idx ON grade (scheme, branch, year);
CREATE TABLE erasure (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, until_seq BIGINT, opened_seq BIGINT NOT NULL,
    member TEXT NOT NULL, basis TEXT NOT NULL,
    CONSTRAINT erasure_pkey PRIMARY KEY (scheme, member, seq),
    CONSTRAINT erasure_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT erasure_opened_seq_check CHECK (opened_seq <= seq),
    CONSTRAINT erasure_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX erasure_current_key ON erasure (scheme, member) WHERE until_seq IS NULL
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    for table in ("veto", "award", "grade", "erasure"):
        never_removed(table)


def downgrade() -> None:
    raise NotImplementedError("A register goes with the ledger it was folded into.")
