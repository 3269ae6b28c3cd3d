"""Rule 8: calendar, quota, smallest board, incentive values, the first day and the offset."""

from collections.abc import Iterator, Sequence
from typing import Final

from jifen_contracts.scheme.document import SchemeDocument
from jifen_contracts.scheme.rules.finding import Finding
from jifen_contracts.scheme.rules.walk import Amount, incentive_amounts, tenths_of
from jifen_contracts.scheme.terms import Calendar

MIN_N: Final = 5
LAST_DAY: Final = 28
QUARTER_STARTS: Final = ("01-01", "04-01", "07-01", "10-01")


def check_terms(
    document: SchemeDocument, effective_from: str, earlier: Sequence[SchemeDocument]
) -> Iterator[Finding]:
    """Yield what breaks rule 8; `earlier` are all versions before this one, in order."""
    yield from _calendar(document.calendar)
    if document.ranking.min_n < MIN_N:
        message = f"Below {MIN_N} scored holders a rank tells who somebody is: use {MIN_N} or more."
        yield Finding(8, "ranking.min_n", message)
    numerator, denominator = document.grades.quota
    if numerator < 0 or denominator < 1 or 3 * numerator > denominator:
        message = f"The quota is at most 1/3, not {numerator}/{denominator}."
        yield Finding(8, "grades.quota", message)
    yield from _incentives(document)
    if effective_from[5:] not in QUARTER_STARTS:
        message = f"{effective_from} is not the first day of a quarter."
        yield Finding(8, "effective_from", message)
    # Another offset would move deeds that were already counted to other days.
    if earlier and document.utc_offset != earlier[0].utc_offset:
        message = f"The offset stays {earlier[0].utc_offset} in every version."
        yield Finding(8, "utc_offset", message)


def _calendar(calendar: Calendar) -> Iterator[Finding]:
    days = (1, calendar.claims_day, calendar.preliminary_day, calendar.verify_day, LAST_DAY)
    if list(days) != sorted(days):
        message = (
            "The month closes in this order: 1 ≤ claims_day ≤ preliminary_day ≤ verify_day ≤ "
            f"{LAST_DAY}, not {', '.join(map(str, days[1:-1]))}."
        )
        yield Finding(8, "calendar", message)
    for day in sorted(set(calendar.days_off) & set(calendar.days_on)):
        yield Finding(8, "calendar.days_on", f"{day} cannot be both a day off and a day on.")


def _incentives(document: SchemeDocument) -> Iterator[Finding]:
    amounts: list[Amount] = []
    if document.incentive.year_budget is not None:
        amounts.append(Amount("incentive.year_budget", document.incentive.year_budget))
    for item in document.items:
        if item.incentive is not None:
            amounts += incentive_amounts(f"items.{item.code}.incentive", item.incentive)
    for amount in amounts:
        tenths = tenths_of(amount.text)
        if tenths is not None and (tenths < 0 or tenths % 10):
            message = f"Incentive points are whole and not below 0, not {amount.text}."
            yield Finding(8, amount.path, message)
