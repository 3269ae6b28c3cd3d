"""Which moment answers: by sequence, by time, by the day of deeds; and how long it may be kept."""

from pathlib import Path

import pytest

from jifen_ledger.adapters.http import scheme_routes
from tests.integration.reading import TODAY, project, reading
from tests.support import builders as build
from tests.support.organisation import published
from tests.support.people import ANNA
from tests.support.stored import stamp_of

WORLD = len(build.world())
CLAIM = build.earned("c-1")


def history() -> list[bytes]:
    """One claim, decided; then a second version for the next quarter."""
    return [
        *build.world(),
        *build.decided(CLAIM),
        b"no event",
        published(2, "2023-10-01", recorded="2023-09-01"),
    ]


async def test_a_record_after_the_moment_is_not_there_yet(
    database_url: str, tmp_path: Path
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        before = await ask.code(f"/records/{WORLD + 2}", known_at=WORLD + 1)
        then = await ask.answer(f"/records/{WORLD + 2}", params={"known_at": WORLD + 2})

    assert (before, then.status_code) == ((404, "not_found"), 200)


async def test_a_version_is_there_from_its_record_on_and_in_force_by_the_day_asked(
    database_url: str, tmp_path: Path
) -> None:
    head = len(history())
    async with reading(database_url, tmp_path, history()) as ask:
        before = await ask.get("/scheme", known_at=head - 1, as_of="2023-10-01")
        now = await ask.get("/scheme")
        then = await ask.get("/scheme", as_of="2023-10-01")

    found = [(one["size"], len(one["versions"]), one["in_force"]) for one in (before, now, then)]
    assert found == [(head - 1, 1, 1), (head, 2, 1), (head, 2, 2)]


@pytest.mark.parametrize(
    ("known_at", "size"),
    [
        (str(WORLD), WORLD),
        ("2023-01-01T10:00:00%2B08:00", WORLD),
        (stamp_of("2023-08-31"), WORLD + 4),
        ("2023-09-20T00:00:00Z", WORLD + 5),
    ],
    ids=["a sequence", "the first day", "a message without event", "after the head"],
)
async def test_a_time_means_the_last_record_that_is_not_later(
    database_url: str, tmp_path: Path, known_at: str, size: int
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.answer(f"/scheme?known_at={known_at}")

    assert answer.json()["size"] == size, answer.text


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("known_at=0", f"the records 1 to {WORLD + 5}"),
        (f"known_at={WORLD + 6}", f"the records 1 to {WORLD + 5}"),
        ("known_at=9999999999999999", f"the records 1 to {WORLD + 5}"),
        ("known_at=2022-12-31T00:00:00Z", "the first record is of 2023-01-01T02:00:00.000Z"),
        ("known_at=2023-10-01T00:00:00Z", "that is ahead"),
        ("known_at=2023-01-01T10:00:00+08:00", "write the + of an offset as %2B"),
        ("known_at=yesterday", "a sequence such as 4711, or a time such as"),
        ("as_of=2023-02-29", "a day such as 2023-08-15"),
    ],
)
async def test_a_moment_that_cannot_be_is_refused_with_a_hint(
    database_url: str, tmp_path: Path, query: str, hint: str
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.answer(f"/scheme?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "query_invalid")
    assert hint in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (f"/directory/{ANNA}?known_at=5", "known_at has no meaning here: this answer is about now"),
        (f"/directory/{ANNA}?as_of=2023-07-01", "as_of has no meaning here"),
    ],
)
async def test_an_answer_without_a_past_says_so(
    database_url: str, tmp_path: Path, path: str, reason: str
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        answer = await ask.answer(path)

    assert (answer.status_code, answer.json()["code"]) == (422, "query_invalid")
    assert reason in answer.json()["detail"]


async def test_only_what_has_no_name_and_no_changing_right_in_it_may_be_kept(
    database_url: str, tmp_path: Path
) -> None:
    final = {"known_at": WORLD + 1}
    async with reading(database_url, tmp_path, history()) as ask:
        auditor = await ask.answer("/scheme", "auditor", params=final)
        upper = await ask.answer("/scheme", "upper", params=final)
        later = await ask.answer("/scheme", "auditor", params={"known_at": TODAY})
        now = await ask.answer("/scheme", "auditor")

    kept = "private, max-age=86400, immutable"
    found = [one.headers["cache-control"] for one in (auditor, upper, later, now)]
    assert found == [kept, *["private, no-cache"] * 3]


async def test_every_moment_has_a_tag_of_its_own(database_url: str, tmp_path: Path) -> None:
    asked = [{}, {"known_at": WORLD}, {"known_at": WORLD + 1}, {"as_of": "2023-07-01"}]
    asked.append({"as_of": "2023-07-02"})
    async with reading(database_url, tmp_path, history()) as ask:
        tags = [(await ask.answer("/scheme", params=one)).headers["etag"] for one in asked]
        same = await ask.answer("/scheme", params=asked[1], headers={"If-None-Match": tags[1]})

    assert len(set(tags)) == len(asked)
    assert same.status_code == 304


async def test_an_answer_that_is_known_is_not_made_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        first = await ask.answer("/scheme")
        known = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
        monkeypatch.setattr(scheme_routes, "scheme_of", None)
        same = await ask.answer("/scheme", headers=known)
        monkeypatch.undo()
        by_another = await ask.answer("/scheme", "auditor", headers=known)
        elsewhere = await ask.answer("/scheme?as_of=2023-07-01", headers=known)
        ask.add_reader("upper", "shop")
        without_the_right = await ask.answer("/trial-balance", headers=known)

    kept = ("etag", "cache-control", "vary")
    assert (same.status_code, same.content) == (304, b"")
    assert [same.headers[name] for name in kept] == [first.headers[name] for name in kept]
    assert (by_another.status_code, elsewhere.status_code) == (200, 200)
    assert without_the_right.status_code == 403


async def test_what_comes_after_makes_every_answer_anew(database_url: str, tmp_path: Path) -> None:
    async with reading(database_url, tmp_path, history()) as ask:
        first = await ask.answer(f"/members/{ANNA}/balance")
        await project(database_url, [*history(), build.earned("c-2", deed="d-2")])
        known = {"If-None-Match": first.headers["etag"]}
        later = await ask.answer(f"/members/{ANNA}/balance", headers=known)

    assert (first.status_code, later.status_code) == (200, 200)
    assert first.json() != later.json()
