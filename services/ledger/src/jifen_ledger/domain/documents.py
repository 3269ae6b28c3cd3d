"""What a claim must bring with it: evidence, a basis document."""

from __future__ import annotations

from collections.abc import Collection

from jifen_contracts.codes import Code
from jifen_contracts.scheme.catalogue import Item
from jifen_ledger.domain.outcome import Refused


def check_documents(
    item: Item, capacities: Collection[str], kinds: frozenset[str], *, has_basis: bool
) -> None:
    """Raise `evidence_required` or `basis_required` (deductions)."""
    if item.evidence_required and not kinds & item.evidence_kinds:
        raise Refused(Code.EVIDENCE_REQUIRED)
    if not has_basis and any(item.lines[one].kind == "deduct" for one in capacities):
        raise Refused(Code.BASIS_REQUIRED)
