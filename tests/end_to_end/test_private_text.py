"""A private text and a file, from the door to those who may see them, and gone with the person."""

import asyncio
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import httpx
import orjson
import pytest

from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.judgements import erased
from tests.support.people import ANNA
from tests.support.wait import LOOK_AGAIN_S

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHOTO = b"\x89PNG\r\n\x1a\n" + bytes(300_000)
COPIED_S = 30


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(COPIED_S):
        while True:
            if await holds():
                return
            await asyncio.sleep(LOOK_AGAIN_S)


async def put(stack: LocalStack, plant: Plant, content: bytes) -> httpx.Response:
    path = f"/v1/schemes/{plant.scheme}/evidence/{sha256(content).hexdigest()}"
    headers = {"Authorization": f"Bearer {plant.tokens.send['desk']}"}
    async with httpx.AsyncClient(base_url=stack.ingest_url, timeout=30) as ingest:
        return await ingest.put(path, content=content, headers=headers)


async def test_x24_what_is_private_reaches_those_who_may_see_it_until_the_person_is_erased(
    stack: LocalStack, own_plant: Plant
) -> None:
    plant, photo = own_plant, sha256(PHOTO).hexdigest()
    event = plant.sent(
        build.earned("c-anna", evidence=[{"kind": "photo", "sha256": photo}]), "past"
    )
    event["data"]["private"] = {"text": "三号阀门渗漏"}
    kept = await put(stack, plant, PHOTO)
    told = await plant.send(orjson.dumps(event), token=plant.tokens.send["past"])
    await plant.has_records(told.body["seq"])

    async def text(who: str) -> Any:
        private = (await plant.get("/claims/c-anna", who))["claimed"]["private"]
        return private and private["content"]

    async def is_copied() -> bool:
        return bool(await text("self"))

    async def is_gone() -> bool:
        try:
            return (await plant.ask(f"/evidence/{photo}", "self")).status_code == 404
        except httpx.RemoteProtocolError:
            # Whoever reads while the file goes has the answer broken off.
            return False

    await until(is_copied)
    texts = {who: await text(who) for who in ("self", "reviewer", "upper", "auditor")}
    files = {
        who: await plant.ask(f"/evidence/{photo}", who) for who in ("self", "reviewer", "upper")
    }
    await plant.recorded([erased(ANNA, recorded="2023-10-01")])
    at_once = await text("self")
    await until(is_gone)
    opening = await plant.ask(f"/records/{told.body['seq']}/opening", "self")
    record = await plant.ask(f"/records/{told.body['seq']}", "auditor")

    said = {"text": "三号阀门渗漏"}
    assert kept.status_code == 201
    assert texts == {"self": said, "reviewer": said, "upper": None, "auditor": None}
    assert {who: one.status_code for who, one in files.items()} == {
        "self": 200,
        "reviewer": 200,
        "upper": 403,
    }
    assert files["self"].content == PHOTO
    assert (at_once, opening.status_code) == (None, 404)
    # The proof stays as it was: the record still names the hash of what is gone.
    assert orjson.loads(record.content)["event"]["privatehash"]
