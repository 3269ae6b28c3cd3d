"""What a caller sends, and who the caller is, with defaults."""

from collections.abc import Iterable
from copy import deepcopy
from itertools import count
from typing import Any

from jifen_contracts.times import instant_ms
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.scopes import Scope

NOW = "2026-03-05T08:00:00.000Z"
NOW_MS = instant_ms(NOW)
SOURCE = "urn:jifen:source:attendance"
TOKEN = "a-token-of-more-than-128-bits-000"

_EARNED = {
    "specversion": "1.0",
    "id": "e-1",
    "source": SOURCE,
    "type": "jifen.points.earned.v1",
    "subject": "m-0a17",
    "time": "2026-03-04T16:40:00+08:00",
    "data": {
        "claim": "c-1",
        "item": "D05",
        "deed": "visit-1",
        "measure": {"member": {"count": 1}},
    },
}


def earned(event_id: str = "e-1", *, data: dict[str, Any] | None = None, **attributes: Any) -> Any:
    event: dict[str, Any] = deepcopy(_EARNED) | {"id": event_id} | attributes
    event["data"] |= data or {}
    return event


def without(event: Any, *names: str) -> Any:
    return {name: value for name, value in event.items() if name not in names}


def credential(*scopes: Scope, scheme: str = "plant", name: str = "attendance") -> Credential:
    return Credential(
        name=name,
        scheme=scheme,
        token_sha256=b"\0" * 32,
        sources=frozenset({SOURCE}),
        scopes=frozenset(scopes or {Scope.FACTS}),
    )


class Draw:
    """Random bytes that repeat in every run and never within one."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self, size: int) -> bytes:
        return next(self._numbers).to_bytes(size, "big")


def codes_of(answers: Iterable[object]) -> list[str]:
    return [str(getattr(answer, "code", "accepted")) for answer in answers]
