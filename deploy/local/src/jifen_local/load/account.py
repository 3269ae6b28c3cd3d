"""What was acknowledged against what is recorded, event by event, from the log itself."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
import orjson

from jifen_local.demo.messages import SCHEME, Message
from jifen_local.demo.tally import Tally

BUNDLE = 256
PUBLISHED_WITHIN_S = 300.0
_POLL_S = 0.2
_LENGTH_BYTES = 2
_GROUP_DIGITS = 1_000
_DONE_BEFORE = frozenset({"duplicate"})
_NEVER_DONE = frozenset({"conflicting_duplicate"})

Key = tuple[str, str]


@dataclass(slots=True)
class Acknowledged(Tally):
    """Counts the answers, keeps where each event was said to be, and how long none came."""

    seqs: dict[Key, int] = field(default_factory=dict)
    longest_pause_s: float = 0.0
    last_at: float = 0.0

    def count(self, message: Message, answer: Mapping[str, object]) -> None:
        """Take the answer that ingest gave to one message."""
        now = time.monotonic()
        if self.last_at:
            self.longest_pause_s = max(self.longest_pause_s, now - self.last_at)
        self.last_at = now
        if answer["status"] == "accepted":
            seq = answer["seq"]
            assert isinstance(seq, int)
            self.seqs.setdefault((str(answer["source"]), str(answer["id"])), seq)
        # By its full name: a class with slots is made anew, and `super()` would know the old one.
        Tally.count(self, message, answer)


@dataclass(frozen=True, slots=True)
class Account:
    """The figures of a load."""

    acknowledged: int
    recorded: int
    lost: int
    doubled: int
    stored_again: int
    balanced: bool

    @property
    def sound(self) -> bool:
        """Tell whether nothing is lost, nothing counts twice and all points add up."""
        return self.lost == 0 and self.doubled == 0 and self.balanced


async def account_of(client: httpx.AsyncClient, seqs: Mapping[Key, int]) -> Account:
    """Read the whole log, through a client with the address and an auditor's token."""
    size = await _published(client, max(seqs.values(), default=0))
    at: dict[int, Key] = {}
    effects: Counter[Key] = Counter()
    again = 0
    for index in range(-(-size // BUNDLE)):
        width = min(BUNDLE, size - index * BUNDLE)
        answer = await client.get(f"/v1/schemes/{SCHEME}/log/tile/entries/{_place(index, width)}")
        for record in _records(answer.raise_for_status().content):
            key = (record["event"]["source"], record["event"]["id"])
            at[record["seq"]] = key
            outcome = record["outcome"]
            if outcome["status"] in _DONE_BEFORE:
                again += 1
            elif outcome.get("code") not in _NEVER_DONE:
                effects[key] += 1
    trial = (await client.get(f"/v1/schemes/{SCHEME}/trial-balance")).raise_for_status().json()
    return Account(
        acknowledged=len(seqs),
        recorded=len(at),
        lost=sum(at.get(seq) != key for key, seq in seqs.items()),
        doubled=sum(number > 1 for number in effects.values()),
        stored_again=again,
        balanced=bool(trial["balances_equal_postings"])
        and all(float(unit["sum"]) == 0 for unit in trial["units"]),
    )


async def _published(client: httpx.AsyncClient, last_seq: int) -> int:
    """Wait until the signed log has every record of the stream; return its size."""
    deadline = time.monotonic() + PUBLISHED_WITHIN_S
    while True:
        size, status = -1, {"stream_head": last_seq}
        try:
            note = await client.get(f"/v1/schemes/{SCHEME}/log/checkpoint")
            answer = await client.get(f"/v1/schemes/{SCHEME}/status")
            if note.status_code == answer.status_code == HTTPStatus.OK:
                size, status = int(note.text.split("\n")[1]), answer.json()
        except httpx.TransportError:
            pass  # Whoever was killed last is on its way.
        if size >= max(last_seq, status["stream_head"]):
            return size
        if time.monotonic() > deadline:
            raise TimeoutError(f"The log has {size:,} of {status['stream_head']:,} records.")
        await asyncio.sleep(_POLL_S)


def _place(index: int, width: int) -> str:
    """Return the path of a bundle, in groups of three digits (C2SP tlog-tiles)."""
    groups = [f"{index % _GROUP_DIGITS:03}"]
    while index := index // _GROUP_DIGITS:
        groups.append(f"x{index % _GROUP_DIGITS:03}")
    path = "/".join(reversed(groups))
    return path if width == BUNDLE else f"{path}.p/{width}"


def _records(bundle: bytes) -> Iterator[dict[str, Any]]:
    place = 0
    while place < len(bundle):
        end = place + _LENGTH_BYTES
        end += int.from_bytes(bundle[place:end], "big")
        yield orjson.loads(bundle[place + _LENGTH_BYTES : end])
        place = end
