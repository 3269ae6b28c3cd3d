"""Units compared: mean per member-day, median and n, within one kind and class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_contracts.points import format_points
from jifen_ledger.application.queries.boards import (
    SCORES,
    BoardAsked,
    Members,
    branch_of,
    branches_of,
    class_of,
    kind_of,
    units_above,
)
from jifen_ledger.application.queries.holders import (
    Asked,
    policy_of,
    shown_names,
    version_for,
)
from jifen_ledger.application.queries.moments import last_day, quarters_within
from jifen_ledger.application.queries.publications import (
    AwaitedBulletin,
    Publication,
    PublicationReads,
    PublishedRevision,
    awaited_of,
    is_provisional,
    revisions_of,
    told_by,
    with_adjusting,
)
from jifen_ledger.application.queries.rights import Policy, reads_figures, require
from jifen_ledger.application.queries.rights_of_boards import (
    PUBLISHED,
    Figures,
    fewest_shown,
    figures_shown,
    mean_shown,
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


class ComparisonReads(PublicationReads, Protocol):
    """What is asked for a comparison."""

    async def unit_scores(
        self, board: BoardAsked, members: Members, role: str, targets: Mapping[str, str]
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
    """Units of one kind, ranked within their class, or across classes where `all` was asked.

    `figures` are `published`, those of the `revisions`, or `live`; live ones are provisional while
    bulletins are `awaited`. A unit whose branch has published nothing has no published figures.
    """

    period: str
    kind: str
    capacity: str
    unit_class: str | None
    size: int
    figures: str
    provisional: bool
    revisions: Sequence[PublishedRevision]
    awaited: Sequence[AwaitedBulletin]
    min_n: int
    entries: Sequence[UnitEntry]


@dataclass(frozen=True, slots=True)
class ComparisonAsked:
    """The parameters of a comparison; without `figures`, those that are best for the reader."""

    period: str
    kind: str
    capacity: str
    unit_class: str | None
    figures: Figures | None = None


async def comparison_of(
    reads: ComparisonReads, asked: Asked, wanted: ComparisonAsked
) -> Comparison:
    """Return the comparison. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    period = wanted.period
    document = version_for(await reads.versions(), period, asked.as_of).document
    ruling = version_for(await reads.versions_now(), period).document
    policy = policy_of(ruling, wanted.capacity)
    require(allowed=not asked.moment or sees_past(asked.reader, policy))
    figures = figures_shown(asked.reader, wanted.figures)
    min_n = fewest_shown(asked.reader, document.ranking.min_n, ruling.ranking.min_n)
    scores, stands_on = await unit_scores_told(reads, asked, wanted, figures)
    means = _means(scores)
    units, day = await reads.units(), last_day(period, asked.as_of)
    classes = {unit: class_of(units, unit, day) for unit in means}
    ranks = _ranks(means, classes, min_n, across=wanted.unit_class == EVERY_CLASS)
    entries = await _entries(reads, asked, means, classes, ranks, policy, min_n)
    return Comparison(
        period=period,
        kind=wanted.kind,
        capacity=wanted.capacity,
        unit_class=wanted.unit_class,
        size=asked.size,
        figures=figures,
        provisional=figures != PUBLISHED and is_provisional(stands_on, asked, period),
        revisions=revisions_of(stands_on, asked),
        awaited=awaited_of(stands_on),
        min_n=min_n,
        entries=entries,
    )


async def unit_scores_told(
    reads: ComparisonReads, asked: Asked, wanted: ComparisonAsked, figures: Figures
) -> tuple[Sequence[UnitScores], Sequence[Publication]]:
    """Return the scores that are compared, and where the branches stand that they belong to."""
    period = wanted.period
    units, root = await reads.units(), asked.reader.scheme
    day = last_day(period, asked.as_of)
    targets = {
        unit: target
        for unit, target in _targets(units, wanted.kind, day, root).items()
        if wanted.unit_class in (None, EVERY_CLASS, class_of(units, target, day))
    }
    branches = branches_of(units, targets, day, root)
    found = await reads.publications(branches, quarters_within(period))
    stands_on = told_by(found, asked, period, published=figures == PUBLISHED)
    if figures == PUBLISHED:
        there = {one.branch for one in stands_on if one.revision}
        targets = {
            unit: target
            for unit, target in targets.items()
            if branch_of(units, unit, day, root) in there
        }
        stands_on = await with_adjusting(reads, stands_on, period)
    board = BoardAsked(period, wanted.capacity, SCORES, None, None, None, figures)
    role = "group_member" if wanted.kind == "group" else "member"
    scores = await reads.unit_scores(board, Members(branches), role, targets)
    return scores, stands_on


async def _entries(
    reads: ComparisonReads,
    asked: Asked,
    means: Mapping[str, UnitMean],
    classes: Mapping[str, str | None],
    ranks: Mapping[str, int],
    policy: Policy,
    min_n: int,
) -> Sequence[UnitEntry]:
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
    return entries


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
