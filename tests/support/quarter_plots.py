"""The life of a quarter for random histories: steps and objections among the lives of claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from jifen_contracts.canonical import decode
from tests.support.organisation import absent
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    DORA,
    GROUP_X1,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    RECORDER,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import TWIN
from tests.support.quarters import advanced, answered, objected, waiver

QUARTERS = ("2023-Q3", "2023-Q3", "2023-Q3", "2023-Q2", "2023-Q4")
BRANCHES = (BRANCH_X, BRANCH_X, BRANCH_Y)
# A quarter may be published long before the claims of it are decided: that books them later.
DAYS = ("2023-07-20", "2023-08-02", "2023-08-15", "2023-08-28", "2023-09-20", "2023-10-10")
PEOPLE = (ANNA, BO, RECORDER, SECRETARY, SECRETARY_Y, PANEL_X[0], PANEL_Y[0], TWIN)
OBJECTORS = (None, ANNA, BO, DORA, TWIN, UPPER, "alias-1")
ANSWERING = (
    (UPPER,),
    (UPPER_TWO,),
    (UPPER_TWO,),
    QUORUM,
    PANEL_X[2:],
    (*PANEL_X[3:], UPPER),
    (TWIN,),
    (RECORDER,),
    PANEL_Y,
)

Draw = st.DrawFn


def _seldom(draw: Draw, times: int = 8) -> bool:
    return draw(st.integers(1, times)) == times


def _times(draw: Draw, number: int) -> list[str]:
    """So many days in order; steps of one day are told apart by the minute."""
    days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=number, max_size=number)))
    return [f"{day}T12:{minute:02}" for minute, day in enumerate(days)]


@dataclass(frozen=True)
class Life:
    """The quarter that a plot is about, and the claims that it may speak of."""

    quarter: str
    branch: str
    claims: tuple[tuple[str, str], ...]


def _step(draw: Draw, to: str, life: Life, at: str) -> bytes:
    more: dict[str, Any] = {"recorded": at}
    if to == "verified" and not _seldom(draw):
        also = () if life.branch == BRANCH_X else (ANNA,)
        more |= {"waive": waiver(life.quarter, life.branch, also=also)}
    if to in ("open", "revised") or _seldom(draw):
        more |= {"reason": draw(st.sampled_from(("corrected", "corrected", None)))}
    if to == "revised":
        more |= {"revision": draw(st.sampled_from((2, 2, 2, 3, None))), "by": UPPER}
        more |= {"objections": draw(st.sampled_from((None, None, ["ob-0"], ["ob-1"])))}
        to = draw(st.sampled_from(("published", "published", "final")))
    if _seldom(draw, 6):
        more |= {"by": draw(st.sampled_from((*PEOPLE, UPPER)))}
    return advanced(to, life.quarter, life.branch, **more)


def _filed(draw: Draw, number: int, life: Life, at: str) -> bytes:
    more: dict[str, Any] = {"by": draw(st.sampled_from(OBJECTORS)), "recorded": at}
    kinds = ("objection", "objection", "complaint", "statement", "sample")
    more |= {"kind": draw(st.sampled_from(kinds)), "quarter": life.quarter}
    if not draw(st.booleans()):
        unit = draw(st.sampled_from((life.branch, life.branch, GROUP_X1)))
        return objected(f"ob-{number}", unit=unit, subject=unit, **more)
    claim, holder = draw(st.sampled_from(life.claims))
    more |= {"by": holder} if more["kind"] == "statement" and draw(st.booleans()) else {}
    more |= {"by": UPPER} if more["kind"] == "sample" and draw(st.booleans()) else {}
    return objected(f"ob-{number}", claim=claim, subject=BO if _seldom(draw) else holder, **more)


def _answered(draw: Draw, filed: bytes, life: Life, at: str) -> bytes:
    decisions = ("upheld", "upheld", "partly", "dismissed", "carried")
    names = [claim for claim, _ in life.claims]
    corrects = st.lists(st.sampled_from(names), unique=True, max_size=2)
    said: Any = decode(filed)
    return answered(
        said["data"]["objection"],
        draw(st.sampled_from(decisions)),
        subject=said["subject"],
        corrects=draw(st.one_of(st.none(), corrects)),
        deciders=draw(st.sampled_from(ANSWERING)),
        reason=draw(st.sampled_from(("checked", "checked", "checked", None))),
        recorded=at,
    )


LIVES = (
    ("preliminary", "verified", "published"),
    ("preliminary", "verified", "published"),
    ("preliminary", "verified", "published", "filed", "answered", "revised"),
    ("preliminary", "verified", "published", "filed", "filed", "answered", "answered", "final"),
    ("preliminary", "verified", "published", "filed", "answered", "final", "revised", "answered"),
    ("filed", "preliminary", "open", "preliminary", "verified", "open", "preliminary", "verified"),
    ("preliminary", "verified", "published", "final", "revised", "published", "open"),
)


def quarter_life(draw: Draw, claims: Sequence[tuple[str, str]]) -> list[bytes]:
    """One quarter of one branch, mostly in the right order; `claims` are ids and their holders."""
    life = Life(draw(st.sampled_from(QUARTERS)), draw(st.sampled_from(BRANCHES)), tuple(claims))
    script = draw(st.sampled_from(LIVES))
    events = [absent(TWIN, "2023-01-01", "2024-07-01", kind="study", recorded="2023-01-01")]
    filed: list[bytes] = []
    answers = 0
    for name, at in zip(script, _times(draw, len(script)), strict=True):
        if name == "filed":
            filed.append(_filed(draw, len(filed), life, at))
            events.append(filed[-1])
        elif name == "answered":
            events.append(_answered(draw, filed[answers], life, at))
            answers = min(answers + 1, len(filed) - 1)
        else:
            events.append(_step(draw, name, life, at))
    return events
