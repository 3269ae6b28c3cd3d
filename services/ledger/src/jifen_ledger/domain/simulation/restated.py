"""What people and machines would have said of points, had the scheme yielded something else.

A value that repeats what the scheme yields is an expectation, not a decision: under another scheme
it would have been that scheme's value. A value that a reviewer gave below it stays as given.
"""

from __future__ import annotations

from collections.abc import Mapping

from jifen_contracts.codes import Code
from jifen_contracts.events import AnyEvent, PointsEarned, PointsReviewed
from jifen_contracts.events.parts import CapacityPoints
from jifen_contracts.points import format_points
from jifen_contracts.scheme.catalogue import effective_catalogue
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.held import Held
from jifen_ledger.domain.measures import points_of
from jifen_ledger.domain.outcome import Outcome, Refused, Status
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on
from jifen_ledger.domain.worth import Stated, worth_of


def restated(event: AnyEvent, outcome: Outcome, was: State, would: State) -> AnyEvent:
    """Return the event as it would have been sent under the rules of the state `would`.

    `outcome` is what the state `was` has made of it.
    """
    if isinstance(event, PointsEarned):
        return _without_expectation(event, outcome)
    if isinstance(event, PointsReviewed) and outcome.status is not Status.REFUSED:
        return _with_the_schemes_value(event, was, would)
    return event


def _without_expectation(event: PointsEarned, outcome: Outcome) -> PointsEarned:
    """One that was wrong stays wrong; any other would have been right again."""
    if event.data.points is None or outcome.code is Code.POINTS_MISMATCH:
        return event
    return event.model_copy(update={"data": event.data.model_copy(update={"points": None})})


def _with_the_schemes_value(event: PointsReviewed, was: State, would: State) -> PointsReviewed:
    claim = was.claims.get(event.data.claim)
    if event.data.points is None or claim is None:
        return event
    said = points_of(event.data.points)
    yielded, would_yield = _yielded(was, claim), _yielded(would, claim)
    repeated = {
        capacity: format_points(would_yield[capacity])
        for capacity, value in said.items()
        if yielded.get(capacity) == value and capacity in would_yield
    }
    if not repeated:
        return event
    points: CapacityPoints = event.data.points.model_copy(update=repeated)
    return event.model_copy(update={"data": event.data.model_copy(update={"points": points})})


def _yielded(state: State, claim: Claim) -> Mapping[str, int]:
    """Return what the measure is worth by the state's rules, nothing where they refuse it."""
    version = version_on(state.versions, claim.deed_date)
    if version is None:
        return {}
    capacities = frozenset(claim.measure)
    held = Held(
        claim.holder, claim.of_unit, claim.branch, capacities, claim.posts, claim.unit_class
    )
    catalogue = effective_catalogue(version.document, claim.posts, claim.unit_class)
    stated = Stated(
        claim.item,
        claim.deed,
        claim.deed_date,
        claim.measure,
        claim.counterpart,
        claim.project,
        claim.signed,
    )
    try:
        return worth_of(state, held, catalogue, stated).raw
    except Refused:
        return {}
