"""Every code that can refuse something, with its one meaning; a code is never renamed."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Code(StrEnum):
    """Codes of the fold, of ingest and of reads; one code means the same in every place."""

    ALREADY_DECIDED = "already_decided"
    ALREADY_EXISTS = "already_exists"
    ALREADY_GRANTED = "already_granted"
    ALREADY_REVERSED = "already_reversed"
    ASSIGNMENT_OVERLAP = "assignment_overlap"
    BASIS_REQUIRED = "basis_required"
    BATCH_TOO_LARGE = "batch_too_large"
    BUSY = "busy"
    CAPACITY_NOT_HELD = "capacity_not_held"
    CHILDREN_OPEN = "children_open"
    CLAIM_LAPSED = "claim_lapsed"
    CLAIMS_OPEN = "claims_open"
    CODE_EXPIRED = "code_expired"
    CONFLICTING_DUPLICATE = "conflicting_duplicate"
    CORRECTIONS_PENDING = "corrections_pending"
    DATES_INVALID = "dates_invalid"
    DEBT_OUTSTANDING = "debt_outstanding"
    DUAL_INCOMPLETE = "dual_incomplete"
    DUPLICATE_CLAIM = "duplicate_claim"
    DUPLICATE_DEED = "duplicate_deed"
    EFFECTIVE_DATE_INVALID = "effective_date_invalid"
    ERASED = "erased"
    EVIDENCE_REQUIRED = "evidence_required"
    FACTS_MISSING = "facts_missing"
    FORBIDDEN = "forbidden"
    HASH_MISMATCH = "hash_mismatch"
    HISTORY_CLOSED = "history_closed"
    IN_FUTURE = "in_future"
    INSUFFICIENT_POINTS = "insufficient_points"
    ITEM_NOT_APPLICABLE = "item_not_applicable"
    LIMIT_REACHED = "limit_reached"
    LOWER_LEVEL_MISSING = "lower_level_missing"
    MALFORMED = "malformed"
    MEASURE_INVALID = "measure_invalid"
    MEDIA_NOT_ALLOWED = "media_not_allowed"
    NOT_ACTIVE = "not_active"
    NOT_FOUND = "not_found"
    NOT_GRADABLE = "not_gradable"
    NOT_PERMITTED = "not_permitted"
    NOT_RAISER = "not_raiser"
    NOT_TOLD = "not_told"
    OBJECTIONS_OPEN = "objections_open"
    OFFER_CLOSED = "offer_closed"
    ORIGINAL_STANDS = "original_stands"
    OUT_OF_STOCK = "out_of_stock"
    PACT_INVALID = "pact_invalid"
    PACT_NOT_IN_FORCE = "pact_not_in_force"
    PANEL_INVALID = "panel_invalid"
    PAUSE_LIMIT = "pause_limit"
    PERSONAL_DATA = "personal_data"
    POINTS_MISMATCH = "points_mismatch"
    POINTS_PRECISION = "points_precision"
    POINTS_TOO_HIGH = "points_too_high"
    PRICE_CHANGED = "price_changed"
    QUERY_INVALID = "query_invalid"
    QUORUM_NOT_MET = "quorum_not_met"
    QUOTA_EXCEEDED = "quota_exceeded"
    RATE_LIMITED = "rate_limited"
    REASON_REQUIRED = "reason_required"
    RECORD_MISMATCH = "record_mismatch"
    RECUSED = "recused"
    REVISION_NOT_NEXT = "revision_not_next"
    SAME_REVIEWER = "same_reviewer"
    SCHEMA_INVALID = "schema_invalid"
    SCHEME_INVALID = "scheme_invalid"
    SCHEME_NOT_ALLOWED = "scheme_not_allowed"
    SCHEME_NOT_PUBLISHED = "scheme_not_published"
    SELF_REVIEW = "self_review"
    SHARE_TOO_LARGE = "share_too_large"
    SHARES_IN_USE = "shares_in_use"
    SHARES_MISSING = "shares_missing"
    SHARES_NOT_AGREED = "shares_not_agreed"
    SOURCE_NOT_ALLOWED = "source_not_allowed"
    STATEMENT_PENDING = "statement_pending"
    STREAM_LOST = "stream_lost"
    TOO_LARGE = "too_large"
    TOO_LATE = "too_late"
    TOO_MANY_POSTINGS = "too_many_postings"
    TYPE_NOT_ALLOWED = "type_not_allowed"
    UNAUTHORISED = "unauthorised"
    UNIT_CYCLE = "unit_cycle"
    UNKNOWN_CLAIM = "unknown_claim"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_MEMBER = "unknown_member"
    UNKNOWN_REFERENCE = "unknown_reference"
    UNKNOWN_SCHEME = "unknown_scheme"
    UNKNOWN_TYPE = "unknown_type"
    UNKNOWN_UNIT = "unknown_unit"
    VERSION_NOT_NEXT = "version_not_next"
    VETO_IN_FORCE = "veto_in_force"
    WINDOW_CLOSED = "window_closed"
    WINDOW_OPEN = "window_open"
    WRONG_STATE = "wrong_state"
    WRONG_TRANSITION = "wrong_transition"


MEANINGS: Final[Mapping[Code, str]] = MappingProxyType(
    {
        Code.ALREADY_DECIDED: "This stage or objection has its decision.",
        Code.ALREADY_EXISTS: "The id is already used for another object.",
        Code.ALREADY_GRANTED: "The same benefit was granted to this holder for this month.",
        Code.ALREADY_REVERSED: "A claim is reversed at most once.",
        Code.ASSIGNMENT_OVERLAP: "The member would have two home branches on one day.",
        Code.BASIS_REQUIRED: "The document (its hash) is missing.",
        Code.BATCH_TOO_LARGE: "The batch has more events or bytes than one request may carry.",
        Code.BUSY: (
            "The log did not confirm in time; the event may or may not be stored, and may "
            "be sent again."
        ),
        Code.CAPACITY_NOT_HELD: "The measure names a capacity not held on the deed date.",
        Code.CHILDREN_OPEN: "A part of the concern is open.",
        Code.CLAIM_LAPSED: "The day named in `until` has passed.",
        Code.CLAIMS_OPEN: "Claims recorded before PRELIMINARY lack a decision.",
        Code.CODE_EXPIRED: "The reservation is older than `code_days`.",
        Code.CONFLICTING_DUPLICATE: "The same `(source, id)` was used with other content.",
        Code.CORRECTIONS_PENDING: "An upheld objection names claims not yet reversed.",
        Code.DATES_INVALID: "`to` is not after `from`, or a date is outside the parent's span.",
        Code.DEBT_OUTSTANDING: "The wallet has a debt.",
        Code.DUAL_INCOMPLETE: "A *together* item lacks one of the two capacities.",
        Code.DUPLICATE_CLAIM: "The claim id is used and the claim was not returned.",
        Code.DUPLICATE_DEED: "The holder has a live claim for this deed and item.",
        Code.EFFECTIVE_DATE_INVALID: (
            "The date is not a quarter's first day, not after the last version's, or (from "
            "version 2) past without `retroactive`."
        ),
        Code.ERASED: "The id was erased and cannot be used again.",
        Code.EVIDENCE_REQUIRED: "The item demands evidence.",
        Code.FACTS_MISSING: "Base facts are absent and not waived.",
        Code.FORBIDDEN: "The credential may not read this.",
        Code.HASH_MISMATCH: "The bytes of the file do not have the hash in its address.",
        Code.HISTORY_CLOSED: "An import came after the scheme's first live event.",
        Code.IN_FUTURE: (
            "`time` is over 5 minutes after recorded time, or an import's `recordedtime` "
            "is later than now."
        ),
        Code.INSUFFICIENT_POINTS: "The free, unexpired lots are too small.",
        Code.ITEM_NOT_APPLICABLE: (
            "The overlay excludes the item, or it has no line for the holder."
        ),
        Code.LIMIT_REACHED: "The `per_member` limit of the offer is reached.",
        Code.LOWER_LEVEL_MISSING: "A self-assessment below is missing without a reason.",
        Code.MALFORMED: "The payload is not canonical or breaks its schema.",
        Code.MEASURE_INVALID: "Shape, range, tier or count of the measure is wrong.",
        Code.MEDIA_NOT_ALLOWED: "The content of the file is of no kind that is taken.",
        Code.NOT_ACTIVE: (
            "The holder had no home branch on the deed date, has a standing that is not "
            "scored, or is a unit not in force."
        ),
        Code.NOT_FOUND: "What was asked for does not exist.",
        Code.NOT_GRADABLE: "The person is not a full member or has no year score.",
        Code.NOT_PERMITTED: "`by` lacks the role at recorded time.",
        Code.NOT_RAISER: "Only a raiser may say this.",
        Code.NOT_TOLD: "`told_on` is missing or after the recorded date.",
        Code.OBJECTIONS_OPEN: "An objection is neither decided nor carried.",
        Code.OFFER_CLOSED: "The offer is outside `opens` to `closes`.",
        Code.ORIGINAL_STANDS: "The claim it duplicates is still valid.",
        Code.OUT_OF_STOCK: "The stock minus open reservations is too small.",
        Code.PACT_INVALID: (
            "The pact has not exactly two helped, names oneself, or someone is in two pacts."
        ),
        Code.PACT_NOT_IN_FORCE: (
            "No posting, pact or agreement is in force on the deed date, or it names other "
            "people than agreed."
        ),
        Code.PANEL_INVALID: "The panel breaks its rule of size, majority or chair.",
        Code.PAUSE_LIMIT: "The concern would have more than two pauses.",
        Code.PERSONAL_DATA: "A public text holds a phone or identity number.",
        Code.POINTS_MISMATCH: "The producer's `points` differ from the scheme's.",
        Code.POINTS_PRECISION: (
            "An amount of points is not an exact decimal string with at most one decimal."
        ),
        Code.POINTS_TOO_HIGH: "The points are more than the scheme yields.",
        Code.PRICE_CHANGED: "The price seen is not the price now.",
        Code.QUERY_INVALID: "A parameter of the query is wrong.",
        Code.QUORUM_NOT_MET: "There are too few eligible deciders.",
        Code.QUOTA_EXCEEDED: "There would be more excellent grades than floor(N/3).",
        Code.RATE_LIMITED: "The credential sends more than it may; send again later.",
        Code.REASON_REQUIRED: "This act needs a reason.",
        Code.RECORD_MISMATCH: "The record in the stream is missing or says otherwise.",
        Code.RECUSED: "A decider must step back.",
        Code.REVISION_NOT_NEXT: "The revision is not the last one + 1.",
        Code.SAME_REVIEWER: "The same person took the earlier step.",
        Code.SCHEMA_INVALID: "The event breaks its contract.",
        Code.SCHEME_INVALID: "The scheme document failed its lint; the findings are attached.",
        Code.SCHEME_NOT_ALLOWED: "The credential may not speak for this scheme.",
        Code.SCHEME_NOT_PUBLISHED: "No version of the scheme is in force on the deed date.",
        Code.SELF_REVIEW: "A person decides about themselves.",
        Code.SHARE_TOO_LARGE: "One of several participants has a share above 50 %.",
        Code.SHARES_IN_USE: "A claim on the split is verified.",
        Code.SHARES_MISSING: "The project has no declaration, or the holder is not in it.",
        Code.SHARES_NOT_AGREED: "`agreed_by` lacks a participant.",
        Code.SOURCE_NOT_ALLOWED: "The credential may not speak for this source.",
        Code.STATEMENT_PENDING: "The holder's time to answer is running.",
        Code.STREAM_LOST: (
            "The scheme's stream is gone or has gone back; nothing is stored until it is refilled."
        ),
        Code.TOO_LARGE: "The event is over its type's limit, or a file over the limit of files.",
        Code.TOO_LATE: "The deed is over 90 days old and the claim was not admitted.",
        Code.TOO_MANY_POSTINGS: "The effect needs more postings than a record may hold.",
        Code.TYPE_NOT_ALLOWED: "The credential lacks the scope for this type of event.",
        Code.UNAUTHORISED: "The credential is missing or unknown.",
        Code.UNIT_CYCLE: "The unit would be above itself.",
        Code.UNKNOWN_CLAIM: "The claim does not exist or belongs to another holder.",
        Code.UNKNOWN_ITEM: "The item does not exist.",
        Code.UNKNOWN_MEMBER: "The member does not exist.",
        Code.UNKNOWN_REFERENCE: "The named object does not exist or belongs to another holder.",
        Code.UNKNOWN_SCHEME: "The scheme does not exist.",
        Code.UNKNOWN_TYPE: "The type or version of the event does not exist.",
        Code.UNKNOWN_UNIT: "The unit does not exist.",
        Code.VERSION_NOT_NEXT: "The version is not the last one + 1.",
        Code.VETO_IN_FORCE: "A veto covers the date.",
        Code.WINDOW_CLOSED: "The objection came after its window (a complaint has none).",
        Code.WINDOW_OPEN: "FINAL came before the window's end.",
        Code.WRONG_STATE: "The object is not in a state for this.",
        Code.WRONG_TRANSITION: "The quarter is not in a state for this.",
    }
)
