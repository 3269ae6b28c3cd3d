"""Who reads what of the running ledger, and where names and private words end up."""

import asyncio
import json
from typing import Any

import orjson
import pytest
import pytest_asyncio

from jifen_contracts.canonical import decode
from tests.end_to_end.plant import PROBLEM, Plant
from tests.end_to_end.tokens import Tokens
from tests.support import builders as build
from tests.support.people import ANNA, BO, BRANCH_X, COMMITTEE, RECORDER

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUARTER = "2023-Q3"
FORBIDDEN = (403, PROBLEM, "forbidden")
WHISPERED = "the neighbour saw it first"


def told_in_private(payload: bytes) -> bytes:
    data: Any = decode(payload)["data"]
    return build.changed(payload, data=data | {"private": {"text": WHISPERED}})


CLAIM = told_in_private(build.earned("c-anna"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def filled(plant: Plant) -> Plant:
    """Anna and Bo have a verified claim each, Anna one that is open; all three have names."""
    anna = [CLAIM, *build.decided(build.earned("c-anna"))[1:]]
    bo = build.decided(build.earned("c-bo", holder=BO, on="2023-07-14"))
    outcomes = await plant.recorded([*anna, *bo, build.earned("c-open", on="2023-07-20")])
    assert not any(one["code"] for one in outcomes)
    for person, zh, en in ((ANNA, "安娜", "Anna"), (BO, "阿博", "Bo"), (COMMITTEE, "魏元", "Wei")):
        await plant.name(person, zh, en)
    return plant


def about(holder: str, claim: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (f"/members/{holder}/statement", {"capacity": "member"}),
        (f"/members/{holder}/statement", {"capacity": "pending"}),
        (f"/members/{holder}/statement", {"capacity": "wallet"}),
        (f"/members/{holder}/balance", {}),
        (f"/members/{holder}/sheet", {"period": QUARTER}),
        (f"/claims/{claim}", {}),
        ("/explain/figures", {"holder": holder, "capacity": "member", "period": QUARTER}),
    ]


async def test_a_member_reads_their_own_statement_and_nobody_elses(filled: Plant) -> None:
    own = [
        (await filled.ask(path, "self", **query)).status_code
        for path, query in about(ANNA, "c-anna")
    ]
    others = [await filled.refused(path, "self", **query) for path, query in about(BO, "c-bo")]
    page = await filled.get(f"/members/{ANNA}/statement", "self", capacity="member")

    assert own == [200] * len(own)
    assert others == [FORBIDDEN] * len(others)
    assert [line["claim"] for line in page["entries"]] == ["c-anna"]


async def test_a_token_of_another_scheme_reads_nothing_here(
    filled: Plant, tokens: dict[str, Tokens]
) -> None:
    stranger = next(own for scheme, own in tokens.items() if scheme != filled.scheme)
    paths = [
        ("/scheme", {}),
        ("/status", {}),
        ("/trial-balance", {}),
        ("/records/1", {}),
        ("/rankings", {"period": QUARTER, "capacity": "member"}),
        *about(ANNA, "c-anna"),
    ]
    found = [
        await filled.with_tokens(stranger).refused(path, column, **query)
        for path, query in paths
        for column in stranger.read
    ]

    assert found == [FORBIDDEN] * len(found)


async def test_a_token_to_send_does_not_read(filled: Plant) -> None:
    own = filled.tokens.send
    sender = filled.with_tokens(Tokens(own, {"sender": own["desk"]}))

    found = await sender.refused("/scheme", "sender")

    assert found == (401, PROBLEM, "unauthorised")


async def test_the_auditor_sees_every_id_and_no_name(filled: Plant) -> None:
    head = (await filled.caught_up())["checkpoint"]
    records = await asyncio.gather(
        *(filled.ask(f"/records/{seq}", "auditor") for seq in range(1, head + 1))
    )
    answers = [
        await filled.ask(path, "auditor", **query)
        for path, query in (
            *about(ANNA, "c-anna"),
            ("/rankings", {"period": QUARTER, "capacity": "member", "scope": BRANCH_X}),
            ("/status", {}),
        )
    ]
    texts = [one.text for one in (*records, *answers)]
    named = await filled.get(f"/directory/{ANNA}", "reviewer")

    assert {one.status_code for one in (*records, *answers)} == {200}
    assert any(ANNA in text for text in texts)
    assert not any(name in text for text in texts for name in ("安娜", "阿博", "魏元", '"Anna"'))
    assert (named["name_zh"], named["phone"]) == ("安娜", None)
    assert await filled.refused(f"/directory/{ANNA}", "auditor") == FORBIDDEN


async def test_the_public_sees_the_scheme_and_nothing_of_a_person(filled: Plant) -> None:
    scheme = await filled.get("/scheme", "public")
    closed = [
        await filled.refused(path, "public", **query)
        for path, query in (*about(ANNA, "c-anna"), ("/trial-balance", {}), ("/status", {}))
    ]

    assert [one["version"] for one in scheme["versions"]] == [1]
    assert ANNA not in json.dumps(scheme)
    assert closed == [FORBIDDEN] * len(closed)


async def test_an_open_claim_is_seen_by_its_holder_and_its_reviewers_only(filled: Plant) -> None:
    answers = {
        column: (await filled.ask("/claims/c-open", column)).status_code
        for column in filled.tokens.read
    }

    assert {column for column, status in answers.items() if status == 200} == {
        "self",
        "reviewer",
        "upper",
        "auditor",
    }
    assert set(answers.values()) == {200, 403}


async def test_private_words_are_in_no_record_and_only_their_hash_is_public(
    filled: Plant,
) -> None:
    outcome = await filled.outcome(CLAIM)
    record = (await filled.ask(f"/records/{outcome['seq']}", "auditor")).content
    message = (await filled.message(outcome["seq"])).data or b""
    private = await filled.last_private(ANNA)

    event = orjson.loads(record)["event"]
    assert orjson.loads(message) == event
    assert len(event["privatehash"]) == 64
    assert WHISPERED.encode() not in record + message
    assert (private["private"], private["privatehash"]) == (
        {"text": WHISPERED},
        event["privatehash"],
    )


async def test_the_branch_reads_its_committee_and_of_members_only_bands(filled: Plant) -> None:
    committee = await filled.get(f"/members/{RECORDER}/scores", "branch", year="2023")
    ranking = await filled.get(
        "/rankings", "branch", period=QUARTER, capacity="member", scope=BRANCH_X
    )

    assert committee["holder"] == RECORDER
    assert ranking["policy"] == "bands"
    assert await filled.refused(f"/members/{ANNA}/balance", "branch") == FORBIDDEN
