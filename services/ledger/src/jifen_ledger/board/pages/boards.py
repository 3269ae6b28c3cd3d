"""Boards as pages show them: who is listed follows the policy, and what opens the reader's view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jifen_ledger.application.queries.boards import BoardAsked
from jifen_ledger.application.queries.rankings import RankEntry, Ranking, ranking_of
from jifen_ledger.application.queries.rights import View
from jifen_ledger.board.visits import Visit, if_seen

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a board; `opens` and `explained` say where its links lead, None for nowhere."""

    entry: RankEntry
    opens: str | None
    explained: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a board."""

    ranking: Ranking
    rows: Sequence[Row]


async def board_shown(
    visit: Visit,
    scope: str,
    capacity: str,
    period: str,
    category: str = "all",
    cursor: str | None = None,
) -> Shown | None:
    """Return a page of the board, None where the reader may not open it."""
    wanted = BoardAsked(period, capacity, category, scope, None, None)
    found = await if_seen(ranking_of(visit.reads, visit.asked, wanted, SHOWN, cursor))
    if found is None:
        return None
    return Shown(found, [_row(visit, one, found) for one in found.entries])


def _row(visit: Visit, entry: RankEntry, found: Ranking) -> Row:
    if found.capacity == "unit":
        return Row(
            entry,
            visit.to.unit(entry.holder),
            visit.to.why(entry.holder, "unit", found.period),
        )
    view = visit.view(entry.holder, entry.unit, found.capacity)
    seen = view.value >= View.SHEET.value and entry.score is not None
    return Row(
        entry,
        visit.to.person(entry.holder, found.period[:4]) if view is not View.NOTHING else None,
        visit.to.why(entry.holder, found.capacity, found.period) if seen else None,
    )
