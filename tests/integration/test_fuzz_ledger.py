"""The ledger's OpenAPI document is true: whatever is sent, the answer is one it describes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from tests.integration.private_world import private_world
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.concerns import handled
from tests.support.fuzzing import fuzz
from tests.support.organisation import assessment
from tests.support.people import ANNA, BRANCH_X, GROUP_X1, SCHEME
from tests.support.private_parts import with_part
from tests.support.quarters import objected, published_quarter
from tests.support.serving import served
from tests.support.shop import fulfilled, offered, reserved

FUZZ_S = 500
KNOWN: dict[str, list[str | int]] = {
    "scheme": [SCHEME],
    "member": [ANNA, BRANCH_X, "m-nobody"],
    "holder": [ANNA, BRANCH_X, "m-nobody"],
    "unit": [BRANCH_X, GROUP_X1, SCHEME, "u-none"],
    "month": ["2023-07", "2023-08"],
    "claim": ["c-1", "c-none"],
    "on": ["2023-07-12", "2022-01-01"],
    "redemption": ["rd-1", "rd-none"],
    "seq": [1, 60, 2**53 - 1],
    "period": ["2023", "2023-Q3"],
    "branch": [BRANCH_X, "u-none"],
    "quarter": ["2023-Q3", "2023-Q4"],
    "objection": ["ob-1", "ob-none"],
    "concern": ["cn-1", "cn-none"],
    "visit": ["visit-1", "visit-none"],
    "deed": ["deed-c-1", "d-none"],
}


@pytest.mark.timeout(FUZZ_S)
def test_every_answer_of_the_ledger_is_one_its_document_describes(
    nats_url: str, database_url: str, tmp_path: Path
) -> None:
    tokens: dict[str, str] = {}
    known = dict(KNOWN)

    @asynccontextmanager
    async def ledger() -> AsyncIterator[ASGIApp]:
        async with private_world(nats_url, database_url) as world:
            photo = await world.keep_file(b"a photo")
            known["sha256"] = [photo, "0" * 64]
            shown = [{"kind": "photo", "sha256": photo}]
            claim, part = with_part(build.earned("c-1", evidence=shown), {"text": "x"})
            await world.keep([part])
            payloads = [*build.world(), *build.decided(claim)]
            payloads += [assessment(ANNA), offered(), reserved("rd-1"), fulfilled("rd-1")]
            payloads += [offered(), reserved("rd-1"), fulfilled("rd-1")]
            payloads += [*published_quarter(), objected("ob-1")]
            payloads += handled(origin="visit-1")
            async with reading(database_url, tmp_path, payloads, evidence=world.evidence) as ask:
                await world.copy()
                tokens.update(ask.tokens)
                yield ask.application

    with served(ledger) as url:
        tried = fuzz(url, tokens["upper"], known)

    everything = set[int]().union(*tried.values())
    assert {200, 204, 404, 422} <= everything, tried
    assert tried["GET /v1/schemes/{scheme}/rankings"] >= {200, 422}
