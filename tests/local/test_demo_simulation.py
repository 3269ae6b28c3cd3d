"""The demo's first quarter in two branches, replayed under a draft that doubles one item."""

from collections import Counter
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from jifen_contracts.canonical import canonical
from jifen_contracts.events import schema_of
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.simulation.as_if import AsIf, Span
from jifen_ledger.domain.simulation.difference import difference_of
from jifen_ledger.domain.simulation.result import ItemChange, Simulated
from jifen_ledger.domain.simulation.twofold import Twofold
from jifen_local.demo.messages import SCHEME, Message
from jifen_local.demo.personnel import EFFECTIVE_FROM, SETUP_DAY
from jifen_local.demo.rules import Rules
from tests.local.years import year_of

BRANCHES = ("u-b06", "u-b09")
QUARTER = Span(date(2025, 1, 1), date(2025, 4, 1))
UNTIL = date(2025, 4, 30)
# Team building: what a committee member gets for the team one answers for.
DOUBLED = "C05"
TENTHS = {"good": 10, "excellent": 20}


@pytest.fixture(scope="module")
def slice_() -> list[Message]:
    """Everything that is founded, then what happens in two branches, decisions of April too."""
    year = year_of()
    people = {one for branch in BRANCHES for one in year.world.branches[branch].members}
    return [
        message
        for message in year.messages
        if message.door is None
        and message.moment.day <= UNTIL
        and (message.moment.day == SETUP_DAY or message.event["subject"] in {*people, *BRANCHES})
    ]


def _stored(message: Message) -> bytes:
    event: dict[str, Any] = message.event
    data = {key: value for key, value in event["data"].items() if key != "private"}
    stamps = {
        "schemeid": SCHEME,
        "datacontenttype": "application/json",
        "dataschema": schema_of(event["type"]),
        "importedtime": "2026-01-31T00:00:00.000Z",
        "authid": message.credential,
        "nonce": "0" * 32,
    }
    return canonical(event | {"data": data} | stamps)


def _doubled() -> dict[str, Any]:
    whole = deepcopy(dict(Rules().document))
    item = next(item for item in whole["items"] if item["code"] == DOUBLED)
    line = item["lines"]["committee"]
    for tier in line["tiers"]:
        tier["value"] = str(int(tier["value"]) * 2)
    line["caps"] = {name: str(int(cap) * 2) for name, cap in line["caps"].items()}
    return whole


def _simulated(slice_: list[Message], draft: dict[str, Any]) -> Simulated:
    published = SchemeDocument.model_validate(Rules().document)
    version = Version(1, date.fromisoformat(EFFECTIVE_FROM), published, 1)
    plan = AsIf([version], SchemeDocument.model_validate(draft), QUARTER)
    both = Twofold(SCHEME, plan)
    for seq, message in enumerate(slice_, start=1):
        both.fold(seq, _stored(message))
    return difference_of(both)


def _worth_by_holder(slice_: list[Message]) -> Counter[str]:
    """What people say of the item in the messages, in tenths: verified and not taken back."""
    tiers: dict[str, tuple[str, str]] = {}
    standing: dict[str, str] = {}
    for message in slice_:
        data: Any = message.event["data"]
        claim = data.get("claim")
        if message.fold is not None or message.resent:
            continue
        if data.get("item") == DOUBLED and "committee" in data.get("measure", {}):
            if message.event["time"] < "2025-04":  # type: ignore[operator]
                tiers[claim] = (str(message.event["subject"]), data["measure"]["committee"]["tier"])
        elif data.get("stage") == "verified" and data["decision"] == "accept":
            changed = data.get("measure", {}).get("committee", {}).get("tier")
            standing[claim] = changed or tiers.get(claim, ("", ""))[1]
        elif "cause" in data:
            standing.pop(claim, None)
    worth: Counter[str] = Counter()
    for claim, (holder, _) in tiers.items():
        if claim in standing:
            worth[holder] += TENTHS[standing[claim]]
    return worth


def test_a_doubled_item_gives_every_holder_exactly_as_much_again(slice_: list[Message]) -> None:
    worth = _worth_by_holder(slice_)

    found = _simulated(slice_, _doubled())

    moved = {(one.quarter, one.capacity, one.holder): one.difference for one in found.scores
             if one.difference}  # fmt: skip
    assert len(worth) > 5
    assert moved == {("2025-Q1", "committee", holder): tenths for holder, tenths in worth.items()}
    total = sum(worth.values())
    assert found.items == (ItemChange("committee", DOUBLED, total, 2 * total),)
    assert (found.claims, found.refusals) == ((), ())


def test_ranks_follow_scores_on_every_board_of_five_or_more(slice_: list[Message]) -> None:
    found = _simulated(slice_, _doubled())

    boards: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for score in found.scores:
        for place in score.places:
            if place.after is not None and score.after is not None:
                own = boards.setdefault((score.capacity, place.board), [])
                own.append((score.after, place.after))
                assert place.n_after >= 5
    assert {board for _, board in boards} == {SCHEME, *BRANCHES}
    for own in boards.values():
        by_score, by_rank = sorted(own, reverse=True), sorted(own, key=lambda one: one[1])
        assert [score for score, _ in by_score] == [score for score, _ in by_rank]
        assert len(set(own)) == len({score for score, _ in own}) == len({rank for _, rank in own})


def test_the_published_document_changes_nothing_in_the_year(slice_: list[Message]) -> None:
    assert _simulated(slice_, dict(Rules().document)).is_empty
