"""Files of evidence go when their time has passed, and not before (X12)."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jifen_contracts.subjects import evidence_bucket_of
from jifen_ledger.__main__ import main
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.evidence_uses import PostgresFileUses
from jifen_ledger.application.expire_evidence import Going, expire
from jifen_ledger.domain.retention import Retention, Why
from tests.integration.private_world import PrivateWorld, private_world
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.concerns import handed, raised, resolved
from tests.support.judgements import erased
from tests.support.people import ANNA, BO, SCHEME
from tests.support.private_parts import with_part

PNG = b"\x89PNG\r\n\x1a\n"


def proof(file: str) -> list[dict[str, str]]:
    return [{"kind": "photo", "sha256": file}]


async def going(
    world: PrivateWorld, days_later: int, years: int, *, remove: bool = False
) -> set[tuple[str, Why]]:
    engine = async_engine(world.database_url, connections_max=1)
    try:
        found: list[Going] = list(
            await expire(
                world.evidence,
                PostgresFileUses(engine),
                SCHEME,
                Retention(years, unused_days=30),
                datetime.now(UTC) + timedelta(days=days_later),
                remove=remove,
            )
        )
    finally:
        await engine.dispose()
    return {(one.name, one.why) for one in found}


async def test_x12_files_go_by_their_last_use_their_upload_or_with_the_person(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    async with private_world(nats_url, database_url) as world:
        claimed, mended, told, erased_one, vain = [
            await world.keep_file(PNG + name.encode())
            for name in ("claimed", "mended", "told", "erased", "vain")
        ]
        await world.client.jetstream().publish(f"$O.{evidence_bucket_of(SCHEME)}.C.torn", b"part")
        anna, part = with_part(build.earned("c-anna"), {"text": "x", "evidence": proof(told)})
        history = [
            *build.world(),
            build.earned("c-bo", holder=BO, evidence=proof(erased_one)),
            build.earned("c-anna-2", deed="d-2", evidence=proof(claimed)),
            anna,
            *(raised(by=ANNA), handed(), resolved(evidence=proof(mended))),
            erased(BO),
        ]
        await world.keep([part])
        async with reading(database_url, tmp_path, history):
            await world.copy()
            again = await world.keep_file(PNG + b"erased")
            soon = await going(world, 0, years=50)
            later = await going(world, 31, years=50)
            last = await going(world, 31, years=1, remove=True)
            left = await going(world, 10_000, years=1)

    assert again == erased_one
    assert soon == {(erased_one, Why.ERASED)}
    gone = {(erased_one, Why.ERASED), (vain, Why.UNUSED), ("torn", Why.UNFINISHED)}
    assert later == gone
    assert last == gone | {(name, Why.EXPIRED) for name in (claimed, mended, told)}
    assert left == set()


async def test_the_command_removes_nothing_unless_it_is_told_to(
    nats_url: str,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JIFEN_DATABASE_URL", database_url)
    monkeypatch.setenv("JIFEN_NATS_URL", nats_url)
    monkeypatch.setenv("JIFEN_EVIDENCE_YEARS", "1")
    command = ["evidence", "expire", SCHEME]
    async with private_world(nats_url, database_url) as world:
        old = await world.keep_file(PNG)
        history = [*build.world(), build.earned("c-anna", evidence=proof(old))]
        async with reading(database_url, tmp_path, history):
            listed = await asyncio.to_thread(main, command)
            kept = await world.has_file(old)
            removed = await asyncio.to_thread(main, [*command, "--remove"])
            gone = not await world.has_file(old)
    printed = capsys.readouterr().out

    assert (listed, kept, removed, gone) == (0, True, 0, True)
    assert [line.split()[-1] for line in printed.splitlines() if line.startswith(old)] == [
        "expired"
    ] * 2
    assert "1 expired would go; --remove removes it" in printed
    assert "1 expired removed" in printed
