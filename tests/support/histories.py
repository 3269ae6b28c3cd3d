"""Random histories of the small world, biased towards what is hard for a fold.

A history is the world followed by interleaved plots: the life of one claim each, told by people
who are sometimes the wrong ones, with wrong values, resends and unreadable messages between.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from jifen_contracts.canonical import NotCanonical, canonical, decode
from tests.support.builders import (
    Measure,
    changed,
    count,
    earned,
    later,
    preliminary,
    ratio,
    reversal,
    reviewed,
    reviewers,
    tier,
    verified,
    withdrawal,
    world,
)
from tests.support.concern_plots import concern_plots
from tests.support.organisation import assigned, enrolled
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    COMMITTEE,
    LEADER,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    RECORDER,
    SECRETARY_Y,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import FLAWS, HOLDERS, NO_ITEM, TEMPLATES, TWIN, Template, Told
from tests.support.quarter_plots import quarter_life
from tests.support.stored import stamp_of, told
from tests.support.turns import BACKGROUNDS, NEEDS, TURNS

PLOTS_MAX = 9
STEPS_MAX = 6
UNTIL_PUBLISHED = 4
DELAYS = (1, 1, 2, 7, 14, 14, 40)
PANELS = (
    QUORUM,
    PANEL_X[1:4],
    PANEL_X[2:],
    PANEL_X,
    PANEL_Y[:2],
    (TWIN, *PANEL_X[1:3]),
    (*QUORUM, TWIN),
)
STRANGERS = (
    (ANNA,),
    (BO,),
    (TWIN,),
    (LEADER,),
    (COMMITTEE,),
    (SECRETARY_Y,),
    (RECORDER, ANNA),
    (PANEL_X[0],),
    (*QUORUM, UPPER),
)
# What reviewers make of claims: items of other roles, kinds and needs.
OTHER_ITEMS: tuple[tuple[str, Measure], ...] = (
    ("D03", count()),
    ("D03", count()),
    ("C09", tier("general")),
    ("C09", tier("larger")),
    ("D05", count()),
    ("D04", count(2)),
    ("C04", tier("plant-1")),
    ("C07", tier("plant")),
    ("B06", tier("absent")),
    ("D07", tier("complaint")),
    ("C11", tier("serious")),
    ("C02", count()),
    ("A04", count()),
    ("C06", {}),
    ("D01", {}),
    ("D02", count()),
    ("B01", ratio(1, 1)),
    (NO_ITEM, count()),
)


@dataclass(frozen=True)
class Telling:
    """A claim as its plot knows it: enough to let the right or the wrong people decide."""

    payload: bytes
    holder: str

    @property
    def data(self) -> Any:
        return decode(self.payload)["data"]

    @property
    def who(self) -> tuple[str, str]:
        return self.data["claim"], self.holder

    @property
    def right(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if self.data["item"] == NO_ITEM:
            return (RECORDER,), QUORUM
        return reviewers(self.data["item"], self.holder, self.data.get("counterpart", ()))


Step = Callable[[st.DrawFn, Telling, str], bytes]


def _points(draw: st.DrawFn, telling: Telling) -> dict[str, Any]:
    """Another value, mostly lower than the scheme's, and a reason that may be missing."""
    text = draw(st.sampled_from(("0", "0.1", "0.5", "1", "-1", "7")))
    points = dict.fromkeys(telling.data["measure"], text)
    return {"points": points, "reason": draw(st.sampled_from(("partly_shown", None)))}


def _changes(draw: st.DrawFn, telling: Telling) -> dict[str, Any]:
    kind = draw(st.sampled_from((*("none",) * 7, "points", "item", "item")))
    if kind == "points":
        return _points(draw, telling)
    if kind == "item":
        item, measure = draw(st.sampled_from(OTHER_ITEMS))
        capacities = draw(st.sampled_from((("member",), ("member",), ("member", "committee"), ())))
        more: Told = {"item": item, "reason": draw(st.sampled_from((*("other_item",) * 5, None)))}
        return more | {"measure": dict.fromkeys(capacities, measure) or None}
    return {}


def _preliminary(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    more, usual = _changes(draw, telling), telling.right[0]
    if "item" in more or _seldom(draw, 10):
        usual = draw(st.sampled_from((usual, (UPPER,), (SECRETARY_Y,), (SPECIALIST,), (TWIN,))))
    return preliminary(*telling.who, deciders=usual, recorded=at, **more)


def _verified(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    usual = telling.right[1]
    deciders = draw(st.sampled_from((*(usual,) * 12, *PANELS, (UPPER,), (UPPER_TWO,), (TWIN,))))
    return verified(*telling.who, deciders=deciders, recorded=at, **_changes(draw, telling))


def _by_strangers(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    deciders = draw(st.sampled_from((*STRANGERS, (telling.holder,), telling.right[0])))
    stage = draw(st.sampled_from(("preliminary", "verified")))
    by = draw(st.sampled_from((None, UPPER)))
    return reviewed(*telling.who, stage, deciders=deciders, by=by, recorded=at)


def _sent_back(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    first, second = telling.right
    stage, deciders = draw(st.sampled_from((("preliminary", first), ("verified", second))))
    more: dict[str, Any] = {"decision": draw(st.sampled_from(("return", "return", "reject")))}
    more |= {"reason": draw(st.sampled_from(("unclear", "unclear", None)))}
    more |= {"until": draw(st.sampled_from((None, None, "2023-07-01", "2023-08-20")))}
    return reviewed(*telling.who, stage, deciders=deciders, recorded=at, **more)


def _rejected_as_copy(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    original = f"c-{draw(st.sampled_from((0, 0, 1, 2, PLOTS_MAX)))}"
    more: dict[str, Any] = {"decision": "reject", "reason": "copy", "duplicate_of": original}
    return preliminary(*telling.who, deciders=telling.right[0], recorded=at, **more)


def _claimed_again(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    name = draw(st.sampled_from(("again-1", "again-2")))
    again = changed(telling.payload, recordedtime=stamp_of(at), id=f"{name}-{telling.who[0]}")
    deed = draw(st.sampled_from((None, None, "lamp", "lantern")))
    return again if deed is None else told(again, deed=deed)


def _claimed_anew(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    """The same deed under another claim id."""
    name = f"{telling.who[0]}-{draw(st.sampled_from(('anew', 'once-more')))}"
    return changed(told(telling.payload, claim=name), recordedtime=stamp_of(at), id=name)


def _reversed(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    deciders = draw(st.sampled_from((QUORUM, PANEL_X[2:], (UPPER,), (ANNA,), PANEL_X[:2])))
    reason = draw(st.sampled_from(("wrong_value", "wrong_value", None)))
    return reversal(*telling.who, deciders=deciders, reason=reason, recorded=at)


def _withdrawn(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    by = draw(st.sampled_from((None, None, RECORDER, UPPER_TWO, SPECIALIST)))
    reason = draw(st.sampled_from(("mistaken", "mistaken", None)))
    return withdrawal(*telling.who, by=by, reason=reason, recorded=at)


STEPS: Mapping[str, Step] = {
    "preliminary": _preliminary,
    "verified": _verified,
    "strangers": _by_strangers,
    "back": _sent_back,
    "copy": _rejected_as_copy,
    "again": _claimed_again,
    "anew": _claimed_anew,
    "reversed": _reversed,
    "withdrawn": _withdrawn,
}
SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("preliminary", "verified"),
    ("preliminary", "verified"),
    ("preliminary", "verified"),
    ("preliminary", "verified", "reversed"),
    ("preliminary", "verified", "reversed"),
    ("back", "again", "preliminary", "verified"),
    ("back", "again", "anew", "preliminary", "verified"),
    ("copy", "verified", "verified"),
    ("copy", "anew", "verified", "verified"),
    ("strangers", "preliminary", "strangers", "verified", "reversed", "reversed"),
)


@dataclass(frozen=True)
class Cast:
    """The few kinds of claims and holders of one history, so that its claims meet."""

    templates: Sequence[Template]
    holders: Sequence[str]

    @staticmethod
    def drawn(draw: st.DrawFn) -> "Cast":
        templates = draw(st.lists(st.sampled_from(TEMPLATES), min_size=1, max_size=3))
        holders = draw(st.lists(st.sampled_from((*HOLDERS, TWIN)), min_size=1, max_size=3))
        return Cast(templates, holders)


def _seldom(draw: st.DrawFn, times: int = 8) -> bool:
    return draw(st.integers(1, times)) == times


def _plot(draw: st.DrawFn, number: int, cast: Cast) -> list[bytes]:
    """The life of claim `c-<number>`, in order."""
    template = draw(st.sampled_from(cast.templates))
    said = template(draw, number, draw(st.sampled_from(cast.holders)))
    if _seldom(draw):
        said |= draw(st.sampled_from(FLAWS))
    claim = earned(f"c-{number}", **said)
    if _seldom(draw):
        delay = draw(st.sampled_from((30, 90, 91)))
        claim = earned(f"c-{number}", **{**said, "recorded": later(claim, delay)})
    if _seldom(draw, 20):
        claim = told(claim, measure={})
    holder = str(decode(claim)["subject"])
    if holder == TWIN:
        holder = draw(st.sampled_from((TWIN, BO)))
    script: Sequence[str] = draw(st.sampled_from(SCRIPTS))
    if _seldom(draw, 4):
        script = draw(st.lists(st.sampled_from(sorted(STEPS)), max_size=STEPS_MAX))
    events = [claim]
    for name in script:
        at = later(events[-1], draw(st.sampled_from(DELAYS)))
        events.append(STEPS[name](draw, Telling(claim, holder), at))
    return events


def _noise(draw: st.DrawFn, past: Sequence[bytes]) -> bytes:
    """A resend, a conflict, something unreadable, or a turn of affairs."""
    one, other = draw(st.sampled_from(past)), draw(st.sampled_from(past))
    if draw(st.booleans()):
        return draw(st.sampled_from(TURNS))
    return draw(
        st.sampled_from(
            (
                changed(one, nonce="f" * 32),
                changed(one, id=decode(other)["id"]),
                changed(one, id="ahead", time="2024-12-31T00:00:00+08:00"),
                one[:-1],
                one.replace(b'"data":{', b'"data":{"a_new_field":1,'),
                canonical(decode(one) | {"schemeid": "elsewhere"}),
                b"\xff" * 49_153,
            )
        )
    )


@st.composite
def futures(draw: st.DrawFn) -> list[bytes]:
    """What may follow on `world()`."""
    past = [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)]
    indexes = draw(st.lists(st.integers(0, len(BACKGROUNDS) - 1), unique=True, max_size=4))
    past += [event for index in sorted(indexes) for event in BACKGROUNDS[index]]
    count = draw(st.integers(1, PLOTS_MAX))
    cast = Cast.drawn(draw)
    past += [event for template in cast.templates for event in NEEDS.get(template, ())]
    waiting = [_plot(draw, number, cast) for number in range(count)]
    told_of = [(str(_data(plot[0])["claim"]), str(decode(plot[0])["subject"])) for plot in waiting]
    lives = [quarter_life(draw, told_of) for _ in range(draw(st.integers(0, 2)))]
    if lives and not _seldom(draw, 2):
        # A quarter that is published before its claims come.
        past += lives[0][:UNTIL_PUBLISHED]
        lives[0] = lives[0][UNTIL_PUBLISHED:]
    waiting += [life for life in lives if life] + concern_plots(draw)
    while waiting:
        index = draw(st.integers(0, len(waiting) - 1))
        past.append(waiting[index].pop(0))
        waiting = [plot for plot in waiting if plot]
        if _seldom(draw, 6):
            past.append(_noise(draw, [payload for payload in past if _is_event(payload)]))
    return past


def _data(payload: bytes) -> Any:
    return decode(payload)["data"]


def _is_event(payload: bytes) -> bool:
    try:
        return "a_new_field" not in str(decode(payload)["data"])
    except NotCanonical:
        return False


def histories() -> st.SearchStrategy[list[bytes]]:
    """Whole streams, from the first message on."""
    return futures().map(lambda future: [*world(), *future])
