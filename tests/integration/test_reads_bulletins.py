"""What is answered of bulletins, to whom, and that the bytes are those of the hashes."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
import pytest_asyncio

from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.people import ANNA, BRANCH_X, CHEN, COMMITTEE, SECRETARY_Y
from tests.support.servers import new_database

# Nobody changes what is read but a name, so all tests share one ledger, and with it one event loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = f"/branches/{BRANCH_X}/bulletins"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ask(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Asking]:
    history = [
        *build.world(),
        *anna_s_quarter(),
        *published(stated=[ANNA]),
        *corrected(),
    ]
    directory = tmp_path_factory.mktemp("readers")
    with new_database(postgres_url, migrated_template) as url:
        async with reading(url, directory, history) as asking:
            asking.add_reader("neighbour", "self", SECRETARY_Y)
            asking.add_reader("colleague", "self", CHEN)
            yield asking


async def test_every_member_of_the_branch_opens_the_bulletin(ask: Asking) -> None:
    for who in ("self", "branch", "colleague"):
        answer = await ask.get(f"{PATH}/2023-Q3", who)

        assert (answer["sheet"], answer["revision"]) == ("branch", 2)
        assert COMMITTEE in {one["holder"] for one in answer["content"]["holders"]}


@pytest.mark.parametrize("who", ["reviewer", "upper", "auditor"])
async def test_reviewers_the_upper_level_and_auditors_open_the_full_sheet(
    ask: Asking, who: str
) -> None:
    answer = await ask.get(f"{PATH}/2023-Q3", who)
    anna = next(one for one in answer["content"]["holders"] if one["holder"] == ANNA)

    assert (answer["sheet"], anna["score"]) == ("full", 903)


@pytest.mark.parametrize("who", ["neighbour", "public"])
async def test_others_open_nothing(ask: Asking, who: str) -> None:
    assert await ask.code(f"{PATH}/2023-Q3", who) == (403, "forbidden")


async def test_staff_see_office_holders_and_units_only(ask: Asking) -> None:
    answer = await ask.get(f"{PATH}/2023-Q3", "staff")
    capacities = {one["capacity"] for one in answer["content"]["holders"]}

    assert (answer["sheet"], answer["hash"], capacities) == ("staff", None, {"committee", "unit"})
    assert "bands" not in answer["content"]


async def test_an_old_revision_stays_readable_for_the_same_audience(ask: Asking) -> None:
    first = await ask.get(f"{PATH}/2023-Q3", "upper", revision=1)
    own = await ask.get(f"{PATH}/2023-Q3", "branch", revision=1)
    anna = next(one for one in first["content"]["holders"] if one["holder"] == ANNA)

    assert (first["last_revision"], own["sheet"], anna["score"]) == (2, "branch", 883)


@pytest.mark.parametrize(("who", "sheet"), [("auditor", "full"), ("branch", "branch")])
async def test_the_sheet_comes_byte_for_byte_as_it_was_hashed(
    ask: Asking, who: str, sheet: str
) -> None:
    for revision in (1, 2):
        listed = await ask.get(PATH, who)
        bytes_ = await ask.answer(f"{PATH}/2023-Q3/sheet", who, params={"revision": revision})
        named = next(one for one in listed["revisions"] if one["revision"] == revision)

        assert (named["sheet"], named["hash"]) == (sheet, sha256(bytes_.content).hexdigest())


async def test_the_record_of_the_step_names_the_hash_that_the_list_shows(ask: Asking) -> None:
    listed = await ask.get(PATH, "auditor")
    last = listed["revisions"][0]
    record = (await ask.answer(f"/records/{last['seq']}", "auditor")).json()

    assert record["outcome"]["content_hash"] == last["hash"]


async def test_before_the_revision_was_known_there_was_one(ask: Asking) -> None:
    listed = await ask.get(PATH, "auditor")
    earlier = await ask.get(
        f"{PATH}/2023-Q3", "auditor", known_at=listed["revisions"][0]["seq"] - 1
    )

    assert (earlier["revision"], earlier["last_revision"]) == (1, 1)


async def test_names_are_joined_where_they_are_shown_and_are_no_part_of_the_sheet(
    ask: Asking,
) -> None:
    await ask.name(ANNA, "安娜", "Anna")
    full = await ask.get(f"{PATH}/2023-Q3", "upper")
    audited = await ask.get(f"{PATH}/2023-Q3", "auditor")

    assert full["names"][ANNA] == {"zh": "安娜", "en": "Anna"}
    assert audited["names"] == {}


async def test_what_was_never_published_is_not_found(ask: Asking) -> None:
    assert await ask.code(f"{PATH}/2023-Q2") == (404, "not_found")
    assert await ask.code(f"{PATH}/2023-Q3", revision=3) == (404, "not_found")
