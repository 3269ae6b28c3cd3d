"""One quarter told: a deduction, its review, a bulletin, an objection upheld, the correction.

It follows the year and goes through the same door. Whom it is about is found in what the ledger
answers: a committee member whom a deduction of three points moves down their branch's board.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final

from jifen_local.demo.ledger import Ledger
from jifen_local.demo.messages import Desk, Message, Moment
from jifen_local.demo.readings import QUARTER
from jifen_local.demo.world import Branch, World

ITEM: Final = "D07"
DEDUCTED: Final = Decimal("3.0")
CLAIM: Final = "c-complaint-1"
OBJECTION: Final = "ob-complaint-1"
_MONTHS: Final = ("2025-10", "2025-11", "2025-12")
_MORNING_S: Final = 9 * 3_600
_EVIDENCE: Final = sha256(b"decision on a complaint").hexdigest()

Answer = Mapping[str, Any]
# Sends messages and returns when the ledger has a record of each.
Send = Callable[[Sequence[Message]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Told:
    """The story as the ledger tells it: the holder's claim, and both revisions of the bulletin."""

    branch: str
    holder: str
    claim: Answer = field(hash=False)
    first: Answer = field(hash=False)
    second: Answer = field(hash=False)
    objection: Answer = field(hash=False)

    def line(self, bulletin: Answer) -> Answer:
        """Return the holder's line as office holder."""
        return next(
            one
            for one in bulletin["content"]["holders"]
            if (one["holder"], one["capacity"]) == (self.holder, "committee")
        )


async def tell(world: World, ledger: Ledger, send: Send) -> Told:
    """Send the story and return what the ledger says of it."""
    branch, holder = await _cast(world, ledger)
    desk = Desk("review-desk", "story")
    people = _People(world, branch, holder)
    _deduct(desk, people)
    await _close(desk, people, ledger)
    sent = len(desk.messages)
    await send(desk.messages)
    bulletins = f"branches/{branch.id}/bulletins/{QUARTER}"
    first = await ledger.get(bulletins)
    _correct(desk, people)
    await send(desk.messages[sent:])
    return Told(
        branch.id,
        holder,
        claim=await ledger.get(f"claims/{CLAIM}"),
        first=first,
        second=await ledger.get(bulletins),
        objection=await ledger.get(f"objections/{OBJECTION}"),
    )


async def _cast(world: World, ledger: Ledger) -> tuple[Branch, str]:
    """Return a branch whose quarter is decided, and whom three points would move down its board."""
    for branch in world.branches.values():
        board = await ledger.get(
            "rankings", period=QUARTER, capacity="committee", scope=branch.id, limit=20
        )
        inbox = await ledger.get(f"branches/{branch.id}/inbox")
        waits = any(one["month"] in _MONTHS for one in inbox["waiting"])
        busy = {branch.secretary, branch.recorder, *branch.panel.kinds}
        entries: Sequence[Answer] = board["entries"]
        for one, below in pairwise(entries):
            gap = Decimal(one["score"]) - Decimal(below["score"])
            if not waits and gap < DEDUCTED and one["holder"] not in busy:
                return branch, one["holder"]
    raise LookupError("No branch of this seed has a board that three points would change.")


class _People:
    """Who acts in the story: nobody takes two steps that exclude each other."""

    def __init__(self, world: World, branch: Branch, holder: str) -> None:
        away = {member for member, towards in branch.panel.recusals if towards == holder}
        eligible = [one for one in branch.panel.kinds if one not in away | {holder}]
        self.branch = branch
        self.holder = holder
        self.panel = eligible[: branch.panel.quorum]
        self.verifying, self.answering = world.uppers[0], world.uppers[1]


def _on(day: str, hour: int = 0) -> Moment:
    return Moment(date.fromisoformat(day), _MORNING_S + hour * 3_600)


def _deduct(desk: Desk, people: _People) -> None:
    """A complaint was upheld: the notice, its review by the panel, its verification above."""
    desk.send(
        "points.earned",
        people.holder,
        _on("2026-01-05"),
        {
            "claim": CLAIM,
            "item": ITEM,
            "deed": "complaint-2025-12",
            "measure": {"committee": {"tier": "complaint"}},
            "evidence": [{"kind": "document", "sha256": _EVIDENCE}],
            "basis": {"sha256": _EVIDENCE},
            "by": people.branch.recorder,
        },
        deed=_on("2025-12-18"),
    )
    _review(desk, people, "preliminary", people.panel, _on("2026-01-06"))
    _review(desk, people, "verified", [people.verifying], _on("2026-01-09"))


def _review(
    desk: Desk, people: _People, stage: str, deciders: Sequence[str], moment: Moment
) -> None:
    data: dict[str, object] = {"claim": CLAIM, "stage": stage, "decision": "accept"}
    data |= {"by": deciders[0]}
    if len(deciders) > 1:
        data |= {"deciders": list(deciders)}
    desk.send("points.reviewed", people.holder, moment, data)


async def _close(desk: Desk, people: _People, ledger: Ledger) -> None:
    """The branch closes its quarter; the upper level goes without what nobody has sent."""
    branch = people.branch.id
    missing = await ledger.get(f"branches/{branch}/quarters/{QUARTER}/missing-facts")
    facts = [
        {"holder": one["holder"], "item": one["item"], "period": one["period"]}
        for one in missing["missing"]
    ]
    waive = {
        "facts": facts,
        "assessments": [{"holder": branch, "month": month} for month in _MONTHS],
        "reason": "first_year",
    }
    _step(desk, people, "preliminary", _on("2026-01-12"), by=people.branch.secretary)
    _step(desk, people, "verified", _on("2026-01-12", 1), by=people.verifying, waive=waive)
    _step(desk, people, "published", _on("2026-01-12", 2), by=people.branch.secretary)


def _step(desk: Desk, people: _People, to: str, moment: Moment, **data: object) -> None:
    desk.send("period.advanced", people.branch.id, moment, {"period": QUARTER, "to": to, **data})


def _correct(desk: Desk, people: _People) -> None:
    """The holder objects, the upper level upholds it, points come back, the bulletin follows."""
    holder, by = people.holder, people.answering
    desk.send(
        "objection.filed",
        holder,
        _on("2026-01-13"),
        {"objection": OBJECTION, "kind": "objection", "about": {"claim": CLAIM}, "by": holder},
    )
    answer = {"objection": OBJECTION, "decision": "upheld", "corrects": [CLAIM]}
    answer |= {"reason": "other_person", "by": by, "deciders": [by]}
    desk.send("objection.decided", holder, _on("2026-01-15"), answer)
    reversal = {"claim": CLAIM, "cause": "objection", "objection": OBJECTION}
    reversal |= {"reason": "other_person", "by": by}
    desk.send("points.reversed", holder, _on("2026-01-16"), reversal)
    _step(
        desk,
        people,
        "published",
        _on("2026-01-19"),
        revision=2,
        objections=[OBJECTION],
        reason="objection_upheld",
        by=by,
    )
    _step(desk, people, "final", _on("2026-01-20"), by=people.branch.secretary)
