"""What must hold after the year, compared to the event and to the tenth of a point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from jifen_local.demo.readings import Readings
from jifen_local.demo.story import DEDUCTED, Told
from jifen_local.demo.tally import Tally
from jifen_local.demo.year import Year

MIN_N: Final = 5


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence about the run, whether it is true, and the figures it rests on."""

    says: str
    holds: bool
    figures: str


def checks_of(year: Year, tally: Tally, readings: Readings, told: Told) -> list[Check]:
    """Return all checks, in the order of the report."""
    return [
        _caught_up(readings),
        _equation(tally, readings),
        _as_foreseen("Ingest refused what it had to", year.refused_at_the_door(), tally.refused),
        _as_foreseen(
            "The fold refused what it had to",
            year.refused_by_the_fold(),
            Counter(readings.status["refused"]),
        ),
        _resends(year, tally, readings),
        _trial_balance(readings),
        _ranks(readings.board["entries"]),
        _names(readings.board["entries"]),
        _small_branches(readings.branches),
        _statement(readings),
        _explanation(readings),
        _correction(told),
    ]


def recorded(readings: Readings) -> int:
    """Return how many events have a record."""
    return sum(readings.status["outcomes"].values())


def ranks_of(scores: Sequence[Decimal]) -> list[int]:
    """Return standard competition ranks (1-2-2-4) of scores in falling order."""
    return [1 + sum(other > score for other in scores) for score in scores]


def _caught_up(readings: Readings) -> Check:
    head, checkpoint = readings.status["stream_head"], readings.status["checkpoint"]
    figures = f"checkpoint {checkpoint:,} = stream head {head:,}"
    return Check("Every event in the stream has its record", head == checkpoint, figures)


def _equation(tally: Tally, readings: Readings) -> Check:
    sent, refused = tally.sent.total(), tally.refused.total()
    resends, found = tally.resends.total(), recorded(readings)
    left = sent - refused - resends
    return Check(
        "sent - refused at the door - resends answered at the door = recorded",
        left == found,
        f"{sent:,} - {refused:,} - {resends:,} = {left:,}; recorded {found:,}",
    )


def _as_foreseen(says: str, foreseen: Counter[str], found: Counter[str]) -> Check:
    if foreseen == found:
        figures = f"{found.total():,} events, {len(found)} codes, each as often as foreseen"
        return Check(says, holds=True, figures=figures)
    codes = sorted(code for code in foreseen | found if foreseen[code] != found[code])
    figures = ", ".join(f"{code} {found[code]} of {foreseen[code]}" for code in codes)
    return Check(says, holds=False, figures=figures)


def _resends(year: Year, tally: Tally, readings: Readings) -> Check:
    sent = sum(message.resent for message in year.messages)
    door, fold = tally.resends.total(), readings.status["outcomes"].get("duplicate", 0)
    return Check(
        "Each event sent twice counts once",
        sent == door + fold,
        f"{sent} resends: {door} answered at the door, {fold} recorded as duplicate",
    )


def _trial_balance(readings: Readings) -> Check:
    trial = readings.trial_balance
    sums = {one["unit"]: Decimal(one["sum"]) for one in trial["units"]}
    zero = set(sums) == {"pt", "inc"} and not any(sums.values())
    holds = zero and trial["balances_equal_postings"]
    figures = ", ".join(f"{unit} {total}" for unit, total in sorted(sums.items()))
    return Check("All balances of a unit of points add up to zero", bool(holds), figures)


def _ranks(entries: Sequence[Mapping[str, Any]]) -> Check:
    ranks = [one["rank"] for one in entries]
    holds = bool(ranks) and ranks == ranks_of([Decimal(one["score"]) for one in entries])
    return Check("Equal scores have equal ranks (1-2-2-4)", holds, " ".join(map(str, ranks)))


def _names(entries: Sequence[Mapping[str, Any]]) -> Check:
    named = sum(bool(one["name_zh"] and one["name_en"]) for one in entries)
    figures = f"{named} of {len(entries)} names"
    return Check("Names come from the directory, not from events", named == len(entries), figures)


def _small_branches(entries: Sequence[Mapping[str, Any]]) -> Check:
    ranked = [one for one in entries if one.get("rank") is not None]
    holds = bool(ranked) and all(one["n"] >= MIN_N for one in ranked)
    small = sum(one["n"] < MIN_N for one in entries)
    figures = f"{len(ranked)} branches ranked, {small} too small"
    return Check("No branch is ranked on fewer than five members", holds, figures)


def _statement(readings: Readings) -> Check:
    balance = Decimal(0)
    steps = []
    for line in readings.statement:
        balance += Decimal(line["delta"])
        steps.append(balance == Decimal(line["balance"]))
    holds = all(steps) and balance == Decimal(readings.balance)
    figures = f"{len(steps)} lines, sum {balance}, balance {readings.balance}"
    return Check("The statement's lines add up to the balance", holds, figures)


def _explanation(readings: Readings) -> Check:
    explained, trace = readings.explanation, readings.explanation["trace"]
    before, after, delta = (Decimal(trace[name]) for name in ("before", "after", "delta"))
    posted = Decimal(readings.capped["delta"])
    holds = before + delta == after and delta == posted == Decimal(explained["delta"])
    figures = f"{before} + {delta} = {after}; posted {posted}"
    return Check("The cap arithmetic gives the posted amount", holds, figures)


def _correction(told: Told) -> Check:
    """The second revision gives the points back, lists that, and leaves the first as it was."""
    before, after = told.line(told.first)["score"], told.line(told.second)["score"]
    listed = [
        one
        for one in told.second["content"]["differences"]
        if one.get("holder") == told.holder and one["figure"] == "score"
    ]
    back = after - before == int(10 * DEDUCTED)
    holds = back and [(one["old"], one["new"]) for one in listed] == [(before, after)]
    figures = f"{before / 10:.1f} in revision 1, {after / 10:.1f} in revision 2"
    return Check("The corrected bulletin lists what the objection changed", holds, figures)
