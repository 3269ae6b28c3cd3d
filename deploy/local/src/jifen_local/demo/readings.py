"""Everything the report shows, as the ledger told it once it had caught up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jifen_local.demo.filed import Filed
from jifen_local.demo.ledger import Ledger

QUARTER: Final = "2025-Q4"
CAPACITY: Final = "member"
_BEST: Final = 10

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Readings:
    """Answers of the ledger, unchanged; `capped` is the statement line that is explained."""

    status: Answer = field(hash=False)
    branches: Sequence[Answer] = field(hash=False)
    board: Answer = field(hash=False)
    balance: str
    statement: Sequence[Answer] = field(hash=False)
    capped: Answer = field(hash=False)
    explanation: Answer = field(hash=False)
    trial_balance: Answer = field(hash=False)


async def readings_of(ledger: Ledger, status: Answer, shown: Filed) -> Readings:
    """Ask for everything that the report shows."""
    comparison, board, trial, balances, statement = await asyncio.gather(
        ledger.get("units/comparison", period=QUARTER, kind="branch", capacity=CAPACITY),
        ledger.get(
            "rankings",
            period=QUARTER,
            capacity="committee",
            category="all",
            scope="plant",
            limit=_BEST,
        ),
        ledger.get("trial-balance"),
        ledger.get(f"members/{shown.holder}/balance"),
        ledger.statement(shown.holder, CAPACITY),
    )
    capped = next(line for line in statement if line["claim"] == shown.claim)
    place = f"{capped['seq']}/{capped['ordinal']}"
    return Readings(
        status=status,
        branches=comparison["entries"],
        board=board,
        balance=next(one["balance"] for one in balances["accounts"] if one["capacity"] == CAPACITY),
        statement=statement,
        capped=capped,
        explanation=await ledger.get(f"explain/postings/{place}"),
        trial_balance=trial,
    )
