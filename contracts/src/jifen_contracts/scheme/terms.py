"""The terms of a scheme document beside its items: calendar, grades, ranks, wallet, health."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from jifen_contracts.ids import DateText
from jifen_contracts.scheme.texts import (
    DAYS_MAX,
    Amount,
    Name,
    Sentence,
)
from jifen_contracts.wire import Listed, Wire

DayOfMonth = Annotated[int, Field(ge=0, le=31)]
Days = Annotated[int, Field(ge=1, le=366)]
# 29 February is left out: a day that every year has.
MonthDay = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))$"
    ),
]
Policy = Literal["full", "bands", "off"]


class Calendar(Wire):
    """Days of the following month, spans in working days, and which days are worked."""

    claims_day: DayOfMonth = 3
    preliminary_day: DayOfMonth = 6
    verify_day: DayOfMonth = 10
    bulletin_day: DayOfMonth = 10
    objection_days: Days = 3
    decision_days: Days = 5
    statement_days: Days = 3
    return_days: Days = 5
    late_days: Days = 90
    days_off: Annotated[Listed[DateText], Field(max_length=DAYS_MAX)] = ()
    days_on: Annotated[Listed[DateText], Field(max_length=DAYS_MAX)] = ()


class Grades(Wire):
    excellent: Amount = "90"
    qualified: Amount = "70"
    basic: Amount = "60"
    # At most this share of the full members may be excellent: a numerator and a denominator.
    quota: Annotated[tuple[int, int], Field(strict=False)] = (1, 3)


class Policies(Wire):
    committee: Policy = "full"
    member: Policy = "bands"
    unit: Policy = "full"


class Ranking(Wire):
    policy: Policies = Policies()
    bands: Annotated[tuple[Amount, Amount, Amount], Field(strict=False)] = ("90", "80", "70")
    min_n: Annotated[int, Field(ge=0, le=1000)] = 5


class Combined(Wire):
    """Weights of the mean of both capacities."""

    committee: Annotated[int, Field(ge=0, le=100)] = 1
    member: Annotated[int, Field(ge=0, le=100)] = 1


class Expiry(Wire):
    """Lots end on `month_day` of their year; those posted from a day on, at `then` of the next."""

    month_day: MonthDay = "12-31"
    if_posted_from: MonthDay = "12-01"
    then: MonthDay = "03-31"


class WalletTerms(Wire):
    expiry: Expiry = Expiry()
    code_days: Days = 30
    year_budget: Amount | None = None


class Veto(Wire):
    code: Annotated[str, StringConstraints(pattern=r"^V[1-9]$")]
    name_zh: Name
    name_en: Name


class HealthLine(Wire):
    """A line of the health check; green and amber are the limits of the better side."""

    code: Annotated[str, StringConstraints(pattern=r"^H[0-9]{2}$")]
    name_zh: Sentence
    name_en: Sentence
    scale: Literal["percent", "days", "count", "level"] = "percent"
    better: Literal["high", "low"] = "high"
    green: Amount
    amber: Amount
    min_n: Annotated[int, Field(ge=1, le=1000)] | None = None
