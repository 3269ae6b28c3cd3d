"""Compares what a ledger says of an earlier moment with what it said when it had come that far."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from jifen_contracts.canonical import NotCanonical, decode
from jifen_contracts.events.reading import UnknownType, Unreadable, read_event
from tests.integration.reading import Asking, reading
from tests.support.boards import LATER
from tests.support.people import SCHEME
from tests.support.servers import new_database

Answers = dict[str, Any]


def is_event(payload: bytes) -> bool:
    try:
        return "id" in decode(payload)
    except NotCanonical:
        return False


def recorded(payloads: Sequence[bytes], seq: int) -> str:
    """The recorded time of the record's event; without one the record has the latest so far."""
    here = payloads[seq - 1 : seq] if is_readable(payloads[seq - 1]) else payloads[:seq]
    return max(str(decode(one)["recordedtime"]) for one in here if is_readable(one))


def is_readable(payload: bytes) -> bool:
    try:
        read_event(payload, SCHEME)
    except (Unreadable, UnknownType):
        return False
    return True


async def answers(ask: Asking, paths: Iterable[str]) -> Answers:
    found: Answers = {}
    for path in paths:
        response = await ask.answer(path)
        found[path] = (response.status_code, body_of(response.json()))
    return found


def body_of(answer: Any) -> Any:
    """The answer, and of a refusal only what it says: its address differs by the parameter."""
    if isinstance(answer, dict) and "instance" in answer:
        return answer["code"], answer["detail"]
    return answer


def at(path: str, seq: int) -> str:
    return f"{path}{'&' if '?' in path else '?'}known_at={seq}"


async def compare(
    postgres_url: str,
    template: str,
    payloads: Sequence[bytes],
    cuts: Iterable[int],
    paths: Sequence[str],
    today: str = LATER,
) -> None:
    """Compare a ledger that has folded everything with one that comes as far as each cut."""
    with (
        tempfile.TemporaryDirectory() as directory,
        tempfile.TemporaryDirectory() as other,
        new_database(postgres_url, template) as url,
        new_database(postgres_url, template) as past,
    ):
        async with reading(url, Path(directory), payloads, today) as whole:
            for seq in sorted(cuts):
                now = recorded(payloads, seq)
                async with reading(past, Path(other), payloads[:seq], now) as ask:
                    said = await answers(ask, paths)
                found = await answers(whole, [at(path, seq) for path in paths])
                for path, answer in said.items():
                    assert found[at(path, seq)] == answer, f"{path} at {seq} of {len(payloads)}"
