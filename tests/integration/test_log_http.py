"""The log over HTTP: what is covered is there for ever, and nothing else is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from jifen_ledger.adapters.private_store import PostgresPrivateParts
from jifen_ledger.adapters.signed_log import PostgresSignedLog
from jifen_ledger.application.private_part import private_part_of
from jifen_ledger.application.queries.rights_of_log import EntriesAccess
from jifen_ledger.application.sign import Stored
from jifen_ledger.application.witness import Quorum
from jifen_ledger.log.checkpoint import open_checkpoint
from jifen_ledger.log.hashes import leaf_hash
from jifen_ledger.log.proof_files import parse_consistency, parse_inclusion
from jifen_ledger.log.receipts import Opening, check_receipt
from jifen_ledger.log.tiles import entries_of
from tests.support import builders as build
from tests.support.judgements import erased
from tests.support.log_serving import OTHER_SCHEME, ServedLog, served_log
from tests.support.organisation import published
from tests.support.people import ANNA, SCHEME
from tests.support.private_parts import Part, with_part
from tests.support.signing import query, refused, tree_of

PAYLOADS = refused(600)


@pytest.fixture
async def served(database_url: str, tmp_path: Path) -> AsyncIterator[ServedLog]:
    async with served_log(database_url, tmp_path) as one:
        yield one


def there(found: dict[str, bytes | None]) -> set[str]:
    return {path for path, body in found.items() if body is not None}


async def test_the_newest_checkpoint_is_served_and_never_kept(served: ServedLog) -> None:
    (key,) = served.log.status.keys
    empty = await served.get("checkpoint")
    await served.record(PAYLOADS[:3])
    three = await served.get("checkpoint")
    head = await served.get("checkpoint", method="HEAD")
    vkeys = await served.get("vkeys")

    assert [open_checkpoint(one.content, [key]).checkpoint.size for one in (empty, three)] == [0, 3]
    assert three.headers["cache-control"] == "no-cache"
    assert three.headers["content-type"] == "text/plain; charset=utf-8"
    assert three.headers["access-control-allow-origin"] == "*"
    assert (head.status_code, head.headers["content-length"]) == (200, str(len(three.content)))
    assert vkeys.text == f"{key.text}\n"


# By size: what is there, and what is not.
COVERED: dict[int, tuple[list[str], list[str]]] = {
    0: ([], ["tile/0/000", "tile/0/000.p/1", "tile/entries/000.p/1", "tile/1/000.p/1"]),
    255: (
        ["tile/0/000.p/1", "tile/0/000.p/255", "tile/entries/000.p/255"],
        ["tile/0/000", "tile/entries/000", "tile/1/000.p/1", "tile/0/001.p/1"],
    ),
    256: (
        ["tile/0/000", "tile/0/000.p/7", "tile/entries/000", "tile/1/000.p/1"],
        ["tile/0/001.p/1", "tile/entries/001.p/1", "tile/1/000", "tile/1/000.p/2"],
    ),
    513: (
        ["tile/0/001", "tile/0/002.p/1", "tile/1/000.p/1", "tile/1/000.p/2"],
        ["tile/0/002", "tile/0/002.p/2", "tile/1/000.p/3", "tile/2/000.p/1", "tile/63/000"],
    ),
}


async def test_exactly_what_the_checkpoint_covers_is_there(served: ServedLog) -> None:
    for size, (present, absent) in COVERED.items():
        await served.record(PAYLOADS[:size])
        found = await served.files([*present, *absent])
        # Projected, but not covered yet.
        await served.log.project(PAYLOADS[: size + 1])
        uncovered = await served.files(absent)

        widths = {path: int(path.partition(".p/")[2] or 256) for path in present}
        assert {path: _width(path, body) for path, body in found.items() if body} == widths
        assert there(uncovered) == set(), size


def _width(path: str, body: bytes) -> int:
    return len(entries_of(body)) if "entries" in path else len(body) // 32


NOT_CANONICAL = [
    "tile/00/000", "tile/0/0", "tile/0/x000/000", "tile/0/000.p/0", "tile/0/000.p/256",
    "tile/0/000.p/01", "tile/0/000/", "tile/-1/000", "tile/64/000", "tile/entries/0",
    "tile/entries/000.p/00", "tile/0", "tile/", "nothing", "records/0/receipt",
    "proof/inclusion?index=1&size=2", "proof/inclusion?index=1&size=257",
]  # fmt: skip
WRONG = [
    "proof/inclusion?index=%2B1", "proof/inclusion?index=01", "proof/inclusion?index=256",
    "proof/inclusion?index=9223372036854775808", "proof/inclusion", "proof/consistency?old=257",
    "proof/inclusion?index=1&sise=3", "proof/consistency?old=-1", "checkpoints?limit=1001",
]  # fmt: skip


async def test_what_is_not_written_as_it_must_be_is_refused(served: ServedLog) -> None:
    await served.record(PAYLOADS[:256])

    answers = {path: await served.get(path, "auditor") for path in (*NOT_CANONICAL, *WRONG)}

    found = {path: (one.status_code, one.json()["code"]) for path, one in answers.items()}
    missing = dict.fromkeys(NOT_CANONICAL, (404, "not_found"))
    assert found == missing | dict.fromkeys(WRONG, (400, "query_invalid"))


async def test_bytes_once_served_are_served_for_ever(served: ServedLog) -> None:
    seen: dict[str, bytes] = {}
    for size in (1, 200, 256, 300, 600):
        await served.record(PAYLOADS[:size])
        paths = [
            f"tile/{level}/{number:03d}" for level in ("0", "1", "entries") for number in (0, 1)
        ]
        paths += [f"{path}.p/{width}" for path in paths for width in (1, 44, 88, 200)]
        found = {path: body for path, body in (await served.files(paths)).items() if body}
        assert seen.items() <= found.items()
        seen = found
    full = await served.get("tile/0/000")
    again = await served.client.get(full.url, headers={"If-None-Match": full.headers["etag"]})

    assert full.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (again.status_code, again.content) == (304, b"")
    assert len(seen) == 21


async def test_proofs_of_any_published_size_verify(served: ServedLog) -> None:
    (key,) = served.log.status.keys
    roots = {}
    for size in (1, 257, 600):
        await served.record(PAYLOADS[:size])
        roots[size] = tree_of(served.log.url).root
    entries = {}
    for index, size in [(0, 1), (0, 257), (256, 257), (255, 600), (599, 600)]:
        file = parse_inclusion(
            (await served.get("proof/inclusion", index=index, size=size)).content
        )
        checkpoint = open_checkpoint(file.note, [key]).checkpoint
        bundle = await served.get(f"tile/entries/{index // 256:03d}.p/{index % 256 + 1}", "auditor")
        if not bundle.is_success:
            bundle = await served.get(f"tile/entries/{index // 256:03d}", "auditor")
        entries[index] = entries_of(bundle.content)[index % 256]
        file.check(leaf_hash(entries[index]), checkpoint)
        assert (file.index, checkpoint.size) == (index, size)
    for old, size in [(0, 1), (1, 257), (257, 257), (1, 600), (257, 600)]:
        change = parse_consistency(
            (await served.get("proof/consistency", old=old, size=size)).content
        )
        checkpoint = open_checkpoint(change.note, [key]).checkpoint
        change.check(roots.get(old, tree_of_nothing()), checkpoint)
        assert (change.old, checkpoint.root) == (old, roots[size])
    newest = parse_inclusion((await served.get("proof/inclusion", index=7)).content)

    assert open_checkpoint(newest.note, [key]).checkpoint.size == 600
    listed = (await served.get("checkpoints?from=1&limit=2")).json()["checkpoints"]
    assert [one["size"] for one in listed] == [1, 257]
    assert listed[1]["note"].encode() == checkpoint_note(served, 257)


def tree_of_nothing() -> bytes:
    return bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


def checkpoint_note(served: ServedLog, size: int) -> bytes:
    return served.log.notes()[size].encode()


async def test_a_log_that_went_back_is_not_served(served: ServedLog) -> None:
    await served.record(PAYLOADS[:3])
    good = await served.get("checkpoint")
    served.log.status.served_size = 4
    smaller = await served.get("checkpoint")
    served.log.status.served_size = 0
    served.log.status.has_all_signed = False
    restored = [await served.get(path) for path in ("checkpoint", "proof/inclusion?index=0")]
    ready = await served.client.get("/readyz")
    unknown = await served.client.get("/v1/schemes/nowhere/log/checkpoint")

    answers = [good, smaller, *restored, ready, unknown]
    assert [one.status_code for one in answers] == [200, 503, 503, 503, 503, 404]
    assert restored[0].headers["retry-after"] == "1"


SHOWN = {"ranking": {"policy": dict.fromkeys(("committee", "member", "unit"), "full")}}
HIDDEN = {"ranking": {"policy": {"member": "bands"}}}
MAY_READ: dict[EntriesAccess, set[str | None]] = {
    EntriesAccess.AUDITORS: {"auditor"},
    EntriesAccess.MEMBERS: {"auditor", "upper", "self", "branch"},
    EntriesAccess.PUBLIC: {"auditor", "upper", "self", "branch", "public", None, OTHER_SCHEME},
}


@pytest.mark.parametrize("open_ranking", [True, False])
async def test_entries_are_read_by_whom_the_access_and_the_ranking_policy_let(
    database_url: str, tmp_path: Path, *, open_ranking: bool
) -> None:
    document = document_object(default_document()) | (SHOWN if open_ranking else HIDDEN)
    access = dict[str, EntriesAccess]()
    async with served_log(database_url, tmp_path, access) as served:
        await served.record([published(document=document), *build.world()[1:3]])
        for access[SCHEME] in EntriesAccess:
            askers = (*served.tokens, None)
            answers = {who: await served.get("tile/entries/000.p/3", who) for who in askers}

            expected = MAY_READ[access[SCHEME] if open_ranking else EntriesAccess.AUDITORS]
            found = {who: one.status_code for who, one in answers.items()}
            assert found == {
                who: 200 if who in expected else 401 if who is None else 403 for who in askers
            }
            kept = "public" if None in expected else "private"
            header = answers["auditor"].headers["cache-control"]
            assert header == f"{kept}, max-age=31536000, immutable"
        hashes = [await served.get("tile/0/000.p/3", who) for who in askers]
    assert {one.status_code for one in hashes} == {200}


async def test_cosignatures_are_served_with_the_checkpoint_the_newest_of_each_witness(
    served: ServedLog,
) -> None:
    await served.record(PAYLOADS[:1])
    add = "INSERT INTO log_cosignature VALUES (%s, 1, %s, %s, %s, %s)"
    for name, at in (("w2", 7), ("w1", 5), ("w1", 6)):
        query(served.log.url, add, SCHEME, name, name.encode() * 2, at, f"line {name} {at}\n")
    (first,) = (await served.get("checkpoints?from=1&limit=1")).json()["checkpoints"]
    newest = await served.get("checkpoint")

    assert first["note"] == served.log.notes()[1] + "line w1 6\nline w2 7\n"
    assert newest.text == first["note"]


async def test_what_is_signed_and_not_published_is_nowhere_to_be_seen(served: ServedLog) -> None:
    log = served.log
    await served.record(PAYLOADS[:1])
    log.stored = Stored(PostgresSignedLog(log.engine, Quorum(1)), log.anchors, log.keys)
    log.use_case = log.of(log.stored, log.status)
    await served.record(PAYLOADS[:3])
    paths = ["checkpoint", "checkpoints?from=0", "tile/0/000.p/1", "tile/0/000.p/3"]
    paths += [f"proof/{one}" for one in ("inclusion?index=0", "inclusion?index=2")]
    found = {path: await served.get(path, "auditor") for path in paths}
    receipts = [(await served.get(f"records/{seq}/receipt", "auditor")) for seq in (1, 3)]

    assert sorted(log.notes()) == [0, 1, 3]
    assert [one.status_code for one in found.values()] == [200, 200, 200, 404, 200, 400]
    assert found["checkpoint"].text == log.notes()[1]
    sizes = [one["size"] for one in found["checkpoints?from=0"].json()["checkpoints"]]
    assert sizes == [0, 1]
    assert [one.status_code for one in receipts] == [200, 404]


REASON = {"text": "第三季度帮扶 👍"}


async def test_a_receipt_is_given_to_whom_the_record_is_shown_and_opens_what_they_may_read(
    served: ServedLog,
) -> None:
    claim, part = with_part(build.earned("c-1", by=ANNA), REASON)
    payloads = [*build.world(), claim]
    seq = len(payloads)
    await served.record(payloads)
    await keep(served, part)
    (key,) = served.log.status.keys
    path = f"records/{seq}/receipt"
    answers = {who: await served.get(path, who) for who in (*served.tokens, None)}
    headers = {"Authorization": f"Bearer {served.tokens['self']}"}
    record = await served.client.get(f"/v1/schemes/{SCHEME}/records/{seq}", headers=headers)
    await served.log.project([*payloads, *refused(1)])
    uncovered = await served.get(f"records/{seq + 1}/receipt", "auditor")

    receipts = {
        who: check_receipt(one.content, [key]) for who, one in answers.items() if one.is_success
    }
    openings = {who: one.opening for who, one in receipts.items()}
    assert {one.entry for one in receipts.values()} == {record.content}
    assert openings == {"auditor": None, "upper": None, "self": Opening(REASON, part.salt)}
    assert answers["self"].headers["cache-control"] == "private, no-store"
    assert (answers[None].status_code, answers["branch"].status_code) == (401, 403)
    assert uncovered.status_code == 404


async def test_after_an_erasure_the_receipt_has_no_opening_and_still_proves_the_record(
    served: ServedLog,
) -> None:
    claim, part = with_part(build.earned("c-1", by=ANNA), REASON)
    payloads = [*build.world(), claim]
    await served.record(payloads)
    await keep(served, part)
    path = f"records/{len(payloads)}/receipt"
    (key,) = served.log.status.keys
    before = check_receipt((await served.get(path, "self")).content, [key])
    await served.record([*payloads, erased(ANNA)])
    parts = PostgresPrivateParts(served.log.engine)
    position = await parts.position(SCHEME)
    erasures = await parts.ordered(SCHEME, position)
    assert erasures is not None
    await parts.erase(SCHEME, position, erasures)
    after = check_receipt((await served.get(path, "self")).content, [key])

    assert before.opening is not None
    assert (after.opening, after.entry) == (None, before.entry)
    assert after.opened.checkpoint.size == before.opened.checkpoint.size + 1


async def keep(served: ServedLog, part: Part) -> None:
    """Store the private part as its copier does."""
    parts = PostgresPrivateParts(served.log.engine)
    one = private_part_of(1, part.subject, part.payload)
    await parts.copy(SCHEME, await parts.position(SCHEME), 1, [one])


async def test_the_metrics_of_the_log_follow_its_signing(served: ServedLog) -> None:
    await served.record(PAYLOADS[:3])
    metrics = (await served.client.get("/metrics")).text

    for name, value in (("recorded_size", 3), ("signed_size", 3), ("ready", 1)):
        assert f'jifen_log_{name}{{scheme="{SCHEME}"}} {value}.0' in metrics
    halted = f'jifen_log_halted{{part="signing",reason="",scheme="{SCHEME}"}} 0.0'
    assert halted in metrics
