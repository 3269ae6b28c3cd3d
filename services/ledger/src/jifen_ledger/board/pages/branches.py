"""What only a branch or a group has on its page: the quarter, the committee, health, levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from jifen_contracts.periods import first_day, last_day, month_of, months_of
from jifen_ledger.application.queries.assessment_tree import AssessmentTree, assessment_tree
from jifen_ledger.application.queries.bulletins import (
    BulletinAnswer,
    BulletinList,
    bulletin_of,
    bulletins_of,
)
from jifen_ledger.application.queries.concern_list import ConcernLine, Wanted, concerns_of
from jifen_ledger.application.queries.handling import handles_cases
from jifen_ledger.application.queries.inbox import inbox_of
from jifen_ledger.application.queries.quarters import quarters_answer
from jifen_ledger.application.queries.rights_about_people import sees_proposals
from jifen_ledger.application.queries.transfers import Transfer, transfers_of
from jifen_ledger.board.pages.boards import board_shown
from jifen_ledger.board.pages.health import health_rows
from jifen_ledger.board.visits import Visit, if_seen

FIXES_SHOWN = 50
TRANSFERS_SHOWN = 50


async def branch_parts(visit: Visit, branch: str, quarter: str) -> dict[str, Any]:
    """Return what the page of a branch shows beside what every unit has."""
    reads, asked = visit.reads, visit.asked
    year = await quarters_answer(reads, asked, branch, quarter[:4])
    state = next(one for one in year.quarters if one.quarter == quarter)
    listed = await if_seen(bulletins_of(reads, asked, branch))
    judged = await _judged(visit, branch, quarter, listed)
    inbox = await if_seen(inbox_of(visit.ended.reads, visit.ended.asked, branch, None, 1, None))
    panel = await reads.panel_then(branch, _day_in(visit, quarter))
    on_the_way = await _on_the_way(visit, branch)
    return {
        "quarter": state,
        "committee": await board_shown(visit, branch, "committee", quarter),
        "bulletins": () if listed is None else listed.revisions,
        "judged": judged,
        "health": health_rows(visit, judged),
        "fixes": await _fixes(visit, branch),
        "waiting": None if inbox is None else inbox.waiting,
        "panel": panel,
        "on_the_way": on_the_way,
        "sees_grades": sees_proposals(visit.reader, branch),
        "handles": await handles_cases(reads, asked, branch),
        "tree": await assessments_of(visit, branch, quarter),
        "people": [
            *panel,
            *(unit for one in on_the_way for unit in (one.sending, one.receiving)),
            *(one for step in state.steps for one in (step.by, *step.deciders)),
        ],
    }


async def _on_the_way(visit: Visit, branch: str) -> Sequence[Transfer]:
    """Return who is on the way from the branch or to it (E33)."""
    found = await if_seen(transfers_of(visit.reads, visit.asked, branch, TRANSFERS_SHOWN, None))
    return () if found is None else found.transfers


async def group_parts(visit: Visit, group: str, branch: str, quarter: str) -> dict[str, Any]:
    """Return what the page of a group shows beside what every unit has."""
    tree = await assessments_of(visit, branch, quarter)
    found = () if tree is None else [one for one in tree.groups if one.group.subject == group]
    return {"tree": tree, "level": found[0] if found else None}


async def assessments_of(visit: Visit, branch: str, quarter: str) -> AssessmentTree | None:
    """Return the self-assessments of the quarter's last month that has begun."""
    month = min(months_of(quarter)[-1], month_of(visit.asked.today))
    return await if_seen(assessment_tree(visit.reads, visit.asked, branch, month))


async def _judged(
    visit: Visit, branch: str, quarter: str, listed: BulletinList | None
) -> BulletinAnswer | None:
    """Return the bulletin whose health check is shown: the quarter's, or the last before it."""
    known = [] if listed is None else [one for one in listed.revisions if one.quarter <= quarter]
    if not known:
        return None
    return await if_seen(bulletin_of(visit.reads, visit.asked, branch, known[0].quarter, None))


async def _fixes(visit: Visit, branch: str) -> Sequence[ConcernLine]:
    """Return the fixes of red lines that nobody above has confirmed yet."""
    wanted = Wanted(unit=branch, kind="fix")
    found = await concerns_of(
        visit.ended.reads, visit.ended.asked, wanted, FIXES_SHOWN, cursor=None
    )
    return [one for one in found.concerns if one.state != "confirmed"]


def _day_in(visit: Visit, quarter: str) -> date:
    return max(first_day(quarter), min(last_day(quarter), visit.asked.today))
