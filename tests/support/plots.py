"""Kinds of claims for random histories: few deeds, days and people, so that they meet."""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from tests.support.builders import count, ratio, tier
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    DORA,
    GROUP_X1,
    LEADER,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    SPECIALIST,
)

Told = dict[str, Any]
Template = Callable[[st.DrawFn, int, str], Told]

NO_ITEM = "D99"
TWIN = "m-bo-twin"  # a second record of Bo
HOLDERS = (ANNA, ANNA, ANNA, COMMITTEE, COMMITTEE, BO, CHEN, DORA, SECRETARY, RECORDER)
# The last minute of a local month and the first of the next lie on one day in UTC.
DAYS = ("2023-07-12", "2023-07-12", "2023-07-17", "2023-07-31T23:59", "2023-08-01T00:00")
FAR_DAYS = ("2023-06-30", "2023-09-15", "2023-12-31T23:30", "2024-01-01T00:30")
COMMITTEE_HOLDERS = (COMMITTEE, RECORDER, SECRETARY)


def _deed(draw: st.DrawFn, number: int) -> Told:
    deed = draw(st.sampled_from((*(f"deed-{number}",) * 8, "lamp")))
    group = draw(st.sampled_from((None, "series")))
    return {"deed": deed, "group": group, "on": draw(st.sampled_from((*DAYS, *DAYS, *FAR_DAYS)))}


def _both(holder: str, measure: Mapping[str, object]) -> Told:
    """In both capacities where the holder has both."""
    named = {"member": measure}
    return named | ({"committee": measure} if holder in COMMITTEE_HOLDERS else {})


def snap_report(draw: st.DrawFn, number: int, holder: str) -> Told:
    project = draw(st.sampled_from((None, None, None, "pj-twin")))
    told: Told = {"item": "D03", "holder": holder, "member": count(), "project": project}
    return told | _deed(draw, number)


def hazard(draw: st.DrawFn, number: int, holder: str) -> Told:
    key = draw(st.sampled_from(("general", "larger", "major")))
    return {"item": "C09", "holder": holder, "member": tier(key), **_deed(draw, number)}


def contest(draw: st.DrawFn, number: int, holder: str) -> Told:
    key = draw(st.sampled_from(("plant-1", "company-2", "province-1", "nation-1")))
    told: Told = {"item": "C04", "holder": holder, "member": tier(key), **_deed(draw, number)}
    return told | {"group": "welding"}


def labour_contest(draw: st.DrawFn, number: int, holder: str) -> Told:
    key = draw(st.sampled_from(("plant", "company")))
    return {"item": "C07", "holder": holder, "member": tier(key), **_deed(draw, number)}


def suggestion(draw: st.DrawFn, number: int, holder: str) -> Told:
    measure = _both(holder, tier(draw(st.sampled_from(("adopted", "effective")))))
    return {"item": "C10", "holder": holder, **measure, **_deed(draw, number)}


def visit(draw: st.DrawFn, number: int, holder: str) -> Told:
    return {"item": "D05", "holder": holder, **_both(holder, count()), **_deed(draw, number)}


def service(draw: st.DrawFn, number: int, holder: str) -> Told:
    hours = count(draw(st.integers(1, 4)))
    signed = draw(st.sampled_from(("self", "added", None)))
    helped = draw(st.sampled_from(([LEADER], [LEADER, BO], [TWIN], [BRANCH_Y], None)))
    told: Told = {"item": "D04", "holder": holder, "member": hours, "counterpart": helped}
    return told | {"signed": signed} | _deed(draw, number)


def help_given(draw: st.DrawFn, number: int, _: str) -> Told:
    people = ([BO, CHEN], [BO, CHEN], [BO], [BO, BO], [CHEN, BO, CHEN], [BO, TWIN], [ANNA], None)
    told: Told = {"item": "C02", "holder": COMMITTEE, "counterpart": draw(st.sampled_from(people))}
    told |= {"member": count(draw(st.integers(1, 2)))}
    told |= draw(st.sampled_from(({}, {"committee": count()})))
    return told | _deed(draw, number)


def duty_day(draw: st.DrawFn, number: int, _: str) -> Told:
    hosts = ([BRANCH_Y], [BRANCH_Y, DORA], [DORA], [SECRETARY_Y], [BRANCH_Y, ANNA])
    named = draw(st.sampled_from((*hosts, [BRANCH_X], [ANNA], [TWIN], [], None)))
    told: Told = {"item": "A04", "holder": COMMITTEE, "counterpart": named}
    return told | _both(COMMITTEE, count()) | _deed(draw, number)


def mentoring(draw: st.DrawFn, number: int, _: str) -> Told:
    key = draw(st.sampled_from(("one-apprentice", "completed")))
    told: Told = {"item": "C03", "holder": LEADER, "member": tier(key), "counterpart": [CHEN]}
    return told | _deed(draw, number)


def breakthrough(draw: st.DrawFn, _: int, holder: str) -> Told:
    told: Told = {"item": "C06", "deed": "wax", "on": draw(st.sampled_from(DAYS))}
    sharer = holder if holder in (ANNA, BO, COMMITTEE, SECRETARY, DORA, CHEN, TWIN) else ANNA
    projects = (*("pj-wax",) * 5, *("pj-twin",) * 3, "pj-hut", "pj-late")
    told |= {"holder": sharer, "project": draw(st.sampled_from(projects))}
    is_organiser = sharer == SECRETARY or (sharer == COMMITTEE and draw(st.booleans()))
    return told | ({"committee": count()} if is_organiser else {"member": {}})


def help_project(draw: st.DrawFn, _: int, holder: str) -> Told:
    told: Told = {"item": "D01", "deed": "hut", "on": draw(st.sampled_from(DAYS))}
    sharer = holder if holder in (ANNA, BO, CHEN, DORA) else BO
    return told | {"holder": sharer, "project": "pj-hut", "member": {}, "counterpart": [DORA]}


def base_fact(draw: st.DrawFn, _: int, holder: str) -> Told:
    month = f"2023-{draw(st.integers(4, 9)):02d}"
    required = draw(st.integers(1, 5))
    done = draw(st.integers(0, required))
    measure = ratio(required, done, 0 if done == required else draw(st.integers(0, 1)))
    measure = draw(st.sampled_from((*(measure,) * 12, ratio(101, 1), ratio(101, 100, 1))))
    item, capacity = draw(
        st.sampled_from(
            (("B01", "member"), ("B02", "member"), ("C05", "member"), ("A02", "committee"))
        )
    )
    if capacity == "committee":
        holder = COMMITTEE
    told: Told = {"item": item, "holder": holder, "deed": f"{item}-{month}".lower()}
    return told | {capacity: measure, "on": f"{month}-28"}


def assessed_in_time(draw: st.DrawFn, _: int, holder: str) -> Told:
    done = draw(st.sampled_from((ratio(1, 1), ratio(1, 1), ratio(1, 0), ratio(1, 0, 1))))
    told: Told = {"item": "B04", "holder": holder, "deed": "b04-2023-07", "member": done}
    return told | {
        "on": "2023-07-31",
        "recorded": draw(st.sampled_from(("2023-08-02", "2023-08-08"))),
    }


def offence(draw: st.DrawFn, number: int, holder: str) -> Told:
    item, key = draw(st.sampled_from((("B06", "absent"), ("C11", "serious"), ("D07", "complaint"))))
    told: Told = {"item": item, "holder": holder, "member": tier(key), "by": RECORDER}
    basis = draw(st.sampled_from(("finding", "finding", None)))
    return told | {"basis": basis} | _deed(draw, number)


def unit_deed(draw: st.DrawFn, number: int, _: str) -> Told:
    holders = (BRANCH_X, BRANCH_X, GROUP_X1, SCHEME, "u-nowhere")
    told: Told = {"holder": draw(st.sampled_from(holders))}
    gold: Told = {"item": "C07", "unit": tier("gold"), **_deed(draw, number)}
    rating: Told = {"item": "D06", "unit": tier("p90", draw(st.sampled_from((4, 5))))}
    rating |= _deed(draw, number)
    duty: Told = {"item": "A06", "unit": ratio(2, 1), "deed": "a06-2023-07", "on": "2023-07-31"}
    return told | draw(st.sampled_from((gold, rating, duty)))


TEMPLATES: tuple[Template, ...] = (
    snap_report,
    snap_report,
    hazard,
    hazard,
    contest,
    contest,
    labour_contest,
    suggestion,
    suggestion,
    visit,
    visit,
    service,
    help_given,
    duty_day,
    mentoring,
    breakthrough,
    breakthrough,
    help_project,
    base_fact,
    base_fact,
    assessed_in_time,
    offence,
    unit_deed,
)
ADMITTED: Told = {"deciders": list(QUORUM), "reason": "was_ill"}
# What may be wrong with a claim: it overwrites what the template told.
FLAWS: tuple[Told, ...] = (
    {"holder": "m-nobody"},
    {"holder": SPECIALIST},
    {"by": "m-nobody"},
    {"counterpart": ["m-nobody"]},
    {"item": NO_ITEM},
    {"item": "C01"},
    {"item": "D02"},
    {"committee": count(2)},
    {"member": count(9)},
    {"member": tier("gold")},
    {"member": tier("general", 5)},
    {"unit": {}},
    {"by": TWIN},
    {"evidence": []},
    {"points": {"member": "0.5"}},
    {"points": {"committee": "1"}},
    {"replaces": "c-0", "on": "2023-03-01", "recorded": "2023-07-20"},
    {"on": "2023-03-01", "recorded": "2023-07-20", "admitted": ADMITTED},
    {"on": "2023-03-01", "recorded": "2023-07-20", "admitted": {**ADMITTED, "deciders": [ANNA]}},
    {"on": "2023-03-01", "recorded": "2023-07-20", "admitted": {**ADMITTED, "deciders": []}},
    {"on": "2023-03-01", "recorded": "2023-07-20", "admitted": {**ADMITTED, "deciders": [TWIN]}},
    {"on": "2022-12-31", "recorded": "2023-07-20"},
)
