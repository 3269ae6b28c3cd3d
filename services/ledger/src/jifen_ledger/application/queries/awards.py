"""Awards of one holder, and the register of all that are held."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from jifen_ledger.application.queries.cursors import cursor_of, read_cursor
from jifen_ledger.application.queries.holders import (
    Asked,
    HolderReads,
    PersonName,
    known_holder,
    shown_names,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import Holder, reads_figures, require
from jifen_ledger.application.queries.rights_about_people import (
    kinds_on_register,
    sees_award_kind,
    sees_basis,
    sees_ended_awards,
    sees_past_awards,
)
from jifen_ledger.domain.awards import KINDS, Award


class HeldAwards(NamedTuple):
    """Which awards a page of the register is of.

    `unit` is the holder, or the holder's home branch on the day; `before` the record that granted
    the last one of the page before. `still_on` leaves out what has ended by that day, as it is
    known by now.
    """

    day: date
    kinds: Collection[str]
    unit: str | None
    before: int | None
    limit: int
    still_on: date | None


class HeldReads(Protocol):
    """What is asked of awards as they are by now."""

    async def still_held(self, awards: Collection[str], day: date) -> Collection[str]:
        """Return those of the awards that are held on the day as it is known by now."""


class AwardReads(HolderReads, HeldReads, Protocol):
    """What is asked of the awards."""

    async def awards_of(self, holder: str) -> Sequence[Award]:
        """Return the awards of a holder in the order they were granted."""

    async def awards_held(self, wanted: HeldAwards) -> Sequence[Award]:
        """Return awards of the kinds held on the day, the one granted last first."""


@dataclass(frozen=True, slots=True)
class AwardEntry:
    """An award; it is held from the first day to the day before the end, if it has one."""

    award: str
    holder: str
    holder_name_zh: str | None
    holder_name_en: str | None
    kind: str
    name_zh: str
    name_en: str
    level: str | None
    month: str | None
    from_day: str
    to_day: str | None
    held: bool
    granted_seq: int
    basis: str | None
    by: str | None
    revoked_on: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class HolderAwards:
    """What a holder was granted, as far as the reader may see it."""

    holder: str
    size: int
    entries: Sequence[AwardEntry]


@dataclass(frozen=True, slots=True)
class AwardRegister:
    """A page of the awards held on the day, the one granted last first."""

    size: int
    entries: Sequence[AwardEntry]
    next: str | None


async def awards_of(reads: AwardReads, asked: Asked, id_: str) -> HolderAwards:
    """Return the holder's awards. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    reads_figures(asked.reader)
    kinds = [kind for kind in KINDS if sees_award_kind(asked.reader, id_, kind)]
    require(allowed=bool(kinds))
    day = asked.day
    found = [
        award
        for award in await reads.awards_of(id_)
        if award.kind in kinds and asked.reaches(award.from_)
    ]
    if not sees_past_awards(asked.reader, holder):
        held = await held_throughout(reads, asked, day, found)
        found = [award for award in found if award.award in held]
    names = await shown_names(reads, asked, [id_])
    shown = sees_basis(asked.reader, holder)
    return HolderAwards(
        id_, asked.size, [_entry(award, day, names, shown=shown) for award in found]
    )


async def held_throughout(
    reads: HeldReads, asked: Asked, day: date, awards: Sequence[Award]
) -> Collection[str]:
    """Return those that were held on the day and still are.

    To whoever does not see ended ones a revoked award has disappeared, from every earlier moment
    too.
    """
    held = [award.award for award in awards if award.held_on(day)]
    return await reads.still_held(held, asked.read_on) if held else ()


async def award_register(
    reads: AwardReads,
    asked: Asked,
    kind: str | None,
    unit: str | None,
    limit: int,
    cursor: str | None,
) -> AwardRegister:
    """Return a page of the register. Raises NotFound, Forbidden, QueryInvalid."""
    reads_figures(asked.reader)
    kinds = kinds_on_register(asked.reader)
    require(allowed=bool(kinds) and kind in (None, *kinds))
    if unit is not None and unit not in await reads.units():
        raise NotFound("There is no such unit.")
    chosen = kinds if kind is None else (kind,)
    day = asked.day
    still_on = None if sees_ended_awards(asked.reader) else asked.read_on
    before = _before(cursor)
    found = await reads.awards_held(HeldAwards(day, chosen, unit, before, limit + 1, still_on))
    page = found[:limit]
    names = await shown_names(reads, asked, sorted({award.holder for award in page}))
    entries = []
    for award in page:
        # Whose case it is stands on the holder's own page; here are holders of many branches.
        holder = Holder(award.holder, of_unit=False, branch=None)
        shown = sees_basis(asked.reader, holder)
        entries.append(_entry(award, day, names, shown=shown))
    more = len(found) > limit
    return AwardRegister(asked.size, entries, cursor_of(page[-1].seq) if more else None)


def _before(cursor: str | None) -> int | None:
    return None if cursor is None else int(read_cursor(cursor, int)[0])


def _entry(award: Award, day: date, names: Mapping[str, PersonName], *, shown: bool) -> AwardEntry:
    name = names.get(award.holder)
    return AwardEntry(
        award=award.award,
        holder=award.holder,
        holder_name_zh=None if name is None else name.zh,
        holder_name_en=None if name is None else name.en,
        kind=award.kind,
        name_zh=award.name_zh,
        name_en=award.name_en,
        level=award.level,
        month=award.month,
        from_day=award.from_.isoformat(),
        to_day=None if award.end is None else award.end.isoformat(),
        held=award.held_on(day),
        granted_seq=award.seq,
        basis=award.basis if shown else None,
        by=award.by if shown else None,
        revoked_on=None if award.revoked_on is None else award.revoked_on.isoformat(),
        reason=award.reason if shown else None,
    )
