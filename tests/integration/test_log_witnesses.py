"""The ledger and real witnesses: cosigned, published by quorum, and stopped when it went back."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from jifen_ledger.application.log_halted import HaltReason
from jifen_ledger.application.log_ports import Anchor
from jifen_ledger.application.log_status import LogStatus
from jifen_ledger.application.status import ProjectionStatus
from jifen_ledger.application.witness import Witness
from jifen_ledger.composition.signing import log_keys, sign_logs
from jifen_ledger.log.checkpoint import open_checkpoint
from jifen_ledger.log.keys import Algorithm, SigningKey, VerifierKey
from jifen_ledger.settings import LedgerSettings
from tests.support.people import SCHEME
from tests.support.servers import new_database
from tests.support.signing import LOG_ORIGIN, query, refused, tamper
from tests.support.wait import until
from tests.support.witness_process import WitnessProcess, running_witness
from tests.support.witnessed_log import WitnessedLog, witnessed_log

PUBLISHED = "SELECT size FROM log_published WHERE scheme = %s"
COSIGNED = "SELECT size, key_name FROM log_cosignature WHERE scheme = %s ORDER BY size, key_name"
NAMES = ("witness.example/w1", "witness.example/w2")


@pytest.fixture
async def log(database_url: str, tmp_path: Path) -> AsyncIterator[WitnessedLog]:
    """A log of three records whose key is made, and that nobody watches yet."""
    async with witnessed_log(database_url, tmp_path) as one:
        await one.grow(3)
        yield one


@pytest.fixture
def one(log: WitnessedLog, tmp_path: Path) -> Iterator[WitnessProcess]:
    with running_witness(tmp_path / "w1", NAMES[0], *log.status.keys) as process:
        yield process


@pytest.fixture
def two(log: WitnessedLog, tmp_path: Path) -> Iterator[WitnessProcess]:
    with running_witness(tmp_path / "w2", NAMES[1], *log.status.keys) as process:
        yield process


def published(log: WitnessedLog) -> int:
    ((size,),) = query(log.url, PUBLISHED, log.scheme)
    return int(size)


async def test_a_checkpoint_is_published_when_its_quorum_has_cosigned_it(
    log: WitnessedLog, one: WitnessProcess, two: WitnessProcess
) -> None:
    log.watched_by(one, two, quorum=2)
    await log.sign()
    await log.cosign()
    two.kill()
    await log.grow(8)
    await log.cosign()
    alone = published(log)
    status = await log.sign()
    waiting = (status.published_size, status.uncosigned_since_ms is not None)
    two.start()
    later_ms = log.clock_ms() + 3_000
    log.clock_ms = lambda: later_ms
    await log.cosign()
    status = await log.sign()

    assert (alone, published(log)) == (3, 8)
    assert waiting == (3, True)
    assert (status.published_size, status.unpublished_ms(later_ms)) == (8, 0)
    assert query(log.url, COSIGNED, SCHEME) == [(n, name) for n in (3, 8) for name in NAMES]
    assert [status.witnesses[name].failed for name in NAMES] == [0, 1]


async def test_what_was_published_stays_so_under_another_quorum_and_after_a_restart(
    log: WitnessedLog, one: WitnessProcess
) -> None:
    two = Witness(_key("two"), "http://127.0.0.1:1")
    sizes = []
    log.watched_by(one, two, quorum=2)
    await log.sign()
    sizes.append(published(log))
    await log.grow(5)
    sizes.append(published(log))
    log.watched_by(one, quorum=1)
    await log.sign()
    await log.cosign()
    await log.grow(8)
    sizes.append(published(log))
    log.watched_by()
    await log.sign()
    sizes.append(published(log))
    log.watched_by(two, quorum=1)
    await log.sign()
    sizes.append(published(log))

    # 3 was shown before there was any quorum; 5 has one; 8 none is asked of; and no way back.
    assert sizes == [3, 3, 5, 8, 8]


async def test_the_database_refuses_that_less_is_published(log: WitnessedLog) -> None:
    for statement in (
        "UPDATE log_published SET size = 0",
        "DELETE FROM log_published",
        "TRUNCATE log_published",
    ):
        with pytest.raises(Exception, match="only grows"):
            query(log.url, statement)

    assert published(log) == 3


async def test_the_cosignature_of_a_killed_worker_is_asked_for_again(
    log: WitnessedLog, one: WitnessProcess
) -> None:
    log.watched_by(one, quorum=1)
    await log.sign()
    await log.cosign()
    await log.grow(8)
    await log.cosign()
    # The witness has answered, and nobody has kept it: it stands at 8, the ledger knows of 3.
    tamper(
        log.url,
        "DELETE FROM log_cosignature WHERE size = 8",
        "UPDATE log_published SET size = 3",
    )
    log.restart()
    await log.sign()
    await log.cosign()
    await log.grow(12)
    await log.cosign()

    assert published(log) == 12
    assert [size for size, _ in query(log.url, COSIGNED, SCHEME)] == [3, 8, 12]


async def test_a_database_and_an_anchor_that_went_back_are_noticed_by_the_witness(
    log: WitnessedLog,
    one: WitnessProcess,
    postgres_url: str,
    migrated_template: str,
    tmp_path: Path,
) -> None:
    log.watched_by(one)
    await log.grow(8)
    await log.cosign()
    log.anchors.write_now(SCHEME, Anchor(3, root_of(log, 3)))
    async with restored(log, postgres_url, migrated_template, tmp_path) as old:
        other = [*refused(3), *refused(3, "other")]
        await old.project(other[:5])
        await old.sign()
        await old.cosign()
        status = old.status
        await old.project(other)
        await old.use_case.follow(0)
        sizes = sorted(old.notes())

    assert status.halted is HaltReason.WITNESS, status.witnesses
    assert status.detail == "witness.example/w1 has cosigned size 8; we have signed 5"
    assert sizes == [3, 5]


async def test_a_history_that_was_written_anew_is_cosigned_by_nobody_and_signed_no_further(
    log: WitnessedLog,
    one: WitnessProcess,
    postgres_url: str,
    migrated_template: str,
    tmp_path: Path,
) -> None:
    log.watched_by(one, quorum=1)
    await log.grow(8)
    await log.cosign()
    (tmp_path / "anchors" / f"{SCHEME}.anchor").unlink()
    async with restored(log, postgres_url, migrated_template, tmp_path) as forged:
        await forged.project(refused(20, "other"))
        await forged.sign()
        await forged.cosign()
        halted, shown = forged.status.halted, query(forged.url, PUBLISHED, SCHEME)

    assert (halted, shown) == (HaltReason.WITNESS, [])


async def test_a_restored_copy_shows_nothing_smaller_than_what_was_shown_before(
    log: WitnessedLog, one: WitnessProcess, postgres_url: str, tmp_path: Path
) -> None:
    log.watched_by(one, quorum=1)
    await log.sign()
    await log.cosign()
    await log.engine.dispose()
    with new_database(postgres_url, make_url(log.url).database) as url:
        await log.grow(8)
        await log.cosign()
        one.kill()
        async with witnessed_log(url, tmp_path) as old:
            old.watched_by(one, quorum=1)
            await old.grow(8)
            await old.cosign()
            status = old.status
            hidden = (published(old), status.has_all_signed, status.served_size)
            one.start()
            later_ms = old.clock_ms() + 3_000
            old.clock_ms = lambda: later_ms
            await old.cosign()
            shown = published(old)

    # Published is 3, and nothing is served below 8.
    assert (published(log), hidden, shown) == (8, (3, True, 8), 8)


@asynccontextmanager
async def restored(
    log: WitnessedLog, postgres_url: str, template: str, directory: Path
) -> AsyncIterator[WitnessedLog]:
    """The same service on an empty database, with the keys and what is left of the anchor."""
    anchored = (directory / "anchors" / f"{SCHEME}.anchor").exists()
    with new_database(postgres_url, template) as url:
        async with witnessed_log(url, directory) as old:
            if anchored:
                await old.project(refused(3))
                await old.sign()
            old.watched_by(*log.witnesses, quorum=log.quorum.number)
            yield old


def root_of(log: WitnessedLog, size: int) -> bytes:
    keys = [key.verifier for key in log.keys.read(log.scheme).signing]
    return open_checkpoint(log.notes()[size].encode(), keys).checkpoint.root


class Rogue:
    """A server that takes a request and does with it what it likes."""

    def __init__(self, says: bytes | None, *, for_ever: bool = False) -> None:
        self._says = says
        self._for_ever = for_ever
        self.asked = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        try:
            while self._says is not None:
                writer.write(self._says)
                await writer.drain()
                if not self._for_ever:
                    break
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
ROGUES = {
    "silent": Rogue(None),
    "no HTTP": Rogue(b"\x00\x01\x02\r\n\r\n"),
    "without end": Rogue(HEAD + b"Transfer-Encoding: chunked\r\n\r\n10000\r\n" + b"x" * 65_536),
    "flood": Rogue(HEAD + b"Content-Length: 999999999\r\n\r\n" + b"x" * 200_000, for_ever=True),
    "elsewhere": Rogue(b"HTTP/1.1 307 No\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
}


async def test_whatever_a_witness_does_the_others_cosign_and_the_log_is_signed(
    log: WitnessedLog, one: WitnessProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jifen_ledger.adapters.witness_client.ANSWERS_WITHIN_S", 2.0)
    servers = [await asyncio.start_server(one, "127.0.0.1", 0) for one in ROGUES.values()]
    rogues = [
        Witness(_key(name), f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        for name, server in zip(ROGUES, servers, strict=True)
    ]
    away = Witness(_key("away"), "http://127.0.0.1:1")
    log.watched_by(*rogues, away, one, quorum=1)
    await log.sign()
    asking = asyncio.create_task(log.cosign())
    await log.grow(8)
    await asking
    await log.cosign()
    for server in servers:
        server.close()

    status = log.status
    failed = {name for name, one in status.witnesses.items() if one.trouble}
    assert (status.halted, status.signed_size, published(log)) == (None, 8, 8)
    assert failed == {*(f"{name.replace(' ', '-')}.example" for name in ROGUES), "away.example"}
    assert status.witnesses[NAMES[0]].size == 8
    assert all(one.asked for one in ROGUES.values())


def _key(name: str) -> VerifierKey:
    seed = name.encode().ljust(32, b"\x00")
    return SigningKey(f"{name.replace(' ', '-')}.example", seed, Algorithm.COSIGNATURE).verifier


async def test_the_service_asks_the_witnesses_that_its_settings_name(
    log: WitnessedLog, one: WitnessProcess, two: WitnessProcess, tmp_path: Path
) -> None:
    named = ",".join(f"{each.key.text} {each.url}" for each in (one, two))
    settings = LedgerSettings.model_validate(
        {
            "database_url": log.url,
            "nats_url": "nats://127.0.0.1:1",
            "schemes": [SCHEME],
            "readers_file": tmp_path / "none",
            "log_origin": LOG_ORIGIN,
            "log_key_dir": tmp_path / "keys",
            "log_anchor_dir": tmp_path / "anchors",
            "log_publish_interval": "10ms",
            "log_witnesses": named,
            "log_witness_quorum": 2,
        }
    )
    await log.project(refused(8))
    status, logs, stopping = ProjectionStatus(), LogStatus(), asyncio.Event()
    status.of(SCHEME)
    service = asyncio.create_task(sign_logs(settings, log_keys(settings), status, logs, stopping))
    await until(lambda: logs.of(SCHEME).published_size == 8)
    stopping.set()
    await service

    found = logs.of(SCHEME).witnesses
    assert {name: one.size for name, one in found.items()} == dict.fromkeys(NAMES, 8)
    assert all(abs((one.time_s or 0) - time.time()) < 60 for one in found.values())


@pytest.mark.parametrize(
    ("named", "quorum", "why"),
    [
        ("{one}", 2, "log_witness_quorum"),
        ("", 1, "log_witness_quorum"),
        ("{one},{one}", 1, "log_witnesses"),
        ("{log}", 0, "log_witnesses"),
        ("x", 0, "log_witnesses"),
    ],
)
def test_witnesses_that_cannot_be_asked_end_the_start(named: str, quorum: int, why: str) -> None:
    one = f"{_key('one').text} http://127.0.0.1:1"
    other = f"{SigningKey('l.example', bytes(32)).verifier.text} http://127.0.0.1:1"
    settings = partial(
        LedgerSettings.model_validate,
        {
            "database_url": "x",
            "nats_url": "x",
            "schemes": [SCHEME],
            "readers_file": "x",
            "log_origin": LOG_ORIGIN,
            "log_key_dir": "x",
            "log_anchor_dir": "x",
            "log_witnesses": named.format(one=one, log=other),
            "log_witness_quorum": quorum,
        },
    )
    with pytest.raises(ValueError, match=why):
        settings()
