"""What a ledger says of an earlier moment is what it said at that moment."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jifen_contracts.canonical import decode
from tests.integration.comparing_moments import compare, is_event
from tests.support import builders as build
from tests.support.boards import member, people, published, two_branches, with_members
from tests.support.budget import NIGHTLY, examples
from tests.support.histories import PLOTS_MAX, histories
from tests.support.judgements import vetoed
from tests.support.people import ANNA, BO, BRANCH_X, COMMITTEE, UPPER
from tests.support.plots import TWIN
from tests.support.quarters import revised
from tests.support.turned_claims import turned_claims

RANDOM_HISTORIES = examples(3, nightly=30)
CUTS = 2
HISTORY_S = 600
PEOPLE = (ANNA, BO, TWIN, COMMITTEE)
WORLD = len(build.world())

ACCOUNTS = {False: ("committee", "member", "pending", "wallet"), True: ("unit", "pending")}


def about_holders(holders: Iterable[str]) -> list[str]:
    paths = []
    for holder in holders:
        unit = holder.startswith("u-")
        own = f"/members/{holder}"
        paths += [f"{own}/balance", f"{own}/scores?year=2023", f"{own}/sheet?period=2023-Q3"]
        paths += [] if unit else [f"{own}/wallet", f"{own}/redemptions"]
        for number, capacity in enumerate(ACCOUNTS[unit]):
            order = "newest" if number % 2 else "oldest"
            paths.append(f"{own}/statement?capacity={capacity}&order={order}&limit=200")
        for capacity in ("unit",) if unit else ("committee", "member"):
            paths.append(f"/explain/figures?holder={holder}&capacity={capacity}&period=2023")
    return paths


def over_time() -> list[str]:
    people = [f"/members/{one}/timeline?limit=200" for one in (ANNA, TWIN)]
    branch = [f"/units/{BRANCH_X}/timeline?limit=200", f"/branches/{BRANCH_X}/patterns?period=2023"]
    return [*people, *branch, "/claims/c-1/same-evidence", "/registrations"]


def boards(period: str) -> list[str]:
    board = f"/rankings?period={period}"
    return [
        f"{board}&capacity=committee",
        f"{board}&capacity=committee&post=secretary",
        f"{board}&capacity=unit",
        f"{board}&capacity=member",
        f"{board}&capacity=member&scope={BRANCH_X}&category=C",
        f"{board}&capacity=member&scope=u-x1",
        f"{board}&capacity=member&class=office",
        f"/members/m-x-1/rank?period={period}&capacity=member",
        f"/units/comparison?period={period}&class=all",
        f"/units/comparison?period={period}&kind=group",
    ]


def published_boards(period: str) -> list[str]:
    told = [f"{path}&figures=published" for path in boards(period)]
    return [*told, "/members/m-x-1/radar?period=2023-Q3", "/members/m-mover/radar?period=2023-Q3"]


def everything(payloads: Sequence[bytes]) -> list[str]:
    claims = [f"/claims/c-{number}" for number in range(PLOTS_MAX)]
    claims += [f"{path}-anew" for path in claims]
    postings = [
        f"/explain/postings/{seq}/{ordinal}"
        for seq in range(WORLD + 1, min(WORLD + 40, len(payloads)) + 1, 2)
        for ordinal in (1, 2)
    ]
    outcomes = [
        f"/outcomes?source={build.SOURCE}&id={decode(payload)['id']}"
        for payload in payloads[WORLD::4]
        if is_event(payload)
    ]
    return [
        *about_holders((*PEOPLE, BRANCH_X)),
        *over_time(),
        *boards("2023-Q3"),
        *boards("2023"),
        *claims,
        *postings,
        *outcomes,
        f"/branches/{BRANCH_X}/bulletins",
        "/offers?state=all",
        "/trial-balance",
        "/scheme",
    ]


@pytest.mark.timeout(HISTORY_S)
@settings(
    max_examples=RANDOM_HISTORIES,
    deadline=None,
    # Smaller histories would take minutes to find; the message names the address and the moment.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(payloads=histories(), data=st.data())
def test_any_history_is_told_at_any_moment_as_it_was_then(
    postgres_url: str, migrated_template: str, payloads: list[bytes], data: st.DataObject
) -> None:
    places = st.integers(WORLD, len(payloads))
    cuts = data.draw(st.lists(places, min_size=1, max_size=CUTS, unique=True), "cuts")
    paths = everything(payloads)
    asyncio.run(compare(postgres_url, migrated_template, payloads, cuts, paths))


@pytest.mark.timeout(HISTORY_S)
async def test_claims_that_turn_in_every_way_are_told_as_they_stood(
    postgres_url: str, migrated_template: str
) -> None:
    payloads = turned_claims()
    names = ("first", "copy", "again", "labour", "twin-1", "twin-3", "twin-5", "bo-1", "moved")
    paths = [*about_holders((ANNA, BO, TWIN)), *(f"/claims/c-{name}" for name in names)]
    paths += [f"/branches/{BRANCH_X}/patterns?period=2023", "/claims/c-first/same-evidence"]
    # A claim's own past after every record is a matter of the pure tests.
    joined = payloads.index(build.enrolled(BO, same_as=TWIN, recorded="2023-08-25")) + 1
    cuts = {*range(WORLD + 3, len(payloads), 3 if NIGHTLY else 12), joined - 1, joined}
    await compare(postgres_url, migrated_template, payloads, cuts, paths)


@pytest.mark.timeout(HISTORY_S)
async def test_boards_and_means_are_told_as_they_were(
    postgres_url: str, migrated_template: str
) -> None:
    payloads = [
        *two_branches(4),
        build.reversal("c-m-y-2-prize", "m-y-2", deciders=(UPPER,), recorded="2023-11-10"),
        vetoed("m-x-3", since="2023-09-29", recorded="2023-11-11"),
        build.enrolled("m-y-4", same_as="m-y-5", recorded="2023-11-11"),
        build.assigned("m-y-3", "member", BRANCH_X, since="2023-09-01", assignment="as-m-y-3-1"),
    ]
    cuts = [WORLD + 60, WORLD + 150, *range(len(payloads) - 5, len(payloads) + 1)]
    paths = [*boards("2023-Q3"), *boards("2023")]
    await compare(postgres_url, migrated_template, payloads, cuts, paths)


@pytest.mark.timeout(HISTORY_S)
async def test_published_figures_are_told_as_they_were(
    postgres_url: str, migrated_template: str
) -> None:
    payloads = [
        *with_members([830, 900, 860, 850, 800]),
        *member("m-mover", 900, BRANCH_X, mover=True),
        *published([*people([0] * 5, "x"), "m-mover"]),
        build.reversal("c-m-mover-prize", "m-mover", deciders=(UPPER,), recorded="2023-11-10"),
        revised(2, objections=[], recorded="2023-11-10"),
    ]
    cuts = [len(payloads) - 3, len(payloads) - 1]
    await compare(postgres_url, migrated_template, payloads, cuts, published_boards("2023-Q3"))
