"""Claims, their steps and figures as rows, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.arrays import few_encoded_texts
from jifen_ledger.adapters.copying import encoded_json
from jifen_ledger.domain.claim import NOTHING, Claim, ClaimState, Measured, Step, Worth
from jifen_ledger.domain.recount import is_bonus
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.score import NO_FIGURES, Figures

Row = tuple[Any, ...]

# Measures, worths and the like have few values, which come again and again.
FEW = 4096


def claim_row(scheme: str, claim: Claim, versions: Sequence[Version]) -> Row:
    """Return the values in the order of the table's columns, those it computes left out.

    Arrays and JSON are encoded, here and in the other rows of claims.
    """
    counting = claim.state is ClaimState.VERIFIED and is_bonus(tuple(versions), claim)
    return (*_stated(scheme, claim), counting)


def _stated(scheme: str, claim: Claim) -> Row:
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
        _sorted_texts(claim.posts),
        claim.unit_class,
        claim.catalogue,
        _measure_json(tuple(claim.measure.items())),
        few_encoded_texts(claim.counterpart),
        claim.signed,
        _sorted_texts(claim.evidence_kinds),
        claim.has_basis,
        claim.by,
        _worth_json_of(claim.worth),
        _tenths_json(tuple(claim.lowered.items())),
        claim.replaces,
        claim.until,
        claim.duplicate_of,
        few_encoded_texts(claim.preliminary_deciders),
        few_encoded_texts(claim.verified_deciders),
        few_encoded_texts(claim.ended_by),
        claim.decided_seq,
        claim.verified_seq,
        claim.reversed_seq,
        _tenths_json(tuple(claim.counted.items())),
        claim.counted_incentive,
    )


def past_rows(scheme: str, past: Iterable[tuple[Claim, int]]) -> list[Row]:
    """Return the rows put aside, in the order of their table; of one record the first is it."""
    first: dict[tuple[str, int], Claim] = {}
    for claim, until_seq in past:
        first.setdefault((claim.id, until_seq), claim)
    return [(*_stated(scheme, claim), until_seq) for (_, until_seq), claim in first.items()]


def claim_of(row: sa.Row[Any]) -> Claim:
    """Return the claim of a row of its table, or of those put aside."""
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
        _measure_json(tuple(step.measure.items())),
        _worth_json_of(step.worth),
        step.by,
        few_encoded_texts(step.deciders),
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


@lru_cache(maxsize=FEW)
def _sorted_texts(texts: frozenset[str]) -> bytes:
    return few_encoded_texts(tuple(sorted(texts)))


@lru_cache(maxsize=FEW)
def _measure_json(measure: tuple[tuple[str, Measured], ...]) -> bytes:
    return encoded_json({capacity: _said(measured) for capacity, measured in measure})


def _said(measured: Measured) -> dict[str, object]:
    return {name: value for name, value in measured._asdict().items() if value is not None}


@lru_cache(maxsize=FEW)
def _tenths_json(tenths: tuple[tuple[str, int], ...]) -> bytes:
    return encoded_json(dict(tenths))


def _worth_json_of(worth: Worth) -> bytes:
    raw, applicable, incentive = worth
    return _worth_json(tuple(raw.items()), tuple(applicable.items()), incentive)


@lru_cache(maxsize=FEW)
def _worth_json(
    raw: tuple[tuple[str, int], ...], applicable: tuple[tuple[str, int], ...], incentive: int
) -> bytes:
    said = {"raw": dict(raw), "applicable": dict(applicable), "incentive": incentive}
    return encoded_json(said)


def _worth_of(said: Mapping[str, Any]) -> Worth:
    return Worth(_sorted(said["raw"]), _sorted(said["applicable"]), said["incentive"])


def _sorted(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the mapping in the order of the accounts; the database keeps none."""
    return {key: said[key] for key in sorted(said)} if said else NOTHING
