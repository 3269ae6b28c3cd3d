"""add-checkpoint as tlog.md §9.2 says: which answer, in which order of checks, byte for byte."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint, signed_note
from jifen_ledger.log.cosigning import cosigned_by
from jifen_ledger.log.keys import SigningKey
from jifen_ledger.log.proof_files import ConsistencyFile
from jifen_witness.application.cosign import CosignCheckpoint
from tests.ledger.log.vectors import LOG, ORIGIN, VECTORS, WITNESS
from tests.support.small_log import SMALL_KEY, SMALL_ORIGIN, SmallLog
from tests.witness.answering import KEY, NOW_S, client_of, state_in, witness_of

OURS = SmallLog()
FORK = SmallLog(fork_at=3)
STRANGER = SmallLog(SigningKey("stranger.example/log", b"\x09" * 32))
IMPOSTOR = SmallLog(SigningKey(SMALL_ORIGIN, b"\x0a" * 32))
ADDRESS = f"/{sha256(SMALL_ORIGIN.encode()).hexdigest()}/checkpoint"


@pytest.fixture
async def witness(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A witness that stands at size 5."""
    async with client_of(witness_of(state_in(tmp_path))) as client:
        assert (await add(client, OURS.request(0, 5))).status_code == 200
        yield client


async def add(client: httpx.AsyncClient, body: bytes) -> httpx.Response:
    return await client.post("/add-checkpoint", content=body)


async def test_the_vectors_are_answered_byte_for_byte(tmp_path: Path) -> None:
    vectors = CosignCheckpoint(
        WITNESS, {ORIGIN: [LOG.verifier]}, state_in(tmp_path), lambda: 1_700_000_000
    )
    first = ConsistencyFile(0, (), VECTORS["checkpoint_3"].encode()).text
    address = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    async with client_of(vectors) as client:
        before = await client.get(address)
        await add(client, first)
        cosigned = await add(client, VECTORS["add_checkpoint_3_8"].encode())
        stale = await add(client, VECTORS["add_checkpoint_3_8"].encode())
        after = await client.get(address)

    assert (before.status_code, cosigned.status_code) == (404, 200)
    assert cosigned.text == VECTORS["cosignature_line"]
    assert (stale.status_code, stale.text) == (409, "8\n")
    assert stale.headers["content-type"] == "text/x.tlog.size"
    assert after.text == VECTORS["checkpoint_8_cosigned"]


def unproved(log: SmallLog, old: int, size: int, root: bytes) -> bytes:
    checkpoint = Checkpoint(log.key.verifier.name, size, root)
    return ConsistencyFile(old, (), signed_note(checkpoint, [log.key]).encode()).text


def with_line(body: bytes, key: SigningKey, *, of: bytes | None = None) -> bytes:
    """The request with one more signature, of its own text or of another one."""
    text = body.partition(b"\n\n")[2].rpartition(b"\n\n")[0] + b"\n"
    return body + key.sign(of or text).encode()


GOOD = OURS.request(5, 8)
REFUSED = {
    "no empty line": (GOOD.replace(b"\n\n", b"\n", 1), 400),
    "old 05": (GOOD.replace(b"old 5", b"old 05"), 400),
    "no old line": (GOOD.removeprefix(b"old 5\n"), 400),
    "64 hashes": (OURS.request(5, 8, [bytes(32)] * 64), 400),
    "a hash of 31 bytes": (OURS.request(5, 8, [bytes(31)]), 400),
    "no signature": (GOOD.rpartition(b"\n\n")[0] + b"\n\n", 400),
    "an extension line": (GOOD.replace(b"\n8\n", b"\n8\nmore\n"), 400),
    "longer than any request": (GOOD + b"x" * 1_100_000, 400),
    "nothing": (b"", 400),
    "another log": (STRANGER.request(0, 3), 404),
    "another log, whose proof is stale and wrong": (STRANGER.request(9, 9, [bytes(32)]), 404),
    "another key of that name": (IMPOSTOR.request(5, 8), 403),
    "another key and a stale size": (IMPOSTOR.request(2, 8), 403),
    "another key and old above size": (IMPOSTOR.request(8, 8).replace(b"old 8", b"old 9"), 403),
    "a trusted line that does not fit": (with_line(GOOD, SMALL_KEY, of=b"x\n"), 403),
    "old above size": (OURS.request(5, 5).replace(b"old 5", b"old 6"), 400),
    "old above size, before stale": (OURS.request(2, 2).replace(b"old 2", b"old 3"), 400),
    "a stale size": (OURS.request(3, 8), 409),
    "a size that was never cosigned": (OURS.request(6, 8), 409),
    "nothing known": (OURS.request(0, 8), 409),
    "stale, before a wrong proof": (OURS.request(3, 8, [bytes(32)]), 409),
    "another root for the size": (FORK.request(5, 5), 422),
    "a proof for the same size": (OURS.request(5, 5, [bytes(32)]), 422),
    "a fork": (FORK.request(5, 8), 422),
    "a proof that lacks a hash": (OURS.request(5, 8, []), 422),
    "a proof with a hash too many": (OURS.request(5, 8, [bytes(32)] * 63), 422),
}


@pytest.mark.parametrize(("body", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_is_not_cosigned_changes_nothing(
    witness: httpx.AsyncClient, body: bytes, status: int
) -> None:
    before = await witness.get(ADDRESS)
    refused = await add(witness, body)
    after = await witness.get(ADDRESS)

    said = refused.text if status == 409 else None
    assert (refused.status_code, said) == (status, "5\n" if status == 409 else None)
    assert "—" not in refused.text
    assert after.text == before.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (unproved(OURS, 0, 0, bytes(32)), 422),
        (OURS.request(0, 3, [bytes(32)]), 422),
        (OURS.request(0, 0), 200),
        (OURS.request(0, 3), 200),
    ],
    ids=["another root of nothing", "a proof from nothing", "the empty tree", "a tree"],
)
async def test_of_a_log_without_a_past_any_tree_is_cosigned_without_a_proof(
    tmp_path: Path, body: bytes, status: int
) -> None:
    async with client_of(witness_of(state_in(tmp_path))) as client:
        assert (await add(client, body)).status_code == status


async def test_the_log_grows_and_the_same_size_is_cosigned_again(
    witness: httpx.AsyncClient,
) -> None:
    bodies = [OURS.request(5, 8), OURS.request(8, 8), OURS.request(8, 300), OURS.request(300, 300)]
    answers = [await add(witness, body) for body in bodies]
    newest = await witness.get(ADDRESS)

    texts = [OURS.checkpoint(size).text for size in (8, 8, 300, 300)]
    times = [
        cosigned_by(one.content, text, KEY.verifier).time_s
        for one, text in zip(answers, texts, strict=True)
    ]
    opened = open_checkpoint(newest.content, [SMALL_KEY.verifier], [KEY.verifier], quorum=1)
    assert times == [NOW_S] * 4
    assert opened.checkpoint == OURS.checkpoint(300)


async def test_lines_of_keys_that_nobody_knows_are_ignored_and_not_kept(
    witness: httpx.AsyncClient,
) -> None:
    stranger = SigningKey("somebody.example/else", b"\x0b" * 32)
    taken = await add(witness, with_line(OURS.request(5, 8), stranger))
    newest = await witness.get(ADDRESS)

    assert (taken.status_code, "somebody.example" in newest.text) == (200, False)


async def test_two_roots_for_one_size_are_kept_as_proof_and_a_wrong_proof_is_not(
    tmp_path: Path,
) -> None:
    state = state_in(tmp_path)
    async with client_of(witness_of(state)) as client:
        for body in (OURS.request(0, 5), OURS.request(5, 8, []), *[FORK.request(5, 5)] * 2):
            await add(client, body)

    (fork,) = state.contradictions()
    roots = [
        open_checkpoint(note.encode(), [SMALL_KEY.verifier]).checkpoint
        for note in (fork.cosigned, fork.note)
    ]
    assert roots == [OURS.checkpoint(5), FORK.checkpoint(5)]


async def test_other_methods_and_addresses_are_not_served(witness: httpx.AsyncClient) -> None:
    asked = [("GET", "/add-checkpoint"), ("POST", ADDRESS), ("GET", "/"), ("GET", "/x/checkpoint")]
    answers = [await witness.request(method, address) for method, address in asked]

    assert [one.status_code for one in answers] == [405, 405, 404, 404]
