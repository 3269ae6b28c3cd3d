"""A person: post and duties, both capacities, the radar, deadlines, and the way to every event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from jifen_contracts.ids import Id, YearText
from jifen_contracts.periods import month_of, months_of, quarters_of
from jifen_contracts.scheme.terms import Veto
from jifen_ledger.application.queries.assessment import SubjectMonth, subject_month
from jifen_ledger.application.queries.awards import awards_of
from jifen_ledger.application.queries.balances import balances_of
from jifen_ledger.application.queries.catalogue import holder_catalogue
from jifen_ledger.application.queries.grades import grades_of
from jifen_ledger.application.queries.inbox import inbox_of
from jifen_ledger.application.queries.open_claims import open_claims
from jifen_ledger.application.queries.published_lines import PublishedLine, published_year
from jifen_ledger.application.queries.quarters import QuarterAnswer, quarters_answer
from jifen_ledger.application.queries.radar import Radar, radar_of
from jifen_ledger.application.queries.refusals import Forbidden, NotFound
from jifen_ledger.application.queries.scores import QuarterScore, Scores, scores_of
from jifen_ledger.application.queries.sheet import sheet_of
from jifen_ledger.application.queries.vetoes import vetoes_of
from jifen_ledger.application.queries.wallets import wallet_of
from jifen_ledger.application.queries.years import year_of
from jifen_ledger.board.charts.plane import plane_of
from jifen_ledger.board.charts.radar import drawing_of
from jifen_ledger.board.spans import years_around
from jifen_ledger.board.visits import AVisit, Visit, if_seen

ROUTES = APIRouter(prefix="/people/{member}")


@ROUTES.get("")
async def person(
    visit: AVisit,
    member: Annotated[Id, Path()],
    year: Annotated[YearText | None, Query()] = None,
) -> Response:
    """Show the person's year, as much of it as the reader may see."""
    reads, asked = visit.reads, visit.asked
    shown = year or visit.quarter[:4]
    quarter = visit.quarter if visit.quarter.startswith(shown) else f"{shown}-Q4"
    holder = await reads.holder(member, asked.read_on)
    if holder is None or holder.of_unit:
        raise NotFound("There is no such member.")
    scores = await if_seen(scores_of(reads, asked, member, shown))
    own = visit.reader.is_holder(member)
    if scores is None and not own:
        raise Forbidden("This reader may not see that.")
    told = await if_seen(published_year(reads, asked, member, shown))
    published = () if told is None else told.lines
    radar = await _radar(visit, member, published)
    whole = await if_seen(year_of(reads, asked, member, shown))
    month = month_of(asked.today)
    context: dict[str, Any] = {
        "member": member,
        "own": own,
        "branch": holder.branch,
        "in_committee": holder.in_committee,
        "span": years_around(shown, asked.today.isoformat()[:4]),
        "quarter": quarter,
        "months": {quarter: months_of(quarter)},
        "scores": scores,
        "rows": _rows(scores, published),
        "published_years": {} if told is None else told.scores,
        "radar": radar,
        "drawings": [] if radar is None else [drawing_of(one) for one in radar.capacities],
        "year": whole,
        "plane": None if whole is None else plane_of(whole),
        "sheet": await if_seen(sheet_of(reads, visit.then, asked, member, quarter)),
        "catalogue": await if_seen(holder_catalogue(reads, asked, member, None)),
        "open": await if_seen(open_claims(reads, asked, member)),
        "balances": await if_seen(balances_of(reads, asked, member)),
        "wallet": await if_seen(wallet_of(visit.ended.reads, visit.ended.asked, member)),
        "vetoes": await if_seen(vetoes_of(reads, asked, member)),
        "veto_kinds": _veto_kinds(visit),
        "grades": await if_seen(grades_of(visit.ended.reads, visit.ended.asked, member)),
        "awards": await if_seen(awards_of(reads, asked, member)),
        "assessed": await _assessed(visit, member, month) if own else None,
        "month": month,
        "branch_quarter": await _quarter_of(visit, holder.branch, quarter) if own else None,
        "waiting": await _waiting(visit, holder.branch) if own else None,
    }
    return visit.page("person.html", names=await visit.names([member, holder.branch]), **context)


def _veto_kinds(visit: Visit) -> Mapping[str, Veto]:
    """Return what the scheme calls the kinds of vetoes."""
    found = () if visit.version is None else visit.version.document.vetoes
    return {one.code: one for one in found}


async def _assessed(visit: Visit, member: str, month: str) -> SubjectMonth | None:
    return await if_seen(subject_month(visit.ended.reads, visit.ended.asked, member, month))


async def _radar(visit: Visit, member: str, published: Sequence[PublishedLine]) -> Radar | None:
    """Return the radar of the last quarter of which anything is published."""
    if not published:
        return None
    quarter = max(line.quarter for line in published)
    return await if_seen(radar_of(visit.reads, visit.asked, member, quarter))


def _rows(
    scores: Scores | None, published: Sequence[PublishedLine]
) -> list[tuple[str, str, QuarterScore | None, PublishedLine | None]]:
    """Return quarter and capacity, with the figures of now beside the published line."""
    now = {} if scores is None else {(one.quarter, one.capacity): one for one in scores.quarters}
    then = {(one.quarter, one.capacity): one for one in published}
    keys = sorted(now.keys() | then.keys(), key=lambda key: (key[1], key[0]))
    return [(*key, now.get(key), then.get(key)) for key in keys]


async def _quarter_of(visit: Visit, branch: str | None, quarter: str) -> QuarterAnswer | None:
    if branch is None:
        return None
    found = await if_seen(quarters_answer(visit.reads, visit.asked, branch, quarter[:4]))
    if found is None:
        return None
    return found.quarters[quarters_of(quarter[:4]).index(quarter)]


async def _waiting(visit: Visit, branch: str | None) -> int | None:
    """Return how many claims wait for the branch, where they are the reader's to decide."""
    if branch is None:
        return None
    found = await if_seen(inbox_of(visit.ended.reads, visit.ended.asked, branch, None, 1, None))
    return None if found is None else sum(one.claims for one in found.waiting)
