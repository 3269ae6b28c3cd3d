"""Messages that arrive twice: the same bytes at once or later, other content by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Final

import orjson

from jifen_local.demo.messages import Message, Moment
from jifen_local.demo.workdays import later

_AT_ONCE: Final = 150
_LATER: Final = 30
_MUCH_LATER: Final = 30
_CONFLICTING: Final = 8
_WAIT_DAYS: Final = (20, 60)
# Ingest remembers the last 50,000 contents; what comes later is stored and folded as a duplicate.
_LONG_WAIT_DAYS: Final = (172, 185)
_SPRING: Final = date(2025, 3, 1)
_MID_YEAR: Final = date(2025, 7, 1)
_LAST_RESEND: Final = date(2025, 12, 31)
_FACTS: Final = frozenset({"attendance", "safety"})


def resends(sound: Sequence[Message], seed: int) -> list[Message]:
    """Return repetitions of sound messages, and a few that reuse an id for another content."""
    rng = Random(f"resends-{seed}")  # noqa: S311 - repeatable
    facts = [one for one in sound if one.credential in _FACTS and one.moment.day < _LAST_RESEND]
    early = [one for one in facts if one.moment.day < _MID_YEAR]
    again = [one.again(one.moment) for one in rng.sample(facts, _AT_ONCE)]
    again += [_later(one, rng.randint(*_WAIT_DAYS)) for one in rng.sample(early, _LATER)]
    winter = [one for one in early if one.moment.day < _SPRING]
    again += [_later(one, rng.randint(*_LONG_WAIT_DAYS)) for one in rng.sample(winter, _MUCH_LATER)]
    claims = [one for one in early if b"points.earned" in one.body]
    again += [_with_other_content(one, rng) for one in rng.sample(claims, _CONFLICTING)]
    return again


def _later(message: Message, working_days: int) -> Message:
    return message.again(Moment(later(message.moment.day, working_days), message.moment.second))


def _with_other_content(message: Message, rng: Random) -> Message:
    """Return another event under the id of this one: a programme that restarts its counter."""
    moment = Moment(later(message.moment.day, rng.randint(1, 20)), message.moment.second)
    event = message.event
    data = event["data"]
    assert isinstance(data, dict)
    event |= {
        "recordedtime": moment.stamp,
        "data": {**data, "claim": f"{data['claim']}-b", "deed": f"{data['deed']}-b"},
    }
    return replace(message, moment=moment, body=orjson.dumps(event), fold="conflicting_duplicate")
