"""The way tutorials project: a FastStream handler, one session and one commit for each message."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage
from nats.js.api import ConsumerConfig, DeliverPolicy
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from jifen_contracts.subjects import stream_of, subjects_of
from tests.benchmarks.moves import Move, moved_in_all
from tests.benchmarks.runs import Runs
from tests.support.people import SCHEME

WAY: Final = "tutorial"
DONE_WITHIN_S: Final = 120


class Model(DeclarativeBase):
    """The tables of this way."""


class JournalRow(Model):
    __tablename__ = "journal"
    number: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    source: Mapped[str]
    event_id: Mapped[str]
    account: Mapped[str]
    points: Mapped[int]
    body: Mapped[str]


class Balance(Model):
    __tablename__ = "account_balance"
    account: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int] = mapped_column(sa.BigInteger)


class Event(BaseModel):
    """What the handler reads of an event."""

    source: str
    id: str
    subject: str
    type: str
    data: dict[str, Any]


async def tutorial_way(nats_url: str, url: str, moves: Sequence[Move], runs: Runs) -> None:
    """Project the stream from the first of the moves on, which reach up to its end."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Model.metadata.create_all)
    done = asyncio.Event()
    broker = _broker(nats_url, engine, moves, done)
    try:
        await broker.connect()
        with runs.timed(WAY, len(moves)):
            await broker.start()
            async with asyncio.timeout(DONE_WITHIN_S):
                await done.wait()
        await _check(engine, moves)
    finally:
        await broker.stop()
        await engine.dispose()


def _broker(
    nats_url: str, engine: AsyncEngine, moves: Sequence[Move], done: asyncio.Event
) -> NatsBroker:
    broker = NatsBroker(nats_url, logger=None)
    sessions = async_sessionmaker(engine)
    # A resend has the id of its event and moves nothing, so the id does not tell what is moved.
    points = {move.seq: move.points for move in moves}
    left = len(moves)

    async def project(event: Event, message: NatsMessage) -> None:
        nonlocal left
        worth = points[message.raw_message.metadata.sequence.stream]
        upsert = insert(Balance).values(account=event.subject, points=worth)
        async with sessions.begin() as session:
            row = JournalRow(
                source=event.source,
                event_id=event.id,
                account=event.subject,
                points=worth,
                body=event.model_dump_json(),
            )
            session.add(row)
            await session.execute(
                upsert.on_conflict_do_update(
                    index_elements=[Balance.account],
                    set_={"points": Balance.points + upsert.excluded.points},
                )
            )
        left -= 1
        if not left:
            done.set()

    broker.subscriber(
        subjects_of(SCHEME),
        stream=JStream(stream_of(SCHEME), declare=False),
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        config=ConsumerConfig(opt_start_seq=moves[0].seq),
        ack_policy=AckPolicy.NACK_ON_ERROR,
    )(project)
    return broker


async def _check(engine: AsyncEngine, moves: Sequence[Move]) -> None:
    rows = sa.select(sa.func.count()).select_from(JournalRow).scalar_subquery()
    in_all = sa.select(sa.func.sum(Balance.points)).scalar_subquery()
    async with engine.connect() as connection:
        found = tuple((await connection.execute(sa.select(rows, in_all))).one())
    assert found == (len(moves), moved_in_all(moves)), found
