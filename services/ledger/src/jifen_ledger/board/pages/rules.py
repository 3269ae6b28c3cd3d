"""The scheme as it is in force: its categories and items, values, caps and calendar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from jifen_ledger.application.queries.refusals import NotFound
from jifen_ledger.application.queries.scheme import differences_of
from jifen_ledger.board.pages.standards import line_words
from jifen_ledger.board.visits import AVisit, Visit

ROUTES = APIRouter()


@ROUTES.get("/scheme")
async def rules(visit: AVisit) -> Response:
    """Show the version in force."""
    if visit.version is None:
        raise NotFound("No version of the scheme is published.")
    zh = visit.language == "zh"
    return visit.page(
        "scheme.html",
        version=visit.version,
        document=visit.version.document,
        versions=await visit.reads.versions(),
        words=lambda line: line_words(visit.sheet.texts, line, zh),
    )


@ROUTES.get("/scheme/differences")
async def differences(
    visit: AVisit,
    old: Annotated[int, Query(alias="from", ge=1)],
    new: Annotated[int, Query(alias="to", ge=1)],
) -> Response:
    """Show what one published version changes against another."""
    answer = await differences_of(visit.ended.reads, visit.ended.asked, old, new)
    versions = await visit.reads.versions()
    return visit.page(
        "differences.html", answer=answer, newer=versions[new - 1], where=_where(visit)
    )


def _where(visit: Visit) -> Callable[[str], str]:
    """Return what says in words where a change is; what has no word stays as it is."""
    texts = visit.sheet.texts
    items = {} if visit.version is None else {one.code: one for one in visit.version.document.items}

    def words(path: str) -> str:
        said = []
        for step in path.split("."):
            if step in items:
                item = items[step]
                said.append(f"{step} {item.name_zh if visit.language == 'zh' else item.name_en}")
            elif texts.has(f"rule_path.{step}"):
                said.append(texts(f"rule_path.{step}"))
            else:
                said.append(step)
        return " · ".join(one for one in said if one)

    return words
