"""Private words and files on pages: for the person and those who handle the case, until erased."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from jifen_contracts.canonical import canonical
from jifen_ledger.adapters.database import sync_engine
from jifen_ledger.adapters.private_tables import private_part
from jifen_ledger.application.evidence import File
from jifen_ledger.board.application import open_board
from tests.integration.reading import project, reading
from tests.support import builders as build
from tests.support.boarding import COLUMNS, Board
from tests.support.crawling import links_of
from tests.support.judgements import erased
from tests.support.people import ANNA, BO, PANEL_X, SCHEME, SPECIALIST, UPPER_TWO
from tests.support.private_parts import Part, with_part
from tests.support.quarters import Q3, answered, objected, published_quarter
from tests.support.servers import new_database

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = "2023-10-20T10:00:00.000+08:00"
CLAIM = "/claims/c-anna"
WORDS = "楼梯口的栏杆松动,\n已拍照"
PHOTO = b"\x89PNG\r\n\x1a\nphoto"
PHOTO_HASH = sha256(PHOTO).hexdigest()
COMPLAINT = "The photo is of another stairway"
ANSWER = "核对过原图,就是这处楼梯"


class Told:
    """A claim with words and a photo, a complaint about it, and what keeps their words."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, Part, bytes]] = []
        photo = [{"kind": "photo", "sha256": PHOTO_HASH}]
        self.history = [
            *build.world(),
            self._told(ANNA, build.earned("c-anna", evidence=photo, by=ANNA), text=WORDS),
            build.preliminary("c-anna", deciders=(SPECIALIST,)),
            build.verified("c-anna"),
            *published_quarter(),
            self._told(
                BO,
                objected("ob-1", claim="c-anna", kind="complaint", by=BO, recorded="2023-10-11"),
                text=COMPLAINT,
            ),
            self._told(
                ANNA,
                answered("ob-1", "dismissed", deciders=(UPPER_TWO,), recorded="2023-10-12"),
                reason=ANSWER,
            ),
        ]

    def _told(self, person: str, payload: bytes, **private: str) -> bytes:
        event, part = with_part(payload, private)
        self.parts.append((person, part, canonical(dict(private))))
        return event

    def keep(self, database_url: str) -> None:
        """As the copy of the private stream keeps them."""
        rows = [
            {
                "scheme": SCHEME,
                "privatehash": part.privatehash,
                "person": person,
                "salt": bytes.fromhex(part.salt),
                "private": said,
                "stream_seq": number,
                "files": [],
            }
            for number, (person, part, said) in enumerate(self.parts, start=1)
        ]
        with sync_engine(database_url).begin() as connection:
            connection.execute(sa.insert(private_part), rows)


class Shelf:
    """A store of files that holds one photo."""

    async def find(self, scheme: str, file: str) -> File | None:
        assert scheme == SCHEME
        return File(file, len(PHOTO), "image/png") if file == PHOTO_HASH else None

    async def parts(self, scheme: str, file: str) -> AsyncIterator[bytes]:
        assert (scheme, file) == (SCHEME, PHOTO_HASH)
        yield PHOTO


@asynccontextmanager
async def pages(database_url: str, directory: Path, history: list[bytes]) -> AsyncIterator[Board]:
    async with reading(
        database_url, directory, history, TODAY, evidence=Shelf(), alone=True
    ) as asking:
        open_board(asking.application)
        asking.add_reader("panel", "reviewer", PANEL_X[0])
        yield Board(asking)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def board(
    postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Board]:
    told = Told()
    with new_database(postgres_url, migrated_template) as url:
        async with pages(url, tmp_path_factory.mktemp("pages"), told.history) as opened:
            told.keep(url)
            yield opened


def words_of(text: str) -> list[str]:
    return [
        html.unescape(one) for one in re.findall(r"class=\"words\"[^>]*>(.*?)<", text, re.DOTALL)
    ]


async def test_the_words_of_a_claim_are_for_the_holder_and_those_whose_case_it_is(
    board: Board,
) -> None:
    seen = {}
    for who in (*COLUMNS, "panel"):
        answer = await board.open(CLAIM, who)
        seen[who] = words_of(answer.text) if answer.status_code == 200 else None

    # The sample of the quarter has the claim, so the upper level looks at it again.
    opened = {"self", "reviewer", "panel", "upper"}
    assert {who for who, words in seen.items() if words == [WORDS]} == opened
    assert {who for who, words in seen.items() if words} == opened
    assert seen["auditor"] == []


async def test_an_auditor_sees_that_there_are_words_and_their_hash(board: Board) -> None:
    text = await board.page(CLAIM, "auditor")

    assert "an auditor sees their hash" in text
    assert len(re.findall(r"class=\"hash\">[0-9a-f]{64}<", text.partition('id="private"')[2])) >= 1


async def test_who_complained_in_which_words_is_for_handlers_and_never_for_the_person_concerned(
    board: Board,
) -> None:
    path = f"/units/u-x/objections/{Q3}"
    seen = {
        who: words_of((await board.open(path, who)).text)
        for who in ("self", "branch", "panel", "upper", "auditor")
    }

    # The reason of the answer has no word of its own: it is told in those of whoever gave it.
    assert seen["panel"] == [ANSWER, COMPLAINT, ANSWER]
    # The reader of the branch has filed it.
    assert {who for who, words in seen.items() if words} == {"panel", "branch"}


async def test_a_file_is_saved_by_those_who_see_the_case_and_by_nobody_else(board: Board) -> None:
    page = await board.page(CLAIM, "self")
    [address] = {one for one in links_of(page) if "/evidence/" in one}
    answers = {
        who: await board.open(address, who) for who in ("self", "panel", "branch", "auditor")
    }
    gone = await board.open(f"/evidence/{'cd' * 32}", "self")
    saved = answers["self"]

    assert {who: one.status_code for who, one in answers.items()} == {
        "self": 200,
        "panel": 200,
        "branch": 403,
        "auditor": 403,
    }
    assert saved.content == PHOTO
    assert saved.headers["content-disposition"].startswith("attachment")
    assert (saved.headers["cache-control"], gone.status_code) == ("no-store", 403)


async def test_a_page_with_opened_words_is_kept_by_nobody(board: Board) -> None:
    kept = {who: (await board.open(CLAIM, who)).headers for who in ("self", "auditor")}

    assert (kept["self"]["cache-control"], "etag" in kept["self"]) == ("private, no-store", False)
    assert (kept["auditor"]["cache-control"], "etag" in kept["auditor"]) == (
        "private, no-cache",
        True,
    )


async def test_words_are_shown_as_they_were_written_and_never_run(board: Board) -> None:
    text = await board.page(CLAIM, "self")

    assert '<span class="words" lang="zh-Hans">' in text
    assert (
        (await board.open(CLAIM, "self"))
        .headers["content-security-policy"]
        .startswith("default-src 'none'")
    )


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "此人的信息已依规删除"), ("en", "The person was erased")]
)
async def test_e42_after_an_erasure_the_page_says_that_the_words_are_gone(
    database_url: str, tmp_path: Path, language: str, words: str
) -> None:
    told = Told()
    async with pages(database_url, tmp_path, told.history) as board:
        told.keep(database_url)
        before = words_of(await board.page(CLAIM, "reviewer", language))
        await project(database_url, [*told.history, erased(ANNA, recorded="2023-10-19")])
        after = await board.page(CLAIM, "reviewer", language)
        told_read = await board.asking.get("/claims/c-anna", "reviewer")

    assert (before, words_of(after)) == ([WORDS], [])
    assert words in after
    private = told_read["events"][0]["private"]
    assert (private["content"], private["erased"]) == (None, True)
    # The photo is part of the event, and its hash stays.
    assert [one["kind"] for one in private["files"]] == ["photo"]
