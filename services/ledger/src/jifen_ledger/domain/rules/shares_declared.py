"""`shares.declared`: participants fix how a pooled deed's points are split (§2.2, §4.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jifen_contracts.codes import Code
from jifen_contracts.events import SharesDeclared
from jifen_contracts.scheme.catalogue import Line, Tier
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.registers import Split
from jifen_ledger.domain.roles import is_recorder
from jifen_ledger.domain.state import State
from jifen_ledger.domain.units import branch_of
from jifen_ledger.domain.versions import has_item, version_on


def declare_shares(state: State, event: SharesDeclared, moment: Moment) -> Effect:
    """Fix the split in tenths. Raises the codes of §2.2 in their order."""
    data = event.data
    if state.units.get(event.subject) is None:
        raise Refused(Code.UNKNOWN_UNIT)
    version = version_on(state.versions, moment.day)
    if version is None or not has_item(version, data.item):
        raise Refused(Code.UNKNOWN_ITEM)
    participants = [share.member for share in data.shares]
    organisers = tuple(data.organisers or ())
    people = {*participants, *organisers, *data.agreed_by, data.by}
    if not all(is_member(state, person) for person in sorted(people)):
        raise Refused(Code.UNKNOWN_MEMBER)
    _check_permitted(state, event, moment, participants)
    if state.splits.get(data.project) is not None and state.split_uses.get(data.project):
        raise Refused(Code.SHARES_IN_USE)
    catalogue = version.catalogue(frozenset(), None)
    tier = _pool(catalogue.items[data.item].lines, data.pool)
    if tier is None or len(set(participants)) != len(participants):
        raise Refused(Code.MEASURE_INVALID)
    weights = [share.weight for share in data.shares]
    if len(weights) > 1 and 2 * max(weights) > sum(weights):
        raise Refused(Code.SHARE_TOO_LARGE)
    if not set(participants) <= set(data.agreed_by):
        raise Refused(Code.SHARES_NOT_AGREED)
    parts = dict(zip(participants, split_pool(tier.value, weights), strict=True))
    split = Split(
        data.project,
        moment.seq,
        event.subject,
        data.item,
        tier.value,
        parts,
        frozenset(organisers),
    )
    state.splits.put(split.project, split)
    state.changes.splits.append(split)
    return Effect()


def split_pool(pool: int, weights: Sequence[int]) -> list[int]:
    """Divide the pool exactly: floors first, the rest by largest remainder, ties in order."""
    total = sum(weights)
    parts = [pool * weight // total for weight in weights]
    remainders = [pool * weight % total for weight in weights]
    order = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in order[: pool - sum(parts)]:
        parts[index] += 1
    return parts


def _check_permitted(
    state: State, event: SharesDeclared, moment: Moment, participants: Sequence[str]
) -> None:
    by, unit = event.data.by, event.subject
    known = state.splits.get(event.data.project)
    foreign = known is not None and known.unit != unit
    branch = branch_of(state, unit, moment.recorded_day)
    records = is_recorder(state, by, branch, unit, moment.recorded_day, moment.day)
    if foreign or not (by in participants or records):
        raise Refused(Code.NOT_PERMITTED)


def _pool(lines: Mapping[str, Line], key: str) -> Tier | None:
    for line in lines.values():
        if line.mode == "S":
            return line.tiers.get(key)
    return None
