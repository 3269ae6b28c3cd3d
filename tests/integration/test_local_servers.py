"""The embedded servers: durable, restartable, on free ports, closed to the wrong user."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import nats
import psycopg
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import StreamConfig

from jifen_local.children import StartFailed
from jifen_local.nats_users import USERS, inbox_prefix_of
from jifen_local.ports import free_port
from jifen_local.servers import NatsServer, postgres, start_nats, start_postgres
from jifen_local.servers.postgres import binaries
from tests.support.servers import libpq_url

PASSWORDS = {user: f"secret-of-{user}" for user in USERS}
EVENT, PRIVATE, ASKED = (
    "jifen.v1.t.p-1.points.earned",
    "jifen.private.v1.t.p-1",
    "jifen.ingest.v1.t",
)
FILE_PART, FILE_ENTRY = "$O.JIFEN_EVIDENCE_t.C.part", "$O.JIFEN_EVIDENCE_t.M.entry"
API = "$JS.API"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def at_end() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def guarded_nats(data: Path, at_end: ExitStack) -> NatsServer:
    server = start_nats(data, passwords=PASSWORDS, fast=True)
    at_end.callback(server.stop)
    return server


@pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux",
    reason="PostgreSQL refuses root alone, and Linux alone lets a right be kept",
)
def test_root_starts_postgres_in_a_tree_that_is_closed_to_everyone_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    installed = binaries()
    package = installed.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(installed.parent, closed / package.name / installed.parent.name, symlinks=True)
    shutil.copytree(libraries, closed / libraries.name)
    moved = closed / installed.relative_to(package.parent)
    monkeypatch.setattr(postgres, "binaries", lambda: moved)

    server = start_postgres(closed / "data", fast=True)
    try:
        with psycopg.connect(libpq_url(server.url)) as session:
            row = session.execute("SELECT 25").fetchone()
        owner = (closed / "data" / "cluster").stat().st_uid
    finally:
        server.stop()

    assert (row, owner != 0) == ((25,), True)


def test_postgres_keeps_its_rows_and_syncs_them(data: Path) -> None:
    first = start_postgres(data)
    try:
        with psycopg.connect(libpq_url(first.url)) as session:
            session.execute("CREATE TABLE kept AS SELECT 25 AS tenths")
    finally:
        first.stop()
    again = start_postgres(data)
    try:
        with psycopg.connect(libpq_url(again.url)) as session:
            row = session.execute("SELECT tenths, current_setting('fsync') FROM kept").fetchone()
    finally:
        again.stop()

    assert row == (25, "on")


def test_postgres_starts_again_after_it_was_killed(data: Path) -> None:
    first = start_postgres(data)
    with psycopg.connect(libpq_url(first.url)) as session:
        session.execute("CREATE TABLE kept AS SELECT 25 AS tenths")
    first.kill()
    again = start_postgres(data)
    try:
        with psycopg.connect(libpq_url(again.url)) as session:
            row = session.execute("SELECT tenths FROM kept").fetchone()
    finally:
        again.stop()

    assert row == (25,)


def test_a_long_path_gets_its_socket_elsewhere_and_leaves_none_behind(tmp_path: Path) -> None:
    server = start_postgres(tmp_path / ("long-" * 20), fast=True)
    try:
        with psycopg.connect(libpq_url(server.url)) as session:
            answer = session.execute("SELECT 1").fetchone()
    finally:
        server.stop()

    assert (answer, server.socket_directory.exists()) == ((1,), False)


def test_a_server_that_cannot_start_says_why_in_one_line(data: Path) -> None:
    start_nats(data, fast=True).stop()
    (data / "jetstream" / "jetstream").rename(data / "moved")
    (data / "jetstream" / "jetstream").write_text("no directory")

    with pytest.raises(StartFailed, match=r"^NATS ended .*: .* storage directory .*$") as failure:
        start_nats(data, fast=True)

    assert "\n" not in str(failure.value)


def test_a_taken_port_is_replaced_by_a_free_one(guarded_nats: NatsServer) -> None:
    taken = int(guarded_nats.url.rpartition(":")[2])

    port = free_port(taken)

    assert port not in (taken, 0)


async def test_acknowledged_messages_survive_a_kill_of_nats(data: Path, at_end: ExitStack) -> None:
    first = start_nats(data)
    client = await nats.connect(first.url, allow_reconnect=False)
    stream = client.jetstream()
    await stream.add_stream(StreamConfig(name="JIFEN_t", subjects=["jifen.v1.t.>"]))
    for number in range(10):
        await stream.publish(EVENT, str(number).encode())
    first.kill()
    await client.close()
    again = start_nats(data)
    at_end.callback(again.stop)
    client = await nats.connect(again.url)
    state = (await client.jetstream().stream_info("JIFEN_t")).state
    await client.close()

    assert (state.first_seq, state.last_seq) == (1, 10)


async def test_without_a_password_nobody_is_let_in(guarded_nats: NatsServer) -> None:
    client = Client()
    try:
        with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
            await client.connect(guarded_nats.url, allow_reconnect=False, error_cb=_ignore)
    finally:
        await client.close()


@pytest.mark.parametrize(
    ("user", "may_publish"),
    [
        ("ingest", {EVENT, PRIVATE, FILE_PART, FILE_ENTRY, f"{API}.STREAM.INFO.JIFEN_t"}),
        (
            "ledger",
            {
                f"{API}.STREAM.INFO.JIFEN_t",
                f"{API}.STREAM.PURGE.JIFEN_t",
                f"{API}.STREAM.MSG.DELETE.JIFEN_t",
                f"{API}.CONSUMER.CREATE.JIFEN_t.reader",
            },
        ),
        (
            "operator",
            {
                EVENT,
                PRIVATE,
                f"{API}.STREAM.INFO.JIFEN_t",
                f"{API}.STREAM.PURGE.JIFEN_t",
                f"{API}.STREAM.MSG.DELETE.JIFEN_t",
                f"{API}.STREAM.DELETE.JIFEN_t",
                f"{API}.CONSUMER.CREATE.JIFEN_t.reader",
            },
        ),
        ("upstream", {ASKED}),
    ],
)
async def test_a_user_may_publish_only_what_its_work_needs(
    guarded_nats: NatsServer, user: str, may_publish: set[str]
) -> None:
    subjects = [
        EVENT,
        PRIVATE,
        FILE_PART,
        FILE_ENTRY,
        ASKED,
        "_INBOX.ledger.forged",
        f"{API}.STREAM.INFO.JIFEN_t",
        f"{API}.STREAM.PURGE.JIFEN_t",
        f"{API}.STREAM.MSG.DELETE.JIFEN_t",
        f"{API}.STREAM.DELETE.JIFEN_t",
        f"{API}.CONSUMER.CREATE.JIFEN_t.reader",
    ]
    refusals: list[str] = []
    client = await _connected(guarded_nats, user, refusals)
    allowed = set()
    for subject in subjects:
        refusals.clear()
        await client.publish(subject, b"")
        await _heard(client)
        if not refusals:
            allowed.add(subject)
    await client.close()

    assert allowed == may_publish


@pytest.mark.parametrize("user", USERS)
async def test_a_user_hears_its_own_inbox_and_no_other(guarded_nats: NatsServer, user: str) -> None:
    subjects = [ASKED, EVENT, PRIVATE, "_INBOX.>", *(f"_INBOX.{name}.>" for name in USERS)]
    refusals: list[str] = []
    client = await _connected(guarded_nats, user, refusals)
    allowed = set()
    for subject in subjects:
        refusals.clear()
        await client.subscribe(subject)
        await _heard(client)
        if not refusals:
            allowed.add(subject)
    await client.close()

    assert allowed == {f"_INBOX.{user}.>"} | ({ASKED} if user == "ingest" else set())


async def test_an_event_travels_from_upstream_through_ingest_to_the_ledger(
    guarded_nats: NatsServer,
) -> None:
    refusals: list[str] = []
    operator, ingest, ledger, upstream = [
        await _connected(guarded_nats, user, refusals)
        for user in ("operator", "ingest", "ledger", "upstream")
    ]
    stream = StreamConfig(name="JIFEN_t", subjects=["jifen.v1.t.>"], allow_direct=True)
    await operator.jetstream().add_stream(stream)

    async def accept(message: Msg) -> None:
        acknowledged = await ingest.jetstream().publish(EVENT, message.data)
        await message.respond(str(acknowledged.seq).encode())

    await ingest.subscribe(ASKED, cb=accept)
    await ingest.flush()
    answer = await upstream.request(ASKED, b"a deed", timeout=5)
    reader = await ledger.jetstream().subscribe(
        "jifen.v1.t.>", stream="JIFEN_t", ordered_consumer=True
    )
    read = await reader.next_msg(timeout=5)
    for client in (upstream, ledger, ingest, operator):
        await client.close()

    assert (answer.data, read.data, refusals) == (b"1", b"a deed", [])


async def _connected(server: NatsServer, user: str, refusals: list[str]) -> Client:
    async def note(error: Exception) -> None:
        refusals.append(str(error))

    return await nats.connect(
        server.url,
        user=user,
        password=PASSWORDS[user],
        inbox_prefix=inbox_prefix_of(user),
        error_cb=note,
    )


async def _heard(client: Client) -> None:
    """Returns when the server's opinion on all that was sent before has arrived."""
    # The client puts its PING before what is still waiting to be sent, so one is not enough.
    await client.flush()
    await client.flush()


async def _ignore(_: Exception) -> None:
    return
