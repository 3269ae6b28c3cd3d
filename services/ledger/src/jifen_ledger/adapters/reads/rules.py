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
from jifen_ledger.domain.registers import Unit
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
        state = State(self._scheme, complete=False)
        state.versions = tuple(await self.versions())
        units = dict(await self.units())
        root = units.pop(self._scheme, None)
        states = () if root is None else root.states
        state.put_unit(Unit(self._scheme, (implicit_root(self._scheme), *states)))
        for unit in units.values():
            state.put_unit(unit)
        await load_whole(self._connection, state)
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
        """Return the members of the panel that answers for the branch on the day."""
        state = await self.registers(())
        deciding = deciding_branch(state, branch, day)
        await self.load(state, {"panels": {deciding}})
        panel = panel_in_force(state, deciding, day)
        return () if panel is None else panel.members
