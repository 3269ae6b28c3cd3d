"""Which steps of a branch's quarter are accepted (domain.md §5.3), code by code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jifen_contracts.periods import end_day, first_day, months_of
from tests.support.naive.absence_rules import is_away
from tests.support.naive.assessment_rules import owes
from tests.support.naive.facts import OPEN, Claim, Fact, refuse_if
from tests.support.naive.objection_rules import Filed, pending_corrections
from tests.support.naive.quarters import Quarter
from tests.support.naive.registers import SCORED_STANDINGS, Registers

WHO = {
    ("open", "preliminary"): {"recorder", "secretary"},
    ("preliminary", "verified"): {"chair"},
    ("preliminary", "open"): set[str](),
    ("verified", "open"): set[str](),
    ("verified", "published"): {"secretary"},
    ("published", "published"): {"chair"},
    ("published", "final"): {"secretary"},
    ("final", "final"): set[str](),
}


@dataclass(frozen=True)
class PeriodRules:
    registers: Registers
    claims: Mapping[str, Claim]
    filed: Mapping[str, Filed]

    def advanced(self, fact: Fact) -> None:
        branch, data = fact["subject"], fact["data"]
        is_branch = self.registers.is_unit(branch) and self.registers.kind_of(branch) == "branch"
        refuse_if(not is_branch, "unknown_unit")
        quarter = Quarter(self.registers, branch, data["period"])
        step = (quarter.state, data["to"])
        refuse_if(step not in WHO, "wrong_transition")
        refuse_if("waive" in data and data["to"] != "verified", "wrong_transition")
        day = self.registers.local_day(fact["recordedtime"])
        refuse_if(not self._may(branch, data, WHO[step], day), "not_permitted")
        needs_reason = data["to"] == "open" or step[0] == step[1]
        refuse_if(needs_reason and "reason" not in data, "reason_required")
        mine = [claim for claim in self.claims.values() if claim.branch == branch]
        mine = [claim for claim in mine if claim.quarter == data["period"]]
        if data["to"] == "preliminary":
            refuse_if(any(claim.state == "claimed" for claim in mine), "claims_open")
        if data["to"] == "verified":
            before = [one for one in mine if self._recorded_at(one) < quarter.preliminary_at]
            waiting = [one for one in before if one.state_on(day) in OPEN]
            refuse_if(waiting, "claims_open")
            refuse_if(any(self._unassessed(branch, data)), "lower_level_missing")
            refuse_if(any(self._missing(branch, data)), "facts_missing")
        if data["to"] in ("published", "final"):
            self._check_bulletin(quarter, data, day)

    def _recorded_at(self, claim: Claim) -> int:
        """The place of the claim's first statement among the accepted facts."""
        return next(
            place
            for place, fact in enumerate(self.registers.facts)
            if fact["type"] == "jifen.points.earned.v1" and fact["data"]["claim"] == claim.id
        )

    def _may(self, subject: str, data: Fact, roles: set[str], day: date) -> bool:
        registers, by = self.registers, data["by"]
        deciders = {*data.get("deciders", [by])}
        if by not in deciders or not all(map(registers.is_open, deciders)):
            return False
        branch = registers.deciding(subject, day)
        above = tuple(registers.above(branch, day)) or (branch,)
        if any(by in registers.holders(unit, day, "upper") for unit in above):
            return True
        panel = registers.panel(branch, day)
        held = {
            "recorder": registers.holders(branch, day, "recorder"),
            "secretary": registers.secretaries(branch, day),
            "chair": {panel["chair"]} if panel else set(),
        }
        return "waive" not in data and any(by in held[role] for role in roles)

    def _unassessed(self, branch: str, data: Fact) -> Iterator[str]:
        """The months without the branch's own assessment, which the upper level did not waive."""
        waived = data.get("waive", {}).get("assessments", ())
        gone = {one["month"] for one in waived if one["holder"] == branch}
        for month in months_of(data["period"]):
            if owes(self.registers, branch, month) and month not in gone:
                yield month

    # The facts of the quarter

    def _missing(self, branch: str, data: Fact) -> Iterator[tuple[str, str, str, str]]:
        waived = data.get("waive", {}).get("facts", ())
        gone = {(one["holder"], one["item"], one["period"]) for one in waived}
        verified = [claim for claim in self.claims.values() if claim.state == "verified"]
        for holder, capacity, item, period in self._due(branch, data["period"]):
            deed = f"{item}-{period}".lower()
            there = any(
                (claim.holder, claim.item, claim.deed) == (holder, item, deed)
                and capacity in claim.measure
                for claim in verified
            )
            if not there and (holder, item, period) not in gone:
                yield holder, capacity, item, period

    def _due(self, branch: str, quarter: str) -> Iterator[tuple[str, str, str, str]]:
        people = {fact["subject"] for fact in self.registers.said("member.enrolled")}
        for month in months_of(quarter):
            day = end_day(month) - timedelta(days=1)
            for holder in (branch, *people):
                if not self._is_there(branch, holder, day) or not self.registers.document_on(day):
                    continue
                yield from self._lines(branch, holder, day, month, "month")
                if end_day(month) == end_day(quarter):
                    yield from self._lines(branch, holder, day, quarter, "quarter")

    def _is_there(self, branch: str, holder: str, day: date) -> bool:
        registers = self.registers
        if not registers.unit_in_force(branch, day):
            return False
        if holder == branch:
            return True
        scored = registers.standing(holder, day) in SCORED_STANDINGS
        at_home = registers.home(holder, day) == branch
        return scored and at_home and not registers.is_closed(holder)

    def _lines(
        self, branch: str, holder: str, day: date, period: str, per: str
    ) -> Iterator[tuple[str, str, str, str]]:
        days = (end_day(period) - first_day(period)).days
        dates = [first_day(period) + timedelta(days=number) for number in range(days)]
        if all(is_away(self.registers, holder, one) for one in dates):
            return
        held = self.registers.capacities(holder, day, branch)
        for item in self.registers.catalogue(holder, day, branch).items.values():
            for capacity, line in item.lines.items():
                if capacity in held and line.mode == "R" and line.per == per:
                    yield holder, capacity, item.code, period

    # The bulletin

    def _check_bulletin(self, quarter: Quarter, data: Fact, day: date) -> None:
        revision, state = len(quarter.bulletins), quarter.state
        freezes = data["to"] == "published" or state == "final"
        said = data.get("revision")
        if freezes and revision:
            refuse_if(said != revision + 1, "revision_not_next")
        else:
            refuse_if(said not in (None, revision + freezes), "revision_not_next")
        if not revision:
            return
        place = (quarter.branch, quarter.name)
        mine = {name: one for name, one in self.filed.items() if one.place == place}
        refuse_if(pending_corrections(mine.values(), self.claims), "corrections_pending")
        if not freezes:
            refuse_if(day <= quarter.window_end, "window_open")
            refuse_if(any(one.state == "open" for one in mine.values()), "objections_open")
        answered = {name for name, one in mine.items() if one.state != "open"}
        refuse_if({*data.get("objections", ())} - answered, "objections_open")
