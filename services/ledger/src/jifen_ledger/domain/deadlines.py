"""The light of a deadline: nothing happens by time, but everybody sees what is late (§5.3)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from jifen_ledger.domain.bulletin.health import Share, health_check
from jifen_ledger.domain.lights import Light
from jifen_ledger.domain.registers import Version

# What the scheme says of a late bulletin holds for every step of the quarter.
_LATE_BULLETIN = "H05"


class Due(NamedTuple):
    """How a deadline was met: working days late so far, or when it was done, and the light."""

    days_late: int
    light: Light


def due(version: Version, deadline: date, done: date | None, today: date) -> Due:
    """Return the light: grey before the deadline while nothing is done."""
    if done is None and today <= deadline:
        return Due(0, Light.GREY)
    late = version.days.between(deadline, done or today)
    lines = [line for line in version.document.health if line.code == _LATE_BULLETIN]
    checked = health_check(lines, {_LATE_BULLETIN: Share(late, 1)}, ())
    return Due(late, checked[0].light if checked else Light.GREY)
