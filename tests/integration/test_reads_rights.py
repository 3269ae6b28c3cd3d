"""Who sees what: the matrix of columns and addresses, asked over HTTP."""

from pathlib import Path

import pytest

from jifen_contracts.canonical import decode
from tests.integration.reading import TODAY, Asking, reading
from tests.support import builders as build
from tests.support.concerns import handled
from tests.support.organisation import assessment
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    DORA,
    GROUP_X1,
    PANEL_Y,
    SECRETARY_Y,
    SPECIALIST,
)
from tests.support.quarters import published_quarter
from tests.support.shop import SHOP, offered, reserved

COLUMNS = ("self", "branch", "staff", "reviewer", "upper", "auditor", "public", "shop")

ALL = "self branch staff reviewer upper auditor public shop"
NOT_PUBLIC = "self branch staff reviewer upper auditor"
OWN = "self reviewer upper auditor"
REVIEWING = "reviewer upper auditor"
COMMITTEE_SEEN = "branch staff reviewer upper auditor"
HIGH = "upper auditor"


def history() -> list[bytes]:
    dora = build.earned("c-dora", holder=DORA)
    finding = build.deduction(
        "c-finding", "A07", COMMITTEE, key="missed-meeting", committee=build.tier("missed-meeting")
    )
    return [
        *build.world(),
        *build.decided(build.earned("c-anna")),
        *build.decided(build.fact("c-duty", "A02", COMMITTEE, capacity="committee")),
        *build.decided(finding),
        dora,
        build.preliminary("c-dora", DORA, deciders=(SPECIALIST,), recorded="2023-08-15"),
        build.verified("c-dora", DORA, deciders=PANEL_Y[:2], recorded="2023-08-16"),
        # Others see committee members as published.
        *published_quarter(but=[(COMMITTEE, "A02", "2023-07")], recorded="2023-08-16"),
        offered(),
        reserved("rd-anna"),
        assessment(ANNA),
        build.earned("c-open", on="2023-08-20", deed="d-open"),
        build.earned("c-open-y", holder=DORA, on="2023-08-21", deed="d-open-y"),
        *handled(origin="visit-1", on="2023-08-21"),
    ]


def matrix() -> dict[str, str]:
    """Which columns get an answer; everybody else is forbidden it.

    `self` is Anna; `branch` is Bo of her branch X; `reviewer` is X's recorder; the branch sees
    bands of ordinary members by the default policy.
    """
    payloads = history()
    seq = {str(decode(one)["id"]): number for number, one in enumerate(payloads, start=1)}
    anna, dora = (
        next(seq[str(decode(one)["id"])] for one in payloads if decode(one)["data"] == found)
        for found in (
            decode(build.earned("c-anna"))["data"],
            decode(build.earned("c-dora", holder=DORA))["data"],
        )
    )
    own = seq[str(decode(assessment(ANNA))["id"])]
    event = f"source={build.SOURCE}&id={decode(payloads[anna - 1])['id']}"
    redeemed = seq[str(decode(reserved("rd-anna"))["id"])]
    redemption = f"source={SHOP}&id={decode(reserved('rd-anna'))['id']}"
    return {
        f"/members/{ANNA}/balance": OWN,
        f"/members/{ANNA}/scores?year=2023": f"{OWN} branch",
        f"/members/{ANNA}/statement?capacity=member": OWN,
        f"/members/{ANNA}/statement?capacity=pending": OWN,
        f"/members/{ANNA}/statement?capacity=wallet": "self auditor",
        f"/members/{ANNA}/wallet": "self upper auditor",
        f"/members/{DORA}/wallet": "upper auditor",
        f"/members/{ANNA}/redemptions": "self auditor",
        "/redemptions/rd-anna": "self auditor shop",
        "/offers": ALL,
        "/wallets/totals": ALL,
        f"/records/{redeemed}": "self upper auditor",
        f"/outcomes?{redemption}": "self upper auditor shop",
        f"/outcomes?source={SHOP}&id={decode(offered())['id']}": "upper auditor shop",
        f"/members/{ANNA}/sheet?period=2023-Q3": OWN,
        f"/members/{ANNA}/rank?period=2023-Q3&capacity=member&scope={BRANCH_X}": f"{OWN} branch",
        f"/members/{ANNA}/rank?period=2023-Q3&capacity=member": OWN,
        f"/members/{ANNA}/radar?period=2023-Q3": OWN,
        f"/members/{COMMITTEE}/radar?period=2023-Q3": COMMITTEE_SEEN,
        f"/members/{BRANCH_X}/radar?period=2023-Q3": NOT_PUBLIC.replace("self ", ""),
        "/rankings?period=2023-Q3&capacity=committee&figures=published": NOT_PUBLIC,
        "/rankings?period=2023-Q3&capacity=committee&figures=live": REVIEWING,
        "/units/comparison?period=2023-Q3&figures=live": REVIEWING,
        f"/members/{COMMITTEE}/balance": COMMITTEE_SEEN,
        f"/members/{COMMITTEE}/scores?year=2023": COMMITTEE_SEEN,
        f"/members/{COMMITTEE}/statement?capacity=committee": COMMITTEE_SEEN,
        f"/members/{COMMITTEE}/statement?capacity=member": REVIEWING,
        f"/members/{COMMITTEE}/statement?capacity=pending": REVIEWING,
        f"/members/{COMMITTEE}/sheet?period=2023-Q3": COMMITTEE_SEEN,
        f"/members/{COMMITTEE}/rank?period=2023-Q3&capacity=committee": COMMITTEE_SEEN,
        f"/members/{DORA}/statement?capacity=member": REVIEWING,
        f"/members/{DORA}/statement?capacity=pending": HIGH,
        f"/members/{DORA}/scores?year=2023": f"{REVIEWING}",
        f"/members/{SECRETARY_Y}/scores?year=2023": "staff reviewer upper auditor",
        f"/members/{BRANCH_X}/balance": NOT_PUBLIC.replace("self ", ""),
        f"/members/{BRANCH_Y}/scores?year=2023": NOT_PUBLIC.replace("self ", ""),
        "/export": HIGH,
        "/claims/c-anna": OWN,
        "/claims/c-duty": COMMITTEE_SEEN,
        "/claims/c-finding": REVIEWING,
        "/claims/c-open": OWN,
        "/claims/c-open-y": HIGH,
        "/claims/c-dora": REVIEWING,
        f"/explain/figures?holder={ANNA}&capacity=member&period=2023-Q3": OWN,
        f"/explain/figures?holder={COMMITTEE}&capacity=committee&period=2023-Q3": COMMITTEE_SEEN,
        f"/explain/postings/{anna + 2}/2": OWN,
        f"/explain/postings/{anna + 2}/3": "self auditor",
        f"/records/{anna}": OWN,
        f"/records/{dora}": HIGH,
        "/records/1": HIGH,
        f"/outcomes?{event}": OWN,
        "/rankings?period=2023-Q3&capacity=committee": NOT_PUBLIC,
        "/rankings?period=2023-Q3&capacity=unit": NOT_PUBLIC,
        "/rankings?period=2023-Q3&capacity=member": REVIEWING,
        f"/rankings?period=2023-Q3&capacity=member&scope={BRANCH_X}": f"{OWN} branch",
        f"/rankings?period=2023-Q3&capacity=member&scope={BRANCH_Y}": REVIEWING,
        "/units/comparison?period=2023-Q3": NOT_PUBLIC,
        f"/members/{ANNA}/assessment?month=2023-07": OWN,
        f"/members/{COMMITTEE}/assessment?month=2023-07": REVIEWING,
        f"/members/{DORA}/assessment?month=2023-07": HIGH,
        f"/members/{GROUP_X1}/assessment?month=2023-07": REVIEWING,
        f"/members/{BRANCH_Y}/assessment?month=2023-07": HIGH,
        f"/units/{BRANCH_X}/assessments?month=2023-07": "branch reviewer upper auditor",
        f"/units/{BRANCH_Y}/assessments?month=2023-07": HIGH,
        f"/units/{BRANCH_X}/assessments/on-time?period=2023-Q3": NOT_PUBLIC,
        f"/units/{BRANCH_Y}/assessments/on-time?period=2023-Q3": NOT_PUBLIC,
        f"/units/{BRANCH_X}/drafts?month=2023-07": REVIEWING,
        f"/units/{BRANCH_Y}/drafts?month=2023-07": HIGH,
        f"/records/{own}": f"self {HIGH}",
        "/trial-balance": NOT_PUBLIC,
        "/status": NOT_PUBLIC,
        "/scheme": ALL,
        "/scheme/differences?from=1&to=1": ALL,
        "/concerns": NOT_PUBLIC,
        f"/concerns?unit={BRANCH_X}&overdue=true": NOT_PUBLIC,
        "/concerns/cn-1": NOT_PUBLIC,
        f"/units/{BRANCH_X}/concerns?period=2023-Q3": NOT_PUBLIC,
        "/visits/visit-1": NOT_PUBLIC,
        f"/records/{len(payloads) - 3}": "self auditor",
        f"/records/{len(payloads) - 2}": HIGH,
        f"/records/{len(payloads) - 1}": HIGH,
        f"/records/{len(payloads)}": "self auditor",
        f"/directory/{ANNA}": "self branch reviewer upper",
        f"/directory/{COMMITTEE}": "branch staff reviewer upper",
        f"/directory/{DORA}": "reviewer upper",
    }


async def seen(ask: Asking, path: str) -> str:
    answers = {column: await ask.answer(path, column) for column in COLUMNS}
    for column, answer in answers.items():
        assert answer.status_code in (200, 403), (path, column, answer.text)
        if answer.status_code == 403:
            assert answer.json()["code"] == "forbidden"
    return " ".join(column for column in COLUMNS if answers[column].status_code == 200)


async def test_every_column_sees_what_the_matrix_says_and_no_more(
    database_url: str, tmp_path: Path
) -> None:
    expected = {
        path: " ".join(column for column in COLUMNS if column in who.split())
        for path, who in matrix().items()
    }
    async with reading(database_url, tmp_path, history()) as ask:
        for person in (ANNA, BO, COMMITTEE, DORA):
            await ask.name(person, "名", "Name")
        found = {path: await seen(ask, path) for path in expected}

    assert found == expected


async def test_a_token_of_another_scheme_reads_nothing_here(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, build.world()) as ask:
        ask.add_reader("stranger", "upper", scheme="other")
        found = {path: await ask.code(path, "stranger") for path in ("/scheme", "/records/1")}

    assert set(found.values()) == {(403, "forbidden")}


@pytest.mark.parametrize(
    "header", [None, "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer ", "nonsense"]
)
async def test_without_a_known_token_there_is_no_answer(
    database_url: str, tmp_path: Path, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    async with reading(database_url, tmp_path, build.world()) as ask:
        response = await ask.client.get("/v1/schemes/plant/scheme", headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "unauthorised")
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_names_are_joined_for_those_who_may_know_and_never_for_the_auditor(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        await ask.name(ANNA, "安娜", "Anna")
        phones = {
            column: (await ask.get(f"/directory/{ANNA}", column))["phone"]
            for column in ("self", "branch", "reviewer", "upper")
        }
        bodies = [
            (await ask.answer(path, "auditor")).text
            for path, who in matrix().items()
            if "auditor" in who.split()
        ]

    assert {column for column, phone in phones.items() if phone is not None} == {"self", "upper"}
    assert not any("Anna" in body or "安娜" in body for body in bodies)


async def test_under_bands_the_branch_learns_a_members_band_and_nothing_finer(
    database_url: str, tmp_path: Path
) -> None:
    facts = [
        one
        for month in ("07", "08", "09")
        for item in ("B01", "B02")
        for one in build.decided(
            build.fact(f"c-{item.lower()}-{month}", item, period=f"2023-{month}")
        )
    ]
    stated = [
        (ANNA, item, f"2023-{month}") for month in ("07", "08", "09") for item in ("B01", "B02")
    ]
    payloads = [*build.world(), *facts, *published_quarter(but=stated, recorded="2023-10-16")]
    async with reading(database_url, tmp_path, payloads, TODAY.replace("09-20", "12-01")) as ask:
        scores = await ask.get(f"/members/{ANNA}/scores", "branch", year="2023")

    [quarter] = scores["quarters"]
    shown = {name: value for name, value in quarter.items() if value is not None}
    assert shown == {
        "capacity": "member",
        "quarter": "2023-Q3",
        "provisional": False,
        "scored": True,
        "band": "80",
    }
