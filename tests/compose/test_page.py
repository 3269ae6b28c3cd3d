"""The commands of docs/operations.md for containers, pasted in its order against a deployment."""

import asyncio
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import nats
import nats.errors
import pytest

from jifen_contracts.subjects import private_stream_of, private_subject_of
from jifen_local.nats_users import inbox_prefix_of
from tests.compose.encrypted import ENCRYPTED, ways_of
from tests.compose.engine import Engine
from tests.compose.pasted import Pasting, clean_checkout
from tests.compose.sending import Sender, head_of, send
from tests.support.composed import COMPOSED, COMPOSED_TLS, SINGLE, TLS

pytestmark = [
    pytest.mark.timeout(1_200),
    pytest.mark.skipif(shutil.which("curl") is None, reason="the page's commands use curl"),
    pytest.mark.skipif(
        not os.environ.get("JIFEN_TEST_CLUSTER"), reason="heavy: make test-cluster runs it"
    ),
]

EVENTS = 20
SESSIONS_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ledger'"


@dataclass
class Page:
    """What was seen while the page was pasted: heads of the log by what had just happened."""

    pasting: Pasting
    heads: dict[str, tuple[str, str]] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    while_rotating: int = 0
    new_scheme: tuple[object, ...] = ()


@pytest.fixture(scope="module")
def page(images: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Everything but TLS is pasted."""
    with clean_checkout([SINGLE], images, tmp_path_factory.mktemp("checkout")) as pasting:
        page = Page(pasting)
        _paste(page)
        yield page


def _paste(page: Page) -> None:
    """Each loss happens where the page mends it, and the sender sends while passwords change."""
    engine, sending = page.pasting.engine, ExitStack()
    since: dict[str, str] = {}

    def note(what: str) -> None:
        page.heads[what] = head_of(engine, EVENTS)

    def look_at_the_new_scheme() -> None:
        runs_on = engine.container("ingest")["State"]["StartedAt"] == since["ingest"]
        runs_on &= engine.container("nats")["State"]["StartedAt"] == since["nats"]
        seq = send(engine, 1, "works")
        page.new_scheme = runs_on, seq, asyncio.run(_ledger_may_erase(engine, "works"))

    def begin() -> None:
        assert send(engine, EVENTS) == EVENTS
        for service in ("ingest", "nats"):
            since[service] = engine.container(service)["State"]["StartedAt"]

    def lose_everything() -> None:
        note("before")
        engine.compose("down", "--volumes", "--timeout", "5")

    def lose_the_stream() -> None:
        note("restored")
        page.pasting.lose("nats", "nats-data")

    def lose_the_database() -> None:
        note("the stream refilled")
        page.pasting.lose("postgres", "postgres-data")

    def begin_to_send() -> None:
        sender = sending.enter_context(Sender(engine))
        page.answers = sender.answers
        sending.callback(lambda: setattr(page, "while_rotating", sender.last_seq))

    with sending:
        page.pasting.paste(
            COMPOSED,
            {
                "setup show": begin,
                "jifen-ledger status plant": look_at_the_new_scheme,
                "restore /backups": lose_everything,
                "refill-stream": lose_the_stream,
                "refill-ledger": lose_the_database,
                "run --rm -T --no-deps migrate": lambda: note("the tables refilled"),
                "rotate ingest": begin_to_send,
                "rotate database": sending.close,
            },
        )


async def _ledger_may_erase(engine: Engine, scheme: str) -> bool:
    passwords = json.loads(engine.secret("passwords.json"))
    client = await nats.connect(
        f"nats://127.0.0.1:{engine.port('NATS')}",
        user="ledger",
        password=passwords["ledger"],
        inbox_prefix=inbox_prefix_of("ledger").encode(),
    )
    try:
        await client.jetstream(timeout=2).purge_stream(
            private_stream_of(scheme), subject=private_subject_of(scheme, "m-nobody")
        )
    except (nats.errors.Error, TimeoutError):
        return False
    else:
        return True
    finally:
        await client.close()


def test_every_command_prints_what_is_shown(page: Page) -> None:
    assert "\n".join(page.pasting.differences) == ""


def test_a_scheme_more_takes_events_and_can_be_erased_from_without_a_restart(page: Page) -> None:
    assert page.new_scheme == (True, 1, True)


def test_what_was_lost_ends_in_the_same_tree(page: Page) -> None:
    before = page.heads["before"]

    assert page.heads == dict.fromkeys(
        ("before", "restored", "the stream refilled", "the tables refilled"), before
    )


def test_no_event_is_refused_while_passwords_change(page: Page) -> None:
    size, _ = head_of(page.pasting.engine, page.while_rotating)

    assert set(page.answers) == {200}
    # What was sent again because its answer was lost may be there twice.
    assert int(size) - EVENTS >= page.answers.total() > EVENTS


def test_new_connections_have_the_new_password_of_the_database(page: Page) -> None:
    engine = page.pasting.engine
    psql = ("exec", "-T", "postgres", "psql", "-U", "postgres", "-AtX", "-c")
    ended = engine.compose(*psql, SESSIONS_END).split()
    seq = send(engine, 1)

    assert (set(ended), head_of(engine, seq)[0]) == ({"t"}, str(seq))


async def test_the_switch_leaves_no_way_in_the_clear(page: Page, tmp_path: Path) -> None:
    page.pasting.paste(COMPOSED_TLS)
    engine = page.pasting.engine
    deploy = engine.files[0].parent
    encrypted = replace(engine, files=(engine.files[0], deploy / TLS.name))

    assert (await ways_of(encrypted, tmp_path), page.pasting.differences) == (ENCRYPTED, [])
