"""Decisions that the fold has to refuse: wrong people, wrong time, no ground."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed
from jifen_local.demo.messages import Desk, Message, Moment
from jifen_local.demo.review_desk import Fate, Life, Reviewed
from jifen_local.demo.workdays import later
from jifen_local.demo.world import World

_EACH: Final = 5
# Of a panel of seven; fewer are no quorum.
_PANEL_QUORUM: Final = 4
_MISTAKES: Final = 8
_BEFORE_MEETINGS_S: Final = 14 * 3_600 + 3_300
_AFTER_MEETINGS_S: Final = 17 * 3_600 + 2_700
_REVERSED_BY_THEN: Final = 20


def refused_decisions(world: World, reviewed: Reviewed, seed: int) -> list[Message]:
    """Return the decisions that are tried in vain on claims of the year."""
    rng = Random(f"refused-decisions-{seed}")  # noqa: S311 - repeatable
    desk = _Meddlers(world)
    plain = [
        life
        for life in reviewed.lives
        if life.fate is Fate.VERIFIED
        and len(life.second_by) >= _PANEL_QUORUM
        and "member" in life.filed.measure
        and not life.filed.counterpart
    ]
    for life in rng.sample(plain, _EACH * _MISTAKES):
        desk.try_in_vain(life)
    desk.recused([life for life in plain if _is_recused(life)][:_EACH])
    desk.too_early([life for life in reviewed.lives if life.filed.item == "C11"][:_EACH])
    desk.while_original_stands(_copies(reviewed.lives)[:_EACH])
    desk.reversed_twice([one for one in reviewed.lives if one.fate is Fate.CORRECTED][:_EACH])
    return desk.desk.messages


class _Meddlers:
    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = Desk("review-desk", "rm")
        self._turn = 0

    def _verify(
        self,
        filed: Filed,
        moment: Moment,
        deciders: Sequence[str],
        fold: str,
        decision: str = "accept",
        **more: object,
    ) -> None:
        data: dict[str, object] = {
            "claim": filed.claim, "stage": "verified", "decision": decision,
            "by": deciders[0], "deciders": list(deciders),
        }  # fmt: skip
        self.desk.send("points.reviewed", filed.holder, moment, data | more, fold=fold)

    def try_in_vain(self, life: Life) -> None:
        """Try one of eight wrong things; the claim's life goes on unchanged."""
        filed, by = life.filed, life.second_by
        before, day = Moment(life.second_on, _BEFORE_MEETINGS_S), life.second_on
        self._turn += 1
        match self._turn % _MISTAKES:
            case 0:
                self._verify(filed, before, (filed.holder, *by[1:]), "self_review")
            case 1:
                self._verify(filed, before, (*life.first_by, *by[1:]), "same_reviewer")
            case 2:
                self._verify(filed, before, (self._outsider(filed), *by[1:]), "not_permitted")
            case 3:
                self._verify(filed, before, by[:2], "quorum_not_met")
            case 4:
                self._verify(filed, before, by, "reason_required", "reject")
            case 5:
                self._verify(
                    filed,
                    before,
                    by,
                    "points_too_high",
                    points={"member": "9"},
                    reason="wrong_value",
                )
            case 6:
                self._verify(filed, self._next_day(day), by, "already_decided")
            case _:
                early = Moment(life.first_on, _BEFORE_MEETINGS_S)
                self._verify(filed, early, by, "wrong_state")

    def recused(self, lives: Sequence[Life]) -> None:
        """Let someone decide who declared to step back."""
        for life in lives:
            ((member, _),) = life.filed.branch.panel.recusals
            deciders = (member, *(one for one in life.second_by[1:] if one != member))
            before = Moment(life.second_on, _BEFORE_MEETINGS_S)
            self._verify(life.filed, before, deciders, "recused")

    def too_early(self, lives: Sequence[Life]) -> None:
        """Verify a deduction while its holder may still answer."""
        for life in lives:
            moment = Moment(life.first_on, _AFTER_MEETINGS_S)
            self._verify(life.filed, moment, life.second_by, "statement_pending")

    def while_original_stands(self, lives: Sequence[Life]) -> None:
        """Verify a copy whose original is still valid."""
        for life in lives:
            day = later(life.first_on, 1)
            self._verify(life.filed, self._next_day(day), life.second_by, "original_stands")

    def reversed_twice(self, lives: Sequence[Life]) -> None:
        """Reverse what was reversed, and decide what nobody claimed."""
        for life in lives:
            day = later(life.second_on, _REVERSED_BY_THEN)
            data = {
                "claim": life.filed.claim, "cause": "error", "reason": "wrong_entry",
                "by": life.second_by[0], "deciders": list(life.second_by),
            }  # fmt: skip
            moment = Moment(day, _BEFORE_MEETINGS_S)
            self.desk.send("points.reversed", life.filed.holder, moment, data,
                           fold="already_reversed")  # fmt: skip
            unheard = {"claim": f"{life.filed.claim}-unheard-of", "stage": "verified",
                       "decision": "accept", "by": life.second_by[0]}  # fmt: skip
            self.desk.send("points.reviewed", life.filed.holder, moment, unheard,
                           fold="unknown_claim")  # fmt: skip

    def _outsider(self, filed: Filed) -> str:
        others = (one for one in self.world.branches.values() if one.plain)
        return next(one.plain[0] for one in others if one is not filed.branch)

    def _next_day(self, day: date) -> Moment:
        return Moment(later(day, 1), _BEFORE_MEETINGS_S)


def _is_recused(life: Life) -> bool:
    recusals = life.filed.branch.panel.recusals
    return any(
        towards == life.filed.holder and member not in life.first_by for member, towards in recusals
    )


def _copies(lives: Sequence[Life]) -> list[Life]:
    """Return rejected copies whose original was verified and stayed so."""
    sound = {(life.filed.item, life.filed.deed) for life in lives if life.fate is Fate.VERIFIED}
    return [
        life
        for life in lives
        if life.fate is Fate.DUPLICATE and (life.filed.item, life.filed.deed) in sound
    ]
