"""Sends the demo's year to a deployment, kills its parts meanwhile, and gives account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
import nats

from jifen_local.children import StartFailed
from jifen_local.demo.doors import HttpDoor, NatsDoor
from jifen_local.demo.messages import SCHEME
from jifen_local.demo.sending import Sender
from jifen_local.demo.tokens import SCHEMES, Tokens, draw_tokens
from jifen_local.demo.year import Day, build_year
from jifen_local.load.account import Account, Acknowledged, account_of
from jifen_local.load.deployment import Deployment
from jifen_local.nats_users import inbox_prefix_of

USER = "upstream"
# A request that a dead server took with it is sent again after this: no pause is shorter.
ANSWERS_S = 3.0
# A second each: a service that was killed may take minutes to come back on a busy machine.
ATTEMPTS_MAX = 300
ADMITTED_WITHIN_S = 15.0
_POLL_S = 0.2


async def run_load(
    deployment: Deployment,
    kills: Sequence[str],
    say: Callable[[str], None],
    *,
    seed: int,
    days: int | None = None,
) -> bool:
    """Return whether nothing was lost or doubled; every line of the account is said."""
    tokens = draw_tokens()
    with TemporaryDirectory() as name:
        for whom, path in zip(("sources", "readers"), tokens.write(Path(name)), strict=True):
            deployment.admit(whom, path.read_text(encoding="utf-8"))
    year = build_year(seed).days[:days]
    nats_url = deployment.nats_url(USER)
    client = await nats.connect(
        nats_url,
        inbox_prefix=inbox_prefix_of(urlsplit(nats_url).username or USER).encode(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        error_cb=_heard,
    )
    try:
        async with httpx.AsyncClient(base_url=deployment.ingest_url, timeout=ANSWERS_S) as http:
            await _admitted(http, tokens)
            doors = (HttpDoor(http), NatsDoor(client, ANSWERS_S))
            sender = Sender(*doors, tokens.by_credential, ATTEMPTS_MAX)
            sender.tally = tally = Acknowledged()
            took_s = await _send(sender, year, deployment, kills, say)
    finally:
        await client.close()
    header = {"Authorization": f"Bearer {deployment.reader(SCHEME)}"}
    begin = time.monotonic()
    async with httpx.AsyncClient(
        base_url=deployment.ledger_url, headers=header, timeout=ANSWERS_S
    ) as reader:
        account = await account_of(reader, tally.seqs)
    _tell(account, tally, took_s, time.monotonic() - begin, say)
    return account.sound


async def _send(
    sender: Sender,
    year: Sequence[Day],
    deployment: Deployment,
    kills: Sequence[str],
    say: Callable[[str], None],
) -> float:
    """Send everything, with the kills spread over it one after another; return the seconds."""
    total = sum(len(day.messages) for day in year)
    done, begin = 0, time.monotonic()
    moved = asyncio.Event()

    def sent(number: int) -> None:
        nonlocal done
        done += number
        moved.set()

    async def kill() -> None:
        for number, service in enumerate(kills, start=1):
            while done < number * total // (len(kills) + 1):
                moved.clear()
                await moved.wait()
            at, since = done, time.monotonic()
            ready = await asyncio.to_thread(deployment.kill, service)
            how = "ready again" if ready else "up, and still behind,"
            say(f"killed {service} after {at:,} events; {how} after {_seconds(since)}")

    async with asyncio.TaskGroup() as tasks:
        killing = tasks.create_task(kill())
        await sender.send(year, sent)
        took_s = time.monotonic() - begin
        # Whatever the last answers were, a kill that waits for more would wait for ever.
        done = total
        moved.set()
        await killing
    return took_s


async def _admitted(http: httpx.AsyncClient, tokens: Tokens) -> None:
    """Wait until ingest has read the new tokens; an empty request is refused in another way."""
    deadline = time.monotonic() + ADMITTED_WITHIN_S
    header = {"Authorization": f"Bearer {tokens.by_credential['personnel']}"}
    while True:
        answer = await http.post(f"/v1/schemes/{SCHEME}/events", headers=header)
        if answer.status_code != httpx.codes.UNAUTHORIZED:
            return
        if time.monotonic() > deadline:
            raise StartFailed(f"ingest does not admit the load; it needs {','.join(SCHEMES)}")
        await asyncio.sleep(_POLL_S)


def _tell(
    account: Account,
    tally: Acknowledged,
    took_s: float,
    waited_s: float,
    say: Callable[[str], None],
) -> None:
    say(f"sent          {tally.sent.total():>9,} in {took_s:.1f} s")
    say(f"acknowledged  {account.acknowledged:>9,}")
    say(f"recorded      {account.recorded:>9,} of them again {account.stored_again:,}")
    say(f"lost          {account.lost:>9,}")
    say(f"doubled       {account.doubled:>9,}")
    say(f"points        {'balanced' if account.balanced else 'NOT BALANCED':>9}")
    say(f"longest pause {tally.longest_pause_s:>9.1f} s; ledger caught up after {waited_s:.1f} s")


def _seconds(since: float) -> str:
    return f"{time.monotonic() - since:.1f} s"


async def _heard(_: Exception) -> None:
    """A load that kills the broker knows that its connection breaks."""
