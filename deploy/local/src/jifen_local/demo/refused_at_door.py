"""What never reaches the stream: broken, forbidden or foreign messages that ingest must refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Final

import orjson

from jifen_local.demo.messages import Message
from jifen_local.demo.personnel import FOUNDED

FORGED: Final = "forged"
OTHER_SCHEME: Final = "other-scheme"

_EACH: Final = 4
_FORGED_BATCH: Final = 25


def refused_at_door(sound: Sequence[Message], seed: int) -> list[Message]:
    """Return spoiled copies of sound messages, each under an id of its own."""
    rng = Random(f"refused-at-door-{seed}")  # noqa: S311 - repeatable
    claims = [one for one in sound if one.credential == "attendance"]
    spoiled: list[Message] = []
    for number, message in enumerate(rng.sample(claims, _EACH * len(_SPOILED))):
        code = list(_SPOILED)[number % len(_SPOILED)]
        event = {**message.event, "id": f"ax-{number:04}"}
        body = orjson.dumps({**event, **_SPOILED[code](event)})
        spoiled.append(replace(message, body=body, door=code))
    spoiled += [
        replace(message, body=message.body[: rng.randint(20, len(message.body) - 1)],
                door="malformed")
        for message in rng.sample(claims, _EACH)
    ]  # fmt: skip
    for credential, code in ((FORGED, "unauthorised"), (OTHER_SCHEME, "scheme_not_allowed")):
        day = rng.choice(claims).moment.day
        batch = [one for one in claims if one.moment.day == day][:_FORGED_BATCH]
        spoiled += [replace(one, credential=credential, door=code) for one in batch]
    return spoiled


def _data(event: Mapping[str, object]) -> dict[str, object]:
    data = event["data"]
    assert isinstance(data, dict)
    return data


def _unknown_field(event: Mapping[str, object]) -> dict[str, object]:
    return {"data": {**_data(event), "remark": "seen by the team leader"}}


def _two_decimals(event: Mapping[str, object]) -> dict[str, object]:
    return {"data": {**_data(event), "points": {"member": "0.25"}}}


def _unknown_type(_: Mapping[str, object]) -> dict[str, object]:
    return {"type": "jifen.points.gifted.v1"}


def _foreign_source(_: Mapping[str, object]) -> dict[str, object]:
    return {"source": "urn:jifen:source:review-desk"}


def _foreign_type(_: Mapping[str, object]) -> dict[str, object]:
    data = {"kind": "group", "parent": "u-b01", "name_zh": "考勤小组",
            "name_en": "Attendance Group", "from": FOUNDED}  # fmt: skip
    return {"type": "jifen.unit.registered.v1", "subject": "u-x9", "data": data}


def _next_century(_: Mapping[str, object]) -> dict[str, object]:
    return {"recordedtime": "2099-01-01T00:00:00.000Z"}


def _phone_number(_: Mapping[str, object]) -> dict[str, object]:
    return {"correlationid": "13800138000"}


_SPOILED: Final = {
    "schema_invalid": _unknown_field,
    "points_precision": _two_decimals,
    "unknown_type": _unknown_type,
    "source_not_allowed": _foreign_source,
    "type_not_allowed": _foreign_type,
    "in_future": _next_century,
    "personal_data": _phone_number,
}
