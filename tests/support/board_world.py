"""A small plant with something on every page of the board, a quarter published and corrected."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from jifen_contracts.periods import months_of
from jifen_contracts.scheme.default import default_document, document_object
from tests.support import builders as build
from tests.support.bulletins import anna_s_quarter, corrected, published
from tests.support.concerns import handed, handled, raised
from tests.support.graded_branch import BRANCH as GRADED
from tests.support.graded_branch import graded_branch
from tests.support.judgements import awarded
from tests.support.organisation import assessment
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, COMMITTEE, DORA, UPPER
from tests.support.quarters import advanced, base_items
from tests.support.shop import offered, reserved
from tests.support.stored import told

# Two weeks after the correction, while the next quarter runs.
TODAY = "2023-11-02T10:00:00.000+08:00"
QUARTER = "2023-Q3"
SCORES = (800, 830, 900, 910, 950, 800)
FELLOW, BEST = "m-g-1", "m-g-5"
NAMES = {
    ANNA: ("安娜", "Anna Testova"),
    "m-bo": ("博", "Bo Testov"),
    COMMITTEE: ("康委员", "Kang Committee"),
    DORA: ("朵拉", "Dora Testova"),
    FELLOW: ("桂一", "Gui One"),
    BEST: ("桂五", "Gui Five"),
    "m-recorder": ("=记录", "=Recorder"),
}


def duties() -> Iterator[bytes]:
    """The committee member's own duties, enough for a score in both capacities."""
    for month in ("2023-07", "2023-08", "2023-09"):
        for item, capacity in (("A02", "committee"), ("A05", "committee"), ("B01", "member")):
            name = f"c-duty-{item}-{month}".lower()
            fact = build.fact(name, item, COMMITTEE, capacity=capacity, period=month)
            yield from build.decided(fact)
        fact = build.fact(f"c-duty-b02-{month}", "B02", COMMITTEE, period=month)
        yield from build.decided(fact)


def graded_published() -> Iterator[bytes]:
    """The upper level publishes the graded branch, without what nobody has sent."""
    months = months_of(QUARTER)
    due = [(GRADED, item) for item in base_items("unit")]
    for number in range(1, len(SCORES) + 1):
        rest = [item for item in base_items("member") if item not in ("B01", "B02")]
        due += [(f"m-g-{number}", item) for item in rest]
    waive = {
        "facts": [
            {"holder": holder, "item": item, "period": month}
            for holder, item in due
            for month in months
        ],
        "assessments": [{"holder": GRADED, "month": month} for month in months],
        "reason": "trial",
    }
    yield advanced("preliminary", branch=GRADED, by=UPPER)
    yield advanced("verified", branch=GRADED, by=UPPER, waive=waive)
    yield advanced("published", branch=GRADED, by=UPPER)


def on_the_way() -> list[bytes]:
    """Branch X has sent a member off to branch Y."""
    come = build.assigned(BO, "member", BRANCH_Y, since="2023-12-01", recorded="2023-10-18")
    return [
        build.assigned(BO, "member", BRANCH_X, to="2023-12-01", recorded="2023-10-18"),
        told(come, sent="2023-10-15"),
    ]


def dearer() -> dict[str, Any]:
    """The scheme of next year, in which a snap report is worth more."""
    document = document_object(default_document())
    report = next(item for item in document["items"] if item["code"] == "D03")
    report["lines"]["member"]["value"] = "0.7"
    return document


@cache
def history() -> list[bytes]:
    """Everything that came to be known, in the order it came."""
    return [
        *build.world(),
        *graded_branch(SCORES),
        offered(),
        *anna_s_quarter(),
        *duties(),
        reserved("rd-anna", recorded="2023-09-20"),
        assessment(ANNA),
        *handled(origin="visit-1", on="2023-07-10"),
        raised("cn-cold", urgency="at_once", by=None, on="2023-10-20"),
        handed("cn-cold", stages={"修好暖气": "2023-10-25"}, on="2023-10-21"),
        raised("cn-fix", kind="fix", urgency="ordinary", origin="H02", on="2023-10-20"),
        awarded(ANNA, name="Pace-setter"),
        *published(),
        *graded_published(),
        *corrected(),
        *on_the_way(),
        build.published(2, "2024-01-01", document=dearer(), recorded="2023-10-19"),
        build.earned("c-open", on="2023-10-19", deed="d-open"),
        build.earned("c-open-dora", holder=DORA, on="2023-10-19", deed="d-open-dora"),
    ]


__all__ = [
    "BEST",
    "FELLOW",
    "GRADED",
    "NAMES",
    "QUARTER",
    "SCORES",
    "TODAY",
    "graded_published",
    "history",
]
