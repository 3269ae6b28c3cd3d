"""The effective catalogue of a holder on a date: version, overlays, checklist, required counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from jifen_contracts.scheme.catalogue import effective_catalogue
from jifen_contracts.scheme.effective import Effective, effective_of
from jifen_contracts.scheme.items import Item
from jifen_contracts.scheme.texts import wire_object
from jifen_ledger.application.queries.holders import Asked, HolderReads, known_holder
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require, sees_overlay
from jifen_ledger.domain.held import Held, held_on
from jifen_ledger.domain.outcome import Refused
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on


class RegisterState(HolderReads, Protocol):
    """What asks the rules of the fold about a few people."""

    async def registers(self, members: Collection[str]) -> State:
        """Return a state with the versions, the units and these members, and nothing else."""


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """A duty of the post, with a record for each."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One of the items, with the lines of the capacities held as the overlays leave them.

    `applies` is false where an overlay excludes the item or no line is for the holder.
    """

    code: str
    name_zh: str
    name_en: str
    applies: bool
    required: int | None
    lines: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class HolderCatalogue:
    """What is in force for a holder on a day; `catalogue` is the hash shown with postings."""

    holder: str
    on: str
    size: int
    branch: str
    capacities: Sequence[str]
    posts: Sequence[str]
    unit_class: str | None
    version: int
    effective_from: str
    catalogue: str
    checklist: Sequence[ChecklistLine]
    items: Sequence[CatalogueItem]


async def holder_catalogue(
    reads: RegisterState, asked: Asked, id_: str, on: date | None
) -> HolderCatalogue:
    """Return the catalogue on the day, by default today. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    require(allowed=sees_overlay(asked.reader, holder))
    day = on or asked.day
    state = await reads.registers([] if holder.of_unit else [id_])
    version = version_on(state.versions, day)
    if version is None:
        raise NotFound("No version of the scheme was in force on that day.")
    try:
        held = held_on(state, id_, day)
    except Refused:
        raise NotFound("The holder was not scored on that day.") from None
    effective = effective_of(version.document, held.posts, held.unit_class)
    compiled = effective_catalogue(version.document, held.posts, held.unit_class)
    return HolderCatalogue(
        holder=id_,
        on=day.isoformat(),
        size=asked.size,
        branch=held.branch,
        capacities=sorted(held.capacities),
        posts=sorted(held.posts),
        unit_class=held.unit_class,
        version=version.version,
        effective_from=version.effective_from.isoformat(),
        catalogue=compiled.hash,
        checklist=[ChecklistLine(line.zh, line.en) for line in effective.checklist],
        items=[_item(item, effective, held) for item in version.document.items],
    )


def _item(item: Item, effective: Effective, held: Held) -> CatalogueItem:
    """Return the item as it is left, or as it is named where an overlay excludes it."""
    left = next((one for one in effective.items if one.code == item.code), None)
    own = {} if left is None else left.lines.by_capacity()
    lines = {name: wire_object(line) for name, line in own.items() if name in held.capacities}
    return CatalogueItem(
        code=item.code,
        name_zh=item.name_zh,
        name_en=item.name_en,
        applies=bool(lines),
        required=effective.required.get(item.code) if lines else None,
        lines=lines,
    )
