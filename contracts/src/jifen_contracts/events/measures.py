"""What was measured, per capacity; whether it fits the item's mode is for the fold to say."""

from typing import Annotated

from pydantic import Field

from jifen_contracts.ids import TierKey
from jifen_contracts.wire import Wire

# The modes' own ranges are rules of the fold (`measure_invalid`); this only keeps numbers small.
COUNT_MAX = 1_000_000

Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]


class Measure(Wire):
    """Fields of one mode: R required, excused, done; E count; T and D tier; S none."""

    required: Count | None = None
    excused: Count | None = None
    done: Count | None = None
    count: Count | None = None
    tier: TierKey | None = None
    answers: Count | None = None


class Measures(Wire):
    """The measure of each capacity that the claim names."""

    committee: Measure | None = None
    member: Measure | None = None
    unit: Measure | None = None
