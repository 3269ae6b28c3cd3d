"""`scheme.published`: a version of the rules, in force for deeds from its first day (§2.2, §4)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.canonical import canonical
from jifen_contracts.codes import Code
from jifen_contracts.events import SchemePublished
from jifen_contracts.scheme.lint import Finding, lint
from jifen_contracts.times import local_date, offset_minutes
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State

# tlog.md §2.3: an outcome stays within 7,168 bytes; lists in it are cut to fit.
FINDINGS_BYTES_MAX = 6_000

_QUARTER_STARTS = frozenset({(1, 1), (4, 1), (7, 1), (10, 1)})


def publish_scheme(state: State, event: SchemePublished, moment: Moment) -> Effect:
    """Add the version. Raises `version_not_next`, `effective_date_invalid`, `scheme_invalid`."""
    data = event.data
    last = state.versions[-1] if state.versions else None
    if data.version != (1 if last is None else last.version + 1):
        raise Refused(Code.VERSION_NOT_NEXT)
    effective_from = date.fromisoformat(data.effective_from)
    _check_date(event, effective_from, last, moment)
    earlier = [version.document for version in state.versions]
    findings = lint(data.document, data.effective_from, earlier)
    if findings:
        raise Refused(Code.SCHEME_INVALID, findings=_fitting(findings))
    version = Version(data.version, effective_from, data.document, moment.seq)
    state.versions = (*state.versions, version)
    state.changes.versions.append(version)
    return Effect()


def _check_date(
    event: SchemePublished, effective_from: date, last: Version | None, moment: Moment
) -> None:
    offset = offset_minutes(event.data.document.utc_offset)
    today = local_date(moment.recorded_ms, offset)
    starts_quarter = (effective_from.month, effective_from.day) in _QUARTER_STARTS
    after_last = last is None or effective_from > last.effective_from
    past = last is not None and effective_from < today and event.data.retroactive is None
    if not starts_quarter or not after_last or past:
        raise Refused(Code.EFFECTIVE_DATE_INVALID)


def _fitting(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the findings as text, as many as an outcome can hold."""
    texts, size = [], 0
    for finding in findings:
        text = f"{finding.rule} {finding.path}: {finding.message}"
        size += len(canonical(text)) + 1
        if size > FINDINGS_BYTES_MAX:
            break
        texts.append(text)
    return tuple(texts)
