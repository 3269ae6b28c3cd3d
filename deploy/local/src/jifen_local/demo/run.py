"""The demo from an empty directory to the report: sends a year, waits, shows, checks."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol

import httpx
import nats
from rich.console import Console

from jifen_local.demo.checks import checks_of
from jifen_local.demo.doors import TIMEOUT_S, HttpDoor, NatsDoor
from jifen_local.demo.ledger import Ledger, StoodStill
from jifen_local.demo.messages import SCHEME, Message
from jifen_local.demo.progress import progress
from jifen_local.demo.readings import QUARTER, readings_of
from jifen_local.demo.report import print_report
from jifen_local.demo.sending import GaveUp, Sender
from jifen_local.demo.story import Send, tell
from jifen_local.demo.tokens import Tokens
from jifen_local.demo.year import Day, build_year
from jifen_local.interruption import run_interruptible
from jifen_local.nats_users import inbox_prefix_of
from jifen_local.private_files import write_private
from jifen_local.stack import ADDRESSES

READER_FILE: Final = "reader.txt"
EXPORT: Final = f"{SCHEME}-2025.tar.gz"
_USER: Final = "upstream"
_WIDTH: Final = 118


class Running(Protocol):
    """What the demo needs of a running Jifen; `LocalStack` is one."""

    @property
    def ingest_url(self) -> str:
        """Where events are sent over HTTP."""

    @property
    def ledger_url(self) -> str:
        """Where the ledger answers."""

    def nats_url(self, user: str) -> str:
        """Where NATS is, with the user's password."""


def run_demo(stack: Running, tokens: Tokens, data: Path, *, once: bool, seed: int) -> int:
    """Run against an empty Jifen that knows the tokens; return 0, or 1 if a check fails.

    The files of `tokens.write` must be those the stack was started with. Unless `once`, the last
    lines say how to go on; the caller keeps the stack running.
    """
    console = Console(width=None if Console().is_terminal else _WIDTH)
    write_private(data / READER_FILE, tokens.reader)
    begin, status = time.monotonic(), 1
    try:
        status = run_interruptible(_run(console, stack, tokens, seed))
    except* (GaveUp, StoodStill, httpx.HTTPError) as stopped:
        console.print(f"The demo ends early: {stopped.exceptions[0]}", style="red")
    console.print(f"Done in {time.monotonic() - begin:.0f} s.", highlight=False)
    if not once:
        _how_to_go_on(console, stack, data / READER_FILE)
    return status


async def _run(console: Console, stack: Running, tokens: Tokens, seed: int) -> int:
    year = build_year(seed)
    number = len(year.messages)
    authorization = {"Authorization": f"Bearer {tokens.reader}"}
    async with (
        httpx.AsyncClient(
            base_url=stack.ledger_url, headers=authorization, timeout=TIMEOUT_S
        ) as client,
        _sending(stack, tokens) as sender,
    ):
        ledger = Ledger(client)
        people = tuple(year.world.people.values())
        with progress(console, "Names entered in the directory 通讯录", len(people)):
            await ledger.fill_directory(people)
        with progress(console, f"Events of 2025 sent by four systems, seed {seed}", number) as show:
            await sender.send(year.days, _summed(show))
        stored = sender.tally.stored.total()
        with progress(console, "Events recorded in the ledger 入账", stored) as show:
            await ledger.caught_up(sender.tally.last_seq, show)
        told = await tell(year.world, ledger, _sending_on(sender, ledger))
        status = await ledger.caught_up(sender.tally.last_seq, _unshown)
        readings = await readings_of(ledger, status, year.capped)
    checks = checks_of(year, sender.tally, readings, told)
    print_report(console, year.world, sender.tally, readings, told, checks)
    return 0 if all(check.holds for check in checks) else 1


@asynccontextmanager
async def _sending(stack: Running, tokens: Tokens) -> AsyncIterator[Sender]:
    """Open both doors of ingest."""
    client = await nats.connect(stack.nats_url(_USER), inbox_prefix=inbox_prefix_of(_USER).encode())
    try:
        async with httpx.AsyncClient(base_url=stack.ingest_url, timeout=TIMEOUT_S) as http:
            yield Sender(HttpDoor(http), NatsDoor(client), tokens.by_credential)
    finally:
        await client.close()


def _sending_on(sender: Sender, ledger: Ledger) -> Send:
    """Return what sends further messages of the review desk and waits for their records."""

    async def send(messages: Sequence[Message]) -> None:
        day = Day(messages[-1].moment.day, review_desk=list(messages))
        await sender.send([day], _unshown)
        await ledger.caught_up(sender.tally.last_seq, _unshown)

    return send


def _unshown(_: int) -> None:
    """Show no progress: it is a matter of moments."""


def _summed(show: Callable[[int], None]) -> Callable[[int], None]:
    """Return what takes the number of each batch and shows the sum so far."""
    done = 0

    def sent(number: int) -> None:
        nonlocal done
        done += number
        show(done)

    return sent


def _database_in(addresses: Path) -> str:
    """Return the command that prints where the database is."""
    return f"""sed -n 's/.*"database": "\\(.*\\)".*/\\1/p' {addresses}"""


def _how_to_go_on(console: Console, stack: Running, token: Path) -> None:
    base = f"{stack.ledger_url}/v1/schemes/{SCHEME}"
    board = f"{base}/rankings?period={QUARTER}&capacity=committee&category=all&scope=plant&limit=20"
    ask = f'curl -s -H "Authorization: Bearer $(cat {token})"'
    lines = (
        "",
        f"The board 看板 is at {stack.ledger_url}/board/; sign in with the upper level's token:",
        f"  cat {token}",
        f"The ledger answers at {stack.ledger_url}, ingest at {stack.ingest_url}. Try:",
        f'  {ask} "{base}/status"',
        f'  {ask} "{board}"',
        f'  {ask} "{base}/trial-balance"',
        "Take everything with you, and check it by itself:",
        f"  export JIFEN_DATABASE_URL=$({_database_in(token.with_name(ADDRESSES))})",
        f"  .venv/bin/jifen-ledger export --scheme {SCHEME} --output {EXPORT}",
        f"  .venv/bin/jifen-ledger check-export {EXPORT}",
        "Ctrl-C stops it; the next run begins with an empty directory.",
    )
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)
