"""The way of the library eventsourcing: an aggregate for each account, projected into balances."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg
from eventsourcing.application import Application
from eventsourcing.dispatch import singledispatchmethod
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.utils import get_topic
from psycopg import sql
from sqlalchemy import make_url

from tests.benchmarks.moves import Move, moved_in_all
from tests.benchmarks.runs import Runs
from tests.support.servers import libpq_url

SAVED: Final = "eventsourcing, saved"
PROJECTED: Final = "eventsourcing, projected"
DONE_WITHIN_S: Final = 120
NAMES: Final = UUID("0b6cf4a4-5c4c-4a5e-9a44-3d3e7a1d0d0e")


class Account(Aggregate):
    """One account and what it holds."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.points = 0

    @staticmethod
    def create_id(name: str) -> UUID:
        return uuid5(NAMES, name)

    class Moved(Aggregate.Event):
        points: int
        body: str

    @event(Moved)
    def move(self, points: int, body: str) -> None:  # noqa: ARG002 - the event keeps the body
        self.points += points


class Accounts(Application[UUID]):
    """The application that saves the aggregates."""


class Balances(PostgresTrackingRecorder):
    """A table of balances that moves with the position up to which it is true."""

    def __init__(self, datastore: PostgresDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        schema = sql.Identifier(datastore.schema)
        create = "CREATE TABLE IF NOT EXISTS {}.balances (account uuid PRIMARY KEY, points bigint)"
        self.sql_create_statements.append(sql.SQL(create).format(schema))
        self._upsert = sql.SQL(
            "INSERT INTO {}.balances AS old VALUES (%s, %s) "
            "ON CONFLICT (account) DO UPDATE SET points = old.points + excluded.points"
        ).format(schema)

    def move(self, account: UUID, points: int, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(self._upsert, (account, points), prepare=True)


class BalancesProjection(Projection[Balances]):
    topics = (get_topic(Account.Moved),)

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        raise AssertionError((domain_event, tracking))

    @process_event.register
    def _(self, domain_event: Account.Moved, tracking: Tracking) -> None:
        self.view.move(domain_event.originator_id, domain_event.points, tracking)


def eventsourcing_way(url: str, moves: Sequence[Move], runs: Runs) -> None:
    """Save each move in a transaction of its own, then project all into the balances."""
    environment = _environment(url)
    application = Accounts(environment)
    accounts = {move.account: Account(name=move.account) for move in moves}
    application.save(*accounts.values())
    bodies = [move.payload.decode() for move in moves]
    with runs.timed(SAVED, len(moves)):
        for move, body in zip(moves, bodies, strict=True):
            account = accounts[move.account]
            account.move(points=move.points, body=body)
            application.save(account)
    last = application.recorder.max_notification_id()
    application.close()
    with ExitStack() as opened, runs.timed(PROJECTED, len(moves)):
        runner = ProjectionRunner(
            application_class=Accounts,
            projection_class=BalancesProjection,
            view_class=Balances,
            env=environment,
        )
        # It is stopped after the time is taken, which waits for its threads.
        opened.enter_context(runner)
        runner.wait(last, timeout=DONE_WITHIN_S)
    _check(url, len(accounts), moves)


def _environment(url: str) -> Mapping[str, str]:
    parts = make_url(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_HOST": parts.host or str(parts.query["host"]),
        "POSTGRES_PORT": str(parts.port or parts.query.get("port", 5432)),
        "POSTGRES_DBNAME": parts.database or "",
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": parts.password or "none",
    }


def _check(url: str, accounts: int, moves: Sequence[Move]) -> None:
    query = b"""
        SELECT (SELECT count(*) FROM accounts_events), (SELECT sum(points) FROM balances)
    """
    with psycopg.connect(libpq_url(url)) as connection:
        found = connection.execute(query).fetchone()
    assert found == (accounts + len(moves), moved_in_all(moves)), found
