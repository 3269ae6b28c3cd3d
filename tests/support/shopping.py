"""Random histories of wallets: points earned and taken back, goods reserved, a clock that runs."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import (
    count,
    earned,
    preliminary,
    reversal,
    reviewers,
    tier,
    verified,
    world,
)
from tests.support.organisation import assigned, enrolled, left, published
from tests.support.people import ANNA, BO, BRANCH_X, LEADER
from tests.support.plots import TWIN
from tests.support.shop import BADGE, MEAL, OFFERS, cancelled, fulfilled, offered, reserved
from tests.support.stored import moment

Step = Callable[[str], bytes]
Said = dict[str, Any]

CLAIMS_MAX = 7
REDEMPTIONS_MAX = 7
TURNS_MAX = 3
DECIDED = 3  # steps
STARTS = ("2023-07-20", "2023-07-20", "2023-11-25", "2023-12-20")
DAYS_PASSED = (*(0,) * 12, *(1,) * 6, 3, 14, 40, 95)
HOLDERS = (ANNA, ANNA, ANNA, BO, TWIN)
DEEDS = ("2023-07-12", "2023-07-12", "2023-07-17", "2023-08-01T00:00")
KINDS: tuple[Said, ...] = (
    {"item": "D03", "member": count()},
    {"item": "C09", "member": tier("general")},
    {"item": "C09", "member": tier("larger")},
    {"item": "D04", "member": count(3), "counterpart": [LEADER]},
)


def _terms(incentive: Said, cap: str | None = None) -> Said:
    document = document_object(default_document()) | {"incentive": incentive}
    for item in document["items"]:
        if item["code"] == "C09" and cap is not None:
            item["incentive"]["month_cap"] = cap
    return document


# Budgets that few claims use up, other expiries, a cap that others move up under.
SCHEMES = (
    _terms({"year_budget": "13"}),
    _terms({"year_budget": "33"}, cap="24"),
    _terms({"expiry": {"month_day": "08-31", "if_posted_from": "08-01", "then": "01-15"}}),
    _terms({}, cap="22"),
)


@st.composite
def shopping(draw: st.DrawFn) -> list[bytes]:
    """What may follow on `world()`: every event is recorded after those before it."""
    past = [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X), *OFFERS[:2]]
    if draw(st.booleans()):
        document = draw(st.sampled_from(SCHEMES))
        past.append(published(2, "2023-04-01", document=document, retroactive="terms"))
    holders = draw(st.lists(st.sampled_from(HOLDERS), min_size=1, max_size=2))
    lives = [
        _claim(draw, number, draw(st.sampled_from(holders)))
        for number in range(draw(st.integers(1, CLAIMS_MAX)))
    ]
    lives += [
        _redemption(draw, number, draw(st.sampled_from(holders)))
        for number in range(draw(st.integers(1, REDEMPTIONS_MAX)))
    ]
    lives += [[draw(st.sampled_from(TURNS))] for _ in range(draw(st.integers(0, TURNS_MAX)))]
    now = datetime.fromisoformat(moment(draw(st.sampled_from(STARTS))))
    # Some points are earned first, or there would seldom be anything to spend.
    for life in lives[: draw(st.integers(0, 3))]:
        past += [life.pop(0)(now.isoformat()) for _ in life[:DECIDED]]
    while lives := [life for life in lives if life]:
        index = draw(st.integers(0, len(lives) - 1))
        past.append(lives[index].pop(0)(now.isoformat()))
        now += timedelta(days=draw(st.sampled_from(DAYS_PASSED)))
    return past


def shopping_histories() -> st.SearchStrategy[list[bytes]]:
    """Whole streams, from the first message on."""
    return shopping().map(lambda future: [*world(), *future])


def _claim(draw: st.DrawFn, number: int, holder: str) -> list[Step]:
    name, said = f"c-{number}", draw(st.sampled_from(KINDS))
    deed = draw(st.sampled_from((None, None, "lamp")))
    on = draw(st.sampled_from(DEEDS))
    first, second = reviewers(said["item"], holder, said.get("counterpart", ()))
    who = draw(st.sampled_from((holder, holder, holder, BO))) if holder == TWIN else holder
    life: list[Step] = [
        lambda _: earned(name, holder=holder, deed=deed, on=on, **said),
        lambda at: preliminary(name, who, deciders=first, recorded=at),
        lambda at: verified(name, who, deciders=second, recorded=at),
    ]
    if draw(st.booleans()):
        life.append(lambda at: reversal(name, who, recorded=at))
    return life


def _redemption(draw: st.DrawFn, number: int, member: str) -> list[Step]:
    name = f"rd-{draw(st.sampled_from((number,) * 6 + (0,)))}"
    offers = ((MEAL, "5"),) * 9 + ((MEAL, "10"), (BADGE, "0"), ("of-none", "5"))
    offer, price = draw(st.sampled_from(offers))
    pieces = draw(st.sampled_from((1, 1, 1, 1, 2, 3, 11)))
    who = draw(st.sampled_from((member,) * 12 + ("m-nobody",)))
    said: Said = {"offer": offer, "price": price, "quantity": pieces}
    life: list[Step] = [lambda at: reserved(name, who, recorded=at, **said)]
    ends = draw(st.integers(0, 2))
    return life + [_end(draw, name, draw(st.sampled_from((who,) * 4 + (BO,)))) for _ in range(ends)]


def _end(draw: st.DrawFn, name: str, who: str) -> Step:
    if draw(st.booleans()):
        return lambda at: fulfilled(name, who, recorded=at)
    why = draw(st.sampled_from(("member", "member", "sponsor", "code_expired")))
    return lambda at: cancelled(name, who, why=why, recorded=at)


def _said(payload: bytes) -> Step:
    return lambda _: payload


TURNS: Sequence[Step] = (
    lambda at: enrolled(BO, same_as=TWIN, recorded=at),
    lambda at: enrolled(BO, same_as=TWIN, recorded=at),
    lambda at: enrolled(ANNA, same_as=TWIN, recorded=at),
    lambda at: offered(price="10", recorded=at),
    lambda at: offered(stock=1, recorded=at),
    lambda at: offered(per_member=2, code_days=1, recorded=at),
    lambda at: left(ANNA, "2023-08-30", recorded=at),
    *map(_said, OFFERS[2:]),
)
