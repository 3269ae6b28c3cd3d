"""Simulations in memory, of histories that tests write."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

from jifen_contracts.scheme.default import default_document, document_object
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.simulation.as_if import AsIf, Span
from jifen_ledger.domain.simulation.difference import difference_of
from jifen_ledger.domain.simulation.result import Simulated
from jifen_ledger.domain.simulation.twofold import Twofold
from tests.support.people import SCHEME
from tests.support.projecting import folded

YEAR_2023 = Span(date(2023, 1, 1), date(2024, 1, 1))


def draft_with(*edits: Callable[[dict[str, Any]], object]) -> SchemeDocument:
    """The default scheme, its items by code given to each edit."""
    document = deepcopy(document_object(default_document()))
    for edit in edits:
        edit({item["code"]: item for item in document["items"]})
    return SchemeDocument.model_validate(document)


def both(
    payloads: Sequence[bytes],
    draft: SchemeDocument,
    span: Span = YEAR_2023,
    versions: Sequence[Version] | None = None,
) -> Twofold:
    published = folded(payloads)[0].versions if versions is None else versions
    twofold = Twofold(SCHEME, AsIf(published, draft, span))
    for seq, payload in enumerate(payloads, start=1):
        twofold.fold(seq, payload)
    return twofold


def simulated(
    payloads: Sequence[bytes], draft: SchemeDocument, span: Span = YEAR_2023
) -> Simulated:
    return difference_of(both(payloads, draft, span))


def cheaper_contests(items: dict[str, Any]) -> None:
    """A contest of the company gives 4.0 in place of 8.0."""
    for tier in items["C07"]["lines"]["member"]["tiers"]:
        if tier["key"] == "company":
            tier["value"] = "4"


def wider_month(items: dict[str, Any]) -> None:
    """More snap reports in a month than the quarter has room for, which lint refuses."""
    items["D03"]["lines"]["member"]["caps"]["month"] = "4"
