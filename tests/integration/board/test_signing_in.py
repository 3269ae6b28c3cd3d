"""Signing in and out, and how a page may be kept by the browser of whoever read it."""

from urllib.parse import urlencode

import httpx
import pytest

from tests.support.boarding import Board
from tests.support.people import ANNA

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE = {"Origin": "http://ledger", "Sec-Fetch-Site": "same-origin"}


async def send(board: Board, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
    sent = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    return await board.asking.client.post(f"/board{path}", content=urlencode(form), headers=sent)


async def test_the_token_is_kept_where_no_script_and_no_other_site_can_use_it(
    board: Board,
) -> None:
    token = board.asking.tokens["self"]
    answer = await send(board, "/sign-in", {"token": token, "back": ""}, **HERE)
    kept = answer.headers["set-cookie"]

    assert (answer.status_code, answer.headers["location"]) == (303, "/board/plant/")
    assert kept == f"jifen_reader={token}; HttpOnly; Path=/board; SameSite=strict"


async def test_over_https_the_cookie_never_travels_in_the_clear(board: Board) -> None:
    client = httpx.AsyncClient(transport=board.asking.client._transport, base_url="https://ledger")
    form = urlencode({"token": board.asking.tokens["self"]})
    answer = await client.post("/board/sign-in", content=form)

    assert answer.headers["set-cookie"].endswith("SameSite=strict; Secure")


async def test_a_page_that_asked_for_the_token_is_the_page_one_comes_back_to(board: Board) -> None:
    form = {"token": board.asking.tokens["self"], "back": f"/board/plant/people/{ANNA}?year=2023"}
    answer = await send(board, "/sign-in", form, **HERE)

    assert answer.headers["location"] == f"/board/plant/people/{ANNA}?year=2023"


@pytest.mark.parametrize(
    "back", ["//evil.example/board/", "https://evil.example/board/", "/v1/x", "/board/\\evil", "x"]
)
async def test_nobody_is_led_to_another_site(board: Board, back: str) -> None:
    form = {"token": board.asking.tokens["self"], "back": back}
    answer = await send(board, "/sign-in", form, **HERE)

    assert answer.headers["location"] == "/board/plant/"


@pytest.mark.parametrize("token", ["", "nonsense", "two words", "文"])
async def test_a_token_that_nobody_has_opens_nothing(board: Board, token: str) -> None:
    answer = await send(board, "/sign-in", {"token": token}, **HERE)

    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
async def test_a_form_of_another_site_is_refused(
    board: Board, path: str, headers: dict[str, str]
) -> None:
    answer = await send(board, path, {"token": board.asking.tokens["self"]}, **headers)

    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


async def test_a_form_larger_than_any_of_ours_is_refused(board: Board) -> None:
    answer = await send(board, "/sign-in", {"token": "x" * 5_000}, **HERE)

    assert answer.status_code == 403


async def test_signing_out_forgets_the_token_and_the_pages(board: Board) -> None:
    answer = await send(board, "/sign-out", {}, **HERE)

    assert answer.headers["location"] == "/board/"
    assert 'jifen_reader=""' in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache"'


async def test_a_page_that_did_not_change_is_not_sent_again(board: Board) -> None:
    first = await board.open("/scheme")
    again = await board.open("/scheme", **{"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


async def test_what_one_reader_keeps_is_not_taken_for_the_page_of_another(board: Board) -> None:
    tags = {
        (who, language): (await board.open("/scheme", who, language)).headers["etag"]
        for who in ("self", "branch", "upper", "auditor")
        for language in ("zh", "en")
    }
    own = tags["self", "en"]
    other = await board.open("/scheme", "branch", "en", **{"If-None-Match": own})

    assert len(set(tags.values())) == len(tags)
    assert (other.status_code, other.headers["vary"]) == (200, "Cookie, Accept-Language")


async def test_the_language_is_asked_for_once_and_kept(board: Board) -> None:
    asked = await board.open("/scheme?lang=en", "upper", "zh")
    preferred = await board.asking.client.get(
        "/board/", headers={"Accept-Language": "en-GB,en;q=0.9"}
    )

    assert '<html lang="en">' in asked.text
    assert asked.headers["set-cookie"].startswith("jifen_language=en;")
    assert '<html lang="en">' in preferred.text
    assert 'href="/board/?lang=zh"' in preferred.text


async def test_the_stylesheet_is_kept_until_it_changes(board: Board) -> None:
    page = await board.page("/scheme")
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    style = await board.asking.client.get(address)
    older = await board.asking.client.get("/board/static/board-000000000000.css")

    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in style.headers["cache-control"]
    assert older.status_code == 404


@pytest.mark.parametrize(
    "path", ["/nowhere", "/units/u-nowhere", "/people/M%20X", "/claims/c-none", "/records/999999"]
)
async def test_what_is_not_there_is_a_page_that_says_so(board: Board, path: str) -> None:
    answer = await board.open(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text
