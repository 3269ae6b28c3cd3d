"""Drafts of a scheme: the default in its wire form, changed in one place by a test."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from jifen_contracts.scheme.default import default_document, document_object
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.lint import Finding, lint

Draft = dict[str, Any]
Edit = Callable[[Draft], object]

QUARTER_START = "2025-04-01"


def draft() -> Draft:
    """Return the default scheme as a fresh object that a test may change."""
    return deepcopy(document_object(default_document()))


def item(of: Draft, code: str) -> Draft:
    return next(item for item in of["items"] if item["code"] == code)


def line(of: Draft, code: str, capacity: str) -> Draft:
    found: Draft = item(of, code)["lines"][capacity]
    return found


def read(of: Draft) -> SchemeDocument:
    return SchemeDocument.model_validate(of)


def edited(*edits: Edit) -> SchemeDocument:
    changed = draft()
    for edit in edits:
        edit(changed)
    return read(changed)


def found(*edits: Edit) -> tuple[Finding, ...]:
    """Return what lint finds in the default scheme after the edits."""
    return lint(edited(*edits), QUARTER_START, ())


def with_overlays(*overlays: Draft) -> Edit:
    """Return the edit that puts the overlays in the place of the default ones."""
    return lambda of: of.update(overlays=list(overlays))


def places(findings: tuple[Finding, ...]) -> list[tuple[int, str]]:
    return [(finding.rule, finding.path) for finding in findings]


def change(code: str, /, **fields: object) -> Edit:
    return lambda of: item(of, code).update(fields)


def change_line(code: str, capacity: str, /, **fields: object) -> Edit:
    return lambda of: line(of, code, capacity).update(fields)


def change_tier(code: str, capacity: str, name: str, /, **fields: object) -> Edit:
    def edit(of: Draft) -> None:
        tiers = line(of, code, capacity)["tiers"]
        next(tier for tier in tiers if tier["key"] == name).update(fields)

    return edit
