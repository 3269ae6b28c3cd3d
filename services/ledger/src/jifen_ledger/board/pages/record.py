"""A record: the event as it came in, what was decided, what moved, and the exact bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

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
    found = await record_of(visit.ended.reads, visit.ended.asked, seq)
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
        said=list(_said(data)),
        data_text=orjson.dumps(data, option=orjson.OPT_INDENT_2).decode(),
        event_hash=sha256(canonical(event)).hexdigest() if event else None,
        bytes_text=found.decode(),
        names=await visit.names(people),
    )


def _said(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what the event says by codes: what it is called, the list of the code, the code."""
    if "stage" in data:
        yield "claim.step", "stage", data["stage"]
        yield "objections.decision", "review", data["decision"]
    elif "decision" in data:
        yield "objections.decision", "decision", data["decision"]
    if "cause" in data:
        yield "record.cause", "cause", data["cause"]
    parts = (data.get(name, {}) for name in ("admitted", "waive", "retroactive"))
    for part in (data, *parts, *data.get("missing", ())):
        if "reason" in part:
            yield "common_column.reason", "reason", part["reason"]
