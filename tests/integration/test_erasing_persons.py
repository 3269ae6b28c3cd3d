"""Erasing a person deletes the directory's rows with the record that says so (domain.md §7)."""

from pathlib import Path

from tests.integration.reading import project, reading
from tests.support import builders as build
from tests.support.judgements import erased
from tests.support.people import ANNA, BO, BRANCH_X
from tests.support.plots import TWIN

BODY = {"name_zh": "安", "name_en": "Anna", "phone": None}


async def test_all_names_of_the_person_go_and_nobody_can_put_them_back(
    database_url: str, tmp_path: Path
) -> None:
    history = [
        *build.world(),
        build.enrolled(TWIN),
        build.assigned(TWIN, "member", BRANCH_X),
        build.enrolled(ANNA, same_as=TWIN, recorded="2023-08-01"),
    ]
    async with reading(database_url, tmp_path, history) as ask:
        for person in (ANNA, TWIN, BO):
            await ask.name(person, "名", "Name")
        before = {
            person: (await ask.answer(f"/directory/{person}")).status_code
            for person in (ANNA, TWIN, BO)
        }
        stale = (await ask.answer("/scheme")).headers["ETag"]
        await project(database_url, [*history, erased(ANNA)])
        after = {
            person: (await ask.answer(f"/directory/{person}")).status_code
            for person in (ANNA, TWIN, BO)
        }
        refused = [
            await ask.answer(f"/directory/{person}", method="PUT", json=BODY)
            for person in (ANNA, TWIN)
        ]
        fresh = (await ask.answer("/scheme")).headers["ETag"]

    assert before == {ANNA: 200, TWIN: 200, BO: 200}
    assert after == {ANNA: 404, TWIN: 404, BO: 200}
    assert [(one.status_code, one.json()["code"]) for one in refused] == [(410, "erased")] * 2
    assert stale != fresh


async def test_a_refused_order_erases_nothing(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, build.world()) as ask:
        await ask.name("m-stranger", "名", "Name")
        await project(database_url, [*build.world(), erased("m-stranger")])

        assert (await ask.answer("/directory/m-stranger")).status_code == 200
