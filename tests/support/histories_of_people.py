"""Random histories of what is judged about people, with a few claims between."""

from hypothesis import strategies as st

from tests.support.builders import assigned, decided, earned, enrolled, fact, reversal, world
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y
from tests.support.plots import TWIN
from tests.support.turns_of_people import JUDGEMENTS

MONTHS = ("07", "08", "09")
JUDGEMENTS_MAX = 24


def duties(
    holder: str, months: tuple[str, ...] = MONTHS, items: tuple[str, ...] = ("B01", "B02")
) -> list[bytes]:
    """What makes a member's months scored: meetings and organisational life, all attended."""
    return [
        step
        for month in months
        for item in items
        for step in decided(
            fact(f"c-{holder}-{item.lower()}-{month}", item, holder, period=f"2023-{month}")
        )
    ]


BEGINNING: tuple[bytes, ...] = (
    enrolled(TWIN),
    assigned(TWIN, "member", BRANCH_X),
    *duties(ANNA),
    *duties(BO),
)
BETWEEN: tuple[bytes, ...] = (
    enrolled(BO, same_as=TWIN, recorded="2023-08-01"),
    enrolled(ANNA, same_as=TWIN, recorded="2023-08-01"),
    assigned(ANNA, "member", BRANCH_X, to="2023-08-01"),
    assigned(ANNA, "member", BRANCH_Y, since="2023-08-01"),
    *decided(earned("c-new", holder=BO, on="2023-10-05", deed="d-new")),
    *decided(earned("c-twin", holder=TWIN, on="2023-08-05", deed="d-twin")),
    reversal("c-m-anna-b01-07", recorded="2024-01-20"),
)


def judgements() -> st.SearchStrategy[list[bytes]]:
    """What may follow on `world()` and `BEGINNING`."""
    return st.lists(st.sampled_from((*JUDGEMENTS, *BETWEEN)), max_size=JUDGEMENTS_MAX)


def judged_histories() -> st.SearchStrategy[list[bytes]]:
    """Whole streams, from the first message on."""
    return judgements().map(lambda turns: [*world(), *BEGINNING, *turns])
