"""The vetoes of a member, with their basis as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_ledger.application.queries.holders import Asked, HolderReads, known_holder
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require
from jifen_ledger.application.queries.rights_about_people import sees_basis, sees_vetoes
from jifen_ledger.domain.vetoes import Veto


class VetoReads(HolderReads, Protocol):
    """What is asked of the vetoes."""

    async def vetoes(self, member: str) -> Sequence[Veto]:
        """Return the vetoes of the member in the order they were imposed."""


@dataclass(frozen=True, slots=True)
class VetoEntry:
    """A veto; `from` and `to` are the days it covers as it stands, `imposed_seq` its record."""

    veto: str
    kind: str
    effect: str
    from_day: str
    to_day: str | None
    state: str
    imposed_seq: int
    basis: str | None
    by: str | None
    lifted_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Vetoes:
    """Vetoes of a member, annulled ones included; `basis_shown` tells what was left out."""

    member: str
    size: int
    basis_shown: bool
    entries: Sequence[VetoEntry]


async def vetoes_of(reads: VetoReads, asked: Asked, id_: str) -> Vetoes:
    """Return the member's vetoes. Raises NotFound, Forbidden."""
    holder = await known_holder(reads, asked, id_)
    if holder.of_unit:
        raise NotFound("A unit has no vetoes.")
    require(allowed=sees_vetoes(asked.reader, holder))
    shown = sees_basis(asked.reader, holder)
    entries = [
        _entry(veto, asked.day, shown=shown)
        for veto in await reads.vetoes(id_)
        if asked.reaches(veto.from_)
    ]
    return Vetoes(id_, asked.size, shown, entries)


def _entry(veto: Veto, today: date, *, shown: bool) -> VetoEntry:
    return VetoEntry(
        veto=veto.veto,
        kind=veto.kind,
        effect=veto.effect,
        from_day=veto.from_.isoformat(),
        to_day=None if veto.end is None else veto.end.isoformat(),
        state=_state(veto, today),
        imposed_seq=veto.seq,
        basis=veto.basis if shown else None,
        by=veto.by if shown else None,
        lifted_by=veto.lifted_by if shown else None,
        reason=veto.reason if shown else None,
    )


def _state(veto: Veto, today: date) -> str:
    if veto.annulled:
        return "annulled"
    if veto.covers(today):
        return "in_force"
    return "to_come" if today < veto.from_ else "ended"
