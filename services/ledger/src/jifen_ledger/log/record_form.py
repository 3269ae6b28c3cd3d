"""The form of a record, as any verifier checks it without our rules (tlog.md §2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from jifen_contracts.canonical import NotCanonical, decode
from jifen_contracts.record import POSTINGS_MAX, RECORD_BYTES_MAX, RECORD_SCHEMA
from jifen_ledger.log.verdicts import Malformed

BEFORE_THE_FIRST: Final = "1970-01-01T00:00:00.000Z"

_STAMP: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9_]*(:[A-Za-z0-9._-]+)*", re.ASCII)
_ACCOUNT_CHARS_MAX: Final = 96
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DELTA_MAX: Final = 2**53 - 1
_STATUSES: Final = ("posted", "recorded", "refused", "duplicate")
_INCENTIVE_ACCOUNTS: Final = ("spent", "expired")
# A reader ignores keys that it does not know, but needs these.
_NEEDED: Final = frozenset({"outcome", "postings", "recorded_at", "schema", "seq"})


def record_object(entry: bytes) -> dict[str, Any]:
    """Return the object of a record in canonical bytes, of a schema we know. Raises Malformed."""
    if not 0 < len(entry) <= RECORD_BYTES_MAX:
        raise Malformed(f"a record of {len(entry)} bytes")
    try:
        record: dict[str, Any] = decode(entry)
    except NotCanonical as error:
        raise Malformed(f"the record is {error}") from None
    if not record.keys() >= _NEEDED:
        raise Malformed("the record lacks a member")
    if record["schema"] != RECORD_SCHEMA:
        raise Malformed(f"the record is of schema {record['schema']}, which we do not know")
    return record


def check_record(entry: bytes, index: int, previous_recorded_at: str) -> dict[str, Any]:
    """Return the record of an entry whose form is right. Raises Malformed."""
    record = record_object(entry)
    if type(record["seq"]) is not int or record["seq"] != index + 1:
        raise Malformed(f"the record of entry {index} says seq {record['seq']}")
    _check_event(record)
    _check_stamp(record, previous_recorded_at)
    _check_outcome(record)
    _check_postings(record)
    return record


def moved(postings: object) -> dict[str, int]:
    """Return the sum of the deltas of assessment ("pt") and of incentive points ("inc").

    Raises Malformed.
    """
    sums = {"pt": 0, "inc": 0}
    if not isinstance(postings, list):
        raise Malformed("the postings are not a list")
    for posting in postings:
        if not isinstance(posting, dict) or type(posting.get("delta")) is not int:
            raise Malformed("a posting has no delta")
        sums[unit_of(str(posting.get("account")))] += posting["delta"]
    return sums


def unit_of(account: str) -> str:
    """Return the unit of points that an account holds."""
    incentive = account.startswith("wallet:") or account.endswith(":inc")
    return "inc" if incentive or account in _INCENTIVE_ACCOUNTS else "pt"


def _check_event(record: Mapping[str, Any]) -> None:
    event, payload_sha256 = record.get("event"), record.get("payload_sha256")
    if (event is None) == (payload_sha256 is None):
        raise Malformed("a record has either an event or the hash of a payload")
    if event is not None and not isinstance(event, dict):
        raise Malformed("the event is not an object")
    if payload_sha256 is not None and not _fits(_SHA256, payload_sha256):
        raise Malformed("the hash of the payload is not 64 lower-case hexadecimal digits")


def _check_stamp(record: Mapping[str, Any], previous: str) -> None:
    stamp = record["recorded_at"]
    if not _is_stamp(stamp):
        raise Malformed("recorded_at is not a time in milliseconds")
    event = record.get("event", {})
    own = event.get("importedtime", event.get("recordedtime", previous))
    if not _is_stamp(own):
        raise Malformed("the event's stamp is not a time in milliseconds")
    if stamp != max(own, previous):
        raise Malformed("recorded_at is neither the event's stamp nor the previous one")


def _is_stamp(value: object) -> bool:
    if not isinstance(value, str) or _STAMP.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _check_outcome(record: Mapping[str, Any]) -> None:
    outcome = record["outcome"]
    if not isinstance(outcome, dict) or outcome.get("status") not in _STATUSES:
        raise Malformed("the outcome has none of the four statuses")
    status, code, refers_to = (outcome.get(key) for key in ("status", "code", "refers_to"))
    if (status == "refused") != (code is not None):
        raise Malformed("an outcome has a code exactly when it is refused")
    if code is not None and not _fits(_CODE, code):
        raise Malformed("the code is not one")
    if refers_to is None and status == "duplicate":
        raise Malformed("a duplicate does not say of what")
    if refers_to is not None and not (
        type(refers_to) is int and 1 <= refers_to <= record["seq"] - 1
    ):
        raise Malformed("refers_to is not the seq of an earlier record")
    if "payload_sha256" in record and (
        code not in ("malformed", "too_large") or record["postings"]
    ):
        raise Malformed("a record without event is refused as malformed or too_large")


def _check_postings(record: Mapping[str, Any]) -> None:
    postings = record["postings"]
    sums = moved(postings)
    if len(postings) > POSTINGS_MAX:
        raise Malformed(f"{len(postings)} postings")
    if bool(postings) != (record["outcome"]["status"] == "posted"):
        raise Malformed("a record has postings exactly when it is posted")
    for posting in postings:
        account = posting.get("account")
        if not _fits(_ACCOUNT, account) or len(account) > _ACCOUNT_CHARS_MAX:
            raise Malformed("an account is not named as accounts are")
        if posting["delta"] == 0 or abs(posting["delta"]) > _DELTA_MAX:
            raise Malformed("a delta is 0 or out of range")
    if any(sums.values()):
        raise Malformed(f"the deltas sum to {sums}, not to 0")


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
