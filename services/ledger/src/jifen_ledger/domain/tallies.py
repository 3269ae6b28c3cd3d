"""Counts what happens to claims, because their state does not keep the days of their decisions.

A decision counts in the branch that the claim has then, and stays counted whatever comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jifen_contracts.periods import end_day, month_of, quarter_of
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.moment import Moment, local_day_of
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on


def count_statement(state: State, claim: Claim, *, late: bool, again: bool) -> None:
    """Count a claim that was stated; `again` where it had been returned."""
    key = (claim.branch, quarter_of(claim.deed_date))
    tally = state.tallies.get(key)
    state.put_tally(
        key,
        tally._replace(
            claims=tally.claims + (not again),
            typed=tally.typed + (claim.by is not None),
            late=tally.late + (late and not again),
        ),
    )


def count_review(
    state: State, claim: Claim, stage: str, moment: Moment, *, turned_down: bool, helped: bool
) -> None:
    """Count a decision on a claim at a stage."""
    key = (claim.branch, quarter_of(claim.deed_date))
    tally = state.tallies.get(key)
    late = moment.recorded_day > review_deadline(state.versions, claim, stage, moment.recorded_day)
    if stage == "preliminary":
        tally = tally._replace(
            preliminary=tally.preliminary + 1, preliminary_late=tally.preliminary_late + late
        )
    else:
        tally = tally._replace(
            verified=tally.verified + 1, verified_late=tally.verified_late + late
        )
    if turned_down or helped:
        tally = tally._replace(
            turned_down=tally.turned_down + turned_down, helped=tally.helped + helped
        )
    state.put_tally(key, tally)


def review_deadline(
    versions: Sequence[Version], claim: Claim, stage: str, recorded_day: date
) -> date:
    """Return the last day of a claim's review, by the calendar in force on the recorded day.

    A claim that came after its month had closed is due with the month in which it came.
    """
    version = version_on(versions, recorded_day) or versions[0]
    stated = local_day_of(versions, claim.stated_ms)
    month = month_of(claim.deed_date)
    while stated > version.claims_deadline(month):
        month = month_of(end_day(month))
    return _deadline(version, stage, month)


def _deadline(version: Version, stage: str, month: str) -> date:
    if stage == "preliminary":
        return version.preliminary_deadline(month)
    return version.verify_deadline(month)
