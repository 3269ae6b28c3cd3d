"""What tells the two states of a simulation apart, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator

from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.score import CAPACITIES
from jifen_ledger.domain.simulation.boards import score_changes, tally
from jifen_ledger.domain.simulation.grade_lines import grade_changes
from jifen_ledger.domain.simulation.result import (
    ClaimChange,
    ItemChange,
    RefusalChange,
    Simulated,
)
from jifen_ledger.domain.simulation.twofold import Twofold, Verdicts

NEVER_OPENED = "refused"


def difference_of(both: Twofold) -> Simulated:
    """Return everything that differs once the whole stream is folded."""
    was, would, span = both.was, both.would, both.plan.span
    quarters = span.quarters
    years = sorted({quarter[:4] for quarter in quarters})
    tallies = (tally(was, would, capacity, quarters) for capacity in CAPACITIES)
    return Simulated(
        scheme=was.scheme,
        from_=span.from_.isoformat(),
        to=span.to.isoformat(),
        records=was.size,
        replaced=tuple(
            version.version
            for version in was.versions
            if span.from_ <= version.effective_from < span.to
        ),
        tallies=tuple(one for one in tallies if (one.mean_before, one.mean_after) != (None, None)),
        scores=tuple(one for quarter in quarters for one in score_changes(was, would, quarter)),
        items=tuple(_items(both)),
        claims=tuple(_claims(both)),
        refusals=tuple(
            RefusalChange(type_, before or None, after or None, events)
            for (type_, before, after), events in sorted(both.verdicts.items())
        ),
        grades=tuple(one for year in years for one in grade_changes(was, would, year)),
    )


def _items(both: Twofold) -> Iterator[ItemChange]:
    for key in sorted(both.before.keys() | both.after.keys()):
        if both.before[key] != both.after[key]:
            yield ItemChange(*key, both.before[key], both.after[key])


def _claims(both: Twofold) -> Iterator[ClaimChange]:
    """Yield claims that end in another state; only one with an event decided otherwise can."""
    changes = (_claim_change(both, id_, verdicts) for id_, verdicts in both.turned.items())
    found = [change for change in changes if change is not None]
    yield from sorted(found, key=lambda one: (one.item, one.deed_date, one.claim))


def _claim_change(both: Twofold, id_: str, verdicts: Verdicts) -> ClaimChange | None:
    was, would = both.was.claims.get(id_), both.would.claims.get(id_)
    claim = was or would
    before, after = _ending(was), _ending(would)
    if claim is None or before == after:
        return None
    day = claim.deed_date.isoformat()
    code = verdicts.after or verdicts.before
    return ClaimChange(id_, claim.holder, claim.item, day, before, after, code)


def _ending(claim: Claim | None) -> str:
    return NEVER_OPENED if claim is None else claim.state.value
