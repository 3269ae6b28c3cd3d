"""Lives of concerns for random histories, told by the right people and sometimes wrong ones."""

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.builders import (
    count,
    earned,
    later,
    preliminary,
    returned,
    shares,
    verified,
)
from tests.support.concerns import confirmed, handed, paid_for, raised, reopened, resolved
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
    PANEL_X,
    QUORUM,
    RECORDER,
    SCHEME,
    SECRETARY,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.plots import TWIN, Told
from tests.support.stored import SOURCE, sha

CONCERNS = ("cn-0", "cn-1", "cn-2", "cn-3")
CODE = "code-of-a-raiser"
RAISERS = (ANNA, ANNA, BO, TWIN, None, sha(CODE))
UNITS = (BRANCH_X, BRANCH_X, BRANCH_X, BRANCH_X, GROUP_X1, SCHEME)
ORIGINS = (None, "visit-1", "H10", "H10", "H17")
ASSIGNERS = (RECORDER, SECRETARY, UPPER, LEADER, SECRETARY_Y, ANNA, TWIN)
HANDLERS = (COMMITTEE, BO, TWIN, "m-nobody")
PAUSES = (
    ("2023-07-11", "2023-07-17"),
    ("2023-07-13", "2023-07-14"),
    ("2023-07-31", "2023-08-20"),
    ("2023-07-20", "2023-07-20"),
)
SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("handed", "resolved", "confirmed", "claimed", "verified", "reopened"),
    ("handed", "resolved", "confirmed", "claimed", "claimed", "verified", "verified", "reopened"),
    ("handed", "resolved", "confirmed", "project", "verified", "claimed", "verified", "reopened"),
    ("handed", "resolved", "confirmed", "project", "verified", "project", "verified", "reopened"),
    ("handed", "handed", "resolved", "confirmed", "reopened", "resolved", "confirmed", "claimed"),
    ("handed", "merged", "resolved", "confirmed", "confirmed", "claimed", "verified", "reopened"),
    ("project", "handed", "resolved", "verified", "confirmed", "verified", "reopened"),
    ("handed", "resolved", "confirmed", "moved", "verified", "reopened"),
)
STEPS = ("handed", "merged", "resolved", "confirmed", "claimed", "project", "verified", "reopened")


class _Life:
    """One concern whose events are told in turn; `claims` are the ids filed for it."""

    def __init__(self, draw: st.DrawFn, concern: str) -> None:
        self.draw = draw
        self.concern = concern
        self.unit = draw(st.sampled_from(UNITS))
        self.by = draw(st.sampled_from(RAISERS))
        # Without a life that goes well nothing would ever rest on a concern.
        self.is_well_told = draw(st.integers(1, 3)) > 1
        self.claims: list[tuple[str, str]] = []

    def _mostly(self, usual: Any, *others: Any) -> Any:
        if self.is_well_told:
            return usual
        return self.draw(st.sampled_from((*(usual,) * 4, *others)))

    def begun(self, script: Sequence[str]) -> bytes:
        draw = self.draw
        kinds = ("concern", "fix", "care", "project")
        whole = draw(st.sampled_from((None, None, CONCERNS[0])))
        return raised(
            self.concern,
            unit=self._mostly(self.unit, *(self.unit,) * 3, "u-nowhere"),
            kind=self._mostly("project") if "project" in script else draw(st.sampled_from(kinds)),
            urgency=draw(st.sampled_from(("at_once", "urgent", "ordinary", "ordinary"))),
            parent=whole if whole != self.concern else None,
            origin=self._mostly(*ORIGINS),
            by=self.by,
            on=draw(st.sampled_from(("2023-07-10", "2023-07-15", "2023-07-08"))),
        )

    def told(self, step: str, at: str) -> bytes:
        payload: bytes = getattr(self, f"_{step}")(at)
        return payload

    def _handed(self, at: str) -> bytes:
        draw = self.draw
        more: dict[str, Any] = draw(
            st.sampled_from(
                (
                    {},
                    {},
                    {"urgency": "ordinary"},
                    {"handler_unit": SCHEME},
                    {"handler_unit": "u-nowhere"},
                    {"stages": {"parts": "2023-07-12"}},
                    {"stages": {"parts": "2023-07-13"}, "reached": "parts"},
                    {"reached": "parts"},
                    *({"pause": pause, "reason": "parts_ordered"} for pause in PAUSES),
                    {"pause": PAUSES[0]},
                )
            )
        )
        who = {"by": self._mostly(*ASSIGNERS), "handler": self._mostly(*HANDLERS)}
        if self.unit == SCHEME:
            who["by"] = UPPER
        if self.is_well_told:
            more = draw(st.sampled_from(({}, {"pause": PAUSES[1], "reason": "parts_ordered"})))
        return handed(self.concern, unit=self.unit, on=at, **who, **more)

    def _merged(self, at: str) -> bytes:
        into = self.draw(st.sampled_from((*CONCERNS, "cn-none")))
        return handed(self.concern, unit=self.unit, merge_into=into, on=at)

    def _resolved(self, at: str) -> bytes:
        draw = self.draw
        return resolved(
            self.concern,
            unit=self._mostly(self.unit, BRANCH_Y),
            in_use=draw(st.sampled_from(("2023-07-11", "2023-07-12", "2023-07-13", "2023-07-14"))),
            by=self._mostly(COMMITTEE, COMMITTEE, BO, UPPER, TWIN),
            evidence=self._mostly(None, None, None, []),
            on=at,
        )

    def _voice(self) -> Mapping[str, Any]:
        """Its raiser, by name or by the code; or somebody else's word."""
        draw = self.draw
        code = {"by": None, "survey_code": CODE}
        own = {"by": self.by} if self.by in (ANNA, BO, TWIN) else code
        source = draw(st.sampled_from((SOURCE, SOURCE, SOURCE, "urn:jifen:source:other")))
        others = ({"by": ANNA}, {"by": BO}, {"by": UPPER}, code, {"by": None})
        return {**self._mostly(own, *others), "source": source}

    def _confirmed(self, at: str) -> bytes:
        satisfaction = self.draw(st.integers(1, 3))
        voice = self._voice()
        return confirmed(self.concern, unit=self.unit, satisfaction=satisfaction, on=at, **voice)

    def _reopened(self, at: str) -> bytes:
        reason = self._mostly("still_cold", None)
        return reopened(self.concern, unit=self.unit, reason=reason, on=at, **self._voice())

    def _named(self, holder: str) -> str:
        name = f"c-{self.concern}-{len(self.claims)}"
        self.claims.append((name, holder))
        return name

    def _claimed(self, at: str) -> bytes:
        holder = self._mostly(COMMITTEE, BO, SECRETARY)
        named = {"member": count(), "committee": None if holder == BO else count()}
        more = {"holder": holder, **named, "on": self._mostly(at, "2023-07-11")}
        return paid_for(self._named(holder), self.concern, **more, recorded=at)

    def _project(self, at: str) -> bytes:
        holder = self.draw(st.sampled_from((ANNA, BO, CHEN)))
        told: Told = {"project": "pj-hut", "member": {}, "counterpart": [DORA], "on": at}
        return earned(self._named(holder), "D01", holder, deed=self.concern, **told)

    def _moved(self, at: str) -> bytes:
        """A reviewer makes a claim on the concern of something else."""
        name = self._named(COMMITTEE)
        return earned(name, "D05", COMMITTEE, deed=self.concern, on=at, member=count(),
                      committee=count())  # fmt: skip

    def _verified(self, at: str) -> bytes:
        draw = self.draw
        claims = self.claims or [("c-none", COMMITTEE)]
        claim, holder = claims[-1] if self.is_well_told else draw(st.sampled_from(claims))
        first = {"deciders": draw(st.sampled_from(((DORA,), (UPPER,), (RECORDER,))))}
        change = {"item": "D02", "reason": "a_concern"}
        if self.is_well_told:
            return verified(claim, holder, deciders=PANEL_X[2:], recorded=at)
        return draw(
            st.sampled_from(
                (
                    verified(claim, holder, deciders=QUORUM, recorded=at),
                    verified(claim, holder, deciders=PANEL_X[1:4], recorded=at),
                    verified(claim, holder, deciders=(UPPER_TWO,), recorded=at),
                    preliminary(claim, holder, recorded=at, **first),
                    preliminary(claim, holder, recorded=at, deciders=(UPPER,), **change),
                    returned(claim, holder, recorded=at, **first),
                )
            )
        )


def concern_plots(draw: st.DrawFn) -> list[list[bytes]]:
    """The lives of a few concerns, or of none."""
    number = draw(st.sampled_from((0, 0, 1, 2, 4)))
    return [_plot(draw, concern) for concern in CONCERNS[:number]]


def _plot(draw: st.DrawFn, concern: str) -> list[bytes]:
    life = _Life(draw, concern)
    script: Sequence[str] = draw(st.sampled_from(SCRIPTS))
    if draw(st.integers(1, 3)) == 1:
        script = draw(st.lists(st.sampled_from(STEPS), max_size=8))
    # What the claims for a help project share.
    hut = shares("pj-hut", {ANNA: 1, BO: 1, CHEN: 1}, item="D01", pool="large", by=RECORDER)
    events = [hut, life.begun(script)]
    for step in script:
        at = later(events[-1], draw(st.sampled_from((1, 1, 1, 2, 9))))
        if step == "verified":
            events.append(preliminary_of(life, at))
        events.append(life.told(step, at))
    return events


def preliminary_of(life: _Life, at: str) -> bytes:
    """What a project's users say of the last claim."""
    claim, holder = life.claims[-1] if life.claims else ("c-none", COMMITTEE)
    return preliminary(claim, holder, deciders=(DORA,), recorded=at)
