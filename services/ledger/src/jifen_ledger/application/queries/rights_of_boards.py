"""Who sees which figures of many: boards and comparisons, published or live (domain.md §5.6, §7).

*Published* figures are those of bulletins. *Live* ones move with every decision; until the branch
publishes, they are shown to the holder, to reviewers, to the level above and to auditors only.
"""

from __future__ import annotations

from typing import Final, Literal

from jifen_ledger.application.queries.refusals import Forbidden
from jifen_ledger.application.queries.rights import (
    EVERYTHING_SEEN,
    Policy,
    Reader,
    reads_figures,
    require,
)

Figures = Literal["published", "live"]
PUBLISHED: Final = "published"
LIVE: Final = "live"


def figures_shown(reader: Reader, wanted: Figures | None, *, about: str | None = None) -> Figures:
    """Return which figures the answer rests on: those asked for, else the best for the reader.

    Raises Forbidden where live figures are asked for and are not for the reader.
    """
    sees_live = reader.column in EVERYTHING_SEEN or reader.is_holder(about)
    require(allowed=sees_live or wanted != LIVE)
    return wanted or (LIVE if sees_live else PUBLISHED)


def board_policy(
    reader: Reader, capacity: str, policy: Policy, *, within_own_branch: bool
) -> Policy:
    """Return how a board is shown to the reader. Raises Forbidden."""
    reads_figures(reader)
    if reader.column in EVERYTHING_SEEN:
        return Policy.FULL
    if capacity == "member" and not within_own_branch:
        raise Forbidden("A board of members is shown within their own branch.")
    return policy


def mean_shown(reader: Reader, policy: Policy, n: int, min_n: int) -> bool:
    """Tell whether a unit's mean is shown: of a few holders it would tell one's score."""
    return reader.column in EVERYTHING_SEEN or policy is Policy.FULL or n >= min_n


def sees_past(reader: Reader, policy: Policy) -> bool:
    """Tell whether the reader sees others at an earlier moment, or without the later deeds.

    Where the policy hides their order and scores, one could step from record to record and from day
    to day, and read a person's points off what each of them changes.
    """
    return reader.column in EVERYTHING_SEEN or policy is Policy.FULL


def fewest_shown(reader: Reader, then: int, now: int) -> int:
    """Return the fewest holders that are ranked: what is stricter now holds for the past too."""
    return then if reader.column in EVERYTHING_SEEN else max(then, now)
