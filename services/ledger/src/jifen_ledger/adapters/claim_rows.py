"""Claims, their steps and figures as rows, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from jifen_ledger.domain.claim import NOTHING, Claim, ClaimState, Measured, Step, Worth
from jifen_ledger.domain.recount import is_bonus
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.score import NO_FIGURES, Figures

Row = tuple[Any, ...]

_MEASURED = tuple(Measured.__slots__)
_values_of = attrgetter(*_MEASURED)


def claim_row(scheme: str, claim: Claim, versions: Sequence[Version]) -> Row:
    """Return the values in the order of the table's columns, those it computes left out."""
    return (
        scheme,
        claim.id,
        claim.seq,
        claim.stated_seq,
        claim.holder,
        claim.of_unit,
        claim.state.value,
        claim.item,
        claim.deed,
        claim.group,
        claim.project,
        claim.deed_ms,
        claim.deed_date,
        claim.stated_ms,
        claim.branch,
        claim.version,
        sorted(claim.posts),
        claim.unit_class,
        claim.catalogue,
        _measure_object(claim.measure),
        list(claim.counterpart),
        claim.signed,
        sorted(claim.evidence_kinds),
        claim.has_basis,
        claim.by,
        _worth_object(claim.worth),
        dict(claim.lowered),
        claim.replaces,
        claim.until,
        claim.duplicate_of,
        list(claim.preliminary_deciders),
        list(claim.verified_deciders),
        list(claim.ended_by),
        claim.decided_seq,
        claim.verified_seq,
        claim.reversed_seq,
        dict(claim.counted),
        claim.counted_incentive,
        claim.state is ClaimState.VERIFIED and is_bonus(tuple(versions), claim),
    )


def claim_of(row: sa.Row[Any]) -> Claim:
    """Return the claim of a row of the table."""
    return Claim(
        id=row.claim,
        seq=row.seq,
        stated_seq=row.stated_seq,
        holder=row.holder,
        of_unit=row.of_unit,
        state=ClaimState(row.state),
        item=row.item,
        deed=row.deed,
        group=row.deed_group,
        project=row.project,
        deed_ms=row.deed_ms,
        deed_date=row.deed_date,
        stated_ms=row.stated_ms,
        branch=row.branch,
        version=row.version,
        posts=frozenset(row.posts),
        unit_class=row.unit_class,
        catalogue=row.catalogue,
        measure={name: Measured(**said) for name, said in _sorted(row.measure).items()},
        counterpart=tuple(row.counterpart),
        signed=row.signed,
        evidence_kinds=frozenset(row.evidence_kinds),
        has_basis=row.has_basis,
        by=row.by,
        worth=_worth_of(row.worth),
        lowered=_sorted(row.lowered),
        replaces=row.replaces,
        until=row.until,
        duplicate_of=row.duplicate_of,
        preliminary_deciders=tuple(row.preliminary_deciders),
        verified_deciders=tuple(row.verified_deciders),
        ended_by=tuple(row.ended_by),
        decided_seq=row.decided_seq,
        verified_seq=row.verified_seq,
        reversed_seq=row.reversed_seq,
        counted=_sorted(row.counted),
        counted_incentive=row.counted_incentive,
    )


def step_row(scheme: str, step: Step) -> Row:
    """Return the values in the order of the table's columns."""
    return (
        scheme,
        step.claim,
        step.seq,
        step.step,
        step.item,
        _measure_object(step.measure),
        _worth_object(step.worth),
        step.by,
        list(step.deciders),
        step.reason,
    )


def figures_row(scheme: str, key: tuple[str, str, str], figures: Figures) -> Row:
    """Return the values in the order of the table's columns; categories are those of the table."""
    categories, bonuses = figures.categories, figures.bonuses
    return (
        scheme,
        *key,
        figures.earned,
        figures.applicable,
        figures.bonus,
        figures.deductions,
        categories.get("A", 0),
        categories.get("B", 0),
        categories.get("C", 0),
        categories.get("D", 0),
        bonuses.get("A", 0),
        bonuses.get("B", 0),
        bonuses.get("C", 0),
        bonuses.get("D", 0),
        figures.severe,
        figures.zeroed,
        figures.score,
    )


def figures_of(row: sa.Row[Any]) -> Figures:
    """Return the figures of a row; a category without points is not told from an absent one."""
    categories = _by_category(row.a, row.b, row.c, row.d)
    bonuses = _by_category(row.bonus_a, row.bonus_b, row.bonus_c, row.bonus_d)
    sums = (row.earned, row.applicable, row.bonus, row.deductions)
    figures = Figures(*sums, categories, bonuses, row.severe, row.zeroed)
    return figures if figures != NO_FIGURES else NO_FIGURES


def _by_category(*tenths: int) -> Mapping[str, int]:
    return {category: value for category, value in zip("ABCD", tenths, strict=True) if value}


def _measure_object(measure: Mapping[str, Measured]) -> dict[str, dict[str, object]]:
    return {capacity: _measured_object(measured) for capacity, measured in measure.items()}


def _measured_object(measured: Measured) -> dict[str, object]:
    if measured.count is not None:
        return {"count": measured.count}
    values = zip(_MEASURED, _values_of(measured), strict=True)
    return {name: value for name, value in values if value is not None}


def _worth_object(worth: Worth) -> dict[str, object]:
    return {
        "raw": dict(worth.raw),
        "applicable": dict(worth.applicable),
        "incentive": worth.incentive,
    }


def _worth_of(said: Mapping[str, Any]) -> Worth:
    return Worth(_sorted(said["raw"]), _sorted(said["applicable"]), said["incentive"])


def _sorted(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the mapping in the order of the accounts; the database keeps none."""
    return {key: said[key] for key in sorted(said)} if said else NOTHING
