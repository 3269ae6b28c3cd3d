"""What the events of concerns ask the state for, and the claims that rest on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jifen_ledger.domain.concerns import Concern
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import Table
from jifen_ledger.domain.wanted import Wanted


def raised(state: State, _: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    """Want the concern, which should not exist, and what it is a part of."""
    wanted.want(state.concerns, data["concern"])
    if "parent" in data:
        _standing(state, data["parent"], wanted)


def changed(state: State, _: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    """Want the concern with all that were merged, their raisers, parts and wholes."""
    people = (data[name] for name in ("by", "handler") if name in data)
    wanted.want_all(state.members, people)
    if "merge_into" in data:
        _group(state, data["merge_into"], wanted)
    for concern in _group(state, data["concern"], wanted):
        for part in _known(state.concern_parts, concern, wanted):
            _standing(state, part, wanted)


def reopened(state: State, _: str, data: Mapping[str, Any], wanted: Wanted) -> list[str]:
    """Want the concern and everything above it; return the claims that rest on them."""
    changed(state, _, data, wanted)
    claims: list[str] = []
    waiting, seen = [str(data["concern"])], set[str]()
    while waiting:
        id_ = waiting.pop()
        if id_ in seen:
            continue
        seen.add(id_)
        claims += _known(state.resting_on, id_, wanted)
        for one in _group(state, id_, wanted):
            seen.add(one)
            claims += _known(state.resting_on, one, wanted)
            concern = _concern(state, one)
            if concern is not None and concern.parent is not None:
                waiting.append(concern.parent)
    wanted.want_all(state.claims, claims)
    return claims


def rests(
    state: State, holder: str, items: Iterable[str], deed: str, claim: str, wanted: Wanted
) -> None:
    """Want the concern that a claim of one of these items rests on."""
    if not _may_rest(state, items):
        return
    wanted.want(state.resting, claim)
    wanted.want(state.resting_on, deed)
    wanted.want(state.concerns, deed)
    concern = _concern(state, deed)
    if concern is not None and concern.handler is not None:
        wanted.want_all(state.members, (holder, concern.handler))


def _may_rest(state: State, items: Iterable[str]) -> bool:
    # A loop: every claim comes through here, and a generator would cost more than the look-up.
    for version in state.versions:  # noqa: SIM110
        if not version.on_concerns.isdisjoint(items):
            return True
    return False


def _concern(state: State, id_: str) -> Concern | None:
    return state.concerns.get(id_) if state.concerns.knows(id_) else None


def _standing(state: State, id_: str, wanted: Wanted) -> str:
    """Want the concern and the one it was merged into; return the latter's id."""
    wanted.want(state.concerns, id_)
    concern = _concern(state, id_)
    if concern is None or concern.merged_into is None:
        return id_
    wanted.want(state.concerns, concern.merged_into)
    return concern.merged_into


def _group(state: State, id_: str, wanted: Wanted) -> list[str]:
    """Want all that were merged into one, and who raised them; return their ids."""
    standing = _standing(state, id_, wanted)
    group = [standing, *_known(state.concerns_merged, standing, wanted)]
    for one in group:
        wanted.want(state.concerns, one)
        concern = _concern(state, one)
        if concern is not None:
            named = (concern.by, concern.handler)
            wanted.want_all(state.members, (one for one in named if one is not None))
    return group


def _known(index: Table[str, tuple[str, ...]], key: str, wanted: Wanted) -> tuple[str, ...]:
    wanted.want(index, key)
    return index.get(key) if index.knows(key) else ()
