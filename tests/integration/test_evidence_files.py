"""Files of evidence through ingest: by their hash, of the right kind and size, durable, once."""

import asyncio
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest

from jifen_contracts.subjects import evidence_stream_of
from jifen_ingest.adapters.evidence_store import CHUNK_BYTES
from jifen_ledger.adapters.evidence_store import NatsEvidence
from tests.ingest.sent import TOKEN
from tests.integration.ingest_service import OTHER_TOKEN, Service, ingesting

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
SHOP_TOKEN = "the-token-of-a-shop-that-shows-no-files"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def roster() -> bytes:
    """What a spreadsheet program writes: a zip archive with certain names in it."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"):
            archive.writestr(name, "<x/>")
    return book.getvalue()


async def put(
    service: Service, content: Any, *, name: str | None = None, token: str = TOKEN, **headers: str
) -> httpx.Response:
    path = f"/v1/schemes/{service.scheme}/evidence/{name or sha(content)}"
    sent = {"Authorization": f"Bearer {token}", **headers}
    return await service.http.put(path, content=content, headers=sent)


async def stored(service: Service) -> int:
    """How many messages the bucket has: the parts of all files, and an entry for each."""
    info = await service.nats.jetstream().stream_info(evidence_stream_of(service.scheme))
    return info.state.messages


async def test_a_file_that_was_removed_has_no_parts(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path) as service:
        await put(service, PNG)
        store = NatsEvidence(service.nats)
        removed = await store.remove(scheme, sha(PNG))
        read = [part async for part in store.parts(scheme, sha(PNG))]

    assert (removed, read) == (True, [])


async def test_a_file_is_stored_once_whole_and_by_its_content(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    photo = PNG + bytes(range(256)) * 1_200
    parts = -(-len(photo) // CHUNK_BYTES)
    async with ingesting(nats_url, scheme, tmp_path) as service:
        first = await put(service, photo, **{"Content-Type": "text/html"})
        again = await put(service, photo)
        sheet = await put(service, roster())
        together = await asyncio.gather(*(put(service, PNG + b"both") for _ in range(4)))
        store = NatsEvidence(service.nats)
        found = await store.find(scheme, sha(photo))
        read = [part async for part in store.parts(scheme, sha(photo))]
        messages = await stored(service)
        metrics = (await service.http.get("/metrics")).text

    answer = {"sha256": sha(photo), "size": len(photo), "media_type": "image/png"}
    assert (first.status_code, first.json()) == (201, {**answer, "duplicate": False})
    assert (again.status_code, again.json()) == (200, {**answer, "duplicate": True})
    assert sheet.json()["media_type"].endswith("spreadsheetml.sheet")
    assert {one.status_code for one in together} <= {200, 201}
    assert found is not None
    assert (found.size, found.media_type) == (len(photo), "image/png")
    assert (b"".join(read), len(read)) == (photo, parts)
    assert messages == (parts + 1) + 2 + 2
    assert 'jifen_ingest_files_total{duplicate="true"}' in metrics


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"content": b"<html><script>"}, (415, "media_not_allowed")),
        ({"content": b""}, (415, "media_not_allowed")),
        ({"content": b"MZ\x90\x00" + bytes(200)}, (415, "media_not_allowed")),
        ({"content": PNG, "name": sha(b"another")}, (422, "hash_mismatch")),
        ({"content": PNG, "name": "ABC"}, (400, "malformed")),
        ({"content": PNG + bytes(5_000)}, (413, "too_large")),
        ({"content": PNG, "token": "a-token-that-nobody-has"}, (401, "unauthorised")),
        ({"content": PNG, "token": OTHER_TOKEN}, (403, "scheme_not_allowed")),
        ({"content": PNG, "token": SHOP_TOKEN}, (403, "type_not_allowed")),
    ],
)
async def test_what_is_no_evidence_is_refused_and_not_stored(
    nats_url: str,
    scheme: str,
    tmp_path: Path,
    sent: dict[str, Any],
    expected: tuple[int, str],
) -> None:
    async with ingesting(nats_url, scheme, tmp_path, evidence_bytes_max=4_096) as service:
        with service.sources_file.open("a") as sources:
            sources.write(
                f'[[credential]]\nname = "shop"\nscheme = "{scheme}"\nscopes = ["shop"]\n'
                f'token_sha256 = "{sha(SHOP_TOKEN.encode())}"\nsources = ["urn:x"]\n'
            )
        answer = await put(service, **sent)

        assert (answer.status_code, answer.json()["code"]) == expected
        assert await stored(service) == 0


async def test_a_body_of_unknown_length_ends_at_the_limit(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async def endless() -> Any:
        while True:
            yield PNG + bytes(1_000)

    async with ingesting(nats_url, scheme, tmp_path, evidence_bytes_max=4_096) as service:
        answer = await put(service, endless(), name="0" * 64)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_scheme_without_a_bucket_takes_events_and_says_what_is_missing(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    async with ingesting(nats_url, scheme, tmp_path) as service:
        await service.nats.jetstream().delete_stream(evidence_stream_of(scheme))
        answer = await put(service, PNG)
        ready = await service.http.get("/healthz")
        await service.nats.jetstream().create_object_store(f"JIFEN_EVIDENCE_{scheme}")

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_scheme")
    assert ready.status_code == 200


async def test_too_many_files_at_once_are_asked_to_come_again(
    nats_url: str, scheme: str, tmp_path: Path
) -> None:
    waiting, enough = asyncio.Event(), asyncio.Event()

    async def slow() -> Any:
        yield PNG
        waiting.set()
        await enough.wait()
        yield b"end"

    async with ingesting(nats_url, scheme, tmp_path, evidence_uploads_max=1) as service:
        first = asyncio.create_task(put(service, slow(), name=sha(PNG + b"end")))
        await waiting.wait()
        second = await put(service, PNG)
        enough.set()
        stored_one = await first

    assert (second.status_code, second.json()["code"], second.headers["Retry-After"]) == (
        503,
        "busy",
        "1",
    )
    assert stored_one.status_code == 201
