"""Reads accounts as they stood after an earlier record, or with the deeds up to a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from jifen_contracts.periods import quarter_of
from jifen_ledger.adapters.reads.accounts import AccountReads
from jifen_ledger.adapters.reads.past_figures import PastFigureReads
from jifen_ledger.adapters.tables import posting, record
from jifen_ledger.application.queries.statement import ORDINAL_MAX, Line, Lines
from jifen_ledger.domain.statement_then import ThenLine, lines_then, pending_lines_then

SCHEME = sa.bindparam("scheme", type_=sa.Text)
BALANCES = (
    sa.select(posting.c.account, sa.cast(sa.func.sum(posting.c.delta), sa.BigInteger).label("sum"))
    .where(
        posting.c.scheme == SCHEME,
        posting.c.account == sa.any_(sa.bindparam("accounts", type_=sa.ARRAY(sa.Text))),
        posting.c.seq <= sa.bindparam("at", type_=sa.BigInteger),
    )
    .group_by(posting.c.account)
)
POSTED = sa.select(posting).where(
    posting.c.scheme == SCHEME,
    posting.c.account == sa.bindparam("account", type_=sa.Text),
    posting.c.seq <= sa.bindparam("at", type_=sa.BigInteger),
)
STAMPS = sa.select(record.c.seq, record.c.recorded_at).where(
    record.c.scheme == SCHEME,
    record.c.seq == sa.any_(sa.bindparam("seqs", type_=sa.ARRAY(sa.BigInteger))),
)


class PastAccountReads(PastFigureReads, AccountReads):
    """The accounts of one scheme at a moment that may have passed."""

    async def balances(self, accounts: Collection[str]) -> Mapping[str, int]:
        """Return the balances in tenths; with a day of deeds they are F over those deeds."""
        if self.as_of is not None:
            return {account: await self._balance_of_deeds(account) for account in accounts}
        key = {"scheme": self._scheme, "accounts": list(accounts), "at": self.at}
        return {row.account: row.sum for row in await self._connection.execute(BALANCES, key)}

    async def deductions(self, holder: str, capacity: str) -> int:
        """Return the sum of the deductions in force, in tenths, of all quarters."""
        found = await self.figures_then(holder)
        return sum(one.deductions for (own, _), one in found.items() if own == capacity)

    async def lines(self, wanted: Lines) -> Sequence[Line]:
        """Return the lines in the order asked, at most `limit`."""
        if self.as_of is not None:
            return await self._lines_of_deeds(wanted)
        if wanted.newest_first:
            wanted = replace(wanted, beyond=min(wanted.beyond, (self.cut + 1, 0)))
        found = [one for one in await super().lines(wanted) if one.seq <= self.cut]
        if not wanted.account.endswith(":pending"):
            return found
        # Lines of `pending` take item and quarter from their claim, as it stood.
        ids = {one.claim for one in found if one.claim is not None}
        claims = {one.id: one for one in await self.claims(ids)} if ids else {}
        return [
            one
            if one.claim is None
            else replace(
                one, item=claims[one.claim].item, quarter=quarter_of(claims[one.claim].deed_date)
            )
            for one in found
        ]

    async def _balance_of_deeds(self, account: str) -> int:
        _, holder, capacity = account.split(":")
        if capacity == "pending":
            return sum(claim.pending for claim in await self.claims_of(holder))
        found = await self.figures_then(holder)
        return sum(one.balance for (own, _), one in found.items() if own == capacity)

    async def _lines_of_deeds(self, wanted: Lines) -> Sequence[Line]:
        _, holder, capacity = wanted.account.split(":")
        claims = await self.claims_of(holder)
        if capacity == "pending":
            steps = await self.steps_of([claim.id for claim in claims])
            found = pending_lines_then(claims, steps)
        else:
            found = lines_then(await self.versions(), claims, capacity)
        if not wanted.deductions:
            found = [one for one in found if not _of_deduction(one)]
        lines = await self._placed(wanted.account, found)
        sign = -1 if wanted.newest_first else 1
        lines.sort(key=lambda one: (sign * one.seq, sign * one.ordinal))
        seq, ordinal = wanted.beyond
        beyond = (sign * seq, sign * ordinal)
        rest = [one for one in lines if (sign * one.seq, sign * one.ordinal) > beyond]
        return await self._stamped(rest[: wanted.limit])

    async def _placed(self, account: str, found: Sequence[ThenLine]) -> list[Line]:
        """Return the lines with the ordinals of the postings that they stand for."""
        key = {"scheme": self._scheme, "account": account, "at": self.at}
        rows = (await self._connection.execute(POSTED, key)).all()
        posted = {(row.seq, row.item, row.quarter, row.delta > 0): row for row in rows}
        lines = []
        for number, one in enumerate(found, start=ORDINAL_MAX + 1):
            named = (None, None) if account.endswith(":pending") else (one.item, one.quarter)
            row = posted.get((one.seq, *named, one.delta > 0))
            lines.append(
                Line(
                    seq=one.seq,
                    ordinal=number if row is None else row.ordinal,
                    delta=one.delta,
                    kind=one.kind,
                    item=one.item,
                    quarter=one.quarter,
                    booked=None if row is None else row.booked,
                    claim=one.claim,
                    recorded_at="",
                )
            )
        return lines

    async def _stamped(self, lines: Sequence[Line]) -> Sequence[Line]:
        key = {"scheme": self._scheme, "seqs": [one.seq for one in lines]}
        stamps = {row.seq: row.recorded_at for row in await self._connection.execute(STAMPS, key)}
        return [replace(one, recorded_at=stamps[one.seq]) for one in lines]


def _of_deduction(line: ThenLine) -> bool:
    return line.kind == "deduct" or (line.kind == "reversal" and line.delta > 0)
