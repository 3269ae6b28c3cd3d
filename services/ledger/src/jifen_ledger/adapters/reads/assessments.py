"""Reads self-assessments, and what says who is asked for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from jifen_ledger.adapters.assessment_table import assessment
from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.kept_rows import KEPT_ROWS
from jifen_ledger.adapters.kept_tables import absence
from jifen_ledger.adapters.members import load_members
from jifen_ledger.adapters.reads.held import added, held
from jifen_ledger.adapters.register_tables import assignment
from jifen_ledger.adapters.tables import claim, claim_step
from jifen_ledger.application.queries.assessed import Reviewed
from jifen_ledger.domain.absences import Absence
from jifen_ledger.domain.assessments import Assessment
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.registers import Member

SCHEME = sa.bindparam("scheme", type_=sa.Text)


def _among(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.bindparam(name, type_=ARRAY(sa.Text)))


CLAIMS_FOR = (
    sa.select(claim)
    .where(
        claim.c.scheme == SCHEME,
        _among(claim.c.holder, "holders"),
        _among(claim.c.deed, "deeds"),
    )
    .order_by(claim.c.seq)
)


class AssessmentReads:
    """The self-assessments of one scheme at one moment."""

    at: int | None = None

    def __init__(self, connection: AsyncConnection, scheme: str) -> None:
        """Read on a connection whose transaction shows one moment."""
        self._connection = connection
        self._scheme = scheme

    async def people_of(self, unit: str) -> Sequence[str]:
        """Return the members who were ever assigned to the unit, as they came."""
        found = (
            sa.select(assignment.c.member)
            .where(
                assignment.c.scheme == self._scheme,
                assignment.c.unit == unit,
                added(assignment, self.at),
            )
            .group_by(assignment.c.member)
            .order_by(sa.func.min(assignment.c.seq))
        )
        return list((await self._connection.execute(found)).scalars())

    async def members(self, ids: Collection[str]) -> Mapping[str, Member]:
        """Return the time lines of the members among the ids."""
        return await load_members(self._connection, self._scheme, ids, self.at)

    async def absences(self, members: Collection[str]) -> Sequence[Absence]:
        """Return the absences of these members."""
        rows = KEPT_ROWS["absences"]
        found = (
            sa.select(absence)
            .where(
                absence.c.scheme == self._scheme,
                _among(absence.c.member, "members"),
                held(absence, self.at),
            )
            .order_by(absence.c.opened_seq)
        )
        key = {"members": list(members)}
        return [rows.object(row) for row in await self._connection.execute(found, key)]

    async def assessments(
        self, subjects: Collection[str], months: Collection[str]
    ) -> Sequence[tuple[int, Assessment]]:
        """Return the assessments that subjects have of months, with the record that said so."""
        rows = KEPT_ROWS["assessments"]
        found = sa.select(assessment).where(
            assessment.c.scheme == self._scheme,
            _among(assessment.c.subject, "subjects"),
            _among(assessment.c.month, "months"),
            held(assessment, self.at),
        )
        key = {"subjects": list(subjects), "months": list(months)}
        return [(row.seq, rows.object(row)) for row in await self._connection.execute(found, key)]

    async def claims_for(self, holders: Collection[str], deeds: Collection[str]) -> Sequence[Claim]:
        """Return the claims of these holders for these deeds, by seq."""
        key = {"scheme": self._scheme, "holders": list(holders), "deeds": list(deeds)}
        return [claim_of(row) for row in await self._connection.execute(CLAIMS_FOR, key)]

    async def reviewed(self, claims: Collection[str]) -> Sequence[Reviewed]:
        """Return what these claims were worth when they were stated and first reviewed."""
        found = (
            sa.select(claim_step.c.claim, claim_step.c.step, claim_step.c.item, claim_step.c.worth)
            .where(
                claim_step.c.scheme == self._scheme,
                _among(claim_step.c.claim, "claims"),
                claim_step.c.step.in_(("claimed", "preliminary")),
                added(claim_step, self.at),
            )
            .order_by(claim_step.c.seq)
        )
        key: dict[str, Any] = {"claims": list(claims)}
        return [
            Reviewed(row.claim, row.step, row.item, row.worth["raw"])
            for row in await self._connection.execute(found, key)
        ]
