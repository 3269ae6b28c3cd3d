"""From a table to events: everything that is wrong is found before anything is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jifen_contracts import FOLDED_TYPES
from jifen_contracts.events import schema_of
from jifen_ingest.domain.contract import payload_of
from jifen_ingest.domain.importing.drafts import Draft, Terms
from jifen_ingest.domain.importing.kinds.catalogue import Kind
from jifen_ingest.domain.importing.kinds.registers import people_named
from jifen_ingest.domain.importing.tables import (
    Headed,
    Problem,
    Row,
    read_headings,
    read_row,
    twice,
)
from jifen_ingest.domain.refusals import Refusal

# What ingest will stamp, so that the contract can be tried before.
_STAMPS: Final = {
    "authid": "import",
    "nonce": "0" * 32,
    "recordedtime": "2000-01-01T00:00:00.000Z",
    "datacontenttype": "application/json",
}

Numbered = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a file would send, and all that is wrong with it; `people` go to the directory."""

    rows: int
    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...]
    people: tuple[tuple[str, dict[str, str]], ...]

    @property
    def good(self) -> tuple[Draft, ...]:
        """The events of rows with which nothing is wrong."""
        bad = {problem.row for problem in self.problems}
        return tuple(draft for draft in self.drafts if draft.row not in bad)

    @property
    def wrong_as_a_whole(self) -> bool:
        """Whether something is wrong with the file and not with its rows."""
        return any(problem.row <= 1 for problem in self.problems)


def prepare(
    kind: Kind, terms: Terms, headings: Sequence[str], rows: Iterable[Numbered]
) -> Prepared:
    """Return the events of the rows, each tried against its contract, and every problem."""
    headed, problems = read_headings(kind.columns, headings)
    if problems:
        return Prepared(0, (), tuple(problems), ())
    every: list[Row] = []
    for row_number, cells in rows:
        row, wrong = read_row(headed, row_number, cells)
        problems += wrong
        every.append(row)
    bad = {problem.row for problem in problems}
    sound = [row for row in every if row.number not in bad]
    problems += twice(sound, kind.once, headed)
    problems += [
        Problem(one.row, headed.heading(one.column), one.message) for one in kind.across(sound)
    ]
    sound = _untouched(kind, every, {problem.row for problem in problems})
    drafts = tuple(kind.drafts(sound, terms))
    problems += [problem for draft in drafts for problem in _against_contract(draft, terms, headed)]
    people = tuple(people_named(sound)) if kind.name == "roster" else ()
    return Prepared(len(every), drafts, tuple(sorted(problems, key=lambda one: one.row)), people)


def _untouched(kind: Kind, rows: Sequence[Row], bad: set[int]) -> list[Row]:
    """Return the rows with which nothing is wrong, nor with what they are a part of."""
    sound = [row for row in rows if row.number not in bad]
    if kind.together is None:
        return sound
    name = kind.together
    broken = {row.get(name) for row in rows if row.number in bad}
    # A row that does not say what it is a part of may be missing anywhere.
    return [] if None in broken else [row for row in sound if row.get(name) not in broken]


def _against_contract(draft: Draft, terms: Terms, headed: Headed) -> list[Problem]:
    """Return what ingest would say to the event, in the words of the file."""
    event: dict[str, Any] = {**_STAMPS, **draft.event(terms)}
    assert event["type"] in FOLDED_TYPES, "only such types are written here"
    event["dataschema"] = schema_of(event["type"])
    try:
        payload_of(event)
    except Refusal as refusal:
        if not refusal.faults:
            return [Problem(draft.row, "", refusal.detail)]
        return [
            Problem(draft.row, headed.heading(_column(fault.pointer)), fault.message)
            for fault in refusal.faults
        ]
    return []


def _column(pointer: str) -> str:
    """Return the column that a place in the event comes from, as far as its name tells."""
    steps = [step for step in pointer.split("/") if step and not step.isdigit()]
    return steps[-1] if steps else ""
