"""The log of the running services: it goes on after a kill, and anybody can check all of it."""

import asyncio
from http import HTTPStatus

import httpx
import pytest

from jifen_ledger.log.checkpoint import Checkpoint, open_checkpoint
from jifen_ledger.log.keys import parse_vkey
from jifen_ledger.log.proof_files import parse_consistency
from jifen_ledger.log.receipts import Opening, check_receipt
from jifen_local.stack import LocalStack
from tests.end_to_end.plant import Plant
from tests.support import builders as build
from tests.support.people import ANNA
from tests.support.stored import told
from tests.support.stranger import verify
from tests.support.wait import LOOK_AGAIN_S

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

SIGNED_S = 60.0
REASON = {"text": "the neighbour saw it first"}


async def covering(plant: Plant, vkey: str) -> Checkpoint:
    """The newest checkpoint, once it covers everything that was sent."""
    head = await plant.head()
    async with asyncio.timeout(SIGNED_S):
        while True:
            answer = await plant.ask("/log/checkpoint")
            if answer.status_code == HTTPStatus.OK:
                found = open_checkpoint(answer.content, [parse_vkey(vkey)]).checkpoint
                if found.size >= head:
                    return found
            await asyncio.sleep(LOOK_AGAIN_S)


async def opened(plant: Plant, seq: int) -> None:
    """Wait for the private part, which comes by a stream of its own."""
    async with asyncio.timeout(SIGNED_S):
        while True:
            answer = await plant.ask(f"/records/{seq}/opening", "self")
            if answer.status_code == HTTPStatus.OK:
                return
            await asyncio.sleep(LOOK_AGAIN_S)


async def test_after_a_kill_the_log_goes_on_and_strangers_verify_all_of_it(
    stack: LocalStack, own_plant: Plant
) -> None:
    shown = await asyncio.to_thread(
        stack.run, "jifen_ledger", "log", "key", "show", own_plant.scheme, user="ledger"
    )
    vkey = shown.strip()
    first = await covering(own_plant, vkey)
    claim = build.earned("c-own", by=ANNA)
    private = told(claim, private=REASON)
    (seq,) = await own_plant.accepted([private])
    await own_plant.accepted([build.earned(f"c-{one}", deed=f"d-{one}") for one in range(300)])
    stack.kill_ledger()
    stack.start_ledger()
    newest = await covering(own_plant, vkey)
    change = await own_plant.ask("/log/proof/consistency", old=first.size, size=newest.size)
    await opened(own_plant, seq)
    receipt = await own_plant.ask(f"/log/records/{seq}/receipt", "self")

    def fetch(path: str) -> bytes | None:
        url = f"{stack.ledger_url}/v1/schemes/{own_plant.scheme}/log/{path}"
        headers = {"Authorization": f"Bearer {own_plant.tokens.read['auditor']}"}
        answer = httpx.get(url, headers=headers, trust_env=False)
        return answer.content if answer.is_success else None

    size, entries = await asyncio.to_thread(verify, fetch, vkey)

    parse_consistency(change.content).check(first.root, newest)
    proved = check_receipt(receipt.content, [parse_vkey(vkey)])
    assert (size, len(entries)) == (newest.size, newest.size)
    assert proved.entry == entries[seq - 1]
    assert proved.record["outcome"] == {"status": "posted"}
    assert isinstance(proved.opening, Opening)
    assert proved.opening.private == REASON
