"""A record: the event as it came in, what was decided, what moved, and the exact bytes."""

from __future__ import annotations

from hashlib import sha256

import orjson
from fastapi import APIRouter, Response

from jifen_contracts.canonical import canonical
from jifen_ledger.adapters.http.parameters import Seq
from jifen_ledger.application.queries.outcomes import record_of
from jifen_ledger.board.visits import AVisit

ROUTES = APIRouter()


@ROUTES.get("/records/{seq}")
async def record(visit: AVisit, seq: Seq) -> Response:
    """Show the record."""
    found = await record_of(visit.reads, visit.asked, seq)
    told = orjson.loads(found)
    event = told.get("event", {})
    data = event.get("data", {})
    people = [event.get("subject"), data.get("by"), *data.get("deciders", ())]
    return visit.page(
        "record.html",
        seq=seq,
        told=told,
        event=event,
        data=data,
        data_text=orjson.dumps(data, option=orjson.OPT_INDENT_2).decode(),
        event_hash=sha256(canonical(event)).hexdigest() if event else None,
        bytes_text=found.decode(),
        names=await visit.names(people),
    )
