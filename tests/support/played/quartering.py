"""The life of quarters: steps in and out of turn, objections, corrections and revisions."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, rule

from jifen_ledger.domain.claim import ClaimState
from jifen_ledger.domain.objections import ObjectionState
from tests.support.builders import reversal
from tests.support.people import BO, BRANCH_X, BRANCH_Y, PANEL_X, UPPER, UPPER_TWO
from tests.support.played.deciding import Deciding, right_people
from tests.support.played.plant import STRANGER
from tests.support.played.stage import claims, objections
from tests.support.quarters import advanced, answered, objected

Q2, Q3, Q4 = "2023-Q2", "2023-Q3", "2023-Q4"
PLACES = (*((BRANCH_X, Q3),) * 4, (BRANCH_X, Q2), (BRANCH_X, Q4), (BRANCH_Y, Q3))
NEXT = {"open": "preliminary", "preliminary": "verified", "verified": "published"}
places = st.sampled_from(PLACES)
Place = tuple[str, str]
KINDS = ("objection", "objection", "objection", "complaint", "sample")
decisions = st.sampled_from(("upheld", "upheld", "partly", "dismissed", None))


class Quartering(Deciding):
    """The upper level may take every step; that says nothing of whether it is due."""

    def step(self, to: str, place: Place, **more: Any) -> str | None:
        return self.plant.take(self._step(to, place, **more))

    def _step(self, to: str, place: Place, **more: Any) -> bytes:
        branch, quarter = place
        said: dict[str, Any] = {"by": UPPER, "recorded": self.plant.now()}
        if to == "verified":
            said["waive"] = self.plant.waiver(branch, quarter)
        return advanced(to, quarter, branch, **(said | more))

    @rule(place=places)
    def next_step(self, place: Place) -> None:
        state, _ = self.plant.stands(*place)
        self.step(NEXT.get(state, "final"), place)

    @rule(
        target=objections,
        place=places,
        days=st.integers(0, 20),
        answers=st.lists(decisions, max_size=2),
    )
    def end_of_the_quarter(
        self, place: Place, days: int, answers: list[str | None]
    ) -> MultipleResults[str]:
        """What waits is decided, the quarter goes to its bulletin, and some of it is questioned."""
        for claim in sorted(self.waiting(), key=lambda one: one.id):
            self.decide(claim)
        self.plant.now(days * 24 * 60)
        while (state := self.plant.stands(*place)[0]) in NEXT:
            if self.step(NEXT[state], place) is not None:
                return multiple()
        there = self.plant.state.quarter_claims.get(place)
        filed = [
            self._object(claim, "objection", answer)
            for claim, answer in zip(reversed(there), answers, strict=False)
        ]
        return multiple(*(name for name in filed if name is not None))

    @rule(place=places)
    def open_again(self, place: Place) -> None:
        state, _ = self.plant.stands(*place)
        act = self._step("open", place, reason="more_to_come")
        if state in ("preliminary", "verified"):
            assert self.plant.take(act) is None
        else:
            self.plant.refuses(act, "wrong_transition")

    @rule(place=places)
    def revise(self, place: Place) -> None:
        state, revision = self.plant.stands(*place)
        to = "final" if state == "final" else "published"
        act = self._step(to, place, revision=revision + 1, reason="corrected")
        if state in ("published", "final"):
            self.plant.take(act)
        elif state != "verified":
            self.plant.refuses(act, "wrong_transition")

    @rule(place=places, wrong=st.sampled_from(("leap", "stranger", "revision", "window")))
    def step_out_of_turn(self, place: Place, wrong: str) -> None:
        state, revision = self.plant.stands(*place)
        period = self.plant.state.periods.get(place)
        if wrong == "leap" and state in ("open", "preliminary"):
            self.plant.refuses(self._step("published", place), "wrong_transition")
        elif wrong == "stranger" and state in NEXT:
            act = self._step(NEXT[state], place, by=STRANGER)
            self.plant.refuses(act, "not_permitted")
        elif wrong == "revision" and state == "published":
            act = self._step("published", place, revision=revision + 2, reason="corrected")
            self.plant.refuses(act, "revision_not_next")
        elif wrong == "window" and state == "published":
            assert period is not None
            assert period.window_end is not None
            if self.plant.today <= period.window_end:
                self.plant.refuses(self._step("final", place), "corrections_pending", "window_open")

    @rule(target=objections, claim=claims, kind=st.sampled_from(KINDS), answer=decisions)
    def object_to(self, claim: str, kind: str, answer: str | None) -> MultipleResults[str]:
        name = self._object(claim, kind, answer)
        return multiple() if name is None else multiple(name)

    def _object(self, claim: str, kind: str, answer: str | None) -> str | None:
        """An objection that was taken in, and answered at once where an answer is given."""
        name, found = self.plant.named("ob"), self.plant.claim(claim)
        by = UPPER if kind == "sample" else BO
        more: dict[str, Any] = {"subject": found.holder, "kind": kind, "by": by}
        filed = objected(name, claim=claim, recorded=self.plant.now(), **more)
        if self.plant.take(filed) is not None:
            return None
        if answer is not None:
            self.answer(name, answer)
        return name

    @rule(objection=objections, decision=st.sampled_from(("upheld", "partly", "dismissed")))
    def answer(self, objection: str, decision: str) -> None:
        found = self.plant.state.objections.get(objection)
        assert found is not None
        assert found.claim is not None
        corrects = None if decision == "dismissed" else [found.claim]
        who = (UPPER_TWO,) if self.plant.today.day % 2 else PANEL_X[1:4]
        more: dict[str, Any] = {"subject": found.subject, "corrects": corrects, "deciders": who}
        act = answered(objection, decision, recorded=self.plant.now(), **more)
        if found.state == ObjectionState.DECIDED:
            self.plant.refuses(act, "already_decided")
        elif self.plant.take(act) is None:
            near = {self.plant.claim(found.claim).holder, found.by}
            decided = {*self.plant.claim(found.claim).decided_by}
            assert not {*who} & (near | decided), objection

    @rule(objection=objections)
    def answer_by_who_decided(self, objection: str) -> None:
        """Nobody answers for the own decision, nor about themselves."""
        found = self.plant.state.objections.get(objection)
        assert found is not None
        assert found.claim is not None
        claim = self.plant.claim(found.claim)
        if found.state != ObjectionState.OPEN or claim.branch != found.branch:
            return
        for who, code in ((claim.holder, "self_review"), *self._before(claim.decided_by)):
            act = answered(
                objection,
                "dismissed",
                subject=found.subject,
                deciders=(who, UPPER_TWO),
                recorded=self.plant.now(),
            )
            self.plant.refuses(act, code, "self_review")

    def _before(self, decided: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        return tuple((who, "recused") for who in decided[:1])

    @rule(objection=objections)
    def correct(self, objection: str) -> None:
        """What an upheld objection names is reversed, and the bulletin revised."""
        found = self.plant.state.objections.get(objection)
        assert found is not None
        for name in found.demands:
            claim = self.plant.claim(name)
            if claim.state is ClaimState.VERIFIED:
                people = right_people(self.plant, claim)[1]
                more: dict[str, Any] = {"cause": "objection", "objection": objection}
                more |= {"deciders": people, "recorded": self.plant.now()}
                self.plant.take(reversal(name, claim.holder, **more))
        self.revise((found.branch, found.quarter))
