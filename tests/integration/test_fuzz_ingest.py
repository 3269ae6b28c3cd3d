"""Ingest's OpenAPI document is true: whatever is sent, the answer is one it describes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from tests.ingest.sent import TOKEN
from tests.integration.ingest_service import ingesting
from tests.support.fuzzing import fuzz
from tests.support.serving import served

FUZZ_S = 500


@pytest.mark.timeout(FUZZ_S)
def test_every_answer_of_ingest_is_one_its_document_describes(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    @asynccontextmanager
    async def ingest() -> AsyncIterator[ASGIApp]:
        async with ingesting(nats_url, scheme, tmp_path) as service:
            yield service.ingest.http

    with served(ingest) as url:
        # One of the credentials is for a scheme without a stream, so it is never ready.
        tried = fuzz(url, TOKEN, {"scheme": [scheme]}, without=["/readyz"])

    statuses = tried["POST /v1/schemes/{scheme}/events"]
    assert statuses & {400, 422}, tried
    assert max(statuses) < 500, tried
