"""A generation beside the live one is compared, switched to, and switched back from."""

from collections.abc import Iterator

import pytest

from jifen_contracts.codes import Code
from jifen_contracts.events import PointsReviewed
from jifen_ledger.adapters.digest import digest_of
from jifen_ledger.adapters.generations import schema_of
from jifen_ledger.adapters.projected import MADE
from jifen_ledger.domain import fold
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.rules.points_reviewed import review
from jifen_ledger.domain.state import State
from jifen_ledger.log.encodings import encoded
from tests.integration.test_projection_equals_fold import life_of_claims
from tests.support import builders as build
from tests.support.audited import world_with_boards
from tests.support.generations import (
    Step,
    beside,
    project,
    projected_template,
    schemas,
    stepping,
)
from tests.support.people import ANNA, BO, SCHEME
from tests.support.servers import new_database
from tests.support.signing import query, tamper, tree_of

HISTORY = world_with_boards()
LATER = [build.earned(f"c-later-{number}", deed=f"d-{number}") for number in range(30)]
CLAIM = f"c-{ANNA}-b01"
REVIEWED = "jifen.points.reviewed.v1"
BUILD = ("build", "--from", "journal")
BOTH_DIFFER = ("figures", "place")
# Bo is moved to the top, in all tables that say so.
BY_HAND = (
    "UPDATE figures SET earned = earned + 5, score = score + 5 WHERE holder = 'm-bo'",
    "UPDATE place SET score = score + 5 WHERE holder = 'm-bo' AND period = '2023-Q3'",
)


@pytest.fixture(scope="module")
def world(postgres_url: str, migrated_template: str) -> Iterator[str]:
    with projected_template(postgres_url, migrated_template, HISTORY) as name:
        yield name


@pytest.fixture
def url(postgres_url: str, world: str) -> Iterator[str]:
    """A ledger of the test's own that knows the history."""
    with new_database(postgres_url, world) as url:
        yield url


@pytest.fixture
def step(url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Step:
    return stepping(url, capsys, monkeypatch)


def stricter(state: State, event: PointsReviewed, moment: Moment) -> Effect:
    """The rule, changed: one claim is not verified any more."""
    if (event.data.claim, event.data.stage) == (CLAIM, "verified"):
        raise Refused(Code.NOT_PERMITTED)
    return review(state, event, moment)


def changed_record(url: str) -> int:
    """The seq of the record that the changed rule makes otherwise."""
    [(seq,)] = query(
        url,
        "SELECT seq FROM record WHERE claim = %s AND type = %s ORDER BY seq DESC LIMIT 1",
        *(CLAIM, REVIEWED),
    )
    return int(seq)


def test_the_same_software_on_the_same_stream_gives_the_same_bytes(
    database_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    payloads = life_of_claims()
    project(database_url, payloads)
    step = stepping(database_url, capsys, monkeypatch)
    built = step(*BUILD)
    compared = step("compare", "--json").object
    root = encoded(tree_of(database_url).root)

    assert (
        built.out.splitlines()[-1]
        == f"plant: a new generation of {len(payloads)} records, each as it was"
    )
    assert (compared["same"], compared["size"]) == (True, len(payloads))
    assert compared["root"] == {"live": root, "second": root}
    assert {one["table"]: one["live"] for one in compared["tables"]} == {
        one["table"]: one["second"] for one in compared["tables"]
    }
    assert {one["table"] for one in compared["tables"]} == {table.name for table in MADE}


def test_another_rule_is_explained_by_the_record_from_which_on_it_differs(
    url: str, step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest_of(url, SCHEME)
    with monkeypatch.context() as patch:
        patch.setitem(fold.RULES, REVIEWED, stricter)
        built = step(*BUILD)
    compared = step("compare", "--json")
    told = step("compare").out
    switched = step("switch", "--although-different")
    found = compared.object
    seq = changed_record(url)
    about = {one["holder"]: one["differences"] for one in found["holders"]}
    first = found["records"]["first"]

    assert (built.status, compared.status, switched.status) == (1, 1, 1)
    assert f"from record {seq} on" in built.out
    assert (first["seq"], first["rule"], first["claim"]) == (seq, "points.reviewed.v1", CLAIM)
    assert first["recorded"]["outcome"] == {"status": "posted"}
    assert first["now"] == {
        "outcome": {"code": "not_permitted", "status": "refused"}, "postings": [],
    }  # fmt: skip
    assert found["root"]["live"] == encoded(tree_of(url).root) != found["root"]["second"]
    assert {one["seq"] for one in about[ANNA]} == {seq}
    assert [one["what"] for one in about[ANNA]][:2] == [
        f"balance member:{ANNA}:member",
        f"balance member:{ANNA}:pending",
    ]
    # Bo's own figures are the same; Anna is below him now.
    [moved] = [one for one in about[BO] if one["what"] == "rank 2023-Q3 member"]
    assert moved["why"] == f"the place of {ANNA}, record {seq}, points.reviewed.v1 of claim {CLAIM}"
    assert f"recorded posted, member:{ANNA}:pending " in told
    assert "1 records come out otherwise" in switched.err
    assert (digest_of(url, SCHEME), beside(url)) == (before, [("new", len(HISTORY))])


def test_what_a_hand_has_changed_is_named_and_switched_away_only_if_asked_for(
    url: str, step: Step
) -> None:
    before = digest_of(url, SCHEME)
    tamper(url, *BY_HAND)
    damaged = digest_of(url, SCHEME)
    step(*BUILD)
    compared = step("compare", "--json").object
    refused = step("switch")
    kept = digest_of(url, SCHEME)
    step("switch", "--although-different")
    after = digest_of(url, SCHEME)
    back = step("back")
    damaged_again = digest_of(url, SCHEME)
    step("switch", "--although-different")
    dropped = step("drop")
    differing = {one["table"]: one for one in compared["tables"] if one["live"] != one["second"]}
    [bo] = [one for one in compared["holders"] if one["holder"] == BO]

    assert set(differing) == set(BOTH_DIFFER)
    assert differing["figures"]["first"]["key"]["holder"] == BO
    assert differing["place"]["live_only"] == differing["place"]["second_only"] == 1
    assert {one["why"].partition(":")[0] for one in bo["differences"]} == {
        "no record", "its own score or home",
    }  # fmt: skip
    assert (refused.status, kept) == (1, damaged)
    assert "2 tables differ" in refused.err
    assert after == before
    assert (back.status, damaged_again) == (0, damaged)
    assert digest_of(url, SCHEME) == before
    assert (dropped.status, beside(url), schemas(url)) == (0, [], [])


def test_what_came_meanwhile_is_caught_up_with_by_the_switch_and_by_the_way_back(
    url: str, step: Step, database_url: str
) -> None:
    step(*BUILD)
    project(url, [*HISTORY, *LATER[:10]])
    switched = step("switch")
    old = beside(url)
    project(url, [*HISTORY, *LATER])
    back = step("back")
    project(database_url, [*HISTORY, *LATER])
    size = len(HISTORY) + len(LATER)

    assert (switched.out, back.out) == (
        f"plant: switched at {len(HISTORY) + 10} records\n",
        f"plant: back again at {size} records\n",
    )
    assert (old, beside(url)) == ([("old", len(HISTORY) + 10)], [("new", size)])
    assert digest_of(url, SCHEME) == digest_of(database_url, SCHEME)


def test_an_old_generation_that_does_not_add_up_is_not_gone_back_to(url: str, step: Step) -> None:
    step(*BUILD)
    step("switch")
    good = digest_of(url, SCHEME)
    tamper(
        url,
        f'SET search_path = "{schema_of(SCHEME)}"',
        "UPDATE balance SET tenths = tenths + 1 WHERE account = 'member:m-bo:member'",
    )
    back = step("back")

    assert back.status == 1
    assert "trial_balance: 1 balances of it are not the sum of their postings" in back.err
    assert (digest_of(url, SCHEME), beside(url)) == (good, [("old", len(HISTORY))])


def test_steps_that_cannot_be_taken_say_why(url: str, step: Step) -> None:
    nothing = [step(verb).err.splitlines()[-1] for verb in ("compare", "switch", "back", "drop")]
    step(*BUILD)
    wrong_way = step("back").err
    step("switch")
    in_the_way = [step(*BUILD).err, step("--from", "journal").err, step("compare").err]
    tamper(url, "UPDATE rebuild SET revision = '0001'")
    other_tables = step("back").err

    assert nothing == ["jifen-ledger: plant has no generation beside the live one"] * 4
    assert "is new, not old" in wrong_way
    assert ["go back, or drop it" in one for one in in_the_way] == [True, True, False]
    assert "is old, not new" in in_the_way[2]
    assert "it has the tables of revision 0001" in other_tables


def test_what_other_software_has_begun_is_built_anew(url: str, step: Step) -> None:
    step(*BUILD)
    tamper(
        url,
        "UPDATE rebuild SET software = 'another'",
        f'SET search_path = "{schema_of(SCHEME)}"',
        "DELETE FROM claim",
    )
    refused = step("switch").err
    step(*BUILD)

    assert "it was built by other software" in refused
    assert step("compare").status == 0


def test_whoever_builds_has_to_say_from_what(step: Step) -> None:
    with pytest.raises(SystemExit, match="2"):
        step("build")
