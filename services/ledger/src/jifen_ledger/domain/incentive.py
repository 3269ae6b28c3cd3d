"""Posts what a decision changes in a holder's incentive points, lot by lot (§5.1, §6.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jifen_contracts.periods import first_day, month_of, quarter_of
from jifen_contracts.points import parse_points
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Notice
from jifen_ledger.domain.postings import REVERSED_INC, Movements, issue_inc, wallet
from jifen_ledger.domain.purse import Purse
from jifen_ledger.domain.recount import Recount
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import calendar_on
from jifen_ledger.domain.wallets import IncentiveYear

Place = tuple[str, str]
# Item and deed quarter to what a posting says of them.
Details = Callable[[str, str], dict[str, str]]


def settle_incentive(
    state: State,
    moves: Movements,
    claim: Claim,
    recounted: Recount,
    moment: Moment,
    *,
    live: bool,
    details: Details,
) -> tuple[Notice, ...]:
    """Post the differences of F; losses first, so that new lots repay what they leave owing."""
    purse = Purse(state, moves, claim.holder, moment)
    changes = sorted(recounted.incentive.items())
    losses = {place: purse.forgive(*place, -change) for place, change in changes if change < 0}
    issues = {place: drawn(state, moment, change) for place, change in changes if change > 0}
    if any(losses.values()) or any(issues.values()):
        purse.expire()
    account = wallet(claim.holder)
    for (item, month), lost in losses.items():
        said = details(item, quarter_of(first_day(month)))
        moves.move(account, REVERSED_INC, lost, kind="reversal", **said)
        purse.take(lost, _fallen(state, claim, recounted, (item, month), live=live))
    short = False
    for (item, month), issued in issues.items():
        said = details(item, quarter_of(first_day(month)))
        moves.move(issue_inc(item), account, issued, kind="award", **said)
        if issued:
            purse.put(_risen(state, claim, recounted, (item, month), live=live), item, issued)
        purse.withhold(item, month, recounted.incentive[item, month] - issued)
        short = short or issued < recounted.incentive[item, month]
    return (Notice.BUDGET_EXHAUSTED,) if short else ()


def drawn(state: State, moment: Moment, tenths: int) -> int:
    """Return as much of the points as the year's budget still has, and count them as issued."""
    document, _ = calendar_on(state.versions, moment.recorded_day)
    text = document.incentive.year_budget
    year = str(moment.recorded_day.year)
    known = state.incentive_years.get(year)
    before = 0 if known is None else known.issued
    left = tenths if text is None else max(0, parse_points(text) - before)
    issued = min(tenths, left)
    if issued:
        seq = moment.seq if known is None else known.seq
        state.keep("incentive_years", moment.seq, IncentiveYear(seq, year, before + issued))
    return issued


def place_of(claim: Claim) -> Place:
    """Return the item and month in which a claim's incentive points count."""
    return (claim.item, month_of(claim.deed_date))


def _fallen(
    state: State, subject: Claim, recounted: Recount, place: Place, *, live: bool
) -> frozenset[str]:
    """Return the claims of the item and month that count less than before."""
    moved = _moved(state, recounted, place)
    ids = {id_ for id_, change in moved.items() if change < 0}
    return frozenset(ids | ({subject.id} if not live and place_of(subject) == place else set()))


def _risen(state: State, subject: Claim, recounted: Recount, place: Place, *, live: bool) -> str:
    """Return the claim that a new lot of the item and month belongs to."""
    moved = _moved(state, recounted, place)
    if live and place_of(subject) == place:
        return subject.id
    risen = [id_ for id_, change in moved.items() if change > 0]
    assert risen, "only claims that count more let another item or month rise"
    return risen[0]


def _moved(state: State, recounted: Recount, place: Place) -> Mapping[str, int]:
    """Return what other claims of the item and month count more or less, by deed date."""
    own = [claim for claim in recounted.changed if place_of(claim) == place]
    before: dict[str, Any] = {claim.id: state.claims.get(claim.id) for claim in own}
    return {
        claim.id: claim.counted_incentive - before[claim.id].counted_incentive
        for claim in sorted(own, key=lambda claim: (claim.deed_date, claim.id))
    }
