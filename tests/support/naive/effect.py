"""F of domain.md §5.1: the points of a set of live verified claims, computed from nothing else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from jifen_contracts.periods import quarters_of
from jifen_contracts.points import half_up
from tests.support.naive.facts import Claim, Worth

BONUS = "bonus"
BONUS_PART = 200
BASE_PART = 600
RESERVE = 200
SCORED_FROM = 180
FULL = 1000

Effects = dict[tuple[str, str], int]


def stacked(claims: Iterable[Claim], value_of: Callable[[Claim], int]) -> dict[str, int]:
    """Step 1: what each claim counts beside those with the same key."""
    counted: dict[str, int] = {}
    highest: dict[str, int] = defaultdict(int)
    order = sorted(claims, key=lambda claim: (claim.day, -value_of(claim), claim.item, claim.id))
    for claim in order:
        value = value_of(claim)
        if claim.highest:
            counted[claim.id] = max(0, value - highest[claim.key])
            highest[claim.key] = max(value, highest[claim.key])
        else:
            counted[claim.id] = value
    return counted


def with_lines(claims: Iterable[Claim], capacity: str, kind: str) -> list[Claim]:
    named = [claim for claim in claims if capacity in claim.worth]
    return [claim for claim in named if claim.worth[capacity].kind == kind]


def counted_points(claims: Iterable[Claim], capacity: str) -> dict[str, int]:
    bonus = with_lines(claims, capacity, "bonus")
    return stacked(bonus, lambda claim: claim.worth[capacity].value)


def counted_rewards(claims: Iterable[Claim]) -> dict[str, int]:
    rewarded = [claim for claim in claims if claim.reward.value]
    return stacked(rewarded, lambda claim: claim.reward.value)


def largest(caps: Iterable[int | None]) -> float:
    """The largest cap of a period's claims; a claim without a cap has an endless one."""
    return max((float("inf") if cap is None else cap for cap in caps), default=0)


def capped(cap: float, amount: int) -> int:
    return amount if amount <= cap else int(cap)


def bonus_effects(claims: Iterable[Claim], capacity: str) -> Effects:
    """Steps 1 to 4: item and quarter, in tenths."""
    claims = with_lines(claims, capacity, "bonus")
    counted = counted_points(claims, capacity)
    effects: Effects = {}
    for item in {claim.item for claim in claims}:
        of_item = [claim for claim in claims if claim.item == item]
        for year in {claim.quarter[:4] for claim in of_item}:
            of_year = [claim for claim in of_item if claim.quarter[:4] == year]
            year_cap = largest(claim.worth[capacity].year_cap for claim in of_year)
            running = 0
            for quarter in quarters_of(year):
                before = capped(year_cap, running)
                of_quarter = [claim for claim in of_year if claim.quarter == quarter]
                running += _quarter_points(of_quarter, capacity, counted)
                effects[item, quarter] = capped(year_cap, running) - before
    return effects


def _quarter_points(claims: Iterable[Claim], capacity: str, counted: Mapping[str, int]) -> int:
    """Steps 2 and 3 for the claims of one item and quarter."""
    claims = list(claims)
    total = 0
    for month in {claim.month for claim in claims}:
        worths = [
            (claim.worth[capacity], counted[claim.id]) for claim in claims if claim.month == month
        ]
        cap = largest(worth.month_cap for worth, _ in worths)
        inside = sum(points for worth, points in worths if not worth.outside_month)
        outside = sum(points for worth, points in worths if worth.outside_month)
        total += capped(cap, inside) + outside
    return capped(largest(claim.worth[capacity].quarter_cap for claim in claims), total)


def points(claims: Iterable[Claim], capacity: str) -> Effects:
    """F of one capacity: every item and quarter, and the bonus part as the item `bonus`."""
    claims = list(claims)
    effects = bonus_effects(claims, capacity)
    for quarter in {quarter for _, quarter in effects}:
        total = sum(value for (_, when), value in effects.items() if when == quarter)
        effects[BONUS, quarter] = -max(0, total - BONUS_PART)
    for kind in ("base", "deduct"):
        for claim in with_lines(claims, capacity, kind):
            place = (claim.item, claim.quarter)
            effects[place] = effects.get(place, 0) + claim.worth[capacity].value
    return effects


def rewards(claims: Iterable[Claim]) -> Effects:
    """The wallet's points by item and month: steps 1 and 2 with their own values."""
    claims = [claim for claim in claims if claim.reward.value]
    counted = counted_rewards(claims)
    effects: Effects = {}
    for item, month in {(claim.item, claim.month) for claim in claims}:
        here = [claim for claim in claims if (claim.item, claim.month) == (item, month)]
        cap = largest(claim.reward.month_cap for claim in here)
        effects[item, month] = capped(cap, sum(counted[claim.id] for claim in here))
    return effects


@dataclass(frozen=True)
class Figures:
    """One capacity's quarter; `score` is None where too little was applicable."""

    base_earned: int
    base_applicable: int
    bonus: int
    excess: int
    deductions: int
    score: int | None


def figures(claims: Iterable[Claim], capacity: str, quarter: str) -> Figures:
    here = [claim for claim in claims if claim.quarter == quarter]

    def worths(kind: str) -> list[Worth]:
        return [claim.worth[capacity] for claim in with_lines(here, capacity, kind)]

    earned = sum(worth.value for worth in worths("base"))
    applicable = sum(worth.applicable for worth in worths("base"))
    effects = bonus_effects(claims, capacity)
    total = sum(value for (_, when), value in effects.items() if when == quarter)
    bonus = min(BONUS_PART, total)
    deductions = -sum(worth.value for worth in worths("deduct"))
    score = None
    if applicable >= SCORED_FROM:
        base = half_up(BASE_PART * earned, applicable)
        score = min(FULL, max(0, base + bonus + RESERVE - deductions))
    return Figures(earned, applicable, bonus, total - bonus, deductions, score)


def quarter_of_month(month: str) -> str:
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
