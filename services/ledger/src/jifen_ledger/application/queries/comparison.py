"""Units compared: mean per member-day, median and n, within one kind and class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.boards import class_of, kind_of, units_above
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    policy_of,
    shown_names,
    version_for,
)
from jifen_ledger.application.queries.moments import last_day
from jifen_ledger.application.queries.rights import (
    fewest_shown,
    mean_shown,
    reads_figures,
    require,
    sees_past,
)
from jifen_ledger.domain.ranking import ranking
from jifen_ledger.domain.registers import Unit
from jifen_ledger.domain.unit_mean import MemberDays, UnitMean, unit_mean

EVERY_CLASS = "all"


@dataclass(frozen=True, slots=True)
class UnitScores:
    """Scored holders of one unit that are alike in score and days there."""

    unit: str
    score: int
    days: int
    holders: int


class ComparisonReads(HolderReads, Protocol):
    """What is asked for a comparison."""

    async def unit_scores(
        self, period: str, capacity: str, role: str, targets: Mapping[str, str]
    ) -> Sequence[UnitScores]:
        """Return the scored holders of the units that `targets` maps branches or groups to.

        Days are those in the target by the role.
        """


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One unit; without rank below `min_n` holders, without mean where it would tell a score."""

    unit: str
    name_zh: str | None
    name_en: str | None
    unit_class: str | None
    mean: str | None
    median: str | None
    n: int
    member_days: int
    rank: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Units of one kind, ranked within their class, or across classes where `all` was asked."""

    period: str
    kind: str
    capacity: str
    unit_class: str | None
    size: int
    provisional: bool
    min_n: int
    entries: Sequence[UnitEntry]


async def comparison_of(
    reads: ComparisonReads,
    asked: Asked,
    period: str,
    kind: str,
    capacity: str,
    unit_class: str | None,
) -> Comparison:
    """Return the comparison. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    document = version_for(await reads.versions(), period, asked.as_of).document
    ruling = version_for(await reads.versions_now(), period).document
    policy = policy_of(ruling, capacity)
    require(allowed=not asked.moment or sees_past(asked.reader, policy))
    min_n = fewest_shown(asked.reader, document.ranking.min_n, ruling.ranking.min_n)
    units = await reads.units()
    day = last_day(period, asked.as_of)
    role = "group_member" if kind == "group" else "member"
    targets = _targets(units, kind, day, asked.reader.scheme)
    means = _means(await reads.unit_scores(period, capacity, role, targets))
    classes = {unit: class_of(units, unit, day) for unit in means}
    if unit_class not in (None, EVERY_CLASS):
        means = {unit: mean for unit, mean in means.items() if classes[unit] == unit_class}
    ranks = _ranks(means, classes, min_n, across=unit_class == EVERY_CLASS)
    names = await shown_names(reads, asked, list(means))
    entries = []
    for unit in sorted(means, key=lambda one: (-means[one].mean, one)):
        mean, name = means[unit], names.get(unit)
        shown = mean_shown(asked.reader, policy, mean.n, min_n)
        entries.append(
            UnitEntry(
                unit=unit,
                name_zh=None if name is None else name.zh,
                name_en=None if name is None else name.en,
                unit_class=classes[unit],
                mean=format_points(mean.mean) if shown else None,
                median=format_points(mean.median) if shown else None,
                n=mean.n,
                member_days=mean.member_days,
                rank=ranks.get(unit),
            )
        )
    return Comparison(
        period=period,
        kind=kind,
        capacity=capacity,
        unit_class=unit_class,
        size=asked.size,
        provisional=True,
        min_n=min_n,
        entries=entries,
    )


def _targets(units: Mapping[str, Unit], kind: str, day: date, root: str) -> dict[str, str]:
    """Return the unit of the kind that each unit counts for: itself or the nearest above."""
    targets: dict[str, str] = {}
    for unit in units:
        for one in (unit, *units_above(units, unit, day, root)):
            if one in units and kind_of(units, one, day) == kind:
                targets[unit] = one
                break
    return targets


def _means(found: Sequence[UnitScores]) -> dict[str, UnitMean]:
    holders: dict[str, list[MemberDays]] = {}
    for one in found:
        alike = MemberDays(one.score, one.days, one.holders)
        holders.setdefault(one.unit, []).append(alike)
    means = {unit: unit_mean(alike) for unit, alike in holders.items()}
    return {unit: mean for unit, mean in means.items() if mean is not None}


def _ranks(
    means: Mapping[str, UnitMean],
    classes: Mapping[str, str | None],
    min_n: int,
    *,
    across: bool,
) -> dict[str, int]:
    rivals: dict[str | None, list[tuple[str, int]]] = {}
    for unit, mean in means.items():
        if mean.n >= min_n:
            rivals.setdefault(None if across else classes[unit], []).append((unit, mean.mean))
    return {one.holder: one.rank for scores in rivals.values() for one in ranking(scores)}
