"""Reads of the scheme's life: a holder's catalogue on a date, claims that no longer fit."""

from pathlib import Path
from typing import Any

import pytest

from jifen_contracts.scheme.catalogue import effective_catalogue
from jifen_contracts.scheme.default import default_document, document_object
from jifen_ledger.application.queries import unfit
from tests.integration.reading import reading
from tests.support import builders as build
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    DORA,
    RECORDER,
    SECRETARY,
    SPECIALIST,
)

LATE = "2023-09-15"


def second_version(effective_from: str, **more: Any) -> bytes:
    whole = document_object(default_document())
    report = next(one for one in whole["items"] if one["code"] == "D03")
    report["lines"]["member"]["value"] = "0.8"
    return build.published(2, effective_from, document=whole, recorded=LATE, **more)


async def test_f03_two_posts_have_different_checklists_and_the_same_31_codes(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        build.assigned(COMMITTEE, "committee", BRANCH_X, post="discipline", recorded=LATE),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        found = {
            who: await ask.get(f"/members/{who}/catalogue") for who in (RECORDER, COMMITTEE, ANNA)
        }

    for who, post in ((RECORDER, "organisation"), (COMMITTEE, "discipline")):
        overlay = next(one for one in default_document().overlays if one.match.post == post)
        answer = found[who]
        # The person's checklist is the overlay in force, line by line.
        assert answer["checklist"] == [{"zh": line.zh, "en": line.en} for line in overlay.checklist]
        duty = next(item for item in answer["items"] if item["code"] == "A03")
        assert (duty["required"], answer["posts"]) == (len(overlay.checklist), [post])
        compiled = effective_catalogue(default_document(), frozenset({post}), None)
        assert answer["catalogue"] == compiled.hash
    assert found[RECORDER]["checklist"] != found[COMMITTEE]["checklist"]
    codes = [[item["code"] for item in answer["items"]] for answer in found.values()]
    assert codes == [[item.code for item in default_document().items]] * 3
    assert (found[ANNA]["checklist"], found[ANNA]["capacities"]) == ([], ["member"])


async def test_a_catalogue_is_that_of_the_day_asked_for(database_url: str, tmp_path: Path) -> None:
    payloads = [
        *build.world(),
        second_version("2023-10-01"),
        build.assigned(ANNA, "member", BRANCH_X, to="2023-08-01", recorded=LATE),
        build.assigned(
            ANNA, "member", BRANCH_Y, since="2023-08-01", assignment="as-late", recorded=LATE
        ),
    ]
    async with reading(database_url, tmp_path, payloads) as ask:
        july, today, later = [
            await ask.get(f"/members/{ANNA}/catalogue", **({"on": on} if on else {}))
            for on in ("2023-07-31", None, "2023-10-01")
        ]
        unit = await ask.get(f"/members/{BRANCH_Y}/catalogue")
        early = await ask.code(f"/members/{ANNA}/catalogue", on="2022-12-31")
        staff = await ask.code(f"/members/{SPECIALIST}/catalogue")
        nobody = await ask.code("/members/m-nobody/catalogue")

    def lines(answer: Any, code: str) -> Any:
        return next(item for item in answer["items"] if item["code"] == code)["lines"]

    assert [(one["on"], one["branch"], one["unit_class"], one["version"]) for one in
            (july, today, later)] == [
        ("2023-07-31", BRANCH_X, None, 1),
        ("2023-09-20", BRANCH_Y, "office", 1),
        ("2023-10-01", BRANCH_Y, "office", 2),
    ]  # fmt: skip
    # The office has no team building, and asks for one safety card a month.
    assert [bool(lines(one, "C05")) for one in (july, today)] == [True, False]
    assert [lines(one, "D03")["member"]["value"] for one in (today, later)] == ["0.5", "0.8"]
    assert (unit["capacities"], sorted(lines(unit, "A06"))) == (["unit"], ["unit"])
    assert {early, staff, nobody} == {(404, "not_found")}


async def test_claims_that_no_longer_fit_are_listed_by_branch_and_period(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        *build.decided(build.earned("c-bo", holder=BO)),
        *build.decided(build.earned("c-june", on="2023-06-20")),
        *build.decided(build.fact("c-duty", "A02", COMMITTEE, capacity="committee")),
        *build.decided(build.fact("c-fine", "B01")),
        second_version("2023-07-01", retroactive="wrong_value"),
        build.assigned(COMMITTEE, "committee", BRANCH_X, to="2023-07-01", recorded=LATE),
    ]
    path = f"/units/{BRANCH_X}/unfit-claims"
    async with reading(database_url, tmp_path, payloads) as ask:
        await ask.name(BO, "小波", "Bo")
        whole = await ask.get(path, period="2023")
        quarter = await ask.get(path, "auditor", period="2023-Q3")
        none = await ask.get(path, period="2023-Q2")
        elsewhere = await ask.get(f"/units/{BRANCH_Y}/unfit-claims", period="2023")
        unknown = await ask.code("/units/u-none/unfit-claims", period="2023")
        cursor = await ask.code(path, period="2023", cursor="x")

    assert [
        (one["claim"], one["holder"], one["name_zh"], one["item_name_zh"], one["version"],
         one["version_now"], one["points"], one["points_now"], one["code"])
        for one in whole["claims"]
    ] == [
        ("c-bo", BO, "小波", "随手拍", 1, 2, {"member": "0.5"}, {"member": "0.8"}, None),
        ("c-duty", COMMITTEE, None, "组织生活组织", 1, 2, {"committee": "4"}, None,
         "capacity_not_held"),
    ]  # fmt: skip
    assert [one["claim"] for one in quarter["claims"]] == ["c-bo", "c-duty"]
    assert [one["name_zh"] for one in quarter["claims"]] == [None, None]
    assert (none["claims"], elsewhere["claims"], whole["next"]) == ([], [], None)
    assert (unknown, cursor) == ((404, "not_found"), (422, "query_invalid"))


@pytest.mark.parametrize("together", [1, 3, 400])
async def test_the_list_goes_on_from_page_to_page(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    monkeypatch.setattr(unfit, "LOOKED_AT_TOGETHER", together)
    monkeypatch.setattr(unfit, "LOOKED_AT_MAX", 3 * together)
    claims = [f"c-{number}" for number in range(7)]
    fits = [
        one
        for number in range(5)
        for one in build.decided(build.earned(f"c-fit-{number}", on="2023-06-20", holder=BO))
    ]
    payloads = [
        *build.world(),
        *fits[:6],
        *(one for name in claims for one in build.decided(build.earned(name))),
        *fits[6:],
        second_version("2023-07-01", retroactive="wrong_value"),
    ]
    found, cursor = [], None
    async with reading(database_url, tmp_path, payloads) as ask:
        for _ in range(20):
            more: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
            page = await ask.get(
                f"/units/{BRANCH_X}/unfit-claims", "reviewer", period="2023", limit=2, **more
            )
            assert len(page["claims"]) <= 2
            found += [one["claim"] for one in page["claims"]]
            cursor = page["next"]
            if cursor is None:
                break

    assert (found, cursor) == (claims, None)


async def test_a_decision_anew_takes_the_claim_off_the_list(
    database_url: str, tmp_path: Path
) -> None:
    payloads = [
        *build.world(),
        *build.decided(build.earned("c-1")),
        second_version("2023-07-01", retroactive="wrong_value"),
        build.reversal("c-1", recorded="2023-09-16"),
        *build.decided(build.earned("c-2", deed="deed-c-1", replaces="c-1", recorded="2023-09-17")),
    ]
    async with reading(database_url, tmp_path, payloads, "2023-10-20T10:00:00.000+08:00") as ask:
        page = await ask.get(f"/units/{BRANCH_X}/unfit-claims", period="2023-Q3")
        balance = await ask.get(f"/members/{ANNA}/balance")

    assert page["claims"] == []
    assert {one["capacity"]: one["balance"] for one in balance["accounts"]}["member"] == "0.8"


async def test_whose_catalogue_and_which_branchs_list_a_column_sees(
    database_url: str, tmp_path: Path
) -> None:
    """A person's overlay: self, reviewers, upper (and the auditor, who sees ids)."""
    columns = ("self", "branch", "staff", "reviewer", "upper", "auditor", "public")
    expected = {
        f"/members/{ANNA}/catalogue": "self reviewer upper auditor",
        f"/members/{SECRETARY}/catalogue": "reviewer upper auditor",
        f"/members/{DORA}/catalogue": "reviewer upper auditor",
        f"/units/{BRANCH_X}/unfit-claims?period=2023": "reviewer upper auditor",
        f"/units/{BRANCH_Y}/unfit-claims?period=2023": "upper auditor",
    }
    async with reading(database_url, tmp_path, build.world()) as ask:
        found = {}
        for path in expected:
            answers = [(column, await ask.answer(path, column)) for column in columns]
            assert {answer.status_code for _, answer in answers} == {200, 403}
            found[path] = " ".join(one for one, answer in answers if answer.status_code == 200)

    assert found == expected
