"""Turns of affairs for random histories: what people and units become before and between claims."""

from collections.abc import Mapping
from typing import Any

from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import imported, shares
from tests.support.levels import USUAL
from tests.support.organisation import (
    absent,
    assessment,
    assigned,
    enrolled,
    left,
    panel,
    published,
    registered,
)
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
    PANEL_Y,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
)
from tests.support.plots import (
    TWIN,
    Template,
    breakthrough,
    duty_day,
    help_given,
    help_project,
    mentoring,
)
from tests.support.shop import OFFERS
from tests.support.stored import told
from tests.support.turns_of_people import JUDGEMENTS

HEIR, LATER_HEIR, SECTION = "u-z", "u-w", "u-section"
END = "2023-08-01"

# What a kind of claim rests on.
NEEDS: Mapping[Template, tuple[bytes, ...]] = {
    help_given: (assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN]),),
    duty_day: (assigned(COMMITTEE, "delegate", BRANCH_Y),),
    mentoring: (assigned(LEADER, "mentor", BRANCH_X, of=[CHEN]),),
    breakthrough: (
        shares("pj-wax", {ANNA: 50, BO: 30, COMMITTEE: 20}, organisers=[COMMITTEE, SECRETARY]),
        shares("pj-twin", {TWIN: 50, CHEN: 30, PANEL_X[0]: 20}, organisers=[TWIN], by=RECORDER),
    ),
    help_project: (
        shares("pj-hut", {ANNA: 1, BO: 1, CHEN: 1}, item="D01", pool="large", by=RECORDER),
    ),
}


def dearer_suggestions() -> dict[str, Any]:
    """The default scheme with another value for adopted suggestions."""
    document = document_object(default_document())
    item = next(item for item in document["items"] if item["code"] == "C10")
    item["lines"]["member"]["tiers"][0]["value"] = "3"
    return document


def _rewarded_duties() -> dict[str, Any]:
    """The default scheme with incentive points for what is due."""
    document = document_object(default_document())
    for item in document["items"]:
        if item["code"] in ("B01", "B02"):
            item["incentive"] = {"value": "7", "month_cap": "5"}
    return document


def _budgeted() -> dict[str, Any]:
    """The default scheme with a budget that a few claims use up."""
    return document_object(default_document()) | {"incentive": {"year_budget": "13"}}


# What may have happened before the claims; each entry is a whole, so it stays valid.
BACKGROUNDS: tuple[tuple[bytes, ...], ...] = (
    (shares("pj-big", {ANNA: 60, BO: 40}), shares("pj-bad", {ANNA: 1, BO: 1}, agreed_by=[ANNA])),
    (panel(BRANCH_X, recusals=[(PANEL_X[0], ANNA), (PANEL_X[1], TWIN)], name="pl-8"),),
    (panel(BRANCH_X, to=END, name="pl-9"),),
    (panel(BRANCH_X, (TWIN, *PANEL_X[1:]), recusals=[(TWIN, BO)], name="pl-12"),),
    (assigned(BO, "committee", BRANCH_X, since="2023-07-10"),),
    (
        assigned(ANNA, "member", BRANCH_X, to="2023-07-15"),
        assigned(ANNA, "member", BRANCH_Y, since="2023-07-15", assignment="as-anna-moved"),
    ),
    (left(CHEN, "2023-07-20"),),
    (assigned(TWIN, "upper", SCHEME), assigned(TWIN, "recorder", BRANCH_X)),
    (assigned(COMMITTEE, "committee", BRANCH_X, post="secretary", to="2023-07-15"),),
    (
        registered(HEIR, since=END, to="2023-08-20", came_from=[BRANCH_X]),
        registered(LATER_HEIR, since="2023-08-20", came_from=[HEIR]),
        assigned(SECRETARY_Y, "recorder", HEIR, since=END, to="2023-08-20"),
        assigned(SECRETARY_Y, "recorder", LATER_HEIR, since="2023-08-20"),
        assigned(DORA, "recorder", HEIR, since=END),
        panel(HEIR, PANEL_Y, since=END, to="2023-08-20", name="pl-z"),
        panel(LATER_HEIR, PANEL_Y, since="2023-08-20", name="pl-w"),
        registered(BRANCH_X, to=END),
    ),
    (
        registered(SECTION, "section"),
        assigned(LEADER, "upper", SECTION),
        registered(BRANCH_X, "branch", SECTION, since=END),
    ),
    USUAL,
    (published(2, "2023-04-01", document=_rewarded_duties(), retroactive="rewards"),),
    (published(2, "2023-04-01", document=_budgeted(), retroactive="budget"),),
)

# What may happen at any time between the claims.
TURNS: tuple[bytes, ...] = (
    enrolled(BO, same_as=TWIN, recorded="2023-08-01"),
    enrolled(BO, same_as=TWIN, recorded="2023-08-01"),
    enrolled(UPPER, same_as=TWIN, recorded="2023-08-01"),
    enrolled(PANEL_X[0], same_as=TWIN, recorded="2023-08-01"),
    shares("pj-wax", {ANNA: 50, BO: 30, COMMITTEE: 20}, organisers=[COMMITTEE], time="2023-07-20"),
    shares("pj-late", {ANNA: 50, TWIN: 50}, time="2023-08-20"),
    panel(BRANCH_X, PANEL_X[1:4], since=END, name="pl-10"),
    panel(BRANCH_X, (*PANEL_X, TWIN), since=END, name="pl-11"),
    panel(BRANCH_X, since="2022-12-01", name="pl-13"),
    panel(HEIR, PANEL_Y, since="2023-07-01", name="pl-14"),
    assigned(LEADER, "upper", SCHEME, since=END),
    assigned(ANNA, "committee", BRANCH_X, post="secretary", since=END),
    assigned(BO, "mentor", BRANCH_X, of=[TWIN], since=END),
    assigned(ANNA, "member", BRANCH_X, to="2023-07-01", recorded="2023-08-05"),
    assigned(ANNA, "member", BRANCH_Y, since="2023-07-01", recorded="2023-08-05"),
    assigned(COMMITTEE, "member", BRANCH_X, since="2023-08-10", recorded="2023-08-12"),
    registered(BRANCH_X, to=END, recorded="2023-07-20"),
    registered(BRANCH_X, "branch", BRANCH_Y, since="2023-07-20"),
    registered(BRANCH_Y, "branch", BRANCH_X, since="2023-06-01"),
    registered(GROUP_X1, "group", GROUP_X2, since="2023-07-15"),
    registered(GROUP_X2, "group", GROUP_X1, since="2023-06-01"),
    registered(GROUP_X2, "group", BRANCH_Y, since="2023-07-15"),
    assigned(SPECIALIST, "specialist", SCHEME, to="2023-08-10"),
    imported(enrolled("m-past")),
    enrolled(BO, "staff", since="2023-07-15", recorded="2023-08-05"),
    told(enrolled(ANNA, "applicant", since="2023-07-15", recorded="2023-08-05"), channel="gate"),
    absent(ANNA, "2023-07-03", "2023-07-10", recorded="2023-08-01"),
    absent(ANNA, "2023-07-03", "2023-07-20", kind="sick", recorded="2023-08-05"),
    absent(BO, "2023-07-03", "2023-07-20", kind="exempt", recorded="2023-08-05"),
    absent(TWIN, "2023-07-10", "2023-07-10", recorded="2023-08-05"),
    published(2, "2023-10-01", document=dearer_suggestions(), recorded="2023-09-20"),
    assessment(ANNA, recorded="2023-08-03"),
    assessment(ANNA, recorded="2023-08-05"),
    assessment(GROUP_X1, missing={LEADER: "on_leave"}, recorded="2023-08-05"),
    published(2, "2023-04-01", recorded="2023-09-20"),
    published(3, "2023-10-02", recorded="2023-09-20"),
    *OFFERS,
    *JUDGEMENTS,
)
