"""One past year as four upstream systems tell it, day by day; a pure function of the seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Final

from jifen_local.demo.attendance import attendance_messages
from jifen_local.demo.filed import Filed
from jifen_local.demo.founding import build_world
from jifen_local.demo.messages import Message
from jifen_local.demo.personnel import personnel_messages
from jifen_local.demo.projects import SHOWN_MONTH
from jifen_local.demo.refused_at_door import refused_at_door
from jifen_local.demo.refused_claims import refused_claims
from jifen_local.demo.refused_decisions import refused_decisions
from jifen_local.demo.refused_registers import refused_registers, refused_splits
from jifen_local.demo.resends import resends
from jifen_local.demo.review_desk import Reviewed, review_year
from jifen_local.demo.rules import Rules
from jifen_local.demo.safety import safety_messages
from jifen_local.demo.world import World

_MOMENT: Final = attrgetter("moment")


@dataclass(slots=True)
class Day:
    """What each system sends on a day; the systems take their turns in this order."""

    on: date
    personnel: list[Message] = field(default_factory=list)
    attendance: list[Message] = field(default_factory=list)
    safety: list[Message] = field(default_factory=list)
    review_desk: list[Message] = field(default_factory=list)

    def turn_of(self, desk: str) -> list[Message]:
        """Return the messages of one system."""
        turns = {
            "personnel": self.personnel,
            "attendance": self.attendance,
            "safety": self.safety,
            "review-desk": self.review_desk,
        }
        return turns[desk]

    @property
    def messages(self) -> list[Message]:
        """Everything of the day, in the order of sending."""
        return [*self.personnel, *self.attendance, *self.safety, *self.review_desk]


@dataclass(frozen=True, slots=True)
class Year:
    """The world, its year in days, and what the demo expects to be refused.

    `capped` is a claim that earns less than its worth, for the report to explain.
    """

    world: World
    days: tuple[Day, ...]
    capped: Filed

    @property
    def messages(self) -> list[Message]:
        """Everything, in the order of sending."""
        return [message for day in self.days for message in day.messages]

    def refused_at_the_door(self) -> Counter[str]:
        """Return how many events ingest is expected to refuse, by code."""
        return Counter(one.door for one in self.messages if one.door is not None)

    def refused_by_the_fold(self) -> Counter[str]:
        """Return how many recorded events the fold is expected to refuse, by code."""
        return Counter(one.fold for one in self.messages if one.fold is not None)


def build_year(seed: int) -> Year:
    """Return the year of the seed."""
    world, rules = build_world(seed), Rules()
    attendance, facts = attendance_messages(world, rules, seed)
    safety, reports = safety_messages(world, rules, seed)
    reviewed = review_year(world, rules, seed, (*facts, *reports))
    sound = [*attendance, *safety, *reviewed.messages]
    return Year(
        world,
        _days(
            (
                *personnel_messages(world, rules.document),
                *refused_registers(world, rules.document),
                *sound,
                *refused_claims(world, seed),
                *refused_splits(reviewed.projects),
                *refused_decisions(world, reviewed, seed),
                *refused_at_door(sound, seed),
                *resends(sound, seed),
            )
        ),
        _capped(reviewed),
    )


def _capped(reviewed: Reviewed) -> Filed:
    """Return the claim on the largest share of the project that reaches beyond its cap."""
    shown = [one for one in reviewed.projects if one.on.month == SHOWN_MONTH and one.item == "C06"]
    largest = shown[0].participants[0]
    return next(
        life.filed
        for life in reviewed.lives
        if life.filed.holder == largest
        and life.filed.deed_on == shown[0].on
        and life.filed.item == "C06"
    )


def _days(messages: Iterable[Message]) -> tuple[Day, ...]:
    days: dict[date, Day] = {}
    # The sort is stable: of one moment, a resend comes after the message that it repeats.
    for message in sorted(messages, key=_MOMENT):
        day = days.setdefault(message.moment.day, Day(message.moment.day))
        day.turn_of(message.desk).append(message)
    return tuple(days.values())
