"""Private text and files over HTTP: who is shown them, who sees a hash, and who sees nothing."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.private_parts import privatehash_of
from tests.integration.private_world import private_world
from tests.integration.reading import Asking, reading
from tests.support import builders as build
from tests.support.concerns import confirmed, handed, raised, resolved
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    PANEL_X,
    PANEL_Y,
    SECRETARY,
    SECRETARY_Y,
    SPECIALIST,
    UPPER_TWO,
)
from tests.support.private_parts import Part, with_part
from tests.support.quarters import answered, objected, published_quarter
from tests.support.servers import new_database
from tests.support.stored import sha

# The module's world outlives its tests, which therefore share its loop.
pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = "2023-10-20T10:00:00.000+08:00"
GONE = sha("never sent")
PHOTO = b"\x89PNG\r\n\x1a\nphoto"
# Readers beside those of `reading`: who handles cases, and who has others of the same kind.
MORE: Mapping[str, tuple[str, str | None]] = {
    "bo": ("self", BO),
    "dora": ("self", DORA),
    "chen": ("branch", CHEN),
    "handler": ("branch", COMMITTEE),
    "secretary": ("self", SECRETARY),
    "panel": ("reviewer", PANEL_X[0]),
    "staff-panel": ("reviewer", PANEL_X[4]),
    "reviewer-y": ("reviewer", SECRETARY_Y),
    "officer": ("upper", UPPER_TWO),
}
EVERYBODY = {
    *("self", "branch", "staff", "reviewer", "upper", "auditor", "public", "shop"),
    *MORE,
}


class Story:
    """What was told, with the private part of every event that has one."""

    def __init__(self, photo: str) -> None:
        self.photo = photo
        self.parts: dict[str, Part] = {}
        self.history = [*build.world(), *self._claims(), *self._concern(), *self._quarter()]
        self.history += self._later()

    def _told(self, name: str, payload: bytes, **private: Any) -> bytes:
        event, self.parts[name] = with_part(payload, {"text": name, **private})
        return event

    def _claims(self) -> Iterator[bytes]:
        shown = [{"kind": "photo", "sha256": self.photo}]
        yield self._told("anna", build.earned("c-anna", evidence=shown, by=ANNA))
        yield build.preliminary("c-anna", deciders=(SPECIALIST,))
        yield self._told("accepted", build.verified("c-anna"))
        yield self._told("dora", build.earned("c-dora", holder=DORA))
        yield build.preliminary("c-dora", DORA, deciders=(SPECIALIST,), recorded="2023-08-15")
        yield build.verified("c-dora", DORA, deciders=PANEL_Y[:2], recorded="2023-08-16")
        refused = build.earned("c-anna", holder=BO, deed="d-other")
        yield self._told("refused", refused)

    def _concern(self) -> Iterator[bytes]:
        yield self._told("leak", raised(by=ANNA))
        yield raised("cn-2", by=CHEN)
        yield self._told("work", handed())
        yield handed("cn-2", merge_into="cn-1")
        yield resolved(evidence=[{"kind": "photo", "sha256": self.photo}])
        yield self._told("thanks", confirmed())

    def _quarter(self) -> Iterator[bytes]:
        yield from published_quarter()
        yield from published_quarter(branch=BRANCH_Y)
        complaint = objected("ob-1", claim="c-anna", kind="complaint", by=BO)
        letter = [{"kind": "document", "sha256": self.photo}]
        yield self._told("complaint", complaint, evidence=letter)
        yield self._told("answer", answered("ob-1", "dismissed"))

    def _later(self) -> Iterator[bytes]:
        """Claims that no re-check has drawn."""
        lost = [{"kind": "photo", "sha256": GONE}]
        late: dict[str, Any] = {"on": "2023-09-28", "recorded": "2023-10-17"}
        yield self._told("secretary", build.earned("c-secretary", holder=SECRETARY, **late))
        yield self._told("open", build.earned("c-open", holder=BO, evidence=lost, **late))
        training = build.fact(
            "c-duty",
            "A01",
            COMMITTEE,
            capacity="committee",
            period="2023-09",
            recorded="2023-10-17",
        )
        yield self._told("for-upper", training)

    def seq(self, name: str) -> int:
        """The seq of the record whose event has this private part."""
        found = self.parts[name].privatehash
        hashes = [decode(one).get("privatehash") for one in self.history]
        return hashes.index(found) + 1


@dataclass(frozen=True, slots=True)
class Told:
    ask: Asking
    story: Story


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(
    nats_url: str,
    postgres_url: str,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Told]:
    """One ledger for all tests that only read."""
    directory = tmp_path_factory.mktemp("told")
    with new_database(postgres_url, migrated_template) as database_url:
        async with private_world(nats_url, database_url) as world:
            story = Story(await world.keep_file(PHOTO))
            await world.keep(list(story.parts.values()))
            history, evidence = story.history, world.evidence
            async with reading(database_url, directory, history, TODAY, evidence=evidence) as ask:
                for name, (column, member) in MORE.items():
                    ask.add_reader(name, column, member)
                await world.copy()
                yield Told(ask, story)


async def openers(ask: Asking, path: str) -> set[str]:
    """Who gets an answer there; everybody else is forbidden it."""
    statuses = {who: (await ask.answer(path, who)).status_code for who in EVERYBODY}
    assert set(statuses.values()) <= {200, 403}, statuses
    return {who for who, status in statuses.items() if status == 200}


async def test_x24_each_private_part_is_opened_to_those_whom_the_matrix_names(told: Told) -> None:
    ask, story = told.ask, told.story
    # The re-check draws all claims of so small a quarter, hence the upper level sees those.
    expected = {
        "anna": {"self", "reviewer", "panel", "staff-panel", "upper", "officer"},
        "accepted": {"self", "reviewer", "panel", "staff-panel", "upper", "officer"},
        "dora": {"dora", "reviewer-y", "upper", "officer"},
        "secretary": {"secretary", "reviewer", "panel", "staff-panel", "upper", "officer"},
        "open": {"bo", "branch", "reviewer", "panel", "staff-panel"},
        "for-upper": {"handler", "reviewer", "panel", "staff-panel", "upper", "officer"},
        "refused": {"bo", "branch"},
        "leak": {"self", "handler"},
        "work": {"self", "chen", "reviewer", "handler"},
        "thanks": {"self", "handler"},
        "complaint": {"bo", "branch", "panel", "staff-panel", "officer"},
        "answer": {"bo", "branch", "panel", "staff-panel", "officer"},
    }
    found = {name: await openers(ask, f"/records/{story.seq(name)}/opening") for name in expected}

    assert found == expected


async def test_an_opening_opens_the_hash_that_stands_in_the_event(told: Told) -> None:
    ask, story = told.ask, told.story
    answer = await ask.answer(f"/records/{story.seq('anna')}/opening", "self")

    opening = answer.json()
    opened = privatehash_of(canonical(opening["private"]), bytes.fromhex(opening["salt"]))
    assert (opened, answer.headers["Cache-Control"], "ETag" in answer.headers) == (
        story.parts["anna"].privatehash,
        "private, no-store",
        False,
    )


async def test_claims_objections_and_concerns_show_their_texts_to_the_same_people(
    told: Told,
) -> None:
    ask, story = told.ask, told.story
    hashes = {name: part.privatehash for name, part in story.parts.items()}
    claim = await ask.get("/claims/c-anna", "self")
    audited = await ask.answer("/claims/c-anna", "auditor")
    other = await ask.get("/claims/c-anna", "reviewer-y")
    concerns = {
        who: (await ask.get("/concerns/cn-1", who))["events"]
        for who in ("self", "chen", "branch", "upper")
    }
    cases = {
        who: (await ask.get("/branches/u-x/objections", who, period="2023-Q3"))["cases"]
        for who in ("panel", "self")
    }
    own = await ask.get("/objections/ob-1", "bo")
    public = await ask.answer("/objections/ob-1", "public")

    file = {"sha256": story.photo, "kind": "photo"}
    letter = {"sha256": story.photo, "kind": "document"}
    assert claim["claimed"]["private"] == {
        "privatehash": hashes["anna"],
        "content": {"text": "anna"},
        "files": [file],
        "erased": False,
    }
    assert claim["verified"]["private"]["content"] == {"text": "accepted"}
    assert audited.json()["claimed"]["private"] == {
        "privatehash": hashes["anna"],
        "content": None,
        "files": [file],
        "erased": False,
    }
    assert audited.headers["ETag"]
    assert other["claimed"]["private"] is None
    assert _texts(concerns) == {
        "self": ["leak", "work", None, "thanks"],
        "chen": [None, "work", None, None],
        "branch": [None, None, None, None],
        "upper": [None, None, None, None],
    }
    assert concerns["chen"][2]["private"]["files"] == [file]
    [case] = cases["panel"]
    assert (case["by"], case["private"]["files"]) == (BO, [letter])
    assert case["decision_private"]["content"] == {"text": "answer"}
    [concerned] = cases["self"]
    assert (concerned["by"], concerned["private"], concerned["decision_private"]) == (None,) * 3
    assert own["private"]["content"]["text"] == "complaint"
    assert public.status_code == 403


async def test_an_answer_with_private_text_is_kept_by_nobody(told: Told) -> None:
    ask = told.ask
    paths = {
        "/claims/c-anna": "self",
        "/concerns/cn-1": "handler",
        "/objections/ob-1": "bo",
        "/branches/u-x/objections?period=2023-Q3": "panel",
    }
    headers = [(await ask.answer(path, who)).headers for path, who in paths.items()]
    without = (await ask.answer("/claims/c-anna", "reviewer-y")).headers

    assert [(one["Cache-Control"], "ETag" in one) for one in headers] == [
        ("private, no-store", False)
    ] * 4
    assert without["ETag"]


async def test_x12_a_file_is_opened_through_every_case_that_names_it(told: Told) -> None:
    ask, story = told.ask, told.story
    path = f"/evidence/{story.photo}"
    answer = await ask.answer(path, "self")
    readers = await openers(ask, path)
    uses = {
        who: [one["seq"] for one in (await ask.get(f"{path}/uses", who))["uses"]]
        for who in ("self", "bo", "auditor")
    }
    unknown = await ask.code(f"/evidence/{'0' * 64}", "upper")

    assert (answer.content, answer.headers["X-Content-Type-Options"]) == (PHOTO, "nosniff")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{story.photo}"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    # Through the claim, the concern that it shows mended, and the letter of the complaint.
    assert readers == {
        *("self", "reviewer", "panel", "staff-panel", "upper", "officer"),
        *("handler", "chen"),
        *("bo", "branch"),
    }
    claim, letter = story.seq("anna"), story.seq("complaint")
    mended = story.seq("thanks") - 1
    assert uses == {"self": [mended, claim], "bo": [letter], "auditor": [letter, mended, claim]}
    assert unknown == (403, "forbidden")


async def test_a_file_that_was_named_and_is_not_there_is_not_found(told: Told) -> None:
    assert await told.ask.code(f"/evidence/{GONE}", "bo") == (404, "not_found")
    assert await told.ask.code(f"/evidence/{GONE}", "dora") == (403, "forbidden")


@pytest.mark.parametrize("uses", ["", "/uses"])
async def test_a_file_that_nothing_had_named_yet_is_not_found_by_whoever_sees_it_now(
    told: Told, uses: str
) -> None:
    ask, claim = told.ask, told.story.seq("anna")
    path = f"/evidence/{told.story.photo}{uses}"
    before = {who: await ask.code(path, who, known_at=claim - 1) for who in ("self", "dora")}
    by_day = await ask.code(path, "self", as_of="2023-01-02")
    then = await ask.answer(path, "self", params={"known_at": claim})
    # The letter of the complaint came later: until then the file was no business of Bo's.
    stranger = await ask.code(path, "bo", known_at=claim)

    assert before == {"self": (404, "not_found"), "dora": (403, "forbidden")}
    assert (by_day, then.status_code) == ((404, "not_found"), 200)
    assert stranger == (404, "not_found")


async def test_without_the_broker_files_are_busy_and_everything_else_is_read(
    database_url: str, tmp_path: Path
) -> None:
    story = Story(GONE)
    async with reading(database_url, tmp_path, story.history, TODAY) as ask:
        found = await ask.code(f"/evidence/{GONE}", "self")
        claim = await ask.answer("/claims/c-anna", "self")

    assert (found, claim.status_code) == ((503, "busy"), 200)


@pytest.mark.parametrize("path", ["/evidence/ABC", f"/evidence/{'0' * 64}?as_of=yesterday"])
async def test_what_is_asked_wrongly_is_refused(
    database_url: str, tmp_path: Path, path: str
) -> None:
    async with reading(database_url, tmp_path, build.world(), TODAY) as ask:
        answer = await ask.answer(path)

    assert (answer.status_code, answer.json()["code"]) == (422, "query_invalid")


def _texts(concerns: Mapping[str, list[Any]]) -> dict[str, list[str | None]]:
    return {
        who: [((one["private"] or {}).get("content") or {}).get("text") for one in events]
        for who, events in concerns.items()
    }
