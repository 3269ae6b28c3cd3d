"""`audit diff`: what a log has added since an older checkpoint, and what that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import orjson

from jifen_contracts.canonical import decode
from jifen_contracts.points import format_points
from jifen_ledger.application.audit.walk import Chunk

Object = dict[str, Any]
UNREADABLE: Final = "unreadable"


class Difference:
    """Sums the records up to a size, and those after it."""

    def __init__(self, since: int) -> None:
        """Start before the first entry."""
        self.since = since
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self.types: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()

    def take(self, chunk: Chunk) -> None:
        """Take further entries, whose form has been checked."""
        for index, entry in enumerate(chunk.entries, start=chunk.first):
            record: Object = decode(entry)
            for posting in record["postings"]:
                self.after[posting["account"]] += posting["delta"]
                if index < self.since:
                    self.before[posting["account"]] += posting["delta"]
            if index >= self.since:
                self.types[record.get("event", {}).get("type", UNREADABLE)] += 1
                self.statuses[record["outcome"]["status"]] += 1

    def accounts(self) -> Iterator[Object]:
        """Yield the accounts whose balance is another one now."""
        for account in sorted(self.after):
            before, after = self.before[account], self.after[account]
            if before != after:
                yield {
                    "account": account,
                    "before": format_points(before),
                    "after": format_points(after),
                    "change": format_points(after - before),
                }


def places_changed(before: bytes, after: bytes) -> Iterator[Object]:
    """Yield the places on boards that came, went or are others now."""
    old, new = _places(before), _places(after)
    for board, subject in sorted(old.keys() | new.keys()):
        was, now = old.get((board, subject)), new.get((board, subject))
        if was != now:
            yield {"board": board, "subject": subject, "before": was, "after": now}


def _places(lines: bytes) -> dict[tuple[str, str], Object]:
    places = map(orjson.loads, lines.splitlines())
    return {
        (one["board"], one["subject"]): {
            "rank": one["rank"],
            "score": format_points(one["score"]),
        }
        for one in places
    }


def difference_lines(found: Object) -> Iterator[str]:
    """Yield a difference for people."""
    yield f"since       {found['since']:,} entries; {found['size'] - found['since']:,} were added"
    for type_, number in sorted(found["types"].items()):
        yield f"  {number:>8,}  {type_}"
    counts = ", ".join(f"{number:,} {name}" for name, number in sorted(found["statuses"].items()))
    yield f"outcomes    {counts or 'none'}"
    yield f"balances    {len(found['accounts']):,} accounts changed"
    for one in found["accounts"]:
        yield f"  {one['before']:>9} → {one['after']:>9}  {one['account']}"
    if found["places"] is None:
        yield "rankings    compared between two bundles only"
        return
    yield f"rankings    {len(found['places']):,} places changed"
    for one in found["places"]:
        was, now = (_place(one[side]) for side in ("before", "after"))
        yield f"  {one['board']}  {one['subject']}: {was} → {now}"


def _place(place: Object | None) -> str:
    return "none" if place is None else f"rank {place['rank']} with {place['score']}"
