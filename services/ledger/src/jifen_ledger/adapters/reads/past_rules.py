"""Reads what the rules of the fold are asked with, as it stood after an earlier record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final

from jifen_ledger.adapters import loader_statements as statements
from jifen_ledger.adapters.asked import arrays_of
from jifen_ledger.adapters.kept_loader import load_kept, load_kept_index
from jifen_ledger.adapters.kept_rows import KEPT_INDEXES, KEPT_ROWS
from jifen_ledger.adapters.members import load_members
from jifen_ledger.adapters.reads.past_claims import AT
from jifen_ledger.adapters.reads.past_figures import PastFigureReads
from jifen_ledger.adapters.reads.past_sets import PastClaimSetReads
from jifen_ledger.adapters.reads.rules import RuleReads
from jifen_ledger.adapters.register_rows import panel_of, split_of
from jifen_ledger.adapters.register_tables import assignment, panel, split
from jifen_ledger.domain.score import NO_FIGURES
from jifen_ledger.domain.state import State

Keys = Collection[Any]
Rows = dict[Any, Any]

PEOPLE_OF = statements.people_of(assignment.c.seq <= AT)
PANELS = statements.panels(panel.c.seq <= AT)
SPLITS = statements.splits(split.c.seq <= AT)
# Their rows are ids of claims, which are loaded with them.
OF_CLAIMS: Final = frozenset({"deeds", "quarter_claims"})


class PastRuleReads(PastClaimSetReads, PastFigureReads, RuleReads):
    """The registers of one scheme, in the terms of the fold, at a moment that may have passed.

    Tables that only the fold itself asks for are not among those that can be loaded.
    """

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""
        claims = set(wanted.get("claims", ()))
        for name, keys in wanted.items():
            if not keys or name == "claims":
                continue
            if name in KEPT_ROWS:
                await load_kept(self._connection, state, name, keys, self.cut)
            elif name in KEPT_INDEXES:
                await load_kept_index(self._connection, state, name, keys, self.cut)
            else:
                rows = await LOADS[name](self, keys)
                getattr(state, name).load(rows, keys)
                if name in OF_CLAIMS:
                    claims.update(claim for ids in rows.values() for claim in ids)
        unknown = state.claims.unknown(claims)
        if unknown:
            found = {one.id: one for one in await self.claims(unknown)}
            state.claims.load(found, unknown)

    async def _rows_of_members(self, keys: Keys) -> Rows:
        return await load_members(self._connection, self._scheme, keys, self.cut)

    async def _rows_of_people(self, keys: Keys) -> Rows:
        key = self._key(at=self.at, **arrays_of(("unit",), keys))
        people: Rows = {}
        for row in await self._connection.execute(PEOPLE_OF, key):
            people[row.unit] = (*people.get(row.unit, ()), row.member)
        return people

    async def _rows_of_panels(self, keys: Keys) -> Rows:
        key = self._key(at=self.at, **arrays_of(("branch",), keys))
        panels: Rows = {}
        for row in await self._connection.execute(PANELS, key):
            panels[row.branch] = (*panels.get(row.branch, ()), panel_of(row))
        return panels

    async def _rows_of_splits(self, keys: Keys) -> Rows:
        key = self._key(at=self.at, **arrays_of(("project",), keys))
        found = await self._connection.execute(SPLITS, key)
        return {row.project: split_of(row) for row in found}

    async def _rows_of_deeds(self, keys: Keys) -> Rows:
        holders, deeds = ({key[part] for key in keys} for part in (0, 2))
        ids: Rows = {}
        for one in await self.claims_for(holders, deeds):
            deed = (one.holder, one.item, one.deed)
            ids[deed] = (*ids.get(deed, ()), one.id)
        return ids

    async def _rows_of_quarter_claims(self, keys: Keys) -> Rows:
        return {
            (branch, quarter): tuple(
                one.id for one in await self.claims_of_quarters(branch, (quarter,))
            )
            for branch, quarter in keys
        }

    async def _rows_of_figures(self, keys: Keys) -> Rows:
        found = await self.figures_of_each(sorted({holder for holder, _, _ in keys}))
        return {
            (holder, capacity, quarter): found[holder].get((capacity, quarter), NO_FIGURES)
            for holder, capacity, quarter in keys
        }


LOADS: Final[Mapping[str, Callable[[PastRuleReads, Keys], Awaitable[Rows]]]] = {
    "members": PastRuleReads._rows_of_members,  # noqa: SLF001 - of this class
    "people_of": PastRuleReads._rows_of_people,  # noqa: SLF001
    "panels": PastRuleReads._rows_of_panels,  # noqa: SLF001
    "splits": PastRuleReads._rows_of_splits,  # noqa: SLF001
    "deeds": PastRuleReads._rows_of_deeds,  # noqa: SLF001
    "quarter_claims": PastRuleReads._rows_of_quarter_claims,  # noqa: SLF001
    "figures": PastRuleReads._rows_of_figures,  # noqa: SLF001
}
