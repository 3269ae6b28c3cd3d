"""Reads the registers: versions, units, and the branch a holder belongs to."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.adapters.reads.held import upto
from jifen_ledger.adapters.reads.places import COMMITTEE, homes_on
from jifen_ledger.adapters.register_rows import unit_state_of
from jifen_ledger.adapters.register_tables import (
    assignment,
    scheme_version,
    standing,
    unit_state,
)
from jifen_ledger.application.queries.cursors import INTEGER_MAX
from jifen_ledger.application.queries.rights import Holder
from jifen_ledger.domain.registers import Unit, UnitState, Version

VERSIONS_KEPT = 256

SCHEME = sa.bindparam("scheme", type_=sa.Text)
VERSION_NUMBERS = (
    sa.select(scheme_version.c.version, scheme_version.c.seq, scheme_version.c.effective_from)
    .where(scheme_version.c.scheme == SCHEME)
    .order_by(scheme_version.c.version)
)
DOCUMENTS = sa.select(scheme_version.c.version, scheme_version.c.document).where(
    scheme_version.c.scheme == SCHEME,
    scheme_version.c.version == sa.any_(sa.bindparam("versions", type_=sa.ARRAY(sa.Integer))),
)
UPTO = sa.bindparam("upto", type_=sa.BigInteger)
UNITS = (
    sa.select(unit_state)
    .where(unit_state.c.scheme == SCHEME, unit_state.c.seq <= UPTO)
    .order_by(unit_state.c.seq)
)
HOLDER = sa.bindparam("holder", type_=sa.Text)
KNOWN = sa.select(
    sa.exists()
    .where(standing.c.scheme == SCHEME, standing.c.member == HOLDER, standing.c.seq <= UPTO)
    .label("member"),
    sa.exists()
    .where(
        assignment.c.scheme == SCHEME,
        assignment.c.member == HOLDER,
        assignment.c.until_seq.is_(None),
        assignment.c.role.in_(COMMITTEE),
    )
    .label("committee"),
)


class Versions:
    """The published versions that were read before.

    Effective catalogues are kept by the identity of their document, so a version must be the same
    object whenever it is asked for. A published version never changes; its seq tells two databases
    apart.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._kept: OrderedDict[tuple[str, int, int, date], Version] = OrderedDict()

    async def of(self, connection: AsyncConnection, scheme: str) -> Sequence[Version]:
        """Return the scheme's versions, reading the documents not seen before."""
        rows = (await connection.execute(VERSION_NUMBERS, {"scheme": scheme})).all()
        keys = [(scheme, row.version, row.seq, row.effective_from) for row in rows]
        missing = [key for key in keys if key not in self._kept]
        if missing:
            numbers = {"scheme": scheme, "versions": [key[1] for key in missing]}
            found = (await connection.execute(DOCUMENTS, numbers)).all()
            documents = {row.version: row.document for row in found}
            for key in missing:
                document = SchemeDocument.model_validate(documents[key[1]])
                self._kept[key] = Version(key[1], key[3], document, key[2])
        versions = tuple(self._kept[key] for key in keys)
        while len(self._kept) > VERSIONS_KEPT:
            self._kept.popitem(last=False)
        return versions


class RegisterReads:
    """The registers of one scheme at one moment; what rights rest on is read as it is now."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str, versions: Versions) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme
        self._known = versions
        self._versions: Sequence[Version] | None = None
        self._units: Mapping[str, Unit] | None = None

    async def versions(self) -> Sequence[Version]:
        """Return all versions published at the moment, by number."""
        versions = await self.versions_now()
        return tuple(one for one in versions if one.seq <= upto(self.at))

    async def versions_now(self) -> Sequence[Version]:
        """Return all versions published by now; their policies limit what is shown."""
        if self._versions is None:
            self._versions = await self._known.of(self._connection, self._scheme)
        return self._versions

    async def units(self) -> Mapping[str, Unit]:
        """Return every unit with its registrations in stream order."""
        if self._units is None:
            self._units = await self._units_upto(upto(self.at))
        return self._units

    async def units_now(self) -> Mapping[str, Unit]:
        """Return every unit as registered by now; who answers for a branch is about rights."""
        return await (self.units() if self.at is None else self._units_upto(INTEGER_MAX))

    async def holder(self, id_: str, today: date) -> Holder | None:
        """Return the member or unit, None if unknown at the moment.

        The branch is that of today, and the office what is known by now: both are about rights.
        """
        key = {"scheme": self._scheme, "holder": id_, "upto": upto(self.at)}
        known = (await self._connection.execute(KNOWN, key)).one()
        if known.member:
            home = await self.home(id_, today)
            return Holder(id_, of_unit=False, branch=home, in_committee=known.committee)
        units = await self.units()
        return None if id_ not in units else Holder(id_, of_unit=True, branch=None)

    async def _units_upto(self, seq: int) -> Mapping[str, Unit]:
        states: dict[str, list[UnitState]] = {}
        for row in await self._connection.execute(UNITS, {"scheme": self._scheme, "upto": seq}):
            states.setdefault(row.unit, []).append(unit_state_of(row))
        return {unit: Unit(unit, tuple(rows)) for unit, rows in states.items()}

    async def home(self, member: str, day: date) -> str | None:
        """Return the member's home branch on the day, as the register has it now."""
        found = await self._connection.execute(homes_on(self._scheme, member, day))
        row = found.one_or_none()
        return None if row is None else str(row.unit)
