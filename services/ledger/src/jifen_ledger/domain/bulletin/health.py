"""The health check (体检表): sixteen lines of a branch's quarter (domain.md §6.5).

No line posts points or triggers anything. A line is *grey* where there was nothing to judge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Light(StrEnum):
    """What a line shows."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


class HealthLine(NamedTuple):
    """One line: `part` of `whole`, as the line's rule counts them, and what that shows.

    `stays_red` tells that the quarter itself was better, but an earlier fault is not yet fixed.
    """

    line: str
    light: Light
    part: int
    whole: int
    stays_red: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: int = 0
    whole: int = 0


NO_SHARE = Share()


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What the lines are judged by; shares of what went well, or of what went wrong.

    `bulletin_late_days` are working days after the bulletin's day. `gap` is the sum of the gaps
    between self-assessed and confirmed values, and of the confirmed ones, in tenths. `entries` are
    typed entries, and the months that members spent in the branch. `standards` are those met.
    """

    meetings: Share = NO_SHARE
    facts_missing: Share = NO_SHARE
    preliminary_on_time: Share = NO_SHARE
    verified_on_time: Share = NO_SHARE
    bulletin_late_days: int = 0
    objections_on_time: Share = NO_SHARE
    overturned: Share = NO_SHARE
    gap: Share = NO_SHARE
    assessments_on_time: Share = NO_SHARE
    concerns_overdue: Share = NO_SHARE
    satisfied: Share = NO_SHARE
    turned_down: Share = NO_SHARE
    active_committee: Share = NO_SHARE
    entries: Share = NO_SHARE
    standards: int = 0
    has_panel: bool = True
    helped: int = 0


BULLETIN_LATE_DAYS_AMBER = 5
STANDARDS = 5
# Fewer answers would show who gave them.
SATISFIED_MIN_N = 5


def health_check(facts: HealthFacts, still_red: Collection[str]) -> tuple[HealthLine, ...]:
    """Return the sixteen lines; those in `still_red` stay red until their fix is confirmed."""
    lines = (
        _good("H01", facts.meetings, green=100, amber=80),
        _bad("H02", facts.facts_missing, green=0, amber=2),
        _good("H03", facts.preliminary_on_time, green=95, amber=80),
        _good("H04", facts.verified_on_time, green=95, amber=80),
        _bulletin(facts.bulletin_late_days),
        _good("H06", facts.objections_on_time, green=100, amber=80),
        _bad("H07", facts.overturned, green=5, amber=15),
        _bad("H08", facts.gap, green=5, amber=15),
        _good("H09", facts.assessments_on_time, green=95, amber=80),
        _bad("H10", facts.concerns_overdue, green=0, amber=10),
        _satisfaction(facts.satisfied),
        _bad("H12", facts.turned_down, green=10, amber=25),
        _good("H13", facts.active_committee, green=60, amber=30),
        _entries(facts.entries),
        _standards(facts.standards),
        _panel(has_panel=facts.has_panel, helped=facts.helped),
    )
    return tuple(_kept_red(line) if line.line in still_red else line for line in lines)


def red_lines(lines: Sequence[HealthLine]) -> frozenset[str]:
    """Return the lines that are red."""
    return frozenset(line.line for line in lines if line.light is Light.RED)


def _kept_red(line: HealthLine) -> HealthLine:
    if line.light is Light.RED:
        return line
    return line._replace(light=Light.RED, stays_red=True)


def _good(line: str, share: Share, *, green: int, amber: int) -> HealthLine:
    """Judge a share of what went well, in per cent at least."""
    hundredfold = 100 * share.part
    if not share.whole:
        light = Light.GREY
    elif hundredfold >= green * share.whole:
        light = Light.GREEN
    else:
        light = Light.AMBER if hundredfold >= amber * share.whole else Light.RED
    return HealthLine(line, light, share.part, share.whole)


def _bad(line: str, share: Share, *, green: int, amber: int) -> HealthLine:
    """Judge a share of what went wrong, in per cent at most."""
    hundredfold = 100 * share.part
    if not share.whole:
        light = Light.GREY
    elif hundredfold <= green * share.whole:
        light = Light.GREEN
    else:
        light = Light.AMBER if hundredfold <= amber * share.whole else Light.RED
    return HealthLine(line, light, share.part, share.whole)


def _bulletin(late_days: int) -> HealthLine:
    if late_days <= 0:
        light = Light.GREEN
    else:
        light = Light.AMBER if late_days <= BULLETIN_LATE_DAYS_AMBER else Light.RED
    return HealthLine("H05", light, max(0, late_days), 0)


def _satisfaction(share: Share) -> HealthLine:
    if share.whole < SATISFIED_MIN_N:
        return HealthLine("H11", Light.GREY, share.part, share.whole)
    return _good("H11", share, green=90, amber=60)


def _entries(entries: Share) -> HealthLine:
    """Judge the burden: typed entries for each member and month."""
    if not entries.whole:
        light = Light.GREY
    elif entries.part <= 4 * entries.whole:
        light = Light.GREEN
    else:
        light = Light.AMBER if entries.part <= 8 * entries.whole else Light.RED
    return HealthLine("H14", light, entries.part, entries.whole)


def _standards(met: int) -> HealthLine:
    lights = {STANDARDS: Light.GREEN, STANDARDS - 1: Light.AMBER}
    return HealthLine("H15", lights.get(met, Light.RED), met, STANDARDS)


def _panel(*, has_panel: bool, helped: int) -> HealthLine:
    if not has_panel:
        return HealthLine("H16", Light.RED, helped, 0)
    return HealthLine("H16", Light.AMBER if helped else Light.GREEN, helped, 1)
