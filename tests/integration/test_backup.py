"""A backup taken while events come in is brought back whole, and over nothing."""

import asyncio
import json
import shutil
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import nats
import nats.js.errors
import psycopg
import pytest
from nats.aio.client import Client

from jifen_contracts.subjects import evidence_stream_of, private_stream_of, stream_of
from jifen_ingest.adapters.evidence_store import NatsEvidenceStore
from jifen_ingest.adapters.streams import create_streams
from jifen_ingest.application.keep_evidence import ReceivedFile
from jifen_ledger.__main__ import main
from jifen_ledger.adapters.backing_up.bringing_back import bring_back
from jifen_ledger.adapters.backing_up.places import Places
from jifen_ledger.adapters.backing_up.taking import take_backup
from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.migrate import upgrade
from jifen_ledger.log.keys import VerifierKey
from jifen_local.nats_users import USERS, inbox_prefix_of
from jifen_local.servers import NatsServer, start_nats
from tests.support import builders as build
from tests.support.audited import Signed, auditing, make_bundle, world_with_boards
from tests.support.people import SCHEME
from tests.support.private_parts import part_of, with_part
from tests.support.projecting import project_all, publish
from tests.support.servers import libpq_url, new_database
from tests.support.signing import LOG_ORIGIN, signing_log

PASSWORDS = {user: f"secret-of-{user}" for user in USERS}
PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 2_000
OWN, PART = with_part(build.earned("c-own", deed="own"), {"text": "自述"})
GONE = part_of(build.earned("c-gone"), {"text": "gone before the backup"})
FIRST = [*world_with_boards(), OWN]
# Sent after the database was read and before the stream was.
MEANWHILE = build.decided(build.earned("c-while", deed="while"))


@dataclass(frozen=True, slots=True)
class Site:
    """A broker with its users, a database, and the directories of a ledger."""

    nats: NatsServer
    database_url: str
    directory: Path

    def nats_url(self, user: str) -> str:
        return self.nats.url.replace("nats://", f"nats://{user}:{PASSWORDS[user]}@")

    @property
    def places(self) -> Places:
        anchors, keys = self.directory / "anchors", self.directory / "keys"
        operator = ("operator", PASSWORDS["operator"])
        return Places(self.database_url, self.nats.url, *operator, anchors, keys)

    def use(self, patch: pytest.MonkeyPatch) -> None:
        """Let the commands find it."""
        told = {
            "DATABASE_URL": self.database_url,
            "NATS_URL": self.nats.url,
            "NATS_USER": "operator",
            "NATS_PASSWORD": PASSWORDS["operator"],
            "LOG_ORIGIN": LOG_ORIGIN,
            "LOG_KEY_DIR": str(self.directory / "keys"),
            "LOG_ANCHOR_DIR": str(self.directory / "anchors"),
        }
        for name, value in told.items():
            patch.setenv(f"JIFEN_{name}", value)


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A site, and the backup that was taken of it."""

    site: Site
    backup: Path
    keys: Path
    head: dict[int, str]
    streams: dict[str, list[Any]]
    digest: str


@contextmanager
def site_in(directory: Path, postgres_url: str, template: str | None) -> Iterator[Site]:
    directory.mkdir()
    server = start_nats(directory / "nats", passwords=PASSWORDS, fast=True)
    try:
        with new_database(postgres_url, template) as url:
            for name in ("anchors", "keys"):
                (directory / name).mkdir(mode=0o700)
            yield Site(server, url, directory)
    finally:
        server.stop()


@pytest.fixture(scope="module")
def backed_up(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BackedUp]:
    home = tmp_path_factory.mktemp("source")
    with site_in(home / "site", postgres_url, migrated_template) as site:
        yield asyncio.run(_lived(site, home))


@pytest.fixture
def empty(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Servers that have nothing, not even tables."""
    with site_in(tmp_path / "site", postgres_url, None) as site:
        site.use(monkeypatch)
        yield site


async def _lived(site: Site, home: Path) -> BackedUp:
    """Events, private parts of which one was erased, a file, a signed log; then the backup."""
    async with (
        user(site, "operator") as client,
        signing_log(site.database_url, site.directory) as log,
    ):
        await create_streams(client, SCHEME, replicas=1, erasable=False)
        for part in (GONE, PART):
            await client.jetstream().publish(part.subject, part.payload)
        await client.jetstream().delete_msg(private_stream_of(SCHEME), 1)
        await _keep_photo(site)
        await publish(client, FIRST)
        await log.project(FIRST)
        await log.sign()

        def show(done: int, total: int | None, of: str) -> None:
            del done, total
            if of == "posting":
                # In a thread: a backup does not wait for what is sent meanwhile.
                sending = threading.Thread(target=asyncio.run, args=[_send(site, MEANWHILE)])
                sending.start()
                sending.join()

        await take_backup(site.places, home / "backup", home / "keys", show)
        await log.project([*FIRST, *MEANWHILE])
        await log.sign()
        return BackedUp(
            site,
            home / "backup",
            home / "keys",
            log.notes(),
            await _contents(site),
            digest_of(site.database_url, SCHEME),
        )


@asynccontextmanager
async def user(site: Site, name: str) -> AsyncIterator[Client]:
    prefix = inbox_prefix_of(name).encode()
    client = await nats.connect(site.nats_url(name), inbox_prefix=prefix)
    try:
        yield client
    finally:
        await client.close()


async def _keep_photo(site: Site) -> None:
    async with user(site, "ingest") as client:
        photo = ReceivedFile(sha256(PHOTO).hexdigest(), len(PHOTO), "image/png", BytesIO(PHOTO))
        await NatsEvidenceStore(client, timeout_s=10).keep(SCHEME, photo)


async def _send(site: Site, payloads: Sequence[bytes]) -> None:
    async with user(site, "operator") as client:
        await publish(client, payloads)


async def _contents(site: Site) -> dict[str, list[Any]]:
    """Every message of the three streams, with its place; None where one was erased."""
    found: dict[str, list[Any]] = {}
    async with user(site, "operator") as client:
        stream = client.jetstream()
        for name in (stream_of(SCHEME), private_stream_of(SCHEME), evidence_stream_of(SCHEME)):
            last = (await stream.stream_info(name)).state.last_seq
            found[name] = [await _message(client, name, seq) for seq in range(1, last + 1)]
    return found


async def _message(client: Client, stream: str, seq: int) -> tuple[Any, ...] | None:
    try:
        found = await client.jetstream().get_msg(stream, seq)
    except nats.js.errors.NotFoundError:
        return None
    return found.subject, found.data, found.time


async def _goes_on(site: Site) -> tuple[dict[int, str], list[VerifierKey], dict[str, list[Any]]]:
    """What a ledger at the site makes of its stream: the checkpoints, the keys, the streams."""
    await project_all(site.nats_url("ledger"), site.database_url)
    async with signing_log(site.database_url, site.directory) as log:
        status = await log.sign()
        assert status.halted is None, status.detail
        return log.notes(), list(status.keys), await _contents(site)


def test_a_restore_drill_ends_in_the_same_tree_head_and_its_log_is_audited(
    backed_up: BackedUp, empty: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    taken = ["restore", str(backed_up.backup), "--keys", str(backed_up.keys), "--json"]

    status = main(taken)

    said = json.loads(capsys.readouterr().out)
    notes, keys, streams = asyncio.run(_goes_on(empty))
    signed = Signed(empty.database_url, empty.directory, keys[0].text)
    bundle = make_bundle(signed, tmp_path / "plant.tar.gz")
    audited = auditing(capsys)("verify", "--bundle", bundle, "--vkey", keys[0].text)
    assert (status, said["schemes"][SCHEME]["records"]) == (0, len(FIRST))
    # The same bytes: checkpoints, whose signatures have no chance in them, messages, rows.
    assert notes == backed_up.head
    assert streams == backed_up.streams
    assert digest_of(empty.database_url, SCHEME) == backed_up.digest
    assert audited.status == 0, audited


def test_what_is_erased_stays_erased_and_the_number_is_never_given_again(
    backed_up: BackedUp,
) -> None:
    private = backed_up.streams[private_stream_of(SCHEME)]

    assert [message and message[0] for message in private] == [None, PART.subject]


def test_a_backup_holds_no_key_and_is_for_its_owner_only(backed_up: BackedUp) -> None:
    files = [path for path in backed_up.backup.rglob("*") if path.is_file()]
    seed = (backed_up.keys / f"{SCHEME}.key").read_text().strip()

    assert [path.name for path in files if seed.encode() in path.read_bytes()] == []
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert oct((backed_up.keys / f"{SCHEME}.key").stat().st_mode & 0o777) == "0o600"


def test_nothing_is_restored_over_rows_or_messages_or_other_keys(
    backed_up: BackedUp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = backed_up.site
    site.use(monkeypatch)
    before = digest_of(site.database_url, SCHEME)
    refused = [_said(capsys, "restore", str(backed_up.backup))]
    with new_database(site.database_url) as other:
        monkeypatch.setenv("JIFEN_DATABASE_URL", other)
        refused.append(_said(capsys, "restore", str(backed_up.backup)))
    key = site.directory / "keys" / f"{SCHEME}.key"
    own = key.read_text()
    key.write_text(own[::-1].strip() + "\n")
    refused.append(_said(capsys, "restore", str(backed_up.backup), "--keys", str(backed_up.keys)))
    key.write_text(own)

    assert [status for status, _ in refused] == [1, 1, 1]
    assert "the database is not empty: " in refused[0][1]
    assert f"the stream {stream_of(SCHEME)} is not empty: it has had " in refused[1][1]
    assert refused[2][1] == f"jifen-ledger: {key} is there and is another key\n"
    assert digest_of(site.database_url, SCHEME) == before


def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(
    backed_up: BackedUp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(backed_up.backup, damaged)
    stream = damaged / "streams" / f"{stream_of(SCHEME)}.snapshot"
    content = bytearray(stream.read_bytes())
    content[len(content) // 2] ^= 1
    stream.write_bytes(content)
    good = _said(capsys, "restore", "--check", str(backed_up.backup))
    bad = _said(capsys, "restore", "--check", str(damaged))
    none = _said(capsys, "restore", "--check", str(tmp_path))

    assert good == (0, "")
    assert bad == (1, f"jifen-ledger: {stream} is not as it was written\n")
    assert none[0] == 1
    assert "is no backup" in none[1]


def test_a_backup_writes_over_nothing_and_takes_no_keys_in(
    backed_up: BackedUp,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backed_up.site.use(monkeypatch)
    again = _said(capsys, "backup", "--output", str(backed_up.backup))
    within = _said(capsys, "backup", "--output", str(tmp_path / "b"), "--keys", f"{tmp_path}/b/k")

    assert [again[0], within[0]] == [1, 1]
    assert "a backup writes over nothing" in again[1]
    assert "keys go apart from the backup" in within[1]
    assert list(tmp_path.iterdir()) == []


def test_a_restore_that_was_cut_short_leaves_what_makes_the_same_history(
    backed_up: BackedUp, empty: Site
) -> None:
    def cut(done: int, total: int | None, of: str) -> None:
        del done, total
        if of == "record":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        asyncio.run(bring_back(empty.places, backed_up.backup, backed_up.keys, None, cut))

    notes, _, _ = asyncio.run(_goes_on(empty))
    assert notes[max(backed_up.head)] == backed_up.head[max(backed_up.head)]
    assert digest_of(empty.database_url, SCHEME) == backed_up.digest


def test_a_ledger_that_is_ahead_of_its_stream_is_not_backed_up(
    backed_up: BackedUp,
    empty: Site,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A database whose broker has lost everything.
    del empty
    monkeypatch.setenv("JIFEN_DATABASE_URL", backed_up.site.database_url)

    status, told = _said(capsys, "backup", "--output", str(tmp_path / "backup"))

    size = max(backed_up.head)
    assert status == 1
    assert f"{SCHEME}: the ledger has {size} records, its stream 0 messages" in told
    assert not list(tmp_path.glob("backup*"))


def test_nothing_is_restored_under_a_ledger_that_works(
    backed_up: BackedUp, empty: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(empty.database_url)
    with psycopg.connect(libpq_url(empty.database_url)) as connection:
        connection.execute("INSERT INTO worker VALUES ('w-1', '{plant}', now())")

    status, told = _said(capsys, "restore", str(backed_up.backup))

    assert (status, told) == (1, "jifen-ledger: a ledger works on this database (w-1); stop it\n")


def test_an_anchor_that_was_written_later_stays_and_the_difference_is_told(
    backed_up: BackedUp, empty: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    later = "999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    anchor = empty.directory / "anchors" / f"{SCHEME}.anchor"
    anchor.write_text(later)

    status, told = _said(capsys, "restore", str(backed_up.backup))

    assert (status, anchor.read_text()) == (0, later)
    assert f"{SCHEME}: its anchor stands beyond what the backup has." in told


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main(list(arguments))
    return status, capsys.readouterr().err
