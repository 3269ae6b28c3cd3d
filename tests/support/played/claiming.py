"""Claims: people and upstream systems tell of deeds, late, twice, and under many items."""

from dataclasses import dataclass
from typing import cast

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, initialize, multiple, rule

from jifen_ledger.domain.claim import ClaimState
from tests.support.builders import changed, earned, withdrawal
from tests.support.people import ANNA, BO, CHEN, COMMITTEE, DORA, LEADER, RECORDER, SECRETARY
from tests.support.played.deciding import WRONGS, Deciding, Wrong
from tests.support.played.plant import STRANGER
from tests.support.played.stage import claims, members
from tests.support.plots import (
    TEMPLATES,
    Template,
    assessed_in_time,
    base_fact,
    breakthrough,
    contest,
    hazard,
    labour_contest,
    offence,
    unit_deed,
)
from tests.support.stored import stamp_of, told

HOLDERS = (ANNA, BO, CHEN, COMMITTEE, DORA, LEADER, RECORDER, SECRETARY)
# They do so much that their deeds meet under the caps.
BUSY = (ANNA, ANNA, BO, COMMITTEE)
# Their deed names the period, so the template alone knows its day.
OF_A_PERIOD = (base_fact, assessed_in_time, unit_deed)
DAYS_BEFORE = (0, 0, 1, 3, 20, 40, 95)
WATCHED = 2
UPSTREAM = "urn:jifen:source:attendance"
STANDING = (ClaimState.CLAIMED, ClaimState.PRELIMINARY, ClaimState.VERIFIED)


@dataclass(frozen=True)
class Telling:
    """Who tells of which kind of deed, how late, and how many of the two reviews follow at once."""

    template: Template
    holder: str
    days: int
    upstream: bool
    reviews: int


def tellings(others: st.SearchStrategy[str]) -> st.SearchStrategy[Telling]:
    return st.builds(
        Telling,
        st.sampled_from(TEMPLATES),
        st.one_of(st.sampled_from(BUSY), others),
        st.sampled_from(DAYS_BEFORE),
        st.booleans(),
        st.sampled_from((2, 2, 2, 1, 0)),
    )


class Claiming(Deciding):
    """Everybody may tell of a deed; points are nobody's before two reviews."""

    @initialize(
        target=claims,
        told=st.lists(tellings(st.sampled_from(HOLDERS)), min_size=2, max_size=6),
        data=st.data(),
    )
    def begin_with_claims(self, told: list[Telling], data: st.DataObject) -> MultipleResults[str]:
        """Without claims, and points to spend, there is little to play."""
        much: list[tuple[Template, str]] = [
            (hazard, ANNA),
            (hazard, BO),
            (contest, ANNA),
            (labour_contest, ANNA),
        ]
        much += [(breakthrough, ANNA)]
        first = [Telling(template, who, 3, upstream=False, reviews=2) for template, who in much]
        return self._claimed([*first, *told], data, wrongs=WRONGS)

    @rule(target=claims, told=st.lists(tellings(members), min_size=1, max_size=4), data=st.data())
    def claim(self, told: list[Telling], data: st.DataObject) -> MultipleResults[str]:
        """Deeds are claimed, and mostly decided at once by those who should."""
        return self._claimed(told, data)

    def _claimed(
        self, told: list[Telling], data: st.DataObject, *, wrongs: tuple[Wrong, ...] = ()
    ) -> MultipleResults[str]:
        """`wrongs` is what is tried before every review of the first claims."""
        names: list[str] = []
        for one in told:
            name = self.plant.named("c")
            if self.plant.take(self._claim(name, one, data)) is None:
                names.append(name)
                self._review(name, one.reviews, wrongs if len(names) <= WATCHED else ())
        return multiple(*names)

    def _claim(self, name: str, one: Telling, data: st.DataObject) -> bytes:
        # It draws as a strategy's own function does.
        draw = cast("st.DrawFn", data.draw)
        said = one.template(draw, int(name[2:]), one.holder) | {"recorded": self.plant.now()}
        if one.template not in OF_A_PERIOD:
            said["on"] = self.plant.ago(one.days)
        if one.template is offence:
            return earned(name, **said | {"basis": "finding"})
        payload = earned(name, **said)
        return changed(told(payload, by=None), source=UPSTREAM) if one.upstream else payload

    def _review(self, name: str, reviews: int, wrongs: tuple[Wrong, ...]) -> None:
        steps = (ClaimState.CLAIMED, self.look_at_first), (ClaimState.PRELIMINARY, self.verify)
        for state, step in steps[:reviews]:
            if self.plant.claim(name).state is state:
                for wrong in wrongs:
                    self.decide_wrongly(name, wrong)
                step(self.plant.claim(name))

    @rule(claim=claims)
    def claim_the_same_deed(self, claim: str) -> None:
        """Upstream tells of the deed once more, under an id of its own."""
        name, found = self.plant.named("c-twice"), self.plant.claim(claim)
        again = told(self.plant.told_again(claim), claim=name)
        again = changed(again, id=name, recordedtime=stamp_of(self.plant.now()))
        if found.state in STANDING:
            self.plant.refuses(again, "duplicate_deed", "too_late", "not_active")
        else:
            self.plant.take(again)

    @rule(claim=claims)
    def hand_in_again(self, claim: str) -> None:
        """A claim that was returned comes back; any other is there already."""
        name, found = self.plant.named("again"), self.plant.claim(claim)
        again = self.plant.told_again(claim)
        again = changed(again, id=name, recordedtime=stamp_of(self.plant.now()))
        if found.state is ClaimState.RETURNED:
            self.plant.take(again)
        else:
            self.plant.refuses(again, "duplicate_claim", "too_late", "not_active")

    @rule(claim=claims, by_another=st.booleans())
    def withdraw(self, claim: str, by_another: bool) -> None:  # noqa: FBT001 - a drawn value
        found = self.plant.claim(claim)
        waits = found.state in (ClaimState.CLAIMED, ClaimState.PRELIMINARY)
        by = STRANGER if by_another else found.holder
        act = withdrawal(claim, found.holder, by=by, recorded=self.plant.now())
        if waits and by_another:
            self.plant.refuses(act, "not_permitted")
        elif found.state is ClaimState.VERIFIED:
            self.plant.refuses(act, "wrong_state")
        else:
            self.plant.take(act)
