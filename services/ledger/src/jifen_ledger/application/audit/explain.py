"""`audit explain`: why a record moved what it moved, and what a score is made of, from the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from jifen_contracts.canonical import decode
from jifen_contracts.points import format_points
from jifen_ledger.application.queries.sentences import sentence_of
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.posting_trace import Moved, trace_posting
from jifen_ledger.domain.postings import Posting, holder_account
from jifen_ledger.domain.score import APPLICABLE_MIN, BONUS_MAX, CAPACITIES, RESERVE
from jifen_ledger.domain.state import State

Object = dict[str, Any]
SHOWN_CHARS: Final = 160
# Of an event, what says what happened; the rest is in the record for whoever wants it.
_TOLD: Final = ("id", "source", "subject", "time", "type", "authid", "data")


def record_explained(state: State, record: Record) -> Object:
    """Return what is behind a record; the state is that right after it."""
    said = decode(record.bytes)
    event: Any = said.get("event", {})
    return {
        "seq": record.seq,
        "recorded_at": record.recorded_at,
        "event": {key: event[key] for key in _TOLD if key in event},
        "outcome": said["outcome"],
        "postings": [_posting(state, record, one) for one in record.postings],
    }


def _posting(state: State, record: Record, posting: Posting) -> Object:
    shown: Object = {"account": posting.account, "delta": format_points(posting.delta)}
    shown |= {
        key: value
        for key in ("kind", "item", "quarter", "booked")
        if (value := getattr(posting, key))
    }
    if posting.booked == posting.quarter:
        # Only what is booked into a later quarter is an adjustment.
        shown.pop("booked", None)
    steps = list(_steps(state, record, posting))
    return shown | ({"steps": steps} if steps else {})


def _steps(state: State, record: Record, posting: Posting) -> Iterator[str]:
    """Yield the cap arithmetic behind a posting of a holder's assessment account."""
    _, _, capacity = posting.account.rpartition(":")
    if not posting.account.startswith("member:") or capacity not in CAPACITIES:
        return
    cause = state.claims.get(record.claim) if record.claim else None
    if cause is None:
        return
    found = (state.claims.get(one) for one in state.holdings.get(cause.holder))
    claims = [claim for claim in found if claim is not None]
    moved = Moved(capacity, posting.item, posting.quarter, record.seq, rising=posting.delta > 0)
    trace = trace_posting(state.versions, cause, claims, moved)
    for step in trace.steps:
        yield sentence_of(step).en
    before, after = format_points(trace.before), format_points(trace.after)
    yield f"So {posting.item} goes from {before} to {after}: {format_points(trace.delta)}."


@dataclass(slots=True)
class FigureAsked:
    """A holder's figure of a quarter; takes what the records post for it on the way."""

    holder: str
    capacity: str
    quarter: str
    lines: list[Object]

    def take(self, record: Record) -> None:
        """Remember what the record posts on the account for the quarter."""
        account = holder_account(self.holder, self.capacity)
        self.lines += [
            {
                "seq": record.seq,
                "claim": record.claim or "",
                "item": one.item,
                "kind": one.kind,
                "delta": format_points(one.delta),
            }
            for one in record.postings
            if one.account == account and one.quarter == self.quarter
        ]


def figure_explained(state: State, asked: FigureAsked) -> Object:
    """Return the parts of a score and every posting behind it."""
    figures = state.figures.get((asked.holder, asked.capacity, asked.quarter))
    return {
        "holder": asked.holder,
        "capacity": asked.capacity,
        "quarter": asked.quarter,
        "earned": format_points(figures.earned),
        "applicable": format_points(figures.applicable),
        "base": None if figures.base is None else format_points(figures.base),
        "bonus": format_points(figures.bonus),
        "excess": format_points(figures.excess),
        "deductions": format_points(figures.deductions),
        "zeroed": figures.zeroed,
        "score": None if figures.score is None else format_points(figures.score),
        "balance": format_points(figures.balance),
        "postings": asked.lines,
    }


def record_lines(found: Object) -> Iterator[str]:
    """Yield an explained record for people."""
    event, outcome = found["event"], found["outcome"]
    yield f"record      {found['seq']:,}, recorded at {found['recorded_at']}"
    if event:
        yield f"event       {event['type']} about {event['subject']}, {event['time']}"
        yield f"sent        {event['id']} by {event['source']}, credential {event['authid']}"
        for key, value in event["data"].items():
            yield f"  {key:<10}{_short(value)}"
    told = ", ".join(f"{key} {value}" for key, value in outcome.items() if key != "status")
    yield f"outcome     {outcome['status']}{': ' if told else ''}{told}"
    for posting in found["postings"]:
        details = " ".join(
            posting[key] for key in ("kind", "item", "quarter", "booked") if key in posting
        )
        yield f"posting     {posting['delta']:>7}  {posting['account']}  {details}".rstrip()
        for step in posting.get("steps", ()):
            yield f"              {step}"


def figure_lines(found: Object) -> Iterator[str]:
    """Yield an explained figure for people."""
    yield f"figure      {found['holder']} as {found['capacity']} in {found['quarter']}"
    if found["score"] is None:
        least = format_points(APPLICABLE_MIN)
        yield f"score       none: {found['applicable']} was applicable, and {least} are needed"
    else:
        yield f"score       {found['score']}" + (": a veto zeroes it" if found["zeroed"] else "")
    base = "nothing" if found["base"] is None else found["base"]
    yield f"  base      60 × {found['earned']} ÷ {found['applicable']} = {base}"
    most = format_points(BONUS_MAX)
    yield f"  bonus     {found['bonus']}, at most {most} counts; excess {found['excess']}"
    yield f"  reserve   {format_points(RESERVE)} less deductions of {found['deductions']}"
    yield f"account     {found['balance']} from {len(found['postings'])} postings"
    for one in found["postings"]:
        yield (
            f"  seq {one['seq']:<9,} {one['delta']:>7}  {one['kind']:<9} {one['item']:<6}"
            f" {one['claim']}"
        ).rstrip()


def _short(value: object) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"
