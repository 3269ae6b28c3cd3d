"""Where self-assessments stand: one status and one light for each subject and month."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from jifen_ledger.application.queries.assessed import Assessed
from jifen_ledger.domain.lights import Light
from jifen_ledger.domain.three_levels import assessments_of


class Status(StrEnum):
    """What a subject has for a month.

    on_time  recorded by the claims deadline
    late     recorded after it
    listed   not there; the level above named a reason
    missing  not there
    away     not asked: away on every day of the month, or nobody in the group is asked
    """

    ON_TIME = "on_time"
    LATE = "late"
    LISTED = "listed"
    MISSING = "missing"
    AWAY = "away"


def status_of(
    found: Assessed, subject: str, month: str, *, asked: bool, listed: Collection[str]
) -> Status:
    """Return what the subject has; `listed` are those whom the level above named."""
    for assessment in assessments_of(found.state, subject, month):
        return Status.LATE if assessment.late else Status.ON_TIME
    if not asked:
        return Status.AWAY
    return Status.LISTED if subject in listed else Status.MISSING


def light_of(status: Status, *, closed: bool) -> Light:
    """Return the light: green in time; red only for what is missing once the month has closed."""
    match status:
        case Status.ON_TIME:
            return Light.GREEN
        case Status.AWAY:
            return Light.GREY
        case Status.MISSING:
            return Light.RED if closed else Light.AMBER
        case Status.LATE | Status.LISTED:
            return Light.AMBER
