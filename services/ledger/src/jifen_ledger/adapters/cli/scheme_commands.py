"""What the verbs of `jifen-ledger scheme` do; each returns its exit status."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import date

import orjson
from pydantic import ValidationError

from jifen_contracts.events.schemes import SchemePublishedData
from jifen_contracts.scheme.default import default_text
from jifen_contracts.scheme.difference import Added, Change, Changed, Removed, difference
from jifen_contracts.scheme.document import SchemeDocument, document_object
from jifen_contracts.scheme.draft import DraftUnreadable, written
from jifen_contracts.scheme.lint import Finding
from jifen_contracts.times import local_date, offset_minutes, stamp
from jifen_ledger.adapters.cli.drafts import (
    document_named,
    draft_in,
    opened_past,
    published_versions,
    readable_draft_in,
)
from jifen_ledger.adapters.cli.failure import CommandFailed
from jifen_ledger.adapters.cli.simulation_files import as_json, write_csv
from jifen_ledger.adapters.cli.simulation_text import print_simulated, progress_bar
from jifen_ledger.application.drafts import document_bytes, findings_about, next_quarter_start
from jifen_ledger.application.simulate import DraftUnfit, NotSimulated, simulate
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.simulation.as_if import Span

DEFAULT_SCHEME = "plant"


def begin_draft(options: argparse.Namespace, url: str | None) -> int:
    """Print the default scheme with its comments, or a published version."""
    if options.number is None:
        sys.stdout.write(default_text())
        return 0
    versions = published_versions(url, options.scheme)[1]
    sys.stdout.write(written(document_named(str(options.number), versions).document))
    return 0


def lint_draft(options: argparse.Namespace, url: str | None) -> int:
    """Print what keeps the draft from being published."""
    versions: Sequence[Version] = ()
    compared = "not compared with published versions: JIFEN_DATABASE_URL is not set"
    if url is not None:
        scheme, versions = published_versions(url, options.scheme)
        compared = f"after the {len(versions)} published of {scheme}"
    try:
        document = draft_in(options.file)
    except DraftUnreadable as unreadable:
        faults = [Finding(0, fault.path, fault.message) for fault in unreadable.faults]
        return _tell(options, faults, "", versions)
    since = options.effective_from or _next_quarter(document)
    facts = f"{len(document.items)} items, {len(document.overlays)} overlays, "
    facts += f"{document_bytes(document):,} bytes, for deeds from {since}, {compared}"
    return _tell(options, findings_about(document, since, versions), facts, versions)


def compare(options: argparse.Namespace, url: str | None) -> int:
    """Print what B changes against A."""
    numbered = any(name.isdecimal() for name in (options.a, options.b))
    versions = published_versions(url, options.scheme)[1] if numbered else ()
    old, new = document_named(options.a, versions), document_named(options.b, versions)
    changes = difference(old.document, new.document)
    if options.json:
        _write_json({"a": old.name, "b": new.name, "changes": [_object(one) for one in changes]})
        return 0
    _say(f"{old.name} → {new.name}: {_number(len(changes), 'change')}")
    for change in changes:
        _say(_line(change))
    return 0


def simulate_draft(options: argparse.Namespace, url: str | None) -> int:
    """Print whose score, rank and grade line would differ under the draft."""
    if options.from_ >= options.to:
        raise CommandFailed(f"the span is empty: --to {options.to} is not after {options.from_}")
    draft = readable_draft_in(options.file)
    span = Span(options.from_, options.to)
    with opened_past(url, options.scheme) as past, progress_bar("Records replayed") as progress:
        try:
            found = simulate(past, draft, span, progress)
        except DraftUnfit as unfit:
            for finding in unfit.findings:
                sys.stderr.write(f"{options.file}: {finding.path}: {finding.message}\n")
            raise CommandFailed(f"{options.file}: {unfit}") from None
        except NotSimulated as impossible:
            raise CommandFailed(str(impossible)) from None
        versions = past.versions()
    if options.csv is not None:
        write_csv(found, options.csv)
    if options.json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        print_simulated(found, [*(one.document for one in versions), draft], options.lines)
    return 0


def write_event(options: argparse.Namespace, url: str | None) -> int:
    """Print the event that publishes the draft, on one line."""
    scheme: str = options.scheme or DEFAULT_SCHEME
    versions: Sequence[Version] = ()
    if url is not None:
        scheme, versions = published_versions(url, options.scheme)
    elif options.version is None:
        raise CommandFailed("say the version with --version, or set JIFEN_DATABASE_URL")
    document = readable_draft_in(options.file)
    since = options.effective_from or _next_quarter(document)
    findings = findings_about(document, since, versions)
    if findings:
        raise CommandFailed(f"{options.file}: {findings[0].path}: {findings[0].message}")
    number: int = options.version or len(versions) + 1
    if number > 1 and since < _today(document) and options.retroactive is None:
        raise CommandFailed(f"{since} has passed: say why with --retroactive, or start later")
    data: dict[str, object] = {
        "version": number,
        "effective_from": since.isoformat(),
        "document": document_object(document),
        "note": options.note,
    }
    if options.retroactive is not None:
        data["retroactive"] = {"reason": options.retroactive}
    _write_json(_event(scheme, options.source, _checked(data)))
    return 0


def _checked(data: dict[str, object]) -> dict[str, object]:
    try:
        SchemePublishedData.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise CommandFailed(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    return data


def _event(scheme: str, source: str, data: dict[str, object]) -> dict[str, object]:
    return {
        "specversion": "1.0",
        # The same draft of the same version is the same event, however often it is written.
        "id": f"scheme-version-{data['version']}",
        "source": source,
        "type": "jifen.scheme.published.v1",
        "subject": scheme,
        "time": stamp(_now_ms()),
        "data": data,
    }


def _next_quarter(document: SchemeDocument) -> date:
    return next_quarter_start(_today(document))


def _today(document: SchemeDocument) -> date:
    return local_date(_now_ms(), offset_minutes(document.utc_offset))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _tell(
    options: argparse.Namespace,
    findings: Sequence[Finding],
    facts: str,
    versions: Sequence[Version],
) -> int:
    if options.json:
        said = [{"rule": one.rule, "path": one.path, "message": one.message} for one in findings]
        numbers = [version.version for version in versions]
        _write_json({"file": str(options.file), "published": numbers, "findings": said})
        return 1 if findings else 0
    for one in findings:
        rule = f" (rule {one.rule})" if one.rule else ""
        _say(f"{options.file}: {one.path}: {one.message}{rule}")
    number = _number(len(findings), "finding")
    _say(f"{options.file}: {number}" + (f"; {facts}" if facts else ""))
    return 1 if findings else 0


def _number(many: int, what: str) -> str:
    return f"{many or 'no'} {what}{'' if many == 1 else 's'}"


def _line(change: Change) -> str:
    match change:
        case Added():
            return f"+ {change.path}: {change.after}"
        case Removed():
            return f"- {change.path}: {change.before}"
        case Changed():
            return f"~ {change.path}: {change.before} → {change.after}"


def _object(change: Change) -> dict[str, str]:
    match change:
        case Added():
            return {"change": "added", "path": change.path, "after": change.after}
        case Removed():
            return {"change": "removed", "path": change.path, "before": change.before}
        case Changed():
            words = {"before": change.before, "after": change.after}
            return {"change": "changed", "path": change.path, **words}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _write_json(said: object) -> None:
    sys.stdout.write(orjson.dumps(said).decode() + "\n")
