"""Decisions: the right people take them in either order, and the wrong ones are turned away."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.revaluation import rehomed
from jifen_ledger.domain.versions import item_of
from tests.support.builders import preliminary, rejected, returned, reversal, reviewers, verified
from tests.support.people import (
    BRANCH_Y,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    RECORDER,
    SECRETARY_Y,
    UPPER,
    UPPER_TWO,
)
from tests.support.played.plant import PAIR, SPLIT, STRANGER, Plant
from tests.support.played.stage import Stage, claims
from tests.support.quarters import statement

WAITING = (ClaimState.CLAIMED, ClaimState.PRELIMINARY)
Wrong = Callable[[Plant, Claim], tuple[bytes, str] | None]


def right_people(plant: Plant, named: Claim) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who takes the first step and who the second, in whichever branch the deed lies."""
    claim = rehomed(plant.state, named)
    first, second = reviewers(claim.item, claim.holder, claim.counterpart)
    if claim.branch == BRANCH_Y and first == (RECORDER,):
        first = (SECRETARY_Y,)
    if claim.holder in first or claim.branch in first or BRANCH_Y in first:
        first = (UPPER,)
    if second == QUORUM:
        second = PANEL_Y[:2] if claim.branch == BRANCH_Y else PANEL_X[2:]
    return first, second


def _review(plant: Plant, claim: Claim, deciders: tuple[str, ...], **more: Any) -> bytes:
    said = {"deciders": deciders, "recorded": plant.now()} | more
    if claim.state is ClaimState.CLAIMED:
        return preliminary(claim.id, claim.holder, **said)
    if claim.state is ClaimState.PRELIMINARY:
        return verified(claim.id, claim.holder, **said)
    return reversal(claim.id, claim.holder, **said)


DECIDABLE = (*WAITING, ClaimState.VERIFIED)


def by_the_holder(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state not in DECIDABLE:
        return None
    return _review(plant, claim, (claim.holder, *PANEL_X[2:])), "self_review"


def by_the_declared_pair(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state not in DECIDABLE or claim.holder != PAIR[1] or claim.branch == BRANCH_Y:
        return None
    return _review(plant, claim, (PAIR[0], *PANEL_X[3:])), "recused"


def by_a_sharer(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state not in DECIDABLE or claim.project != "pj-wax":
        return None
    other = next(one for one in SPLIT if one != claim.holder)
    return _review(plant, claim, (other, UPPER)), "recused"


def by_who_looked_first(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state is not ClaimState.PRELIMINARY or not claim.preliminary_deciders:
        return None
    again = claim.preliminary_deciders[0]
    code = "recused" if again in claim.counterpart else "same_reviewer"
    return _review(plant, claim, (again, UPPER_TWO)), code


def by_a_stranger(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state not in DECIDABLE or claim.holder == STRANGER:
        return None
    return _review(plant, claim, (STRANGER,)), "not_permitted"


def by_too_few(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    """Two of five in X, one of three in Y; where the upper level decides, no panel may."""
    if claim.state is not ClaimState.PRELIMINARY or claim.of_unit:
        return None
    few = PANEL_Y[:1] if claim.branch == BRANCH_Y else PANEL_X[3:]
    if set(few) & {claim.holder, *claim.counterpart, *claim.preliminary_deciders}:
        return None
    by_panel = right_people(plant, claim)[1] != (UPPER_TWO,)
    return _review(plant, claim, few), "quorum_not_met" if by_panel else "not_permitted"


def with_too_much(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    item = item_of(plant.state.versions, claim)
    simple = item.code in ("D03", "C09", "C07")
    if claim.state is not ClaimState.PRELIMINARY or not simple or claim.of_unit:
        return None
    more = {"points": {"member": "99"}, "reason": "very_good"}
    return _review(plant, claim, right_people(plant, claim)[1], **more), "points_too_high"


def a_second_time(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state is not ClaimState.VERIFIED:
        return None
    people = right_people(plant, claim)[1]
    again = verified(claim.id, claim.holder, deciders=people, recorded=plant.now())
    return again, "already_decided"


def without_a_reason(plant: Plant, claim: Claim) -> tuple[bytes, str] | None:
    if claim.state is not ClaimState.VERIFIED:
        return None
    return _review(plant, claim, (UPPER,), reason=None), "reason_required"


WRONGS: tuple[Wrong, ...] = (
    by_the_holder,
    by_the_declared_pair,
    by_a_sharer,
    by_who_looked_first,
    by_a_stranger,
    by_too_few,
    with_too_much,
    a_second_time,
    without_a_reason,
)


class Deciding(Stage):
    """Two stages, different people, a quorum, and nobody about themselves."""

    def look_at_first(self, claim: Claim, **more: Any) -> None:
        first, _ = right_people(self.plant, claim)
        who = {"deciders": first, "recorded": self.plant.now()}
        self.plant.take(preliminary(claim.id, claim.holder, **(who | more)))

    def verify(self, claim: Claim, **more: Any) -> None:
        _, second = right_people(self.plant, claim)
        who = {"deciders": second, "recorded": self.plant.now()}
        self.plant.take(verified(claim.id, claim.holder, **(who | more)))

    def waiting(self) -> list[Claim]:
        found = self.plant.state.claims.rows().values()
        return [claim for claim in found if claim is not None and claim.state in WAITING]

    @rule(claim=claims, lowered=st.booleans())
    def preliminary(self, claim: str, lowered: bool) -> None:  # noqa: FBT001 - a drawn value
        found = self.plant.claim(claim)
        less = {"points": {"member": "0.5"}, "reason": "partly_shown"}
        self.look_at_first(found, **(less if lowered else {}))

    @rule(claim=claims)
    def verified(self, claim: str) -> None:
        self.verify(self.plant.claim(claim))

    @precondition(lambda self: self.waiting())
    @rule(backwards=st.booleans())
    def the_panel_sits(self, backwards: bool) -> None:  # noqa: FBT001 - a drawn value
        """Everything that waits is decided, in the order of the claims or the other way round."""
        for claim in sorted(self.waiting(), key=lambda one: one.seq, reverse=backwards):
            self.decide(claim)

    def decide(self, claim: Claim) -> None:
        if claim.state is ClaimState.CLAIMED:
            self.look_at_first(claim)
        self.verify(claim)

    @rule(claim=claims, stage=st.sampled_from(("preliminary", "verified")), copies=claims)
    def turn_down(self, claim: str, stage: str, copies: str) -> None:
        """It goes back to its holder, or is rejected as a copy of another."""
        found = self.plant.claim(claim)
        people = right_people(self.plant, found)[stage == "verified"]
        more: dict[str, Any] = {"deciders": people, "recorded": self.plant.now()}
        if claim == copies:
            more |= {"until": self.plant.ago(-3)}
            self.plant.take(returned(claim, found.holder, **more))
        else:
            self.plant.take(rejected(claim, found.holder, duplicate_of=copies, **more))

    @rule(claim=claims)
    def answer_a_notice(self, claim: str) -> None:
        found = self.plant.claim(claim)
        said = statement(
            claim, found.holder, objection=self.plant.named("st"), recorded=self.plant.now()
        )
        self.plant.take(said)

    @rule(claim=claims, by_upper=st.booleans())
    def reverse(self, claim: str, by_upper: bool) -> None:  # noqa: FBT001 - a drawn value
        found = self.plant.claim(claim)
        people = (UPPER_TWO,) if by_upper else right_people(self.plant, found)[1]
        act = reversal(claim, found.holder, deciders=people, recorded=self.plant.now())
        if found.state is ClaimState.REVERSED:
            self.plant.refuses(act, "already_reversed")
        elif found.state is ClaimState.VERIFIED:
            self.plant.take(act)
        else:
            self.plant.refuses(act, "wrong_state")

    @rule(claim=claims, wrong=st.sampled_from(WRONGS))
    def decide_wrongly(self, claim: str, wrong: Wrong) -> None:
        """The wrong people come, or take too much on themselves."""
        found = rehomed(self.plant.state, self.plant.claim(claim))
        forbidden = wrong(self.plant, found)
        if forbidden is not None:
            payload, code = forbidden
            self.plant.refuses(payload, code)
