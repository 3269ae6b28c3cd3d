"""Every read of the ledger answers at any moment, but for a closed list with its reasons."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus

import pytest
from fastapi.routing import APIRoute

from jifen_contracts.canonical import decode
from jifen_ledger.adapters.http.application import READS
from jifen_ledger.adapters.http.asking import question_of, recorded_question_of
from jifen_ledger.adapters.http.parameters import KnownQuery, MomentQuery
from jifen_ledger.adapters.http.timeless import MOMENTS, REASONS, reason_of
from tests.docs.readme import DOCS, rows
from tests.integration.comparing_moments import answers, compare
from tests.integration.reading import Asking
from tests.integration.year_told import ask
from tests.support import builders as build
from tests.support.budget import NIGHTLY
from tests.support.moments_world import TODAY, addresses, year

__all__ = ["ask"]

# The module's ledger outlives its tests, which therefore share its loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")

HISTORY_S = 600
DAY, END = "day", "end"
ADVANCED = "jifen.period.advanced.v1"
REVIEWED = "jifen.points.reviewed.v1"
# A day within the quarter, that of a correction after it, and one after the year.
DAYS = ("2023-08-20", "2023-10-21", "2024-01-31") if NIGHTLY else ("2023-10-21",)
READERS = ("branch", "reviewer", *(("self", "staff", "public") if NIGHTLY else ()))
LONG_AGO, AHEAD = "1990-01-01", "2999-12-31"


def routes() -> Iterator[APIRoute]:
    """The reads, as the routers have them."""
    for module in READS:
        for route in module.ROUTES.routes:
            assert isinstance(route, APIRoute)
            if "GET" in (route.methods or ()):
                yield route


def name_of(route: APIRoute) -> str:
    return route.path.removeprefix("/")


def meaning_of(route: APIRoute) -> str:
    """What a day means to a read: told by its query, and by the question that it answers."""
    asked = {one.call for one in route.dependant.dependencies}
    kinds = [one.field_info.annotation for one in route.dependant.query_params]
    queries = [kind for kind in kinds if isinstance(kind, type)]
    if any(issubclass(kind, MomentQuery) for kind in queries):
        return DAY if question_of in asked else "asks at the end of a day"
    if any(issubclass(kind, KnownQuery) for kind in queries):
        return END if recorded_question_of in asked else "asks up to a day"
    return "–"


def read_at(path: str) -> APIRoute:
    """The read that answers an address."""
    plain = path.partition("?")[0]
    return next(route for route in routes() if route.path_regex.fullmatch(plain))


def asked_of(payloads: Sequence[bytes]) -> list[str]:
    """The addresses, about some reviews, which post, and about the last records."""
    events = [decode(one) for one in payloads]
    reviews = [seq for seq, one in enumerate(events, start=1) if one["type"] == REVIEWED]
    seqs = [*reviews[1 :: 10 if NIGHTLY else 60], len(events) - 1]
    return addresses(seqs, [str(events[seq - 1]["id"]) for seq in seqs], more=NIGHTLY)


def on(path: str, **moment: object) -> str:
    """The address at a moment."""
    given = "&".join(f"{name}={value}" for name, value in moment.items())
    return f"{path}{'&' if '?' in path else '?'}{given}"


async def test_every_read_takes_both_moments_or_has_a_reason_on_the_closed_list() -> None:
    page = DOCS / "reads.md"
    found = {name_of(route): meaning_of(route) for route in routes()}

    assert found == {row[0].strip("`"): row[2] for row in rows("Address", page)}
    assert {name for name, meaning in found.items() if meaning not in (DAY, END)} == set(REASONS)
    assert {row[0].strip("`"): row[1] for row in rows("Without a moment", page)} == REASONS


async def test_every_read_with_a_moment_is_asked_for_one_here() -> None:
    named = {name_of(read_at(path)) for path in addresses((1,), ("e",))}

    assert named == {name_of(route) for route in routes()} - set(REASONS)


@pytest.mark.timeout(HISTORY_S)
async def test_every_read_tells_an_earlier_moment_as_it_was_told_then(
    postgres_url: str, migrated_template: str
) -> None:
    payloads = year()
    types = [decode(one)["type"] for one in payloads]
    size, advanced = len(payloads), types.index(ADVANCED) + 1
    # While claims are reviewed, at the first bulletin, and between corrections and judgements.
    cuts = [advanced // 2, advanced + 2, size - 7]
    if NIGHTLY:
        cuts += [len(build.world()) + 2, advanced - 1, *range(size - 10, size + 1, 3)]
    await compare(postgres_url, migrated_template, payloads, cuts, asked_of(payloads), TODAY)


async def test_a_day_is_its_end_for_what_goes_by_recorded_time(ask: Asking) -> None:
    payloads = year()
    paths = [one for one in asked_of(payloads) if meaning_of(read_at(one)) == END]
    for day in DAYS:
        last = f"{day}T23:59:59.999%2B08:00"
        by_day = await answers(ask, [on(path, as_of=day) for path in paths])
        by_time = await answers(ask, [on(path, known_at=last) for path in paths])
        assert list(by_day.values()) == list(by_time.values()), day


async def test_of_a_record_and_the_end_of_a_day_the_earlier_counts(ask: Asking) -> None:
    payloads = year()
    paths = [one for one in asked_of(payloads) if meaning_of(read_at(one)) == END]
    known = len(payloads) - 9
    both = await answers(ask, [on(path, known_at=known, as_of=DAYS[-1]) for path in paths])
    record = await answers(ask, [on(path, known_at=known) for path in paths])

    assert list(both.values()) == list(record.values())


async def test_no_day_is_too_early_or_too_late_to_be_answered(ask: Asking) -> None:
    paths = asked_of(year())
    ended = [one for one in paths if meaning_of(read_at(one)) == END]
    early = await answers(ask, [on(path, as_of=LONG_AGO) for path in paths])
    late = await answers(ask, [on(path, as_of=AHEAD) for path in ended])
    now = await answers(ask, ended)

    assert {path for path, (code, _) in early.items() if code not in (200, 403, 404)} == set()
    # What has not ended is told as it is by now.
    assert list(late.values()) == list(now.values())


@pytest.mark.parametrize("who", READERS)
async def test_no_moment_opens_what_is_closed_by_now(ask: Asking, who: str) -> None:
    paths = asked_of(year())
    closed = [
        path for path in paths if (await ask.answer(path, who)).status_code == HTTPStatus.FORBIDDEN
    ]
    moments: list[dict[str, object]] = [{"known_at": len(year()) - 12}, {"as_of": DAYS[0]}]
    opened = {
        path
        for path in closed
        for moment in moments
        if (await ask.answer(on(path, **moment), who)).status_code == HTTPStatus.OK
    }

    assert (len(closed) > 0, opened) == (True, set())


async def test_what_has_no_moment_says_why(ask: Asking) -> None:
    told = {}
    for path in REASONS:
        names = dict.fromkeys(("member", "seq", "size", "level", "place"), "1")
        address = path.replace(":path", "").format_map(names)
        for moment, value in zip(MOMENTS, ("5", "2023-07-01"), strict=True):
            answer = await ask.answer(f"/{address}?{moment}={value}")
            refused = f"{moment} has no meaning here" in answer.json()["detail"]
            told[path, moment] = (answer.status_code, refused)

    expected = {path: 400 if path.startswith("log/") else 422 for path in REASONS}
    assert told == {
        (path, moment): (code, True) for path, code in expected.items() for moment in MOMENTS
    }


async def test_the_document_has_both_moments_or_the_reason(ask: Asking) -> None:
    paths = ask.application.openapi()["paths"]
    reads = {path: one["get"] for path, one in paths.items() if path.startswith("/v1/")}
    reasons = {path: reason_of(path) for path in reads}
    taken = {
        path: {given["name"] for given in one.get("parameters", ())} & set(MOMENTS)
        for path, one in reads.items()
    }

    said = {
        path: reason in reads[path]["description"] for path, reason in reasons.items() if reason
    }
    assert taken == {path: set() if reasons[path] else set(MOMENTS) for path in reads}
    assert said == {path: True for path, reason in reasons.items() if reason}
    assert len(said) == len(REASONS)
