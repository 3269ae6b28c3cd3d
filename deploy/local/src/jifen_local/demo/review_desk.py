"""The branches' review desk: own claims of people, and every decision from notice to correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import count
from random import Random
from typing import Final

from jifen_local.demo.filed import Filed, Measure, evidence, file_claim
from jifen_local.demo.meetings import DEDUCTIONS, Meetings
from jifen_local.demo.messages import Desk, Message, Moment
from jifen_local.demo.own_claims import OwnClaims
from jifen_local.demo.projects import Project, Projects
from jifen_local.demo.reviewers import Reviewers
from jifen_local.demo.rules import Rules
from jifen_local.demo.workdays import DECEMBER, later
from jifen_local.demo.world import World

RETURN_DAYS: Final = 5
_SHARED_ITEMS: Final = frozenset({"C06", "D01"})
_STAGE_S: Final = {"preliminary": 15 * 3_600, "verified": 16 * 3_600 + 1_800, "again": 53_000}
_DECISIONS_A_SECOND: Final = 12
_Fates = tuple[tuple[str, int], ...]
# Out of a thousand claims; base facts only ever see the second row.
_FATES: Final[_Fates] = (
    ("returned", 25),
    ("forgotten", 6),
    ("withdrawn", 6),
    ("rejected", 15),
    ("lowered", 20),
    ("corrected", 10),
)
_BASE_FATES: Final[_Fates] = (("lowered", 3), ("rejected", 1), ("corrected", 1))


class Fate(StrEnum):
    """What becomes of a claim."""

    VERIFIED = "verified"
    LOWERED = "lowered"
    RETURNED = "returned"
    FORGOTTEN = "forgotten"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CORRECTED = "corrected"


# A machine's fact is confirmed or not; only a person can mend or withdraw a claim.
_SENT_BACK: Final = frozenset({Fate.RETURNED, Fate.FORGOTTEN, Fate.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Life:
    """A claim with the days and people of its two stages."""

    filed: Filed
    fate: Fate
    first_on: date
    first_by: tuple[str, ...]
    second_on: date
    second_by: tuple[str, ...]


@dataclass(slots=True)
class Reviewed:
    """What the review desk leaves behind: its messages, the lives of claims, the projects."""

    desk: Desk
    lives: list[Life] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """Everything the desk sent."""
        return self.desk.messages


def review_year(world: World, rules: Rules, seed: int, inbox: Iterable[Filed]) -> Reviewed:
    """File the people's own claims and decide them and the inbox."""
    rng = Random(f"review-desk-{seed}")  # noqa: S311 - repeatable
    reviewed = Reviewed(Desk("review-desk", "rd"))
    own = OwnClaims(world, rules, reviewed.desk, rng)
    projects = Projects(world, reviewed.desk, own, rng)
    filed = list(inbox)
    for month in range(1, DECEMBER + 1):
        filed += own.of_month(month)
        filed += projects.of_month(month)
    desk = _ReviewDesk(reviewed, Reviewers(world, rules, rng), Meetings(rules, rng), rng)
    for claim in filed:
        desk.decide(claim)
    reviewed.projects = projects.declared
    return reviewed


class _ReviewDesk:
    def __init__(
        self, reviewed: Reviewed, reviewers: Reviewers, meetings: Meetings, rng: Random
    ) -> None:
        self.reviewed = reviewed
        self.desk = reviewed.desk
        self.reviewers = reviewers
        self.meetings = meetings
        self.rng = rng
        self._queues: dict[tuple[date, str], count[int]] = {}
        self._first_of: dict[tuple[str, str], Filed] = {}

    def decide(self, filed: Filed) -> None:
        """Take the claim through both stages, or as far as its fate lets it come."""
        first_on, second_on = self.meetings.plan(filed)
        first_by = self.reviewers.preliminary(filed)
        second_by = self.reviewers.verifying(filed, first_by)
        life = Life(filed, self._fate(filed), first_on, first_by, second_on, second_by)
        self.reviewed.lives.append(life)
        match life.fate:
            case Fate.RETURNED | Fate.FORGOTTEN:
                self._return(life)
            case Fate.WITHDRAWN:
                self._withdraw(life)
            case Fate.REJECTED | Fate.DUPLICATE:
                self._reject(life)
            case Fate.VERIFIED | Fate.LOWERED | Fate.CORRECTED:
                self._accept(life)

    def _fate(self, filed: Filed) -> Fate:
        first = self._first_of.setdefault((filed.item, filed.deed), filed)
        base = filed.deed.startswith(f"{filed.item.lower()}-2025")
        if first.holder != filed.holder and not base:
            return Fate.DUPLICATE
        table = _BASE_FATES if base else _FATES
        if filed.item in DEDUCTIONS or filed.item in _SHARED_ITEMS:
            table = ()
        draw = self.rng.randrange(1_000)
        for fate, share in table:
            draw -= share
            if draw < 0:
                return self._possible(Fate(fate), filed)
        return Fate.VERIFIED

    def _possible(self, fate: Fate, filed: Filed) -> Fate:
        if fate in _SENT_BACK and not filed.by_person:
            return Fate.VERIFIED
        if fate is Fate.LOWERED and _lowered(filed.measure) is None:
            return Fate.VERIFIED
        return fate

    def _moment(self, day: date, stage: str) -> Moment:
        queue = self._queues.setdefault((day, stage), count())
        return Moment(day, _STAGE_S[stage] + next(queue) // _DECISIONS_A_SECOND)

    def _review(
        self,
        filed: Filed,
        stage: str,
        decision: str,
        day: date,
        deciders: tuple[str, ...],
        **more: object,
    ) -> None:
        data: dict[str, object] = {
            "claim": filed.claim, "stage": stage, "decision": decision, "by": deciders[0],
        }  # fmt: skip
        if len(deciders) > 1:
            data["deciders"] = list(deciders)
        fold = more.pop("fold", None)
        assert fold is None or isinstance(fold, str)
        moment = self._moment(day, stage)
        self.desk.send("points.reviewed", filed.holder, moment, data | more, fold=fold)

    def _accept(self, life: Life) -> None:
        filed = life.filed
        self._review(filed, "preliminary", "accept", life.first_on, life.first_by)
        if life.fate is Fate.LOWERED:
            lowered = {"measure": _lowered(filed.measure), "reason": "checked_lower"}
            self._review(filed, "verified", "accept", life.second_on, life.second_by, **lowered)
            return
        self._review(filed, "verified", "accept", life.second_on, life.second_by)
        if life.fate is Fate.CORRECTED:
            self._correct(life)

    def _reject(self, life: Life) -> None:
        why: dict[str, object] = {"reason": "not_confirmed"}
        if life.fate is Fate.DUPLICATE:
            original = self._first_of[life.filed.item, life.filed.deed]
            why = {"reason": "same_problem", "duplicate_of": original.claim}
        self._review(life.filed, "preliminary", "reject", life.first_on, life.first_by, **why)

    def _withdraw(self, life: Life) -> None:
        self._review(life.filed, "preliminary", "accept", life.first_on, life.first_by)
        data = {"claim": life.filed.claim, "cause": "withdrawn", "reason": "filed_by_mistake",
                "by": _spokesman(life.filed)}  # fmt: skip
        moment = self._moment(life.first_on, "verified")
        self.desk.send("points.reversed", life.filed.holder, moment, data)

    def _return(self, life: Life) -> None:
        """Return for want of a record; most people send it again, some forget."""
        until = later(life.first_on, RETURN_DAYS)
        self._review(life.filed, "preliminary", "return", life.first_on, life.first_by,
                     reason="record_missing", until=until.isoformat())  # fmt: skip
        if life.fate is Fate.FORGOTTEN:
            self._review(life.filed, "preliminary", "accept", later(until, 2), life.first_by,
                         fold="claim_lapsed")  # fmt: skip
            return
        again_on = later(life.first_on, self.rng.randint(1, 3))
        again = self._file_again(life.filed, again_on)
        self._review(again, "preliminary", "accept", later(again_on, 1), life.first_by)
        self._review(again, "verified", "accept", later(again_on, 2), life.second_by)

    def _file_again(self, filed: Filed, day: date, **more: object) -> Filed:
        again = replace(filed, filed_on=day)
        kind = self.reviewers.rules.evidence_kind(filed.item)
        files = evidence(kind, f"{filed.claim}-{day}")
        return file_claim(
            self.desk,
            again,
            self._moment(day, "again"),
            Moment(filed.deed_on, _NOON_S),
            stating={"evidence": files, "by": _spokesman(filed), **more},
        )

    def _correct(self, life: Life) -> None:
        """Reverse a claim that was verified by error and decide a new one in its place."""
        filed = life.filed
        wrong_on = later(life.second_on, self.rng.randint(3, 12))
        by = self.reviewers.verifying(filed, ())
        data: dict[str, object] = {
            "claim": filed.claim, "cause": "error", "reason": "wrong_entry", "by": by[0],
        }  # fmt: skip
        if len(by) > 1:
            data["deciders"] = list(by)
        self.desk.send("points.reversed", filed.holder, self._moment(wrong_on, "verified"), data)
        anew_on = later(wrong_on, 1)
        anew = replace(filed, claim=f"{filed.claim}-2",
                       measure=_lowered(filed.measure) or filed.measure)  # fmt: skip
        self._file_again(anew, anew_on, replaces=filed.claim)
        self._review(anew, "preliminary", "accept", later(anew_on, 1), life.first_by)
        self._review(anew, "verified", "accept", later(anew_on, 2), life.second_by)


_NOON_S: Final = 12 * 3_600
_LOWER_TIER: Final = {"excellent": "good", "larger": "general", "p90": "p80", "company": "plant"}


def _spokesman(filed: Filed) -> str:
    """Return who files the claim: the holder, or the recorder of the branch that holds it."""
    return filed.branch.recorder if filed.of_unit else filed.holder


def _lowered(measure: Measure) -> Measure | None:
    """Return a measure worth a little less, or None where there is none."""
    lower: dict[str, Mapping[str, object]] = {}
    for capacity, part in measure.items():
        match part:
            case {"done": int(done)} if done > 1:
                lower[capacity] = {**part, "done": done - 1}
            case {"count": int(many)} if many > 1:
                lower[capacity] = {**part, "count": many - 1}
            case {"tier": str(tier)} if tier in _LOWER_TIER:
                lower[capacity] = {**part, "tier": _LOWER_TIER[tier]}
            case _:
                return None
    return lower
