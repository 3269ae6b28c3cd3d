"""What the steps of a claim tell of it, and when more has to be put aside."""

from __future__ import annotations

from operator import itemgetter

from jifen_ledger.domain.claim import Claim, ClaimState

# What a step holds, or what follows from the steps and from the set of verified claims.
TOLD = frozenset(
    {
        "state",
        "item",
        "measure",
        "worth",
        "preliminary_deciders",
        "verified_deciders",
        "ended_by",
        "decided_seq",
        "verified_seq",
        "reversed_seq",
        "counted",
        "counted_incentive",
    }
)
_untold = itemgetter(*(place for place, name in enumerate(Claim._fields) if name not in TOLD))


def steps_tell(before: Claim, after: Claim) -> bool:
    """Tell whether the steps tell everything that became of the claim."""
    if before.state is ClaimState.PRELIMINARY and before.decided_seq is None:
        # It was preliminary from its first step on, by a record and not by a person.
        return False
    same: bool = _untold(before) == _untold(after)
    return same
