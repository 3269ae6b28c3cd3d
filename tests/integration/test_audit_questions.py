"""Questions to a bundle, a receipt, and the audit of a log at its address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from starlette.types import ASGIApp

from jifen_ledger.adapters.cli.audit_asking import opened_bundle
from tests.support import builders as build
from tests.support.audited import (
    Audit,
    Signed,
    auditing,
    make_bundle,
    signed_world,
    world_with_boards,
)
from tests.support.log_serving import served_log
from tests.support.people import ANNA, BO, SCHEME
from tests.support.serving import served
from tests.support.signing import signing_log

FIRST = world_with_boards()
# Two hazard reports: the month's cap of 3 cuts the larger one.
THEN = [
    *build.decided(build.earned("c-small", "C09", member=build.tier("general"), deed="small")),
    *build.decided(build.earned("c-large", "C09", member=build.tier("larger"), deed="large")),
]
MONTH = "The month 2023-07 adds up to 3.5; its cap is 3, so 3 counts."
BEFORE = " Before this record it was 0.5."


class Made(NamedTuple):
    """A world's bundle, the one of the part before, and the key."""

    signed: Signed
    bundle: Path
    before: Path

    @property
    def place(self) -> tuple[str, str]:
        return "--bundle", str(self.bundle)

    @property
    def key(self) -> tuple[str, str]:
        return "--vkey", self.signed.vkey


@pytest.fixture(scope="module")
def made(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Made:
    place = tmp_path_factory.mktemp("audit")
    with signed_world(postgres_url, migrated_template, place, FIRST, THEN) as signed:
        bundle = make_bundle(signed, place / "b")
        before = make_bundle(signed, place / "before.tar.gz", "--size", str(len(FIRST)))
    return Made(signed, bundle, before)


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Audit:
    return auditing(capsys)


def test_a_record_is_explained_with_every_step_of_its_caps(made: Made, audit: Audit) -> None:
    last = len(FIRST) + len(THEN)
    said = audit("explain", *made.place, *made.key, "--seq", last, "--json")
    text = audit("explain", *made.place, *made.key, "--seq", last)
    award = next(one for one in said.object["postings"] if one.get("kind") == "award")

    assert (said.status, said.object["event"]["data"]["claim"]) == (0, "c-large")
    assert (award["item"], award["delta"]) == ("C09", "2.5")
    assert award["steps"][2:] == [
        f"{MONTH}{BEFORE}",
        f"The quarter 2023-Q3 adds up to 3; its cap is 9, so 3 counts.{BEFORE}",
        f"The year 2023 has run up to 3 without a cap; this quarter keeps 3.{BEFORE}",
        "So C09 goes from 0.5 to 3: 2.5.",
    ]
    assert all(step in text.out for step in award["steps"])


def test_a_figure_is_explained_by_its_parts_and_the_postings_that_add_up_to_it(
    made: Made, audit: Audit
) -> None:
    asked = ("explain", *made.place, *made.key, "--quarter", "2023-Q3", "--json", "--holder")
    anna, bo, nobody = (audit(*asked, holder).object for holder in (ANNA, BO, "m-nobody"))
    board = {
        line.split('"subject":"')[1].rstrip('"}'): line
        for line in (made.bundle / "rankings.ndjson").read_text().splitlines()
    }
    posted = sum(float(one["delta"]) for one in anna["postings"])

    assert (anna["earned"], anna["applicable"], anna["bonus"], anna["score"]) == (
        "19",
        "19",
        "3.5",
        "83.5",
    )
    assert posted == float(anna["balance"]) == 22.5
    assert '"score":835' in board[ANNA]
    assert (bo["deductions"], f'"score":{float(bo["score"]) * 10:.0f}' in board[BO]) == ("2", True)
    assert (nobody["score"], nobody["postings"]) == (None, [])


def test_what_cannot_be_explained_is_wrong_use(made: Made, audit: Audit) -> None:
    beyond = audit("explain", *made.place, *made.key, "--seq", 100_000)
    half = audit("explain", *made.place, *made.key, "--holder", ANNA)

    assert (beyond.status, half.status) == (2, 2)
    assert "the log has the records 1 to" in beyond.err


def test_what_was_added_since_an_older_bundle_is_told(made: Made, audit: Audit) -> None:
    kept = ("diff", *made.place, *made.key, "--json", "--since")
    bundle, file, size = (
        audit(*kept, since).object
        for since in (
            made.before,
            made.bundle / "log/checkpoints" / str(len(FIRST)),
            len(FIRST),
        )
    )

    assert (bundle["since"], bundle["size"]) == (len(FIRST), len(FIRST) + len(THEN))
    assert bundle["types"] == {"jifen.points.earned.v1": 2, "jifen.points.reviewed.v1": 4}
    assert {one["account"]: one["change"] for one in bundle["accounts"]} == {
        f"member:{ANNA}:member": "3",
        f"wallet:{ANNA}": "25",
        "issue:C09": "-3",
        "issue:C09:inc": "-25",
    }
    assert [one["subject"] for one in bundle["places"]] == [ANNA]
    assert file == size == bundle | {"places": None}


def test_a_newer_log_is_not_compared_with_what_it_does_not_begin_with(
    made: Made, audit: Audit
) -> None:
    turned = audit(
        "diff", "--bundle", made.before, *made.key, "--since", made.bundle / "log/checkpoint"
    )
    unknown = audit("diff", *made.place, *made.key, "--since", 7)

    assert (turned.status, unknown.status) == (1, 2)
    assert "was signed for" in turned.last


async def test_a_log_at_its_address_is_audited_and_a_receipt_of_it_checked(
    database_url: str, made: Made, audit: Audit, tmp_path: Path
) -> None:
    async with signing_log(database_url, tmp_path) as log:
        for part in (FIRST, [*FIRST, *THEN]):
            await log.project(part)
            await log.sign()
        vkey = log.status.keys[0].text
    seen: dict[str, str] = {}
    codes: dict[str, list[int]] = {}
    texts: dict[str, bytes] = {}

    @asynccontextmanager
    async def application() -> AsyncIterator[ASGIApp]:
        async with served_log(database_url, tmp_path) as one:
            seen.update(one.tokens)
            answer = await one.get(f"records/{len(FIRST)}/receipt", "auditor")
            for path in ("balances", "rankings"):
                sizes = [f"{path}/{size}" for size in (0, len(FIRST), 10_000, "01")]
                got = [await one.get(size, "auditor") for size in sizes]
                codes[path] = [
                    *(answer.status_code for answer in got),
                    *[(await one.get(sizes[1], who)).status_code for who in (None, "upper")],
                ]
                texts[path] = got[1].content
            (tmp_path / "receipt").write_bytes(answer.content)
            yield one.application

    def said() -> list[int]:
        with served(application) as address:
            (tmp_path / "token").write_text(seen["auditor"])
            url = ("--url", f"{address}/v1/schemes/{SCHEME}/log", "--vkey", vkey, "--json")
            verified = audit("verify", *url, "--token-file", tmp_path / "token")
            replayed = audit("replay", *url, "--token-file", tmp_path / "token")
            without = audit("verify", *url)
            fetched = [
                audit("bundle", *url[:2], *more, "--token-file", tmp_path / "token")
                for more in (
                    ("--out", tmp_path / "fetched.tar.gz"),
                    ("--out", tmp_path / "fetched", "--size", len(FIRST)),
                    ("--out", tmp_path / "never", "--size", 7),
                )
            ]
        receipt = audit("receipt", tmp_path / "receipt", "--vkey", vkey, "--json")
        (tmp_path / "receipt").write_bytes(
            (tmp_path / "receipt").read_bytes().replace(b"index ", b"index 1")
        )
        moved = audit("receipt", tmp_path / "receipt", "--vkey", vkey)
        assert [one.status for one in fetched] == [0, 0, 2]
        statuses = [one.status for one in (verified, replayed, without, receipt, moved)]
        assert verified.object["older_checkpoints"] == 2
        assert verified.object["balances_compared"]
        assert replayed.object["rankings_compared"]
        assert receipt.object["record"]["seq"] == len(FIRST)
        return statuses

    assert await asyncio.to_thread(said) == [0, 0, 2, 0, 1]
    here = Signed(database_url, tmp_path, vkey)
    made_here = await asyncio.to_thread(make_bundle, here, tmp_path / "here.tar.gz")
    assert (tmp_path / "fetched.tar.gz").read_bytes() == made_here.read_bytes()
    assert (tmp_path / "fetched/manifest.json").exists()
    assert codes == {key: [200, 200, 404, 404, 401, 403] for key in ("balances", "rankings")}
    with opened_bundle(made.before) as before:
        assert texts == {"balances": before.balances(0), "rankings": before.rankings(0)}
