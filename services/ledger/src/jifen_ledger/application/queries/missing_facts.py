"""The base facts that a branch's quarter still lacks before it can be verified (§5.3, H02)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from jifen_contracts.periods import last_day
from jifen_ledger.application.queries.catalogue import RegisterState
from jifen_ledger.application.queries.handling import PanelReads, handles_cases
from jifen_ledger.application.queries.holders import Asked, item_names, shown_names
from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.rights import require
from jifen_ledger.domain.booking import period_of
from jifen_ledger.domain.quarter_duties import Duty, duties, missing_facts
from jifen_ledger.domain.state import State
from jifen_ledger.domain.table import NotLoaded

T = TypeVar("T")
# A fact that is missing may lie with another branch: each such deed is looked up once.
LOADS_MAX: Final = 5_000


class DutyReads(RegisterState, PanelReads, Protocol):
    """What is asked of the facts."""

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is due and that nobody has verified."""

    holder: str
    name_zh: str | None
    name_en: str | None
    capacity: str
    item: str
    item_name_zh: str | None
    item_name_en: str | None
    period: str
    deed: str


@dataclass(frozen=True, slots=True)
class MissingFacts:
    """How many facts are due of a quarter, and which of them are neither verified nor waived."""

    branch: str
    quarter: str
    size: int
    due: int
    missing: Sequence[MissingFact]


async def missing_facts_of(
    reads: DutyReads, asked: Asked, branch: str, quarter: str
) -> MissingFacts:
    """Return the facts. Raises NotFound, Forbidden."""
    require(allowed=await handles_cases(reads, asked, branch))
    state = await reads.registers([])
    unit = state.units.get(branch)
    if unit is None or unit.latest.kind != "branch":
        raise NotFound("There is no such branch.")
    await _know(reads, state, branch, quarter)
    all_due = _by(asked, await _asked(reads, state, lambda: list(duties(state, branch, quarter))))
    period = period_of(state, branch, quarter)
    waived = () if period is None else period.waived_facts
    found = await _asked(reads, state, lambda: list(missing_facts(state, branch, quarter, waived)))
    missing = _by(asked, found)
    names = await shown_names(reads, asked, sorted({duty.holder for duty in missing}))
    items = item_names(state.versions)
    return MissingFacts(
        branch,
        quarter,
        asked.size,
        len(all_due),
        [_answer(duty, names, items) for duty in missing],
    )


def _by(asked: Asked, found: Sequence[Duty]) -> Sequence[Duty]:
    """Return what is due by the day that is asked for: facts of periods that were over."""
    return [duty for duty in found if asked.reaches(last_day(duty.period))]


async def _know(reads: DutyReads, state: State, branch: str, quarter: str) -> None:
    """Load at once what is asked for in any case."""
    wanted: dict[str, set[Any]] = {
        "people_of": {branch},
        "periods_of": {branch},
        "quarter_claims": {(branch, quarter)},
    }
    await reads.load(state, wanted)
    people = set(state.people_of.get(branch))
    await reads.load(state, {"members": people, "absences_of": people})
    named = {
        (duty.holder, duty.item, duty.deed)
        for duty in await _asked(reads, state, lambda: list(duties(state, branch, quarter)))
    }
    await reads.load(state, {"deeds": named})


async def _asked(reads: DutyReads, state: State, ask: Callable[[], T]) -> T:
    for _ in range(LOADS_MAX):
        try:
            return ask()
        except NotLoaded as lacking:
            await reads.load(state, {lacking.table: {lacking.key}})
    raise AssertionError("more is asked for than a branch can hold")


def _answer(duty: Duty, names: Mapping[str, Any], items: Mapping[str, Any]) -> MissingFact:
    name, item = names.get(duty.holder), items.get(duty.item)
    return MissingFact(
        duty.holder,
        None if name is None else name.zh,
        None if name is None else name.en,
        duty.capacity,
        duty.item,
        None if item is None else item.zh,
        None if item is None else item.en,
        duty.period,
        duty.deed,
    )
