"""What the ledger commits is what the pure fold says, whatever the batches and the loading."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_ledger.adapters.claim_rows import claim_of, figures_of
from jifen_ledger.adapters.database import async_engine, sync_engine
from jifen_ledger.adapters.journal import PostgresJournal
from jifen_ledger.adapters.kept_rows import KEPT_ROWS, KeptRows
from jifen_ledger.adapters.loader_statements import PEOPLE_OF
from jifen_ledger.adapters.tables import balance, claim, figures, record
from jifen_ledger.adapters.tally_table import tally
from jifen_ledger.adapters.trial_balance import UNBALANCED
from jifen_ledger.application.project import Limits, ProjectScheme
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.score import NO_FIGURES, Figures
from jifen_ledger.domain.state import State
from jifen_ledger.domain.tally import Tally
from tests.support import builders as build
from tests.support.budget import examples
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.concerns import reopened_after_publication
from tests.support.histories import histories
from tests.support.judgements import veto_lifted, vetoed
from tests.support.levels import months
from tests.support.organisation import absent, assessment, assigned
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    GROUP_X1,
    GROUP_X2,
    LEADER,
    SCHEME,
    UPPER,
)
from tests.support.projecting import (
    StoredStream,
    broker,
    folded,
    make_stream,
    now_ms,
    project_all,
    publish,
)
from tests.support.quarters import advanced, answered, objected, published_quarter, revised
from tests.support.servers import new_database
from tests.support.shop import cancelled, fulfilled, offered, reserved
from tests.support.shopping import shopping_histories

RANDOM_HISTORIES = examples(18, nightly=150)
# The state is thrown away after every batch, so that every row it needs is loaded.
NOTHING_KEPT = 0
# Some batches find rows that are known, others begin anew.
SOME_KEPT = 200


def life_of_a_quarter() -> list[bytes]:
    """Published, objected to, corrected, revised, final; and what came after the bulletin."""
    return [
        build.fact("c-q", "B02"),
        build.preliminary("c-q"),
        build.verified("c-q", recorded="2023-09-20"),
        *published_quarter(),
        build.fact("c-r", "B03", recorded="2023-10-11"),
        build.preliminary("c-r", recorded="2023-10-11T12:00"),
        build.verified("c-r", recorded="2023-10-11T13:00"),
        objected("ob-1", claim="c-q"),
        objected("ob-2", unit=BRANCH_X, kind="complaint", by=None),
        answered("ob-1", corrects=["c-q"]),
        answered("ob-2", "dismissed", subject=BRANCH_X),
        build.reversal("c-q", objection="ob-1", cause="objection", recorded="2023-10-17"),
        revised(2, objections=["ob-1"], recorded="2023-10-17"),
        advanced("final", recorded="2023-10-18"),
        build.reversal("c-r", deciders=[UPPER], recorded="2023-10-20"),
    ]


def after_world(future: list[bytes]) -> list[bytes]:
    return [*build.world(), *future]


def life_of_claims() -> list[bytes]:
    return [
        *build.world(),
        *build.decided(build.earned("c-1")),
        *build.decided(build.earned("c-2", deed="deed-c-1", holder=BO)),
        *build.decided(build.fact("c-3")),
        *build.decided(build.deduction("c-4")),
        build.reversal("c-1"),
        absent(BO, "2023-07-03", "2023-07-10"),
        absent(BO, "2023-07-03", "2023-07-12", kind="sick"),
        vetoed(veto="ve-1", since="2023-07-01"),
        vetoed(BO, veto="ve-2", since="2023-07-01"),
        veto_lifted(veto="ve-1"),
        assigned(CHEN, "group_member", GROUP_X1, assignment="as-chen"),
        assigned(CHEN, "group_member", GROUP_X2, assignment="as-chen"),
        assessment(BO),
        assessment(BO, values=[("B01", "member", "3.5"), ("C11", "member", "-2")]),
        assessment(BO, recorded="2023-08-04"),
        assessment(GROUP_X1, missing={ANNA: "on_leave", LEADER: "on_leave"}),
        *build.decided(build.fact("c-b04", "B04", BO, recorded="2023-08-03")),
        build.enrolled("m-late"),
        assigned("m-late", "member", BRANCH_Y),
        offered(),
        reserved("rd-1", BO),
        *build.decided(build.earned("c-5")),
        reserved("rd-2"),
        fulfilled("rd-2"),
        *build.decided(build.earned("c-6", deed="deed-c-6")),
        reserved("rd-3"),
        cancelled("rd-3", recorded="2024-01-05"),
        *life_of_a_quarter(),
        b'{"type": "jifen.points.earned.v1"}',
        b"a" * 49_153,
    ]


@pytest.mark.parametrize(
    "limits",
    [Limits(), Limits(batch_max=1), Limits(batch_max=7, state_rows_max=NOTHING_KEPT)],
    ids=["one batch", "message by message", "nothing kept between batches"],
)
async def test_the_tables_hold_what_the_pure_fold_says(
    nats_url: str, database_url: str, limits: Limits
) -> None:
    payloads = life_of_claims()
    async with broker(nats_url) as client:
        await make_stream(client)
        await publish(client, payloads)
        status = await project_all(nats_url, database_url, limits)

    assert (status.stopped, status.size) == (None, len(payloads)), status.detail
    assert_tables_hold(database_url, *folded(payloads))


@pytest.mark.parametrize("batch_max", [1, 13, 5_000])
def test_a_quarter_freezes_the_same_bulletins_however_it_is_cut(
    database_url: str, batch_max: int
) -> None:
    payloads = [
        *build.world(),
        *anna_s_quarter(),
        *published(stated=[ANNA]),
        *corrected(),
        *published("2023-Q4", recorded="2024-01-10"),
    ]
    asyncio.run(project_stored(database_url, payloads, Limits(batch_max, NOTHING_KEPT)))
    state, records = folded(payloads)

    assert len(state.bulletins.rows()) == 3
    assert_tables_hold(database_url, state, records)


async def test_a_record_that_takes_back_several_claims_stands_in_the_tables_as_folded(
    database_url: str,
) -> None:
    payloads = [*build.world(), *reopened_after_publication()]
    await project_stored(database_url, payloads, Limits(batch_max=5, state_rows_max=NOTHING_KEPT))

    assert_tables_hold(database_url, *folded(payloads))


@settings(
    max_examples=RANDOM_HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    payloads=st.one_of(histories(), shopping_histories(), months().map(after_world)),
    batch_max=st.integers(1, 60),
    rows_max=st.sampled_from([NOTHING_KEPT, SOME_KEPT, Limits().state_rows_max]),
)
def test_any_history_gives_the_same_tables_however_it_is_cut_and_whatever_is_kept(
    postgres_url: str, migrated_template: str, payloads: list[bytes], batch_max: int, rows_max: int
) -> None:
    with new_database(postgres_url, migrated_template) as url:
        asyncio.run(project_stored(url, payloads, Limits(batch_max, rows_max)))
        assert_tables_hold(url, *folded(payloads))


async def project_stored(
    url: str,
    payloads: Sequence[bytes],
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> None:
    engine = async_engine(url, connections_max=4)
    status = SchemeStatus(SCHEME)
    try:
        await ProjectScheme(
            StoredStream(payloads),
            PostgresJournal(engine),
            now_ms,
            status,
            asyncio.Event(),
            limits,
        ).catch_up()
    finally:
        await engine.dispose()
    assert (status.stopped, status.size) == (None, len(payloads)), status.detail


def assert_tables_hold(url: str, state: State, records: Sequence[Record]) -> None:
    """Compare records, balances, claims and figures with those of the pure fold."""
    with sync_engine(url).connect() as connection:
        stored = connection.execute(sa.select(record.c.bytes).order_by(record.c.seq)).scalars()
        assert [bytes(one) for one in stored] == [one.bytes for one in records]
        balances = connection.execute(sa.select(balance.c.account, balance.c.tenths)).all()
        assert {row.account: row.tenths for row in balances} == balances_of(records)
        assert connection.execute(UNBALANCED, {"scheme": SCHEME}).all() == []
        claims = connection.execute(sa.select(claim)).all()
        assert {row.claim: claim_of(row) for row in claims} == state.claims.rows()
        assert_registers_hold(connection, state)
        tallies = connection.execute(sa.select(tally)).all()
        assert {(row.branch, row.quarter): Tally(*row[3:]) for row in tallies} == (
            state.tallies.rows()
        )
        assert people_of_units(connection, list(state.people_of.rows())) == state.people_of.rows()
        rows = connection.execute(sa.select(figures)).all()
        assert {(row.holder, row.capacity, row.quarter): figures_of(row) for row in rows} == {
            key: without_zeros(value) for key, value in state.figures.rows().items()
        }


def assert_registers_hold(connection: sa.Connection, state: State) -> None:
    """Compare the current rows of every register whose objects change, and their history."""
    for name, rows in KEPT_ROWS.items():
        stored = connection.execute(sa.select(rows.table)).all()
        current = [rows.object(row) for row in stored if row.until_seq is None]
        assert {rows.register.key_of(one): one for one in current} == getattr(state, name).rows()
        past = {(*row_key(rows, row), row.until_seq) for row in stored if row.until_seq is not None}
        begun = {(*row_key(rows, row), row.seq) for row in stored}
        assert past <= begun, "a row ends where the next of its key begins"


def people_of_units(connection: sa.Connection, units: list[str]) -> dict[str, tuple[str, ...]]:
    """Read who was ever assigned to the units, as the projection loads it."""
    people: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(PEOPLE_OF, {"scheme": SCHEME, "asked_unit": units}):
        people[row.unit] = (*people.get(row.unit, ()), row.member)
    return people


def row_key(rows: KeptRows, row: sa.Row[Any]) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in rows.key)


def balances_of(records: Sequence[Record]) -> dict[str, int]:
    balances: dict[str, int] = {}
    for one in records:
        for posting in one.postings:
            balances[posting.account] = balances.get(posting.account, 0) + posting.delta
    return balances


def without_zeros(value: Figures) -> Figures:
    """A category without points is not told from an absent one."""
    categories = {category: tenths for category, tenths in value.categories.items() if tenths}
    bonuses = {category: tenths for category, tenths in value.bonuses.items() if tenths}
    found = replace(value, categories=categories, bonuses=bonuses)
    return found if found != replace(NO_FIGURES, categories={}, bonuses={}) else NO_FIGURES
