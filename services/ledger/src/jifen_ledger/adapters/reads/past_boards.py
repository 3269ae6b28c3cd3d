"""Reads boards as they stood: the figures of every holder of the period, counted when asked."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from jifen_contracts.periods import first_day, quarters_of
from jifen_ledger.adapters.claim_rows import claim_of
from jifen_ledger.adapters.past_tables import claim_past
from jifen_ledger.adapters.reads.boards import BoardReads
from jifen_ledger.adapters.reads.past_claims import PastClaimReads
from jifen_ledger.adapters.reads.past_vetoes import judged, zero_vetoes
from jifen_ledger.adapters.register_tables import joined
from jifen_ledger.adapters.tables import claim, posting
from jifen_ledger.application.queries.boards import BoardAsked
from jifen_ledger.application.queries.moments import span_of
from jifen_ledger.application.queries.scores import CATEGORIES
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.figures_then import bonus_of_holders
from jifen_ledger.domain.postings import BONUS_ITEM
from jifen_ledger.domain.score import NO_FIGURES, Figures

BIG = sa.BigInteger
FiguresOfHolders = dict[tuple[str, str], Figures]


class PastBoardReads(PastClaimReads, BoardReads):
    """The boards of one scheme at a moment that may have passed."""

    # Figures by capacity and period that were asked for already.
    _counted: dict[tuple[str, str], FiguresOfHolders]

    async def _figures(self, board: BoardAsked) -> sa.FromClause:
        """Return (holder, quarter, score, a, b, c, d) of the holders scored in the period."""
        key = (board.capacity, board.period)
        if key not in self._counted:
            self._counted[key] = await self.figures_of_holders(*key)
        found = [
            (
                holder,
                quarter,
                figures.score,
                *(figures.categories.get(one, 0) for one in CATEGORIES),
            )
            for (holder, quarter), figures in self._counted[key].items()
            if figures.score is not None
        ]
        names = ("holder", "quarter", "score", *(one.lower() for one in CATEGORIES))
        types: list[Any] = [sa.Text, sa.Text, *[BIG] * (1 + len(CATEGORIES))]
        columns = zip(*found, strict=True) if found else [()] * len(names)
        arrays = [
            sa.literal(list(values), sa.ARRAY(type_))
            for values, type_ in zip(columns, types, strict=True)
        ]
        named = [sa.column(name, type_) for name, type_ in zip(names, types, strict=True)]
        return sa.func.unnest(*arrays).table_valued(*named, name="own").render_derived()

    async def figures_of_holders(self, capacity: str, period: str) -> FiguresOfHolders:
        """Return the figures of everybody in one capacity, by (holder, quarter) of the period."""
        whole: list[str] = []
        cut: list[str] = []
        quarters = [period] if "Q" in period else quarters_of(period)
        for quarter in quarters:
            span = span_of(quarter, self.as_of)
            if span == span_of(quarter, None):
                whole.append(quarter)
            elif span[0] < span[1]:
                cut.append(quarter)
        found = await self._of_whole(capacity, whole) if whole else {}
        for quarter in cut:
            found |= await self._of_part(capacity, quarter)
        vetoes = await zero_vetoes(self._connection, self._scheme, self.at)
        return {key: judged(one, vetoes, *key, self.as_of) for key, one in found.items()}

    async def _of_whole(self, capacity: str, quarters: Sequence[str]) -> FiguresOfHolders:
        """Return figures of quarters whose deeds all count: no later deed moves them.

        Base and deductions come from the claims, all else from the postings of the quarters.
        """
        found = await self._of_lines(capacity, quarters)
        posted: dict[tuple[str, str], dict[str, int]] = {}
        for row in await self._connection.execute(self._postings(capacity, quarters)):
            posted.setdefault((row.holder, row.quarter), {})[row.category] = row.tenths
        for key in found.keys() | posted.keys():
            lines, sums = found.get(key, NO_FIGURES), posted.get(key, {})
            bonus = sum(sums.values()) - lines.earned + lines.deductions
            found[key] = replace(lines, bonus=bonus, categories=sums)
        return found

    async def _of_part(self, capacity: str, quarter: str) -> FiguresOfHolders:
        """Return figures of a quarter of which a part of the deeds counts: F over those."""
        found = await self._of_lines(capacity, [quarter])
        claims = await self._bonus_claims(capacity, quarter)
        versions = await self.versions()
        # Arithmetic of seconds, in a large scheme: other readers need not wait for it.
        bonuses = await to_thread(bonus_of_holders, versions, claims, capacity, quarter)
        for holder, bonus in bonuses.items():
            lines = found.get((holder, quarter), NO_FIGURES)
            sums = {
                one: lines.categories.get(one, 0) + bonus.get(one, 0)
                for one in lines.categories.keys() | bonus.keys()
            }
            found[holder, quarter] = replace(lines, bonus=sum(bonus.values()), categories=sums)
        return found

    async def _of_lines(self, capacity: str, quarters: Sequence[str]) -> FiguresOfHolders:
        """Return what base and deduct lines make of the figures."""
        found: FiguresOfHolders = {}
        for row in await self._connection.execute(await self._lines(capacity, quarters)):
            before = found.get((row.holder, row.quarter), NO_FIGURES)
            found[row.holder, row.quarter] = before.moved(
                row.category,
                earned=row.earned,
                applicable=row.applicable,
                deductions=row.deductions,
            )
        return found

    async def _verified(self) -> tuple[sa.FromClause, sa.ColumnElement[str]]:
        """Return the claims that were verified at the moment, and the column of their holder."""
        later = sa.select(
            sa.exists().where(joined.c.scheme == self._scheme, joined.c.seq > self.cut)
        )
        if not (await self._connection.execute(later)).scalar_one():
            return claim, claim.c.holder
        aside = (
            sa.select(claim_past.c.holder)
            .where(
                claim_past.c.scheme == claim.c.scheme,
                claim_past.c.claim == claim.c.claim,
                claim_past.c.until_seq > self.cut,
            )
            .order_by(claim_past.c.until_seq)
            .limit(1)
            .lateral("aside")
        )
        source = claim.outerjoin(aside, sa.true())
        return source, sa.func.coalesce(aside.c.holder, claim.c.holder)

    async def _live(self, quarters: Collection[str]) -> list[sa.ColumnElement[bool]]:
        """Return the conditions for claims of the quarters that counted at the moment."""
        # The index on claims begins with the branch: naming every one finds the quarters at once.
        branches = [*(await self.units()), self._scheme]
        return [
            claim.c.scheme == self._scheme,
            claim.c.branch == sa.any_(sa.literal(branches, sa.ARRAY(sa.Text))),
            claim.c.deed_quarter == sa.any_(sa.literal(list(quarters), sa.ARRAY(sa.Text))),
            *self._counted_then(claim),
            *([] if self.as_of is None else [claim.c.deed_date <= self.as_of]),
        ]

    def _counted_then(self, table: sa.FromClause) -> list[sa.ColumnElement[bool]]:
        reversed_seq = table.c.reversed_seq
        return [
            table.c.verified_seq <= self.cut,
            sa.or_(reversed_seq.is_(None), reversed_seq > self.cut),
        ]

    async def _lines(self, capacity: str, quarters: Sequence[str]) -> sa.Select[Any]:
        """Return (holder, quarter, category, earned, applicable, deductions).

        Base lines with a net requirement are those that say what was applicable; one without adds
        nothing, and only deductions are below zero.
        """
        source, holder = await self._verified()
        raw, applicable = _worth(capacity)
        category = sa.func.left(claim.c.item, sa.literal_column("1")).label("category")

        def total(value: sa.ColumnElement[int], where: sa.ColumnElement[bool]) -> Any:  # noqa: ANN401
            return sa.cast(sa.func.coalesce(sa.func.sum(value).filter(where), 0), BIG)

        return (
            sa.select(
                holder.label("holder"),
                claim.c.deed_quarter.label("quarter"),
                category,
                total(raw, applicable.is_not(None)).label("earned"),
                total(applicable, applicable.is_not(None)).label("applicable"),
                total(-raw, raw < 0).label("deductions"),
            )
            .select_from(source)
            .where(*await self._live(quarters), sa.or_(applicable.is_not(None), raw < 0))
            .group_by(holder, claim.c.deed_quarter, category)
        )

    def _postings(self, capacity: str, quarters: Sequence[str]) -> sa.Select[Any]:
        """Return (holder, quarter, category, tenths) of what was posted but the bonus part."""
        holder = sa.func.split_part(posting.c.account, ":", sa.literal_column("2"))
        category = sa.func.left(posting.c.item, sa.literal_column("1"))
        return (
            sa.select(
                holder.label("holder"),
                posting.c.quarter,
                category.label("category"),
                sa.cast(sa.func.sum(posting.c.delta), BIG).label("tenths"),
            )
            .where(
                posting.c.scheme == self._scheme,
                posting.c.quarter == sa.any_(sa.literal(list(quarters), sa.ARRAY(sa.Text))),
                posting.c.account.like(f"member:%:{capacity}"),
                posting.c.item != BONUS_ITEM,
                posting.c.seq <= self.cut,
            )
            .group_by(holder, posting.c.quarter, category)
        )

    async def _bonus_claims(self, capacity: str, quarter: str) -> Sequence[Claim]:
        """Return the claims that F weighs for the quarter: those of its year until its end.

        With them come claims of earlier years that share a stack with one of these.
        """
        year = quarter[:4]
        source, holder = await self._verified()
        due = [one for one in quarters_of(year) if one <= quarter]
        raw, applicable = _worth(capacity)
        bonus = (raw > 0, applicable.is_(None))
        own = sa.select(claim, holder.label("holder_then")).select_from(source)
        claims = await self._claims(own.where(*await self._live(due), *bonus))
        stacked = _stacked_before(own, holder, claims, year)
        return claims + await self._claims(
            stacked.where(claim.c.scheme == self._scheme, *self._counted_then(claim), *bonus)
        )

    async def _claims(self, statement: sa.Select[Any]) -> list[Claim]:
        return [
            claim_of(row)._replace(
                holder=row.holder_then, state=ClaimState.VERIFIED, reversed_seq=None
            )
            for row in await self._connection.execute(statement)
        ]


def _worth(capacity: str) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Return raw value and applicable maximum of a claim's capacity, null where it has none."""
    return (
        claim.c.worth["raw"][capacity].as_integer(),
        claim.c.worth["applicable"][capacity].as_integer(),
    )


def _stacked_before(
    own: sa.Select[Any], holder: sa.ColumnElement[str], claims: Sequence[Claim], year: str
) -> sa.Select[Any]:
    """Return the query for claims of earlier years that share a stack with one of these."""
    keys = sorted({(one.holder, one.key) for one in claims})
    columns = list(zip(*keys, strict=True)) if keys else [(), ()]
    stacks = (
        sa.func.unnest(*(sa.literal(list(one), sa.ARRAY(sa.Text)) for one in columns))
        .table_valued(sa.column("holder", sa.Text), sa.column("key", sa.Text), name="stacks")
        .render_derived()
    )
    same = sa.and_(stacks.c.holder == holder, stacks.c.key == claim.c.stack_key)
    return own.join(stacks, same).where(claim.c.deed_date < first_day(year))
