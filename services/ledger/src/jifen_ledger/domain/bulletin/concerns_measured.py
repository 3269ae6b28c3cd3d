"""What concerns and unit standards say about a branch's quarter (domain.md §6.2, §6.5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from jifen_contracts.periods import first_day, last_day, quarter_of
from jifen_ledger.domain.awards import UNIT_AWARD
from jifen_ledger.domain.bulletin.health import Share
from jifen_ledger.domain.bulletin.lines import units_of
from jifen_ledger.domain.concerns import CONFIRMED, MERGED, Concern
from jifen_ledger.domain.state import State

# The five standards of a unit, as their awards are called (阵地建设标准化 and so on).
STANDARDS = ("阵地", "人员", "职责", "制度", "考核")
STANDARD = "标准化"


def concerns_of_branch(state: State, branch: str, quarter: str) -> list[Concern]:
    """Return the concerns of the branch and its units that are not merged into others."""
    units = units_of(state, branch, last_day(quarter))
    found = (state.concerns.get(id_) for unit in units for id_ in state.concerns_of.get(unit))
    return [one for one in found if one is not None and one.state != MERGED]


def overdue_share(concerns: Iterable[Concern], quarter: str, today: date) -> Share:
    """Return how many concerns that were open in the quarter were settled late, or are overdue."""
    first, last = first_day(quarter), last_day(quarter)
    open_then = [
        one
        for one in concerns
        if one.raised_on <= last and (one.in_use is None or one.in_use >= first)
    ]
    late = sum((one.in_use or today) > one.due for one in open_then)
    return Share(late, len(open_then))


def satisfied_share(concerns: Iterable[Concern], quarter: str) -> Share:
    """Return how many raisers were satisfied with what was resolved in the quarter."""
    voices = [
        voice
        for one in concerns
        if one.resolved_on is not None and quarter_of(one.resolved_on) == quarter
        for voice in one.voices
    ]
    return Share(sum(voice.satisfaction is not None for voice in voices), len(voices))


def standards_met(state: State, branch: str, today: date) -> Share:
    """Return how many of the five standards the branch holds an award for on the day."""
    awards = (state.awards.get(id_) for id_ in state.awards_of.get(branch))
    names = [
        award.name_zh
        for award in awards
        if award is not None and award.kind == UNIT_AWARD and award.held_on(today)
    ]
    met = sum(
        any(standard in name and STANDARD in name for name in names) for standard in STANDARDS
    )
    return Share(met, 1)


def mended_since(concerns: Iterable[Concern], seq: int) -> frozenset[str]:
    """Return the health lines whose fix was raised after a record and has been confirmed."""
    return frozenset(
        one.origin
        for one in concerns
        if one.origin is not None and one.mends_health and one.seq > seq and one.state == CONFIRMED
    )
