"""The ledger as a whole over HTTP: sums, status, versions, directory, caching, operations."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from jifen_ledger.adapters.database import async_engine
from jifen_ledger.adapters.http.application import make_application
from jifen_ledger.adapters.readers import Readers, make_reader_token
from jifen_ledger.application.status import ProjectionStatus
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.people import ANNA, SCHEME


def history() -> list[bytes]:
    first = build.earned("c-1", id="e-1")
    return [
        *build.world(),
        *build.decided(first),
        build.earned("c-9", on="2023-08-01"),
        first,
        build.earned("c-2", id="e-1"),
        b"not an event",
        build.earned("c-3", deed="deed-c-1"),
    ]


async def test_the_trial_balance_is_zero_in_both_units(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        found = await ask.get("/trial-balance", "auditor")

    points, incentive = found["units"]
    assert found["balances_equal_postings"] is True
    assert (points["sum"], points["issue"], points["members"], points["pending"]) == (
        "0",
        "-1",
        "0.5",
        "0.5",
    )
    assert (incentive["sum"], incentive["issue"], incentive["wallets"]) == ("0", "-5", "5")


async def test_the_status_counts_every_record_by_outcome(database_url: str, tmp_path: Path) -> None:
    payloads = history()
    async with reading(database_url, tmp_path, payloads) as ask:
        found = await ask.get("/status")
        again = await ask.get("/status")

    assert found == again
    assert sum(found["outcomes"].values()) == found["checkpoint"] == len(payloads)
    assert (found["scheme"], found["lag"], found["stopped"]) == (SCHEME, 0, None)
    assert found["refused"] == {
        "conflicting_duplicate": 1,
        "duplicate_deed": 1,
        "malformed": 1,
    }
    assert (found["outcomes"]["duplicate"], found["conflicting"], found["unreadable"]) == (1, 1, 1)


async def test_versions_are_shown_with_what_they_change(database_url: str, tmp_path: Path) -> None:
    document = document_object(default_document())
    changed = document | {"grades": {"excellent": "92"}}
    one_too_many: dict[str, Any] = {"from": 1, "to": 3}
    payloads = [
        build.published(),
        build.published(2, "2024-01-01", document=changed, recorded="2023-09-01"),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        versions = await ask.get("/scheme", "public")
        found = await ask.get("/scheme/differences", "public", **{"from": 1, "to": 2})
        missing = await ask.code("/scheme/differences", **one_too_many)

    assert versions["in_force"] == 1
    assert [one["document"] for one in versions["versions"]] == [document, changed]
    assert found["changes"] == [
        {"change": "changed", "path": "grades.excellent", "before": "90", "after": "92"}
    ]
    assert missing == (404, "not_found")


async def test_an_erased_person_is_an_id_again(database_url: str, tmp_path: Path) -> None:
    path = f"/directory/{ANNA}"
    async with reading(database_url, tmp_path, build.world()) as ask:
        await ask.name(ANNA, "安娜", "Anna")
        known = await ask.get(path)
        erased = await ask.answer(path, method="DELETE")
        after = [await ask.code(path), (await ask.answer(path, method="DELETE")).status_code]

    assert known["name_zh"] == "安娜"
    assert erased.status_code == 204
    assert after == [(404, "not_found"), 404]


@pytest.mark.parametrize("who", ["self", "branch", "staff", "reviewer", "auditor", "public"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_only_the_upper_level_writes_the_directory(
    database_url: str, tmp_path: Path, who: str, method: str
) -> None:
    body = {"name_zh": "某", "name_en": "Someone"}
    async with reading(database_url, tmp_path, build.world()) as ask:
        refused = await ask.answer(f"/directory/{ANNA}", who, method, json=body)
        left = await ask.code(f"/directory/{ANNA}")

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert left == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name_zh": "某"},
        {"name_zh": "", "name_en": "x"},
        {"name_zh": "某", "name_en": "x\ny"},
        {"name_zh": "某", "name_en": "x", "phone": "call me"},
        {"name_zh": "某", "name_en": "x", "birthday": "2000-01-01"},
    ],
    ids=str,
)
async def test_a_wrong_entry_is_query_invalid(
    database_url: str, tmp_path: Path, body: dict[str, str]
) -> None:
    async with reading(database_url, tmp_path, build.world()) as ask:
        refused = await ask.answer(f"/directory/{ANNA}", method="PUT", json=body)

    assert (refused.status_code, refused.json()["code"]) == (422, "query_invalid")


async def test_an_answer_that_did_not_change_is_not_sent_again(
    database_url: str, tmp_path: Path
) -> None:
    path = f"/members/{ANNA}/balance"
    async with reading(database_url, tmp_path, history()) as ask:
        first = await ask.answer(path)
        known = {"If-None-Match": first.headers["etag"]}
        same = await ask.answer(path, headers=known)
        forbidden = await ask.answer(path, "staff", headers=known)
        await ask.name(ANNA, "安娜", "Anna")
        renamed = await ask.answer(path, headers=known)

    assert (first.status_code, same.status_code, same.content) == (200, 304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert forbidden.status_code == 403
    assert renamed.status_code == 200


async def test_readiness_and_metrics_follow_the_projection(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history(), alone=True) as ask:
        await ask.get("/scheme")
        ready = await ask.client.get("/readyz")
        ask.application.state.desk.status.of(SCHEME).stream_last = 10**6
        behind = await ask.client.get("/readyz")
        alive = await ask.client.get("/healthz")
        metrics = (await ask.client.get("/metrics")).text

    assert [one.status_code for one in (ready, behind, alive)] == [200, 503, 200]
    assert 'jifen_ledger_http_answers_total{route="/scheme",status="200"} 1.0' in metrics
    assert ANNA not in metrics


async def test_a_scheme_without_records_and_an_unknown_holder_are_not_found(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, build.world()) as ask:
        ask.add_reader("early", "upper", scheme="later")
        token = {"Authorization": f"Bearer {ask.tokens['early']}"}
        early = await ask.client.get("/v1/schemes/later/scheme", headers=token)
        unknown = await ask.code("/members/m-nobody/balance")
        address = await ask.client.get("/v1/nothing")

    assert (early.status_code, early.json()["code"]) == (404, "not_found")
    assert unknown == (404, "not_found")
    assert (address.status_code, address.json()["code"]) == (404, "not_found")


async def test_without_a_database_reads_are_busy_and_the_service_is_not_ready(
    tmp_path: Path,
) -> None:
    token, lines = make_reader_token("upper", SCHEME, "upper")
    file = tmp_path / "readers.toml"
    file.write_text(lines)
    engine = async_engine("postgresql://127.0.0.1:1/nothing", connections_max=1)
    application = make_application(engine, Readers(file), ProjectionStatus())
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://ledger") as client:
        headers = {"Authorization": f"Bearer {token}"}
        read = await client.get(f"/v1/schemes/{SCHEME}/scheme", headers=headers)
        ready = await client.get("/readyz")

    assert (read.status_code, read.json()["code"]) == (503, "busy")
    assert read.headers["retry-after"] == "1"
    assert ready.status_code == 503
