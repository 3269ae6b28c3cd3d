"""A draft of the scheme tried out on what has happened: who would stand otherwise, and why."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from jifen_contracts.periods import end_day, first_day, next_quarter, quarter_of
from jifen_contracts.scheme.draft import written
from jifen_ledger.application.queries.refusals import NotFound, QueryInvalid
from jifen_ledger.application.queries.rights import Reader, require, sees_simulations
from jifen_ledger.application.simulate_beside import (
    RECORDS_MAX,
    WAIT_S_MAX,
    NotBeside,
    Replayed,
    SimulateBeside,
)
from jifen_ledger.board.forms import fields_of, only_from_here
from jifen_ledger.board.pages.simulated import shown_of
from jifen_ledger.board.rendering import Sheet, sheet_for
from jifen_ledger.board.signing import reader_of
from jifen_ledger.board.visits import AVisit, Visit, visit_of
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.simulation.as_if import Span

ROUTES = APIRouter(prefix="/scheme/simulation")
# A draft has at most a million characters; whatever fits one event has a twentieth of that.
FORM_BYTES_MAX: Final = 1_200_000
QUARTERS_SHOWN: Final = 20
YEAR_QUARTERS: Final = 4
# As measured on a busy machine of two cores; nobody is to close the page after ten seconds.
RECORDS_A_SECOND: Final = 2_000


@ROUTES.get("")
async def form(request: Request, visit: AVisit) -> Response:
    """Ask for a draft and the quarters to try it out on."""
    _simulate_of(request, visit.reader)
    visit.only_now()
    return visit.page("simulation.html", **await _asked_for(visit), shown=None, said=(), why=None)


@ROUTES.post("")
async def difference(
    request: Request,
    reader: Annotated[Reader, Depends(reader_of)],
    sheet: Annotated[Sheet, Depends(sheet_for)],
) -> Response:
    """Replay the past under the draft, and show what differs; nothing is kept of it."""
    only_from_here(request)
    simulate = _simulate_of(request, reader)
    fields = await fields_of(request, FORM_BYTES_MAX)
    async with _visit(request, reader, sheet) as visit:
        size, versions = visit.asked.size, await visit.reads.versions()
        span = _span(fields, _quarters(visit, versions))
    draft = _draft(fields, versions)
    replayed, why = Replayed(None, ()), None
    try:
        # No moment of the database stays open as long as that takes.
        if draft is not None:
            replayed = await simulate(reader.scheme, size, draft, span)
    except NotBeside as not_beside:
        why = not_beside.why.value
    async with _visit(request, reader, sheet) as visit:
        shown = None if replayed.found is None else shown_of(replayed.found, reader.scheme)
        return visit.page_of_form(
            "simulation.html",
            status=200 if shown else 422 if why is None else 503,
            **await _asked_for(visit),
            shown=shown,
            said=replayed.said,
            why="no_draft" if draft is None else why,
            names=await visit.names([] if shown is None else shown.ids),
        )


def _simulate_of(request: Request, reader: Reader) -> SimulateBeside:
    require(allowed=sees_simulations(reader))
    found: SimulateBeside | None = request.app.state.simulate
    if found is None:
        raise NotFound("No drafts are tried out here.")
    return found


@asynccontextmanager
async def _visit(request: Request, reader: Reader, sheet: Sheet) -> AsyncIterator[Visit]:
    async with asynccontextmanager(visit_of)(request, Response(), reader, sheet) as visit:
        yield visit


async def _asked_for(visit: Visit) -> Mapping[str, Any]:
    """Return what the form offers, and what it says of its limits."""
    versions = await visit.reads.versions()
    quarters = _quarters(visit, versions)
    last = quarters[-2:][0]
    document = visit.version.document if visit.version is not None else versions[-1].document
    return {
        "versions": versions,
        "quarters": quarters,
        "from_quarter": quarters[max(0, quarters.index(last) - YEAR_QUARTERS + 1)],
        "to_quarter": last,
        "records_max": RECORDS_MAX,
        "seconds_max": int(WAIT_S_MAX),
        "seconds": max(1, visit.asked.size // RECORDS_A_SECOND),
        "items": {one.code: one for one in document.items},
    }


def _quarters(visit: Visit, versions: Sequence[Version]) -> Sequence[str]:
    """Return the quarters with deeds under the scheme, at least one. Raises NotFound."""
    if not versions:
        raise NotFound("No version of the scheme is published.")
    found = [quarter_of(versions[0].effective_from)]
    while end_day(found[-1]) <= visit.asked.today:
        found.append(next_quarter(found[-1]))
    return found[-QUARTERS_SHOWN:]


def _span(fields: Mapping[str, bytes], quarters: Sequence[str]) -> Span:
    """Return the deeds that are chosen. Raises QueryInvalid."""
    first, last = (fields.get(name, b"").decode("latin-1") for name in ("from", "to"))
    if first not in quarters or last not in quarters or first > last:
        raise QueryInvalid("from, to: two quarters of the list, in their order.")
    return Span(first_day(first), end_day(last))


def _draft(fields: Mapping[str, bytes], versions: Sequence[Version]) -> str | None:
    """Return the text of the draft: that of the file, or a version's. None where there is none."""
    number = fields.get("version", b"").decode("latin-1")
    if number:
        chosen = [one for one in versions if str(one.version) == number]
        return written(chosen[0].document) if chosen else None
    return fields.get("draft", b"").decode("utf-8", errors="replace") or None
