"""A small world whose log is signed, and the audit commands on what it gives away."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from jifen_ledger.__main__ import main
from jifen_ledger.adapters.anchor_files import AnchorFiles
from jifen_ledger.adapters.cosigned_log import PostgresCosignedLog
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.application.witness import Quorum
from jifen_ledger.log.cosigning import cosigned_by
from jifen_ledger.log.keys import SigningKey
from jifen_ledger.log.note import parse_note
from tests.support import builders as build
from tests.support.judgements import vetoed
from tests.support.people import ANNA, BO, COMMITTEE, LEADER, SCHEME, SECRETARY
from tests.support.servers import new_database
from tests.support.signing import LOG_ORIGIN, signing_log


class Signed(NamedTuple):
    """A database whose log is signed, where keys and anchors lie, and the log's key."""

    url: str
    directory: Path
    vkey: str


class Said(NamedTuple):
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line, wherever it stands."""
        return (self.err or self.out).rstrip().rpartition("\n")[2]

    @property
    def object(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@contextmanager
def signed_world(
    postgres_url: str, template: str, directory: Path, *parts: Sequence[bytes]
) -> Iterator[Signed]:
    """Project the stream and sign it after each part."""
    with new_database(postgres_url, template) as url:
        yield Signed(url, directory, asyncio.run(_sign(url, directory, parts)))


def cosign(signed: Signed, size: int, witness: SigningKey, time_s: int) -> None:
    """Let a witness cosign the checkpoint of the size."""
    asyncio.run(_cosign(signed, size, witness, time_s))


async def _cosign(signed: Signed, size: int, witness: SigningKey, time_s: int) -> None:
    engine = async_engine(signed.url, connections_max=1)
    try:
        anchors = AnchorFiles(signed.directory / "anchors")
        log = PostgresCosignedLog(engine, Quorum(), anchors)
        newest = await log.newest(SCHEME)
        assert newest is not None
        assert newest.size == size
        text = parse_note(newest.note.encode()).text
        line = witness.cosign(text, time_s).encode()
        await log.keep(SCHEME, size, cosigned_by(line, text, witness.verifier))
    finally:
        await engine.dispose()


async def _sign(url: str, directory: Path, parts: Sequence[Sequence[bytes]]) -> str:
    async with signing_log(url, directory) as log:
        payloads: list[bytes] = []
        for part in parts:
            payloads += part
            await log.project(payloads)
            await log.sign()
        return log.status.keys[0].text


Audit = Callable[..., Said]


def auditing(capsys: pytest.CaptureFixture[str]) -> Audit:
    """What runs an audit command in this process."""

    def audit(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            status = main(["audit", *map(str, arguments)])
        except SystemExit as ended:
            status = int(ended.code or 0)
        printed = capsys.readouterr()
        return Said(status, printed.out, printed.err)

    return audit


def make_bundle(signed: Signed, out: Path, *more: str) -> Path:
    """Make an audit bundle with the command."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("JIFEN_"):
                patch.delenv(name)
        patch.setenv("JIFEN_DATABASE_URL", signed.url)
        patch.setenv("JIFEN_LOG_ORIGIN", LOG_ORIGIN)
        patch.setenv("JIFEN_LOG_KEY_DIR", str(signed.directory / "keys"))
        patch.setenv("JIFEN_LOG_ANCHOR_DIR", str(signed.directory / "anchors"))
        assert main(["audit", "bundle", "--scheme", SCHEME, "--out", str(out), *more]) == 0
    return out


def scored(*holders: str, month: str = "2023-07") -> list[bytes]:
    """Base facts enough for a score, not all of them done, decided for each holder."""
    payloads = []
    for missed, holder in enumerate(holders):
        for number, item in enumerate(("B01", "B02", "B03", "B05", "C01", "C05", "C08")):
            done = 10 - missed if number == 0 else 10
            claim = build.fact(
                f"c-{holder}-{item}".lower(), item, holder, period=month, required=10, done=done
            )
            payloads += build.decided(claim)
    return payloads


def world_with_boards() -> list[bytes]:
    """Five scored members, two of them equal, one zeroed by a veto; bonus, deduction, refusals."""
    return [
        *build.world(),
        *scored(ANNA, BO, COMMITTEE, LEADER),
        *scored(SECRETARY),
        *build.decided(build.earned("c-snap")),
        *build.decided(build.earned("c-back", deed="deed-back")),
        build.reversal("c-back"),
        *build.decided(build.deduction("c-absent", holder=BO)),
        vetoed(LEADER, since="2023-07-01"),
        b"no event",
        build.earned("c-snap"),
    ]
