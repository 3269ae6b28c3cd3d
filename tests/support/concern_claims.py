"""Claims that rest on concerns, and how a ledger takes them."""

from typing import Any

from tests.support.builders import (
    earned,
    preliminary,
    shares,
    verified,
)
from tests.support.ledgers import Ledger
from tests.support.people import (
    ANNA,
    BO,
    CHEN,
    DORA,
    PANEL_X,
    RECORDER,
)
from tests.support.stored import Fields


def receive(ledger: Ledger, *payloads: bytes) -> None:
    for payload in payloads:
        record = ledger.receive(payload)
        assert record.code is None, record


def code(ledger: Ledger, payload: bytes) -> str | None:
    return ledger.receive(payload).code


def help_project(claim: str, holder: str, **more: Any) -> bytes:
    told_of: Fields = {"member": {}, "project": "pj-hut", "deed": "cn-1", "counterpart": [DORA]}
    return earned(claim, "D01", holder, **({"on": "2023-07-14", **told_of} | more))


HUT = shares("pj-hut", {ANNA: 1, BO: 1, CHEN: 1}, item="D01", pool="large", by=RECORDER)


def accepted(*claims: tuple[str, str]) -> list[bytes]:
    """The claims, taken by a delegate of the users and verified by the panel."""
    return [
        step
        for claim in claims
        for step in (
            help_project(*claim),
            preliminary(*claim, deciders=(DORA,)),
            verified(*claim, deciders=PANEL_X[2:]),
        )
    ]
