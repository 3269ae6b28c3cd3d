"""Which board is meant: its period, capacity, category, and whom its scope takes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from jifen_ledger.application.queries.holders import Asked, HolderReads, policy_of, version_for
from jifen_ledger.application.queries.moments import last_day
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Policy
from jifen_ledger.application.queries.rights_of_boards import (
    PUBLISHED,
    Figures,
    board_policy,
    fewest_shown,
    figures_shown,
)
from jifen_ledger.domain.registers import Unit
from jifen_ledger.domain.score import SCORE_MAX

SCORES = "all"


@dataclass(frozen=True, slots=True)
class BoardAsked:
    """The parameters of a board.

    `unit_class` is that of the home branch or of the unit; a group's board has no need of it.
    `figures` are published or live ones; None leaves it to the reader's rights.
    """

    period: str
    capacity: str
    category: str
    scope: str | None
    post: str | None
    unit_class: str | None
    figures: Figures | None = None

    @property
    def published(self) -> bool:
        """Tell whether the figures are those of bulletins."""
        return self.figures == PUBLISHED


@dataclass(frozen=True, slots=True)
class Members:
    """Whom a board takes in; None = everybody. Groups go by their members, else home branches.

    `branches` are those whose quarters the figures belong to, and whose bulletins tell them.
    """

    branches: Sequence[str]
    homes: Sequence[str] | None = None
    groups: Sequence[str] | None = None
    units: Sequence[str] | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A holder on a board: rank by score; `unit` is where the holder belongs."""

    holder: str
    score: int
    rank: int
    unit: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One holder's score and how many have more."""

    score: int
    higher: int


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a board in display order: beyond a score and holder, and not below `floor`."""

    limit: int
    after: tuple[int, str] | None = None
    floor: int | None = None


class BoardReads(HolderReads, Protocol):
    """What is asked of boards."""

    async def places(self, board: BoardAsked, members: Members, page: Page) -> Sequence[Place]:
        """Return the holders of a page, the higher score first."""

    async def banded(
        self, board: BoardAsked, members: Members, bands: Sequence[int], page: Page
    ) -> Sequence[Place]:
        """Return the holders of a page in order of band and id; `score` is the band's floor."""

    async def neighbours(
        self, board: BoardAsked, members: Members, holder: str, each: int
    ) -> Sequence[Place]:
        """Return the holder's line with as many above and below it; none without a score."""

    async def scored(self, board: BoardAsked, members: Members) -> int:
        """Return how many scored holders the board has."""

    async def standing(self, board: BoardAsked, members: Members, holder: str) -> Standing | None:
        """Return the holder's place, None where the board has no score of theirs."""


@dataclass(frozen=True, slots=True)
class Board:
    """A board that the reader may see, and how."""

    asked: BoardAsked
    members: Members
    policy: Policy
    min_n: int
    bands: Sequence[int]
    figures: Figures


async def board_for(
    reads: HolderReads, asked: Asked, wanted: BoardAsked, about: str | None = None
) -> Board:
    """Return the board as the reader sees it, or sees one holder on it.

    Raises NotFound, Forbidden.
    """
    shown = version_for(await reads.versions(), wanted.period, asked.as_of).document.ranking
    ruling = version_for(await reads.versions_now(), wanted.period).document
    units = await reads.units()
    day = last_day(wanted.period, asked.as_of)
    root = asked.reader.scheme
    scope = wanted.scope or root
    if scope not in units and scope != root:
        raise NotFound("There is no such unit.")
    own = asked.reader.branch
    within = own is not None and own in (scope, *units_above(units, scope, day, root))
    within = within or asked.reader.is_holder(about)
    policy = board_policy(
        asked.reader,
        wanted.capacity,
        policy_of(ruling, wanted.capacity),
        within_own_branch=within,
    )
    bands = [int(band_tenths(one)) for one in shown.bands]
    members = _members(units, wanted, scope, day, root)
    min_n = fewest_shown(asked.reader, shown.min_n, ruling.ranking.min_n)
    figures = figures_shown(asked.reader, wanted.figures, about=about)
    return Board(replace(wanted, figures=figures), members, policy, min_n, bands, figures)


def band_tenths(amount: str) -> int:
    """Return a threshold of the document in tenths, within the scores there are."""
    whole, _, tenth = amount.partition(".")
    return min(SCORE_MAX, int(whole) * 10 + int((tenth or "0")[0]))


def _members(
    units: Mapping[str, Unit], wanted: BoardAsked, scope: str, day: date, root: str
) -> Members:
    inside = None if scope == root else [scope, *units_below(units, scope, day, root)]
    fitting = inside
    if wanted.unit_class is not None:
        fitting = [
            unit
            for unit in (units if inside is None else inside)
            if class_of(units, unit, day) == wanted.unit_class
        ]
    branches = branches_of(units, units if fitting is None else fitting, day, root)
    if wanted.capacity == "unit":
        return Members(branches, units=fitting)
    if inside is None or kind_of(units, scope, day) != "group":
        return Members(branches, homes=fitting, post=wanted.post)
    own = branches_of(units, inside, day, root)
    return Members(own, groups=inside, post=wanted.post)


def branches_of(
    units: Mapping[str, Unit], some: Iterable[str], day: date, root: str
) -> Sequence[str]:
    """Return the branches that some units are or belong to."""
    found = {branch_of(units, unit, day, root) for unit in some}
    return sorted(unit for unit in found if unit in units and kind_of(units, unit, day) == "branch")


def branch_of(units: Mapping[str, Unit], unit: str, day: date, root: str) -> str:
    """Return the unit itself if it is a branch, else the nearest branch above, else the unit."""
    for one in (unit, *units_above(units, unit, day, root)):
        if one in units and kind_of(units, one, day) == "branch":
            return one
    return unit


def units_above(units: Mapping[str, Unit], unit: str, day: date, root: str) -> list[str]:
    """Return the units above, nearest first; the root is the scheme's own."""
    found: list[str] = []
    while unit != root and unit in units:
        state = units[unit].on(day) or units[unit].latest
        unit = state.parent or root
        if unit in found:
            break
        found.append(unit)
    return found


def units_below(units: Mapping[str, Unit], scope: str, day: date, root: str) -> list[str]:
    """Return every unit below the scope on the day."""
    children: dict[str, list[str]] = {}
    for unit in units:
        above = units_above(units, unit, day, root)
        if above:
            children.setdefault(above[0], []).append(unit)
    found: list[str] = []
    waiting = [scope]
    while waiting:
        for child in children.pop(waiting.pop(), ()):
            found.append(child)
            waiting.append(child)
    return found


def kind_of(units: Mapping[str, Unit], unit: str, day: date) -> str:
    """Return the unit's kind on the day."""
    return (units[unit].on(day) or units[unit].latest).kind


def class_of(units: Mapping[str, Unit], unit: str, day: date) -> str | None:
    """Return the unit's class on the day."""
    return (units[unit].on(day) or units[unit].latest).class_
