"""A person is erased: nothing private is left anywhere, and everything that was proved stays so."""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import nats
import pytest

from jifen_contracts.subjects import evidence_stream_of, private_stream_of
from jifen_ledger.adapters.generations import schema_of
from jifen_ledger.log.checkpoint import Checkpoint
from jifen_ledger.log.hashes import leaf_hashes
from jifen_ledger.log.keys import parse_vkey
from jifen_ledger.log.receipts import check_receipt
from jifen_ledger.log.tree import EMPTY_TREE, grown
from jifen_local.nats_users import inbox_prefix_of
from jifen_local.stack import LocalStack
from tests.end_to_end.erasure_scene import Scene
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.judgements import erased
from tests.support.people import ANNA
from tests.support.plots import TWIN
from tests.support.traces import Found, schemas

NAMES = ("name", "english name", "phone", "imported name", "imported english name")
FILES = ("file shown", "file hidden")
V1 = "/v1/schemes"
# Of the reads of all columns, so many have an answer to give.
ANSWERED_MIN = 200

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(600)]


class Story(NamedTuple):
    """What was found before and after, and what was proved."""

    before: Found
    after: Found
    answered: int
    beside: set[str]
    rebuilt: Found
    late: Found
    exported: Found
    ordered: int
    heads: tuple[Checkpoint, Checkpoint]
    receipts: tuple[bytes, bytes]
    vkey: str
    replayed: str
    entries: list[bytes]


async def story_of(scene: Scene, plant: Plant) -> Story:
    """Plant, erase, rebuild, go back, hear more about the person; search after every step."""
    await scene.plant()
    head, note = await scene.checkpoint()
    before = await scene.search(("self", "reviewer"))
    receipt = await plant.ask(f"/log/records/{scene.seqs['own']}/receipt", "self")
    await scene.switch_generation()
    ordered = await scene.erase(plant.sent(erased(ANNA, recorded="2023-10-01")))
    next_head, _ = await scene.checkpoint()
    after = await scene.search(plant.tokens.read)
    answered = scene.succeeded
    beside = schemas(scene.database_url)
    anew = await plant.ask(f"/log/records/{scene.seqs['own']}/receipt", "self")
    await scene.switch_back_and_rebuild()
    rebuilt = await scene.search()
    await scene.say("late", plant.sent(build.earned("c-late", recorded="2023-10-02")), "past")
    await scene.copied()
    late = await scene.search()
    await scene.checkpoint()
    exported, replayed = await scene.search_exports(note)
    return Story(
        before, after, answered, beside, rebuilt, late, exported, ordered, (head, next_head),
        (receipt.content, anew.content), scene.vkey, replayed, await scene.entries(),
    )  # fmt: skip


async def test_nothing_of_an_erased_person_is_left_and_every_proof_stays_valid(
    stack: LocalStack, own_plant: Plant, tmp_path: Path
) -> None:
    inbox = inbox_prefix_of("operator").encode()
    operator = await nats.connect(stack.nats_url("operator"), inbox_prefix=inbox)
    scene, scheme = Scene(stack, own_plant, operator, tmp_path), own_plant.scheme
    try:
        story = await story_of(scene, own_plant)
    finally:
        await operator.close()
    old, new = [check_receipt(one, [parse_vkey(story.vkey)]) for one in story.receipts]
    head, next_head = story.heads

    # What is searched is really searched: before, each mark was where it had been planted.
    assert set(scene.people.values()) == {ANNA, TWIN}
    assert {"public.private_part", private_stream_of(scheme)} <= common(story.before, scene.said)
    assert "public.directory" in common(story.before, NAMES)
    assert evidence_stream_of(scheme) in common(story.before, FILES)
    assert any("/nats/" in place and place.endswith(".blk") for place, _ in story.before)
    assert {place for place, _ in story.before} >= {
        f"self {V1}/{scheme}/claims/c-own",
        f"reviewer {V1}/{scheme}/directory/{ANNA}",
    }
    assert (story.after, story.answered > ANSWERED_MIN) == (set(), True)
    assert story.beside - {"public"} == {schema_of(scheme)}
    assert (story.rebuilt, story.late, story.exported) == (set(), set(), set())
    # A receipt that was handed out keeps its opening; a new one has none, and both are proofs.
    assert (old.opening is not None, new.opening, old.entry) == (True, None, new.entry)
    assert story.replayed.endswith("all good\n")
    assert b'"type":"jifen.person.erased.v1"' in story.entries[story.ordered - 1]
    assert (next_head.size, head.size) == (story.ordered, story.ordered - 1)
    assert grown(EMPTY_TREE, leaf_hashes(story.entries[: head.size]))[0].root == head.root


def common(found: Found, names: Collection[str]) -> set[str]:
    """The places where every one of the marks was found."""
    return set.intersection(*({place for place, one in found if one == name} for name in names))
