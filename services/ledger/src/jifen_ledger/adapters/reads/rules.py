"""Reads what the rules of the fold are asked with: registers as a state, and verified claims."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.kept_loader import load_whole
from jifen_ledger.adapters.loader import load
from jifen_ledger.adapters.reads.registers import RegisterReads
from jifen_ledger.adapters.tables import claim
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.registers import Panel, Unit, Version
from jifen_ledger.domain.roles import panel_in_force
from jifen_ledger.domain.state import State, implicit_root
from jifen_ledger.domain.units import deciding_branch

VERIFIED = (
    sa.select(claim)
    .where(
        claim.c.scheme == sa.bindparam("scheme", type_=sa.Text),
        claim.c.branch == sa.bindparam("branch", type_=sa.Text),
        claim.c.deed_quarter == sa.any_(sa.bindparam("quarters", type_=sa.ARRAY(sa.Text))),
        claim.c.state == "verified",
        claim.c.seq > sa.bindparam("after", type_=sa.BigInteger),
    )
    .order_by(claim.c.seq)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


class RuleReads(RegisterReads):
    """The registers of one scheme at one moment, in the terms of the fold."""

    async def registers(self, members: Collection[str]) -> State:
        """Return a state with the versions, the units, these members, and what is always whole."""
        state = self._state(await self.versions(), await self.units())
        await load_whole(self._connection, state, self.at)
        if members:
            await self.load(state, {"members": set(members)})
        return state

    async def load(self, state: State, wanted: Mapping[str, set[Any]]) -> None:
        """Load the rows of these keys; afterwards the state knows them, present or absent."""
        await load(self._connection, state, wanted)

    async def verified_claims(
        self, branch: str, quarters: Sequence[str], after: int, limit: int
    ) -> Sequence[Claim]:
        """Return verified claims on the branch's deeds of the quarters, by seq, beyond `after`."""
        parameters = {
            "scheme": self._scheme,
            "branch": branch,
            "quarters": list(quarters),
            "after": after,
            "most": limit,
        }
        return [claim_of(row) for row in await self._connection.execute(VERIFIED, parameters)]

    async def panel_members(self, branch: str, day: date) -> Sequence[str]:
        """Return the members of the panel that answers for the branch on the day.

        Whose cases they are is known by now, whatever the moment: that is about rights.
        """
        state = self._state(await self.versions_now(), await self.units_now())
        deciding = deciding_branch(state, branch, day)
        await load(self._connection, state, {"panels": {deciding}})
        return _members_of(panel_in_force(state, deciding, day))

    async def panel_then(self, branch: str, day: date) -> Sequence[str]:
        """Return the same as it was known at the moment, to be shown."""
        state = self._state(await self.versions(), await self.units())
        deciding = deciding_branch(state, branch, day)
        await self.load(state, {"panels": {deciding}})
        return _members_of(panel_in_force(state, deciding, day))

    def _state(self, versions: Sequence[Version], units: Mapping[str, Unit]) -> State:
        state = State(self._scheme, complete=False)
        state.versions = tuple(versions)
        root = units.get(self._scheme)
        states = () if root is None else root.states
        state.put_unit(Unit(self._scheme, (implicit_root(self._scheme), *states)))
        for unit in units.values():
            if unit.id != self._scheme:
                state.put_unit(unit)
        return state


def _members_of(panel: Panel | None) -> Sequence[str]:
    return () if panel is None else panel.members
