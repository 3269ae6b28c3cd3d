"""The copy of private parts: whole, checked, erased with the person, and never needed (X24)."""

from contextlib import closing
from pathlib import Path

import psycopg

from jifen_contracts.subjects import private_stream_of
from tests.integration.private_world import private_world
from tests.integration.reading import project, reading
from tests.support import builders as build
from tests.support.judgements import erased
from tests.support.people import ANNA, BO, BRANCH_X, COMMITTEE, SCHEME
from tests.support.plots import TWIN
from tests.support.private_parts import Part, part_of, with_part
from tests.support.servers import libpq_url

LEAK = b"\x89PNG\r\n\x1a\nleak"
BOTH = b"\x89PNG\r\n\x1a\nboth"


def proof(*files: str) -> list[dict[str, str]]:
    return [{"kind": "photo", "sha256": file} for file in files]


async def test_parts_are_copied_over_gaps_and_a_part_that_opens_nothing_is_an_alarm(
    nats_url: str, database_url: str
) -> None:
    parts = [part_of(build.earned(f"c-{number}"), {"text": f"第{number}"}) for number in range(4)]
    forged = Part(
        parts[0].subject, parts[0].payload.replace("第0".encode(), "第9".encode()), "", ""
    )
    async with private_world(nats_url, database_url) as world:
        await world.keep([*parts[:3], forged, Part(parts[0].subject, b"no part", "", "")])
        await world.client.jetstream().delete_msg(private_stream_of(SCHEME), 2)
        await world.copy()
        await world.keep(parts[3:])
        status = await world.copy()

        assert world.rows() == {parts[number].privatehash for number in (0, 2, 3)}
        assert (status.seq, status.copied, status.mismatches) == (6, 3, 2)


async def test_a_private_stream_that_counts_anew_is_copied_from_its_beginning(
    nats_url: str, database_url: str
) -> None:
    parts = [part_of(build.earned(f"c-{number}"), {"text": "x"}) for number in range(3)]
    async with private_world(nats_url, database_url) as world:
        await world.keep(parts[:2])
        await world.copy()
    async with private_world(nats_url, database_url) as world:
        await world.keep(parts[2:])
        await world.copy()

        assert world.rows() == {part.privatehash for part in parts}


async def test_erasing_a_person_takes_parts_messages_and_files_that_nobody_else_uses(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    async with private_world(nats_url, database_url) as world:
        own, shared, told, kept = [
            await world.keep_file(content)
            for content in (LEAK, BOTH, b"\x89PNG\r\n\x1a\ntold", b"\x89PNG\r\n\x1a\nkept")
        ]
        anna, anna_part = with_part(
            build.earned("c-anna", evidence=proof(own, shared)),
            {"text": "安", "evidence": proof(told)},
        )
        twin, twin_part = with_part(build.earned("c-twin", holder=TWIN), {"text": "双"})
        bo, bo_part = with_part(
            build.earned("c-bo", holder=BO, evidence=proof(shared, kept)), {"text": "博"}
        )
        history = [
            *build.world(),
            build.enrolled(TWIN),
            build.assigned(TWIN, "member", BRANCH_X),
            *(anna, twin, bo),
            build.enrolled(ANNA, same_as=TWIN, recorded="2023-08-01"),
        ]
        late = part_of(build.earned("c-late"), {"text": "迟"})
        await world.keep([anna_part, twin_part, bo_part])
        async with reading(database_url, tmp_path, history):
            await world.copy()
            before = world.rows()
            await project(database_url, [*history, erased(ANNA)])
            at_once = world.rows()
            await world.keep([late])
            await world.copy()
            await world.keep([late])
            status = await world.copy()

        assert before == {anna_part.privatehash, twin_part.privatehash, bo_part.privatehash}
        assert at_once == world.rows() == {bo_part.privatehash}
        assert await world.messages() == [bo_part.subject]
        found = {name for name in (own, shared, told, kept) if await world.has_file(name)}
        assert found == {shared, kept}
        assert (status.erased, status.waiting) == (2, "")


async def test_a_part_that_no_event_has_goes_after_a_day(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    used, used_part = with_part(build.earned("c-used"), {"text": "用"})
    refused, refused_part = with_part(build.earned("c-x", "Z99", COMMITTEE), {"text": "退"})
    resent, resent_part = with_part(
        build.earned("c-used", points={"member": "0.5"}), {"text": "再"}
    )
    del resent
    history = [*build.world(), used, refused]
    async with private_world(nats_url, database_url) as world:
        await world.keep([used_part, refused_part, resent_part])
        async with reading(database_url, tmp_path, history):
            await world.copy()
            world.projection.last_commit_ms = 1
            with closing(psycopg.connect(libpq_url(database_url), autocommit=True)) as connection:
                connection.execute(
                    "UPDATE private_part SET stored_at = now() - interval '25 hours'"
                    " WHERE privatehash = ANY(%s)",
                    [[used_part.privatehash, resent_part.privatehash]],
                )
            await world.copy()

        assert world.rows() == {used_part.privatehash, refused_part.privatehash}
        assert await world.messages() == sorted([used_part.subject, refused_part.subject])
