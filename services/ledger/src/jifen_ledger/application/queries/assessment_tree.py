"""The tree of a branch's month (三级联动): branch, groups and members, each with a light."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jifen_ledger.application.queries.assessed import Assessed, AssessmentReads, assessed_in_unit
from jifen_ledger.application.queries.assessment_lights import Status, light_of, status_of
from jifen_ledger.application.queries.holders import Asked, PersonName, shown_names
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import (
    require,
    sees_assessments,
    sees_lights,
)
from jifen_ledger.domain.people import identity
from jifen_ledger.domain.quarter_duties import is_away
from jifen_ledger.domain.registers import Member
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import (
    BRANCH,
    assessments_of,
    groups_of,
    home_group,
    kind_in,
    members_of,
)
from jifen_ledger.domain.timeliness import claims_deadline, is_closed

NO_REASONS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A subject of the month. `seq` and `reason` only for whom unverified claims are shown to."""

    subject: str
    name_zh: str | None
    name_en: str | None
    status: Status
    light: str
    recorded_on: str | None
    seq: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group with its members."""

    group: Leaf
    members: Sequence[Leaf]


@dataclass(frozen=True, slots=True)
class AssessmentTree:
    """A branch's month; `members` are those in no group. `closed`: the deadline has passed."""

    month: str
    deadline: str
    closed: bool
    size: int
    branch: Leaf
    groups: Sequence[GroupNode]
    members: Sequence[Leaf]


async def assessment_tree(
    reads: AssessmentReads, asked: Asked, unit: str, month: str
) -> AssessmentTree:
    """Return the tree. Raises NotFound, Forbidden."""
    require(allowed=sees_lights(asked.reader, unit))
    found = await assessed_in_unit(reads, asked, unit, (month,))
    state = found.state
    if not state.versions or kind_in(state, unit, month) != BRANCH:
        raise NotFound("There is no such branch at the end of that month.")
    members = members_of(state, unit, month)
    groups = groups_of(state, unit, month)
    ids = [unit, *groups, *(member.id for member in members)]
    names = await shown_names(reads, asked, ids)
    leaves = _Leaves(found, asked, month, names, sees_assessments(asked.reader, unit))
    by_group: dict[str | None, list[Member]] = {}
    for member in members:
        by_group.setdefault(home_group(state, member, month), []).append(member)
    reasons = _reasons(state, unit, month)
    return AssessmentTree(
        month=month,
        deadline=claims_deadline(state, month, asked.today).isoformat(),
        closed=leaves.closed,
        size=asked.size,
        branch=leaves.leaf(unit, NO_REASONS, asked=leaves.any_asked(members)),
        groups=[leaves.group(group, by_group.get(group, []), reasons) for group in sorted(groups)],
        members=leaves.members(by_group.get(None, []), reasons),
    )


class _Leaves:
    """Makes the leaves of one tree."""

    def __init__(
        self,
        found: Assessed,
        asked: Asked,
        month: str,
        names: Mapping[str, PersonName],
        everything: bool,  # noqa: FBT001 - one of two views of the same tree
    ) -> None:
        self._found = found
        self._month = month
        self._names = names
        self._everything = everything
        self.closed = is_closed(found.state, month, asked.today)

    def group(self, group: str, members: Sequence[Member], above: Mapping[str, str]) -> GroupNode:
        own = _reasons(self._found.state, group, self._month)
        leaf = self.leaf(group, above, asked=self.any_asked(members))
        return GroupNode(leaf, self.members(members, own))

    def members(self, members: Iterable[Member], reasons: Mapping[str, str]) -> list[Leaf]:
        return [
            self.leaf(member.id, reasons, asked=self._is_asked(member))
            for member in sorted(members, key=lambda one: one.id)
        ]

    def any_asked(self, members: Iterable[Member]) -> bool:
        return any(self._is_asked(member) for member in members)

    def leaf(self, subject: str, reasons: Mapping[str, str], *, asked: bool) -> Leaf:
        status = status_of(self._found, subject, self._month, asked=asked, listed=reasons)
        said = next(assessments_of(self._found.state, subject, self._month), None)
        seq = None if said is None else self._found.records[subject, said.month, said.late]
        reason = reasons.get(subject) if status is Status.LISTED else None
        name = self._names.get(subject)
        return Leaf(
            subject=subject,
            name_zh=None if name is None else name.zh,
            name_en=None if name is None else name.en,
            status=status,
            light=light_of(status, closed=self.closed).value,
            recorded_on=None if said is None else said.recorded_day.isoformat(),
            seq=seq if self._everything else None,
            reason=reason if self._everything else None,
        )

    def _is_asked(self, member: Member) -> bool:
        return not is_away(self._found.state, member.id, self._month)


def _reasons(state: State, unit: str, month: str) -> dict[str, str]:
    """Return whom the unit's assessments list as missing, and why; what counts comes first."""
    reasons: dict[str, str] = {}
    for assessment in assessments_of(state, unit, month):
        for one in assessment.missing:
            reasons.setdefault(identity(state, one.id), one.reason)
    return reasons
