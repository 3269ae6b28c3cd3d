"""The SQL of the second opinion gives the figures that the fold gives, and no others."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_ledger.adapters.audit.recompute import Recompute
from jifen_ledger.application.audit.balances import balances_text
from jifen_ledger.application.audit.rankings import rankings_text
from jifen_ledger.application.audit.walk import Chunk
from tests.support import builders as build
from tests.support.audited import scored, world_with_boards
from tests.support.budget import examples
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.concerns import (
    confirmed,
    handed,
    handled,
    paid_for,
    raised,
    reopened,
    reopened_after_publication,
    resolved,
)
from tests.support.exported import AFTERWARDS, BEFORE_THE_CORRECTION
from tests.support.histories import histories
from tests.support.judgements import veto_lifted, vetoed
from tests.support.people import ANNA, BO, CHEN, COMMITTEE, LEADER, SECRETARY
from tests.support.projecting import folded

RANDOM_HISTORIES = examples(8, nightly=60)
FIVE = (ANNA, BO, COMMITTEE, LEADER, SECRETARY)


def by_the_fold(payloads: Sequence[bytes]) -> tuple[bytes, bytes]:
    state, records = folded(payloads)
    balances: dict[str, int] = {}
    for record in records:
        for posting in record.postings:
            balances[posting.account] = balances.get(posting.account, 0) + posting.delta
    rankings = rankings_text(state.figures.rows().items(), state.versions)
    return balances_text(balances.items()), rankings


def by_sql(payloads: Sequence[bytes]) -> tuple[bytes, bytes]:
    _, records = folded(payloads)
    with TemporaryDirectory() as directory:
        recompute = Recompute(Path(directory))
        recompute.take(Chunk(0, [record.bytes for record in records]))
        try:
            return balances_text(recompute.balances()), recompute.rankings()
        finally:
            recompute.close()


def quarter_of_a_branch() -> list[bytes]:
    return [*build.world(), *anna_s_quarter(), *published(stated=[ANNA]), *corrected()]


def joined_records() -> list[bytes]:
    """Two records of one person, both with points, and a veto on the one that is closed."""
    return [
        *build.world(),
        *scored(*FIVE),
        *build.decided(build.earned("c-own")),
        *build.decided(build.earned("c-other", holder=BO)),
        vetoed(BO, veto="ve-bo", since="2023-08-01"),
        build.enrolled(CHEN, same_as=BO),
    ]


def lifted_vetoes() -> list[bytes]:
    """One annulled, one ended before the quarter, one that covers its last day."""
    return [
        *build.world(),
        *scored(*FIVE),
        vetoed(ANNA, veto="ve-a", since="2023-07-01"),
        veto_lifted(ANNA, veto="ve-a"),
        vetoed(BO, veto="ve-b", since="2023-05-01"),
        veto_lifted(BO, veto="ve-b", on="2023-07-01"),
        vetoed(LEADER, veto="ve-c", since="2023-09-30"),
    ]


def taken_back_once() -> list[bytes]:
    """The one claim that rests on a concern falls, is filed and granted again, and falls again."""
    return [
        *build.world(),
        *scored(*FIVE),
        *handled(),
        paid_for("c-help"),
        build.verified("c-help", COMMITTEE),
        reopened(on="2023-07-16"),
        handed(on="2023-07-17"),
        resolved(on="2023-07-18"),
        confirmed(on="2023-07-19"),
        paid_for("c-again", replaces="c-help", on="2023-07-20"),
        build.verified("c-again", COMMITTEE, recorded="2023-08-20"),
        reopened(on="2023-08-21"),
    ]


def taken_back_with_the_whole() -> list[bytes]:
    """A part is reopened; what falls was paid for the whole."""
    part = [raised("cn-part", parent="cn-1", by=BO), handed("cn-part"), resolved("cn-part")]
    return [
        *build.world(),
        *scored(*FIVE),
        raised(),
        *part,
        confirmed("cn-part", by=BO),
        handed(),
        resolved(),
        confirmed(),
        paid_for("c-help"),
        build.verified("c-help", COMMITTEE),
        reopened("cn-part", by=BO, on="2023-08-16"),
    ]


@pytest.mark.parametrize("payloads", [taken_back_once(), taken_back_with_the_whole()])
def test_points_that_a_reopened_concern_takes_back_are_those_of_the_claim_it_names_nowhere(
    payloads: list[bytes],
) -> None:
    _, records = folded(payloads)
    last = records[-1]

    assert last.claim
    assert [one.item for one in last.postings if one.kind] == ["D02", "D02"]
    assert by_sql(payloads) == by_the_fold(payloads)


@pytest.mark.parametrize(
    ("payloads", "places"),
    [
        (world_with_boards(), 5),
        ([*build.world(), *scored(*FIVE[:4])], 0),
        (joined_records(), 5),
        (lifted_vetoes(), 5),
        (quarter_of_a_branch(), 0),
        ([*BEFORE_THE_CORRECTION, *AFTERWARDS], 0),
        ([*build.world(), *reopened_after_publication()], 0),
        ([], 0),
    ],
    ids=["boards", "too few", "joined", "vetoes", "bulletins", "year", "reopened", "empty"],
)
def test_balances_and_boards_are_those_of_the_fold(payloads: list[bytes], places: int) -> None:
    balances, rankings = by_sql(payloads)

    assert (balances, rankings) == by_the_fold(payloads)
    assert rankings.count(b"\n") == places


@settings(
    max_examples=RANDOM_HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(future=histories(), missed=st.integers(0, 4))
def test_any_history_gives_the_same_balances_and_boards(future: list[bytes], missed: int) -> None:
    payloads = [*future, *scored(*FIVE[missed // 3 :])]

    assert by_sql(payloads) == by_the_fold(payloads)
