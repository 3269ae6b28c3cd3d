"""Random histories that move people on boards: scores, homes, units, absences, vetoes, joins."""

from hypothesis import strategies as st

from tests.support import builders as build
from tests.support.judgements import veto_lifted, vetoed
from tests.support.organisation import absent, assigned, enrolled, left, registered
from tests.support.people import (
    BRANCH_X,
    BRANCH_Y,
    SCHEME,
    UPPER,
    UPPER_TWO,
)

SECTION = "u-section"
PEOPLE = tuple(f"m-{number}" for number in range(1, 8))
PRIZES = ("plant-1", "company-2", "company-1", "province-1")
COMMITTEE_MEMBERS = 4
TURNS_MAX = 14


def decided(payload: bytes, person: str, claim: str) -> list[bytes]:
    """Upper officers stand in at both stages, so that the branch does not matter."""
    return [
        payload,
        build.preliminary(claim, person, deciders=(UPPER,), recorded=build.later(payload, 1)),
        build.verified(claim, person, deciders=(UPPER_TWO,), recorded=build.later(payload, 2)),
    ]


def duties(
    person: str, months: tuple[str, ...], capacity: str = "member", items: str = "B01 B02"
) -> list[bytes]:
    events = []
    for month in months:
        for item in items.split():
            claim = f"c-{person}-{item.lower()}-{month}"
            fact = build.fact(claim, item, person, period=month, by=None, capacity=capacity)
            events += decided(fact, person, claim)
    return events


def prize(person: str, number: int) -> list[bytes]:
    claim = f"c-{person}-prize-{number}"
    award = build.earned(
        claim, "C04", person, member=build.tier(PRIZES[number]), on="2023-08-10", group="contest"
    )
    return decided(award, person, claim)


def beginning() -> list[bytes]:
    """Branch X with the third quarter's duties, and its seven members, four in its committee."""
    events = [*build.world(), registered(SECTION, "section")]
    events += duties(BRANCH_X, ("2023-07", "2023-08", "2023-09"), "unit", "C05 A06")
    for number, person in enumerate(PEOPLE):
        events += [
            enrolled(person),
            assigned(person, "member", BRANCH_X, assignment=f"as-{person}"),
        ]
        events += duties(person, ("2023-07", "2023-08", "2023-09"))
        if number < COMMITTEE_MEMBERS:
            events.append(
                assigned(
                    person, "committee", BRANCH_X, assignment=f"as-{person}-0", to="2023-09-20"
                )
            )
            events += duties(person, ("2023-07", "2023-08", "2023-09"), "committee", "A01 A02 A05")
            events += duties(person, ("2023-04", "2023-05", "2023-06"))
    return events


def moved(person: str) -> list[bytes]:
    return [
        assigned(person, "member", BRANCH_X, assignment=f"as-{person}", to="2023-08-15"),
        assigned(person, "member", BRANCH_Y, since="2023-08-15", assignment=f"as-{person}-2"),
    ]


def in_office(person: str) -> list[bytes]:
    return [
        assigned(person, "committee", BRANCH_X, assignment=f"as-{person}-3", since="2023-08-01")
    ]


UNDER_THE_SECTION = [registered(BRANCH_X, parent=SECTION)]
# Each kind of turn is as likely as any other.
TURNS = (
    [prize(person, number) for person in PEOPLE for number in range(len(PRIZES))],
    [[build.reversal(f"c-{person}-b01-2023-07", person, deciders=(UPPER,))] for person in PEOPLE],
    [moved(person) for person in PEOPLE],
    [in_office(person) for person in PEOPLE],
    [[absent(person, "2023-05-01", "2023-07-20")] for person in PEOPLE],
    [[vetoed(person, veto=f"ve-{person}", since="2023-07-01")] for person in PEOPLE],
    [[veto_lifted(person, veto=f"ve-{person}")] for person in PEOPLE],
    [[left(person, on="2023-08-20")] for person in PEOPLE],
    [[enrolled(person, same_as=PEOPLE[0], recorded="2023-11-01")] for person in PEOPLE[1:]],
    [[enrolled(person, "retired", since="2023-09-01")] for person in PEOPLE],
    [
        UNDER_THE_SECTION,
        [registered(BRANCH_Y, parent=SECTION, unit_class="office")],
        [registered(BRANCH_X, parent=SCHEME, since="2023-07-01", recorded="2023-07-01")],
    ],
)


def board_histories() -> st.SearchStrategy[list[bytes]]:
    """What may follow on `beginning()`; some of it is refused."""
    turns = st.lists(st.sampled_from(TURNS).flatmap(st.sampled_from), max_size=TURNS_MAX)
    return turns.map(lambda found: [event for turn in found for event in turn])
