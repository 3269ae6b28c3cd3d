"""What the registers hold: scheme versions, units, members, assignments, panels and splits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from jifen_contracts.scheme.calendar import WorkingDays, working_days
from jifen_contracts.scheme.catalogue import Catalogue, effective_catalogue
from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.times import offset_minutes
from jifen_ledger.domain.concern_items import rests_on_concern

ACTIVE_STANDINGS = frozenset({"full", "probationary"})
COMMITTEE_ROLES = frozenset({"committee", "secretary"})
HOME = frozenset({"member"})


def covers(from_: date, to: date | None, day: date) -> bool:
    """Tell whether the half-open span holds the day; an absent end is open."""
    return from_ <= day and (to is None or day < to)


@dataclass(frozen=True)
class Version:
    """One published version of the scheme, in force for deeds from `effective_from` on."""

    version: int
    effective_from: date
    document: SchemeDocument
    seq: int

    @cached_property
    def offset_minutes(self) -> int:
        """How far the scheme's clocks run ahead of UTC."""
        return offset_minutes(self.document.utc_offset)

    @cached_property
    def days(self) -> WorkingDays:
        """The working days that set its deadlines."""
        return working_days(self.document)

    def catalogue(self, posts: frozenset[str], unit_class: str | None) -> Catalogue:
        """Return the effective catalogue of holders of these posts in a unit of this class."""
        known = self._catalogues.get((posts, unit_class))
        if known is None:
            known = effective_catalogue(self.document, posts, unit_class)
            self._catalogues[posts, unit_class] = known
        return known

    @cached_property
    def _catalogues(self) -> dict[tuple[frozenset[str], str | None], Catalogue]:
        return {}

    @cached_property
    def on_concerns(self) -> frozenset[str]:
        """The items that rest on a concern."""
        return frozenset(item.code for item in self.document.items if rests_on_concern(item))

    def claims_deadline(self, month: str) -> date:
        """Return the last day on which a month's claims are in time."""
        return self._deadlines(month)[0]

    def preliminary_deadline(self, month: str) -> date:
        """Return the last day of a month's preliminary reviews."""
        return self._deadlines(month)[1]

    def verify_deadline(self, month: str) -> date:
        """Return the last day of a month's verifications."""
        return self._deadlines(month)[2]

    def _deadlines(self, month: str) -> tuple[date, date, date]:
        known = self._deadlines_by_month.get(month)
        if known is None:
            days = self.days
            known = self._deadlines_by_month[month] = (
                days.claims_deadline(month),
                days.preliminary_deadline(month),
                days.verify_deadline(month),
            )
        return known

    @cached_property
    def rewarded_items(self) -> frozenset[str]:
        """The items that bring incentive points."""
        return frozenset(item.code for item in self.document.items if item.incentive is not None)

    @cached_property
    def deducting_items(self) -> frozenset[str]:
        """The items that deduct points."""
        return frozenset(
            item.code
            for item in self.document.items
            if any(line.kind == "deduct" for line in item.lines.by_capacity().values())
        )

    @cached_property
    def resting_on_records(self) -> Mapping[str, str]:
        """What the items measure that no person reviews first, by code."""
        items = self.document.items
        return {one.code: one.measure_of or "" for one in items if one.preliminary == "record"}

    @cached_property
    def _deadlines_by_month(self) -> dict[str, tuple[date, date, date]]:
        return {}


@dataclass(frozen=True, slots=True)
class UnitState:
    """What one `unit.registered` said; it holds from `from_` until a later registration's date."""

    seq: int
    kind: str
    class_: str | None
    parent: str | None
    name_zh: str
    name_en: str
    from_: date
    to: date | None
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's registrations in stream order."""

    id: str
    states: tuple[UnitState, ...]

    def on(self, day: date) -> UnitState | None:
        """Return the registration that holds on the day, or None before the first."""
        for state in reversed(self.states):
            if state.from_ <= day:
                return state
        return None

    def in_force(self, day: date) -> bool:
        """Tell whether the unit exists on the day."""
        state = self.on(day)
        return state is not None and covers(state.from_, state.to, day)

    def holds_span(self, from_: date, to: date | None) -> bool:
        """Tell whether the unit exists over the whole span, as it is registered at its start."""
        outer = self.on(from_)
        if outer is None:
            return False
        return outer.to is None or (to is not None and to <= outer.to)

    @property
    def latest(self) -> UnitState:
        """The registration recorded last."""
        return self.states[-1]


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's standing from a date on; `channel` is the call-up code that brought the person."""

    seq: int
    standing: str
    from_: date
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role of a member in a unit over a span; `seq` is the event that last stated it."""

    id: str
    seq: int
    member: str
    role: str
    unit: str
    post: str | None
    of: tuple[str, ...]
    from_: date
    to: date | None
    sent: date | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member's time lines, as far as the stream has told them.

    `named_in` are the pacts (`helper`, `mentor`) of others that name this member in `of`.
    `joined_into` is the surviving record when two records of one person were joined.
    """

    id: str
    standings: tuple[Standing, ...]
    assignments: tuple[Assignment, ...] = ()
    named_in: tuple[Assignment, ...] = ()
    joined_into: str | None = None
    # The last event that changed the standing or an assignment.
    changed_seq: int = field(init=False, repr=False, compare=False)
    # Whether any assignment is in a committee, whenever that was.
    has_office: bool = field(init=False, repr=False, compare=False)
    # Whether any assignment is that of an officer of a unit above.
    has_upper: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note what every decision asks; a member changes seldom."""
        roles = {one.role for one in self.assignments}
        seqs = [one.seq for one in self.standings] + [one.seq for one in self.assignments]
        object.__setattr__(self, "changed_seq", max(seqs, default=0))
        object.__setattr__(self, "has_office", not roles.isdisjoint(COMMITTEE_ROLES))
        object.__setattr__(self, "has_upper", "upper" in roles)

    def standing_on(self, day: date) -> str | None:
        """Return the standing that holds on the day: of equal dates the one recorded last."""
        best: Standing | None = None
        for standing in self.standings:
            if standing.from_ <= day and (best is None or standing.from_ >= best.from_):
                best = standing
        return None if best is None else best.standing

    def holds(self, day: date, roles: frozenset[str]) -> tuple[Assignment, ...]:
        """Return the assignments with one of the roles in force on the day."""
        if self.joined_into is not None:
            return ()
        found = [
            one
            for one in self.assignments
            if one.role in roles and one.from_ <= day and (one.to is None or day < one.to)
        ]
        return tuple(found)

    def home_branch(self, day: date) -> str | None:
        """Return the home branch on the day."""
        homes = self.holds(day, HOME)
        return homes[0].unit if homes else None


@dataclass(frozen=True, slots=True)
class Panel:
    """A branch's assessment group, in force from its date until `to` or a later panel's date."""

    id: str
    seq: int
    branch: str
    from_: date
    to: date
    chair: str
    members: tuple[str, ...]
    recusals: frozenset[tuple[str, str]]
    # The members as a set, and the fewest eligible deciders.
    seated: frozenset[str] = field(init=False, repr=False, compare=False)
    quorum: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what every decision asks for."""
        object.__setattr__(self, "seated", frozenset(self.members))
        object.__setattr__(self, "quorum", len(self.members) // 2 + 1)


@dataclass(frozen=True, slots=True)
class Split:
    """How a shared deed's pool is divided: fixed in tenths at its declaration."""

    project: str
    seq: int
    unit: str
    item: str
    pool: int
    parts: Mapping[str, int] = field(hash=False)
    organisers: frozenset[str] = frozenset()

    @property
    def participants(self) -> frozenset[str]:
        """Everyone who took part, organisers included."""
        return self.organisers.union(self.parts)
