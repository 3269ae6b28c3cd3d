"""Objections of a branch's quarter: numbers for all, cases for handlers, answers for filers.

Who raised one is known to themselves, to those who handle it and, as an id or alias, to auditors;
the person concerned never learns it (domain.md §7, X31).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from jifen_ledger.application.queries.handling import PanelReads
from jifen_ledger.application.queries.holders import Asked
from jifen_ledger.application.queries.private_text import PrivateText
from jifen_ledger.application.queries.quarters import (
    ObjectionNumbers,
    QuarterReads,
    objection_numbers,
    open_corrections,
)
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import (
    Reader,
    reads_figures,
    sees_case,
    sees_objector,
)
from jifen_ledger.domain.objections import Objection


class ObjectionReads(QuarterReads, PanelReads, Protocol):
    """What is asked of the objections."""

    async def objection(self, id_: str) -> Objection | None:
        """Return what was filed under the id."""


@dataclass(frozen=True, slots=True)
class ObjectionCase:
    """One of them. `by` is left out unless the reader may know it; `about_*` names the thing."""

    objection: str
    seq: int
    kind: str
    subject: str
    about_claim: str | None
    about_unit: str | None
    by: str | None
    filed_on: str
    due: str
    overdue: bool
    state: str
    decision: str | None
    decided_on: str | None
    decided_seq: int | None
    deciders: Sequence[str]
    reason: str | None
    corrects: Sequence[str]
    reversals: Sequence[int]
    private: PrivateText | None = None
    decision_private: PrivateText | None = None


@dataclass(frozen=True, slots=True)
class QuarterObjections:
    """The objections of a quarter: numbers, the corrections that wait, the cases shown."""

    branch: str
    quarter: str
    size: int
    numbers: ObjectionNumbers
    corrections_open: int
    corrections: Sequence[str]
    cases: Sequence[ObjectionCase]


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    """What became of an objection, for whoever knows its id: its filer, by name or alias.

    The texts are for those who filed or handle it under their id.
    """

    objection: str
    size: int
    kind: str
    filed_on: str
    due: str
    state: str
    decision: str | None
    decided_on: str | None
    reason: str | None
    private: PrivateText | None = None
    decision_private: PrivateText | None = None


async def objections_answer(
    reads: ObjectionReads, asked: Asked, branch: str, quarter: str
) -> QuarterObjections:
    """Return the objections. Raises NotFound, Forbidden."""
    reads_figures(asked.reader)
    if branch not in await reads.units():
        raise NotFound("There is no such branch.")
    filed = await reads.objections(branch, [quarter])
    pending: Mapping[str, Sequence[str]] = await open_corrections(reads, asked, filed)
    panel = await reads.panel_members(branch, asked.read_on)
    handles = sees_case(asked.reader, branch, tuple(panel))
    claims = pending.get(quarter, ())
    return QuarterObjections(
        branch,
        quarter,
        asked.size,
        objection_numbers(filed, asked.today),
        len(claims),
        claims if handles else (),
        [
            _case(one, asked.reader, panel, asked.today)
            for one in filed
            if handles or _is_party(asked.reader, one)
        ],
    )


async def objection_answer(reads: ObjectionReads, asked: Asked, id_: str) -> ObjectionAnswer:
    """Return what became of it. Raises NotFound, Forbidden.

    Ids are chosen by who files; nothing here tells about whom or by whom it was.
    """
    reads_figures(asked.reader)
    one = await reads.objection(id_)
    if one is None:
        raise NotFound("There is no such objection.")
    return ObjectionAnswer(
        one.objection,
        asked.size,
        one.kind,
        one.filed_day.isoformat(),
        one.due.isoformat(),
        one.state,
        one.decision,
        None if one.decided_day is None else one.decided_day.isoformat(),
        one.reason,
    )


def _is_party(reader: Reader, one: Objection) -> bool:
    """Tell whether it is the reader's own: about them, or filed by them under their id."""
    return reader.is_holder(one.subject) or reader.is_holder(one.by)


def _case(one: Objection, reader: Reader, panel: Sequence[str], today: date) -> ObjectionCase:
    shown = sees_objector(reader, one.by, one.subject, (*panel, *one.deciders))
    return ObjectionCase(
        objection=one.objection,
        seq=one.seq,
        kind=one.kind,
        subject=one.subject,
        about_claim=one.claim,
        about_unit=one.unit,
        by=one.by if shown else None,
        filed_on=one.filed_day.isoformat(),
        due=one.due.isoformat(),
        overdue=one.is_open and today > one.due,
        state=one.state,
        decision=one.decision,
        decided_on=None if one.decided_day is None else one.decided_day.isoformat(),
        decided_seq=one.decided_seq,
        deciders=one.deciders,
        reason=one.reason,
        corrects=one.corrects,
        reversals=one.reversals,
    )
