"""Random histories of the small world, biased towards what is hard for a fold.

A history is the world followed by interleaved plots: the life of one claim each, told by people
who are sometimes the wrong ones, with wrong values, resends and unreadable messages between.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from jifen_contracts.canonical import NotCanonical, canonical, decode
from jifen_contracts.scheme.default import default_document
from jifen_contracts.scheme.document import document_object
from tests.support.builders import (
    changed,
    earned,
    imported,
    later,
    preliminary,
    reversal,
    reviewed,
    reviewers,
    shares,
    verified,
    withdrawal,
    world,
)
from tests.support.organisation import assigned, enrolled, left, panel, published
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    LEADER,
    PANEL_X,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY,
    SPECIALIST,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import (
    FLAWS,
    HOLDERS,
    NO_ITEM,
    TEMPLATES,
    Template,
    breakthrough,
    duty_day,
    help_given,
    help_project,
    mentoring,
)
from tests.support.stored import stamp_of

TWIN = "m-bo-twin"  # a second record of Bo
PLOTS_MAX = 9
STEPS_MAX = 6
DELAYS = (1, 1, 2, 7, 14, 14, 40)
PANELS = (QUORUM, PANEL_X[1:4], PANEL_X[2:], PANEL_X)
STRANGERS = ((ANNA,), (LEADER,), (COMMITTEE,), (RECORDER, ANNA), (PANEL_X[0],), (*QUORUM, UPPER))

# What a kind of claim rests on.
NEEDS: Mapping[Template, tuple[bytes, ...]] = {
    help_given: (assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN]),),
    duty_day: (assigned(COMMITTEE, "delegate", BRANCH_Y),),
    mentoring: (assigned(LEADER, "mentor", BRANCH_X, of=[CHEN]),),
    breakthrough: (
        shares("pj-wax", {ANNA: 50, BO: 30, COMMITTEE: 20}, organisers=[COMMITTEE, SECRETARY]),
    ),
    help_project: (
        shares("pj-hut", {ANNA: 1, BO: 1, CHEN: 1}, item="D01", pool="large", by=RECORDER),
    ),
}
# What may have happened before the claims; each entry is a whole, so it stays valid.
BACKGROUNDS: tuple[tuple[bytes, ...], ...] = (
    (shares("pj-big", {ANNA: 60, BO: 40}), shares("pj-bad", {ANNA: 1, BO: 1}, agreed_by=[ANNA])),
    (panel(BRANCH_X, recusals=[(PANEL_X[0], ANNA), (PANEL_X[1], ANNA)], name="pl-8"),),
    (panel(BRANCH_X, to="2023-08-01", name="pl-9"),),
    (assigned(BO, "committee", BRANCH_X, since="2023-07-10"),),
    (
        assigned(ANNA, "member", BRANCH_X, to="2023-07-15"),
        assigned(ANNA, "member", BRANCH_Y, since="2023-07-15", assignment="as-anna-moved"),
    ),
    (left(CHEN, "2023-07-20"),),
)


def _dearer_suggestions() -> dict[str, Any]:
    """The default scheme with another value for adopted suggestions."""
    document = document_object(default_document())
    item = next(item for item in document["items"] if item["code"] == "C10")
    item["lines"]["member"]["tiers"][0]["value"] = "3"
    return document


# What may happen at any time between the claims.
TURNS: tuple[bytes, ...] = (
    enrolled(BO, same_as=TWIN, recorded="2023-08-01"),
    shares("pj-wax", {ANNA: 50, BO: 30, COMMITTEE: 20}, organisers=[COMMITTEE], time="2023-07-20"),
    panel(BRANCH_X, PANEL_X[1:4], since="2023-08-01", name="pl-10"),
    assigned(LEADER, "upper", SCHEME, since="2023-08-01"),
    imported(enrolled("m-past")),
    published(2, "2023-10-01", document=_dearer_suggestions(), recorded="2023-09-20"),
    published(2, "2023-04-01", recorded="2023-09-20"),
    published(3, "2023-10-02", recorded="2023-09-20"),
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
    kind = draw(st.sampled_from((*("none",) * 8, "points", "item")))
    if kind == "points":
        return _points(draw, telling)
    if kind == "item":
        return {"item": draw(st.sampled_from(("D03", "C09", "D05"))), "reason": "other_item"}
    return {}


def _preliminary(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    more = _changes(draw, telling)
    return preliminary(*telling.who, deciders=telling.right[0], recorded=at, **more)


def _verified(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    usual = telling.right[1]
    deciders = draw(st.sampled_from((*(usual,) * 9, *PANELS, (UPPER,))))
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
    return reviewed(*telling.who, stage, deciders=deciders, recorded=at, **more)


def _rejected_as_copy(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    original = f"c-{draw(st.integers(0, PLOTS_MAX))}"
    more: dict[str, Any] = {"decision": "reject", "reason": "copy", "duplicate_of": original}
    return preliminary(*telling.who, deciders=telling.right[0], recorded=at, **more)


def _claimed_again(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    name = draw(st.sampled_from(("again-1", "again-2")))
    return changed(telling.payload, recordedtime=stamp_of(at), id=f"{name}-{telling.who[0]}")


def _reversed(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    deciders = draw(st.sampled_from((QUORUM, PANEL_X[2:], (UPPER,), (ANNA,), PANEL_X[:2])))
    reason = draw(st.sampled_from(("wrong_value", "wrong_value", None)))
    return reversal(*telling.who, deciders=deciders, reason=reason, recorded=at)


def _withdrawn(draw: st.DrawFn, telling: Telling, at: str) -> bytes:
    by = draw(st.sampled_from((None, None, RECORDER, UPPER_TWO, SPECIALIST)))
    return withdrawal(*telling.who, by=by, recorded=at)


STEPS: Mapping[str, Step] = {
    "preliminary": _preliminary,
    "verified": _verified,
    "strangers": _by_strangers,
    "back": _sent_back,
    "copy": _rejected_as_copy,
    "again": _claimed_again,
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
    ("copy", "verified", "verified"),
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
    told = template(draw, number, draw(st.sampled_from(cast.holders)))
    if _seldom(draw):
        told |= draw(st.sampled_from(FLAWS))
    claim = earned(f"c-{number}", **told)
    if _seldom(draw):
        delay = draw(st.sampled_from((30, 90, 91)))
        claim = earned(f"c-{number}", **{**told, "recorded": later(claim, delay)})
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


def _noise(draw: st.DrawFn, told: Sequence[bytes]) -> bytes:
    """A resend, a conflict, something unreadable, or a turn of affairs."""
    one, other = draw(st.sampled_from(told)), draw(st.sampled_from(told))
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
                *TURNS,
            )
        )
    )


@st.composite
def futures(draw: st.DrawFn) -> list[bytes]:
    """What may follow on `world()`."""
    told = [enrolled(TWIN), assigned(TWIN, "member", BRANCH_X)]
    indexes = draw(st.lists(st.integers(0, len(BACKGROUNDS) - 1), unique=True, max_size=4))
    told += [event for index in sorted(indexes) for event in BACKGROUNDS[index]]
    count = draw(st.integers(1, PLOTS_MAX))
    cast = Cast.drawn(draw)
    told += [event for template in cast.templates for event in NEEDS.get(template, ())]
    waiting = [_plot(draw, number, cast) for number in range(count)]
    while waiting:
        index = draw(st.integers(0, len(waiting) - 1))
        told.append(waiting[index].pop(0))
        waiting = [plot for plot in waiting if plot]
        if _seldom(draw, 10):
            told.append(_noise(draw, [payload for payload in told if _is_event(payload)]))
    return told


def _is_event(payload: bytes) -> bool:
    try:
        return "a_new_field" not in str(decode(payload)["data"])
    except NotCanonical:
        return False


def histories() -> st.SearchStrategy[list[bytes]]:
    """Whole streams, from the first message on."""
    return futures().map(lambda future: [*world(), *future])
