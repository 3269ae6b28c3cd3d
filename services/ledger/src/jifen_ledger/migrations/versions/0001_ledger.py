"""Journal, claims, figures and registers of the ledger.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE balance (
    scheme TEXT NOT NULL, account TEXT NOT NULL, tenths BIGINT NOT NULL,
    CONSTRAINT balance_pkey PRIMARY KEY (scheme, account)
) WITH (fillfactor = 70);
CREATE TABLE claim (
    scheme TEXT NOT NULL, claim TEXT NOT NULL, seq BIGINT NOT NULL, stated_seq BIGINT NOT
        NULL,
    holder TEXT NOT NULL, of_unit BOOLEAN NOT NULL, state TEXT NOT NULL, item TEXT NOT NULL,
    deed TEXT NOT NULL, deed_group TEXT, project TEXT, deed_ms BIGINT NOT NULL,
    deed_date DATE NOT NULL, stated_ms BIGINT NOT NULL, branch TEXT NOT NULL,
    version INTEGER NOT NULL, posts TEXT[] NOT NULL, unit_class TEXT, catalogue TEXT NOT NULL,
    measure JSONB NOT NULL, counterpart TEXT[] NOT NULL, signed TEXT,
    evidence_kinds TEXT[] NOT NULL, has_basis BOOLEAN NOT NULL, by TEXT,
    worth JSONB NOT NULL, lowered JSONB NOT NULL, replaces TEXT, until DATE, duplicate_of
        TEXT,
    preliminary_deciders TEXT[] NOT NULL, verified_deciders TEXT[] NOT NULL, decided_seq
        BIGINT,
    verified_seq BIGINT, reversed_seq BIGINT, counted JSONB NOT NULL,
    counted_incentive BIGINT NOT NULL, counting BOOLEAN NOT NULL,
    stack_key TEXT GENERATED ALWAYS AS (COALESCE(deed_group, deed)) STORED,
    deed_year INTEGER GENERATED ALWAYS AS (EXTRACT(year FROM deed_date)::integer) STORED,
    deed_quarter TEXT GENERATED ALWAYS AS (EXTRACT(year FROM deed_date)::text || '-Q' ||
        EXTRACT(quarter FROM deed_date)::text) STORED,
    CONSTRAINT claim_pkey PRIMARY KEY (scheme, claim),
    CONSTRAINT claim_state_check CHECK (state IN ('claimed', 'preliminary', 'verified',
        'returned', 'rejected', 'reversed')),
    CONSTRAINT claim_stated_seq_check CHECK (stated_seq >= seq),
    CONSTRAINT claim_decided_seq_check CHECK (decided_seq > seq),
    CONSTRAINT claim_reversed_seq_check CHECK ((state = 'reversed') = (reversed_seq IS NOT
        NULL)),
    CONSTRAINT claim_verified_seq_check CHECK (state <> 'verified' OR verified_seq IS NOT
        NULL),
    CONSTRAINT claim_counting_check CHECK (state = 'verified' OR NOT counting)
) WITH (fillfactor = 70);
CREATE INDEX claim_branch_quarter_idx ON claim (scheme, branch, deed_quarter);
CREATE INDEX claim_counting_idx ON claim (scheme, holder, item, deed_year) WHERE counting;
CREATE INDEX claim_holder_deed_idx ON claim (scheme, holder, item, deed);
CREATE INDEX claim_project_idx ON claim (scheme, project) WHERE project IS NOT NULL;
CREATE INDEX claim_stack_idx ON claim (scheme, holder, stack_key) WHERE counting;
CREATE TABLE claim_step (
    scheme TEXT NOT NULL, claim TEXT NOT NULL, seq BIGINT NOT NULL, step TEXT NOT NULL,
    item TEXT NOT NULL, measure JSONB NOT NULL, worth JSONB NOT NULL, by TEXT,
    deciders TEXT[] NOT NULL, reason TEXT,
    CONSTRAINT claim_step_pkey PRIMARY KEY (scheme, claim, seq)
);
CREATE TABLE evidence_use (
    scheme TEXT NOT NULL, sha256 TEXT NOT NULL, seq BIGINT NOT NULL, deed TEXT NOT NULL,
    CONSTRAINT evidence_use_pkey PRIMARY KEY (scheme, sha256, seq, deed)
);
CREATE TABLE figures (
    scheme TEXT NOT NULL, holder TEXT NOT NULL, capacity TEXT NOT NULL, quarter TEXT NOT NULL,
    earned BIGINT NOT NULL, applicable BIGINT NOT NULL, bonus BIGINT NOT NULL,
    deductions BIGINT NOT NULL, a BIGINT NOT NULL, b BIGINT NOT NULL, c BIGINT NOT NULL,
    d BIGINT NOT NULL, score INTEGER,
    CONSTRAINT figures_pkey PRIMARY KEY (scheme, holder, capacity, quarter),
    CONSTRAINT figures_capacity_check CHECK (capacity IN ('committee', 'member', 'unit')),
    CONSTRAINT figures_score_check CHECK (score BETWEEN 0 AND 1000)
) WITH (fillfactor = 70);
CREATE INDEX figures_score_idx ON figures (scheme, quarter, capacity, score DESC) WHERE score IS
    NOT NULL;
CREATE TABLE log_head (
    scheme TEXT NOT NULL, size BIGINT NOT NULL, last_recorded_at TEXT NOT NULL, live_from
        BIGINT,
    peaks BYTEA DEFAULT ''::bytea NOT NULL,
    CONSTRAINT log_head_pkey PRIMARY KEY (scheme),
    CONSTRAINT log_head_size_check CHECK (size >= 0),
    CONSTRAINT log_head_last_recorded_at_check CHECK (octet_length(last_recorded_at) = 24),
    CONSTRAINT log_head_live_from_check CHECK (live_from BETWEEN 1 AND size),
    CONSTRAINT log_head_peaks_check CHECK (octet_length(peaks) % 32 = 0)
);
CREATE TABLE posting (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, ordinal SMALLINT NOT NULL, account TEXT NOT
        NULL,
    delta BIGINT NOT NULL, item TEXT, quarter TEXT, kind TEXT, booked TEXT, claim TEXT,
    CONSTRAINT posting_pkey PRIMARY KEY (scheme, seq, ordinal),
    CONSTRAINT posting_ordinal_check CHECK (ordinal BETWEEN 0 AND 255),
    CONSTRAINT posting_delta_check CHECK (delta <> 0),
    CONSTRAINT posting_account_check CHECK (octet_length(account) BETWEEN 1 AND 96),
    CONSTRAINT posting_kind_check CHECK (kind IN ('award', 'reversal', 'release', 'absorb',
        'deduct')),
    CONSTRAINT posting_booked_check CHECK (booked >= quarter)
);
CREATE INDEX posting_account_idx ON posting (scheme, account, seq, ordinal);
CREATE TABLE record (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, bytes BYTEA NOT NULL, recorded_at TEXT NOT
        NULL,
    source TEXT, event_id TEXT, content_hash BYTEA, type TEXT, subject TEXT, status TEXT NOT
        NULL,
    code TEXT, claim TEXT,
    CONSTRAINT record_pkey PRIMARY KEY (scheme, seq),
    CONSTRAINT record_seq_check CHECK (seq >= 1),
    CONSTRAINT record_bytes_check CHECK (octet_length(bytes) BETWEEN 1 AND 65535),
    CONSTRAINT record_recorded_at_check CHECK (octet_length(recorded_at) = 24),
    CONSTRAINT record_status_check CHECK (status IN ('posted', 'recorded', 'refused',
        'duplicate')),
    CONSTRAINT record_code_check CHECK ((status = 'refused') = (code IS NOT NULL)),
    CONSTRAINT record_first_check CHECK (num_nulls(source, event_id, content_hash) IN (0, 3)),
    CONSTRAINT record_content_hash_check CHECK (octet_length(content_hash) = 32)
);
CREATE INDEX record_refused_idx ON record (scheme, seq) WHERE status = 'refused';
CREATE UNIQUE INDEX record_source_event_id_key ON record (scheme, source, event_id) WHERE source
    IS NOT NULL;
CREATE INDEX record_subject_idx ON record (scheme, subject, seq);
CREATE TABLE stated_deed (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, holder TEXT NOT NULL, item TEXT NOT NULL,
    deed TEXT NOT NULL, day DATE NOT NULL,
    CONSTRAINT stated_deed_pkey PRIMARY KEY (scheme, seq)
);
CREATE INDEX stated_deed_days_idx ON stated_deed (scheme, holder, item, day, seq);
CREATE INDEX stated_deed_holders_idx ON stated_deed (scheme, item, deed, seq);
CREATE TABLE assignment (
    scheme TEXT NOT NULL, assignment TEXT NOT NULL, seq BIGINT NOT NULL, member TEXT NOT NULL,
    role TEXT NOT NULL, unit TEXT NOT NULL, post TEXT, "of" TEXT[] NOT NULL,
    from_day DATE NOT NULL, to_day DATE, sent DATE, until_seq BIGINT,
    CONSTRAINT assignment_pkey PRIMARY KEY (scheme, assignment, seq),
    CONSTRAINT assignment_to_day_check CHECK (from_day <= to_day),
    CONSTRAINT assignment_until_seq_check CHECK (until_seq > seq),
    CONSTRAINT assignment_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE UNIQUE INDEX assignment_current_key ON assignment (scheme, assignment) WHERE until_seq IS
    NULL;
CREATE INDEX assignment_member_idx ON assignment (scheme, member, seq);
CREATE INDEX assignment_of_idx ON assignment USING gin ("of") WHERE cardinality(of) > 0;
CREATE INDEX assignment_unit_idx ON assignment (scheme, unit, role);
CREATE TABLE departure (
    scheme TEXT NOT NULL, member TEXT NOT NULL, seq BIGINT NOT NULL, on_day DATE NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT departure_pkey PRIMARY KEY (scheme, member, seq),
    CONSTRAINT departure_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE TABLE joined (
    scheme TEXT NOT NULL, closed TEXT NOT NULL, survivor TEXT NOT NULL, seq BIGINT NOT NULL,
    CONSTRAINT joined_pkey PRIMARY KEY (scheme, closed),
    CONSTRAINT joined_survivor_check CHECK (closed <> survivor),
    CONSTRAINT joined_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE TABLE panel (
    scheme TEXT NOT NULL, branch TEXT NOT NULL, seq BIGINT NOT NULL, panel TEXT NOT NULL,
    from_day DATE NOT NULL, to_day DATE NOT NULL, chair TEXT NOT NULL, members TEXT[] NOT
        NULL,
    recused TEXT[] NOT NULL, recused_towards TEXT[] NOT NULL,
    CONSTRAINT panel_pkey PRIMARY KEY (scheme, branch, seq),
    CONSTRAINT panel_to_day_check CHECK (from_day < to_day),
    CONSTRAINT panel_recused_check CHECK (cardinality(recused) =
        cardinality(recused_towards)),
    CONSTRAINT panel_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE TABLE record_raw (
    scheme TEXT NOT NULL, seq BIGINT NOT NULL, subject TEXT NOT NULL, payload BYTEA NOT NULL,
    CONSTRAINT record_raw_pkey PRIMARY KEY (scheme, seq),
    CONSTRAINT record_raw_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE TABLE scheme_version (
    scheme TEXT NOT NULL, version INTEGER NOT NULL, seq BIGINT NOT NULL,
    effective_from DATE NOT NULL, document JSONB NOT NULL,
    CONSTRAINT scheme_version_pkey PRIMARY KEY (scheme, version),
    CONSTRAINT scheme_version_version_check CHECK (version >= 1),
    CONSTRAINT scheme_version_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme,
        seq)
);
CREATE TABLE split (
    scheme TEXT NOT NULL, project TEXT NOT NULL, seq BIGINT NOT NULL, unit TEXT NOT NULL,
    item TEXT NOT NULL, pool BIGINT NOT NULL, participants TEXT[] NOT NULL,
    parts BIGINT[] NOT NULL, organisers TEXT[] NOT NULL,
    CONSTRAINT split_pkey PRIMARY KEY (scheme, project, seq),
    CONSTRAINT split_parts_check CHECK (cardinality(participants) = cardinality(parts)),
    CONSTRAINT split_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE TABLE standing (
    scheme TEXT NOT NULL, member TEXT NOT NULL, seq BIGINT NOT NULL, standing TEXT NOT NULL,
    from_day DATE NOT NULL,
    CONSTRAINT standing_pkey PRIMARY KEY (scheme, member, seq),
    CONSTRAINT standing_standing_check CHECK (standing IN ('full', 'probationary',
        'applicant', 'staff', 'retired')),
    CONSTRAINT standing_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
);
CREATE TABLE unit_state (
    scheme TEXT NOT NULL, unit TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL,
    unit_class TEXT, parent TEXT, name_zh TEXT NOT NULL, name_en TEXT NOT NULL,
    from_day DATE NOT NULL, to_day DATE, came_from TEXT[] NOT NULL,
    CONSTRAINT unit_state_pkey PRIMARY KEY (scheme, unit, seq),
    CONSTRAINT unit_state_to_day_check CHECK (from_day < to_day),
    CONSTRAINT unit_state_record_fkey FOREIGN KEY(scheme, seq) REFERENCES record (scheme, seq)
)
"""

INSERT_ONLY = (
    "record",
    "record_raw",
    "posting",
    "claim_step",
    "stated_deed",
    "evidence_use",
    "scheme_version",
    "unit_state",
    "standing",
    "departure",
    "joined",
    "panel",
    "split",
)

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = '23001';
END
$$
"""


def upgrade() -> None:
    for statement in TABLES.strip().split(";\n"):
        op.execute(statement)
    op.execute(REFUSE_CHANGE)
    for table in INSERT_ONLY:
        _refuse("UPDATE OR DELETE OR TRUNCATE", table)
    # A correction closes the assignment before it.
    _refuse("DELETE OR TRUNCATE", "assignment")


def _refuse(changes: str, table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_only_added BEFORE {changes} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    raise NotImplementedError("The journal is never dropped.")
