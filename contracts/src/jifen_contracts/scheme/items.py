"""The items of a scheme document: what earns or costs points, per capacity, and who decides."""

from typing import Annotated, Literal

from pydantic import Field

from jifen_contracts.ids import TierKey
from jifen_contracts.scheme.texts import (
    COUNT_MAX,
    TIERS_MAX,
    Amount,
    Code,
    Name,
    Sentence,
    Tag,
    Word,
)
from jifen_contracts.wire import Listed, Wire

Kind = Literal["base", "bonus", "deduct"]
Reviewer = Literal["recorder", "specialist", "counterpart", "record", "panel", "upper"]
Confirmer = Literal["panel", "upper"]
EvidenceKind = Literal["photo", "document", "record", "sign_in", "survey", "other"]
Pact = Literal["delegate", "helper", "mentor"]


class Caps(Wire):
    month: Amount | None = None
    quarter: Amount | None = None
    year: Amount | None = None


class Tier(Wire):
    """One step of a tiered line; the test says when it is reached, by a number or a document."""

    key: TierKey
    value: Amount
    test_zh: Sentence = ""
    test_en: Sentence = ""
    outside_month: bool = False


class _Line(Wire):
    kind: Kind
    caps: Caps = Caps()
    # Only a unit line says it, and only `upper`: a unit never confirms itself (lint rule 6).
    confirm: Confirmer | None = None


class RatioLine(_Line):
    mode: Literal["R"]
    max: Amount
    per: Literal["month", "quarter"] = "month"


class EventLine(_Line):
    mode: Literal["E"]
    value: Amount
    unit_zh: Name
    unit_en: Name
    max_count: Annotated[int, Field(ge=1, le=COUNT_MAX)]


class TierLine(_Line):
    mode: Literal["T", "S", "D"]
    tiers: Annotated[Listed[Tier], Field(min_length=1, max_length=TIERS_MAX)]


Line = Annotated[RatioLine | EventLine | TierLine, Field(discriminator="mode")]


class Lines(Wire):
    committee: Line | None = None
    member: Line | None = None
    unit: Line | None = None

    def by_capacity(self) -> dict[str, Line]:
        """Return the lines that there are, in the order of the capacities."""
        lines: dict[str, Line | None] = {
            "committee": self.committee,
            "member": self.member,
            "unit": self.unit,
        }
        return {capacity: line for capacity, line in lines.items() if line is not None}


class Evidence(Wire):
    kinds: Annotated[Listed[EvidenceKind], Field(max_length=6)] = ()
    required: bool = False


class IncentiveTier(Wire):
    key: TierKey
    value: Amount


class Incentive(Wire):
    """What a verified claim brings to the wallet: one value per count, or one per tier."""

    value: Amount | None = None
    tiers: Annotated[Listed[IncentiveTier], Field(max_length=TIERS_MAX)] = ()
    month_cap: Amount | None = None
    self_signed_only: bool = False


class Item(Wire):
    """What lint demands may be missing here, so that a draft is answered by findings."""

    code: Code
    name_zh: Name = ""
    name_en: Name = ""
    focus: Literal["party", "business", "party+business"] | None = None
    tags: Annotated[Listed[Tag], Field(max_length=10)] = ()
    measure_of: Word | None = None
    # The assignment role that a claim rests on: a posting, a one-helps-two pact, an agreement.
    pact: Pact | None = None
    dual: Literal["separate", "together"] = "separate"
    stack: Literal["highest", "add"] = "highest"
    evidence: Evidence | None = None
    preliminary: Reviewer | None = None
    confirm: Confirmer | None = None
    min_answers: Annotated[int, Field(ge=1, le=10_000)] | None = None
    incentive: Incentive | None = None
    lines: Lines
