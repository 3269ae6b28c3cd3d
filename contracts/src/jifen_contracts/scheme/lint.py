"""Lint: the eight rules that a scheme document keeps before it can be published."""

from collections.abc import Sequence

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.rules.amounts import check_amounts
from jifen_contracts.scheme.rules.codes import check_codes
from jifen_contracts.scheme.rules.completeness import check_areas, check_completeness
from jifen_contracts.scheme.rules.finding import Finding
from jifen_contracts.scheme.rules.overlays import check_overlays
from jifen_contracts.scheme.rules.roles import check_roles
from jifen_contracts.scheme.rules.terms import check_terms
from jifen_contracts.scheme.rules.worth import check_worth

__all__ = ["Finding", "lint"]


def lint(
    document: SchemeDocument, effective_from: str, earlier: Sequence[SchemeDocument]
) -> tuple[Finding, ...]:
    """Return everything that keeps the document from being published, by rule and place.

    `earlier` are all versions before it, in order.
    """
    return (
        *check_codes(document, earlier),
        *check_completeness(document),
        *check_areas(document),
        *check_worth(document),
        *check_amounts(document),
        *check_roles(document),
        *check_overlays(document),
        *check_terms(document, effective_from, earlier),
    )
