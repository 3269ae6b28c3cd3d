"""Random months of self-assessment in the small world: on three levels, in time, late, missing."""

from hypothesis import strategies as st

from tests.support.builders import earned, later, preliminary, ratio, verified
from tests.support.organisation import absent, assessment, assigned, enrolled, left, registered
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    GROUP_X2,
    LEADER,
    PANEL_X,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
)
from tests.support.plots import TWIN, Told

MONTHS = ("2023-07", "2023-07", "2023-07", "2023-08")
# The claims deadline of July is Thursday the 3rd of August.
RECORDED = ("2023-07-20", "2023-08-02", "2023-08-03T23:59", "2023-08-04T00:00", "2023-08-09")
PEOPLE = (ANNA, BO, LEADER, CHEN, TWIN, COMMITTEE, SECRETARY, DORA)
UNITS = (*(GROUP_X1,) * 5, *(GROUP_X2,) * 2, *(BRANCH_X,) * 5, BRANCH_Y, SCHEME, "u-nowhere")
WITHOUT_GROUP = (COMMITTEE, RECORDER, SECRETARY, *PANEL_X[:3], TWIN)
UNKNOWN = (("D99", "member", "1"),)
CLAIMANTS = (ANNA, ANNA, BO, BO, TWIN, CHEN, GROUP_X1, BRANCH_X)
USUAL = (
    assessment(ANNA),
    assessment(BO),
    assessment(TWIN),
    assessment(GROUP_X1, missing={LEADER: "on_leave", BO: "on_leave"}),
    assessment(BRANCH_X, missing=dict.fromkeys((*WITHOUT_GROUP, GROUP_X1, GROUP_X2), "on_leave")),
)
LEVELS = {GROUP_X1: "group", GROUP_X2: "group"}

# The first half are usual; the rest make members come, go, be away or be one with another.
CHANGES = (
    assigned(CHEN, "group_leader", GROUP_X2),
    absent(BO, "2023-07-01", "2023-08-01", recorded="2023-07-30"),
    absent(CHEN, "2023-06-20", "2023-07-15", absence="ab-1", recorded="2023-07-30"),
    absent(CHEN, "2023-07-15", "2023-08-20", absence="ab-2", kind="sick", recorded="2023-07-30"),
    absent(BO, "2023-07-01", "2023-07-20", recorded="2023-08-01"),
    assigned(ANNA, "group_member", GROUP_X1, to="2023-07-31", recorded="2023-07-31"),
    assigned(ANNA, "group_member", GROUP_X2, since="2023-07-10", assignment="as-anna-two"),
    assigned(BO, "member", BRANCH_X, to="2023-07-10", recorded="2023-07-10"),
    assigned(BO, "member", BRANCH_Y, since="2023-07-10", assignment="as-bo-moved"),
    left(LEADER, "2023-07-31"),
    left(CHEN, "2023-08-01"),
    enrolled(CHEN, "retired", since="2023-07-15"),
    enrolled(BO, same_as=TWIN, recorded="2023-08-02"),
    registered(GROUP_X2, "group", BRANCH_X, to="2023-07-31", recorded="2023-07-15"),
    registered(GROUP_X2, "group", BRANCH_Y, since="2023-07-15"),
    registered("u-x3", "group", BRANCH_X, since="2023-07-31", came_from=[GROUP_X2]),
    registered("u-z", "branch", since="2023-08-01", came_from=[BRANCH_X]),
    registered(BRANCH_X, to="2023-08-01"),
    assigned(SECRETARY_Y, "secretary", "u-z", since="2023-08-01"),
    assigned(CHEN, "group_leader", "u-x3", since="2023-07-31"),
)


@st.composite
def own_assessments(draw: st.DrawFn) -> bytes:
    return assessment(
        draw(st.sampled_from(PEOPLE)),
        draw(st.sampled_from((*(None,) * 6, ANNA))),
        level=draw(st.sampled_from((*(None,) * 8, "group"))),
        month=draw(st.sampled_from(MONTHS)),
        values=draw(st.sampled_from(((), *((("B01", "member", "4"),),) * 5, UNKNOWN))),
        recorded=draw(st.sampled_from(RECORDED)),
    )


@st.composite
def assessments_of_units(draw: st.DrawFn) -> bytes:
    """Mostly with everybody listed who might be missing."""
    unit = draw(st.sampled_from(UNITS))
    below = {GROUP_X1: (ANNA, BO, LEADER), GROUP_X2: (CHEN, ANNA)}.get(
        unit, (GROUP_X1, GROUP_X2, *WITHOUT_GROUP, DORA, SECRETARY_Y)
    )
    listed = set(below) - draw(st.sets(st.sampled_from(below), max_size=draw(st.integers(0, 2))))
    listed |= draw(st.sampled_from((*(frozenset[str](),) * 12, frozenset({"m-nobody"}))))
    return assessment(
        unit,
        draw(st.sampled_from((*(None,) * 8, CHEN, SECRETARY_Y))),
        level=draw(st.sampled_from((*(LEVELS.get(unit, "branch"),) * 12, "member", "group"))),
        month=draw(st.sampled_from(MONTHS)),
        values=(),
        missing=dict.fromkeys(sorted(listed), "on_leave"),
        recorded=draw(st.sampled_from(RECORDED)),
    )


@st.composite
def timely_claims(draw: st.DrawFn) -> list[bytes]:
    """A claim of B04, and what the panel or others say of it."""
    number, holder = draw(st.integers(1, 2)), draw(st.sampled_from(CLAIMANTS))
    capacity = "unit" if holder in (GROUP_X1, BRANCH_X) else "member"
    done, late, excused = ratio(1, 1), ratio(1, 0), ratio(1, 0, 1)
    measures = st.sampled_from((*(done,) * 6, late, excused))
    deed = draw(st.sampled_from((*("b04-2023-07",) * 8, "b04-2023-08")))
    at = draw(st.sampled_from(("2023-08-02", "2023-08-03", "2023-08-04", "2023-08-08")))
    said: Told = {"deed": deed, "on": "2023-07-31", "recorded": at, capacity: draw(measures)}
    claim = f"c-{holder}-{number}"
    change = draw(st.sampled_from((None, None, {capacity: draw(measures)})))
    said_of: Told = {"measure": change, "reason": "as_recorded" if change else None}
    usual = (UPPER,) if capacity == "unit" else QUORUM
    said_of |= {"deciders": draw(st.sampled_from((usual, usual, (RECORDER,))))}
    stage = draw(st.sampled_from((*(verified,) * 4, preliminary)))
    review = stage(claim, holder, recorded=later(earned("c"), draw(st.integers(22, 40))), **said_of)
    return [earned(claim, "B04", holder, **said), *draw(st.sampled_from(((), (review,))))]


@st.composite
def months(draw: st.DrawFn) -> list[bytes]:
    """What may follow on `world()`."""
    changes = draw(st.lists(st.sampled_from(CHANGES), max_size=4))
    usual = draw(st.lists(st.sampled_from(USUAL), unique=True, min_size=2))
    told = (own_assessments().map(_alone), assessments_of_units().map(_alone), timely_claims())
    acts = st.one_of(*told, *told, *told, st.sampled_from(CHANGES).map(_alone))
    twin = [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)]
    rest = draw(st.lists(acts, min_size=6, max_size=25))
    return [*twin, *changes, *usual, *(payload for act in rest for payload in act)]


def _alone(payload: bytes) -> list[bytes]:
    return [payload]
