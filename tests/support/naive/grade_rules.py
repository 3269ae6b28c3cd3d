"""Which grades are decided, and what the system proposes (domain.md §2.2, §5.2, §5.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jifen_contracts.periods import end_day, quarters_of
from jifen_contracts.points import half_up, parse_points
from jifen_contracts.scheme.document import SchemeDocument
from tests.support.naive.day_rules import active_days
from tests.support.naive.effect import figures
from tests.support.naive.facts import Claim, Fact, refuse_if
from tests.support.naive.registers import Registers
from tests.support.naive.veto_rules import is_vetoed, is_zeroed, uppers, vetoes

SEVERE = ("serious", "accident")
SMALL = 3
BODY = 2


@dataclass(frozen=True)
class GradeRules:
    """One decision about a year, over everything that was accepted before it."""

    registers: Registers
    claims: Mapping[str, Claim]
    year: str
    today: date

    @property
    def last(self) -> date:
        return end_day(self.year) - timedelta(days=1)

    @property
    def document(self) -> SchemeDocument:
        return self.registers.document_on(self.last) or self.registers.documents[0]

    # Figures

    def figure(self, member: str) -> int | None:
        scores = {one: self.year_score(member, one) for one in ("member", "committee")}
        known = {one: score for one, score in scores.items() if score is not None}
        if "committee" not in known:
            return known.get("member")
        weights = {one: getattr(self.document.combined, one) for one in known}
        if not sum(weights.values()):
            weights = dict.fromkeys(known, 1)
        total = sum(weights[one] * score for one, score in known.items())
        return half_up(total, sum(weights.values()))

    def year_score(self, member: str, capacity: str) -> int | None:
        points, days = 0, 0
        for quarter in quarters_of(self.year):
            score = self._score(member, capacity, quarter)
            if score is not None:
                active = active_days(self.registers, member, capacity, quarter)
                points, days = points + score * active, days + active
        return half_up(points, days) if days else None

    def _verified(self, member: str) -> list[Claim]:
        mine = [claim for claim in self.claims.values() if claim.holder == member]
        return [claim for claim in mine if claim.state == "verified"]

    def _score(self, member: str, capacity: str, quarter: str) -> int | None:
        score = figures(self._verified(member), capacity, quarter).score
        if score is not None and is_zeroed(self.registers, member, quarter):
            return 0
        return score

    # Who is graded, and what is proposed

    def home(self, member: str) -> str | None:
        if self.registers.is_closed(member):
            return None
        return self.registers.home(member, self.last)

    def is_gradable(self, member: str) -> bool:
        is_full = self.registers.standing(member, self.last) == "full"
        is_over = self.today > self.last
        has_home = self.home(member) is not None
        return is_over and is_full and has_home and self.figure(member) is not None

    def people(self, branches: set[str]) -> list[str]:
        enrolled = {fact["subject"] for fact in self.registers.said("member.enrolled")}
        return [member for member in sorted(enrolled) if self.home(member) in branches]

    def candidates(self, branches: set[str]) -> dict[str, int]:
        found = {
            member: self.figure(member)
            for member in self.people(branches)
            if self.is_gradable(member)
        }
        return {member: figure for member, figure in found.items() if figure is not None}

    def may_be_excellent(self, member: str) -> bool:
        of_year = [claim for claim in self._verified(member) if claim.quarter[:4] == self.year]
        measures = [measure for claim in of_year for measure in claim.measure.values()]
        is_severe = any(measure.get("tier") in SEVERE for measure in measures)
        mine = [one for one in vetoes(self.registers).values() if one.member == member]
        is_vetoed_then = any(one.meets(self.year) for one in mine)
        return not (is_severe or is_vetoed_then or is_vetoed(self.registers, member, self.today))

    def quota(self, n: int) -> int:
        share, whole = self.document.grades.quota
        return n * share // whole

    def proposal(self, member: str, branches: set[str]) -> str:
        grades, figure = self.document.grades, self.figure(member)
        assert figure is not None
        limits = {
            name: parse_points(getattr(grades, name))
            for name in ("excellent", "qualified", "basic")
        }
        if is_zeroed(self.registers, member, self.year) or figure < limits["basic"]:
            return "unqualified"
        candidates = self.candidates(branches)
        reaching = {
            one: score
            for one, score in candidates.items()
            if score >= limits["excellent"] and self.may_be_excellent(one)
        }
        as_good = sum(score >= figure for score in reaching.values())
        if member in reaching and as_good <= self.quota(len(candidates)):
            return "excellent"
        return "qualified" if figure >= limits["qualified"] else "basic"

    # Who decided what

    def decided(self, member: str) -> str | None:
        """The last word about the person; what a joined record had counts where nothing else."""
        own = [
            fact["data"]["grade"]
            for fact in self.registers.said("grade.decided", member)
            if fact["data"]["year"] == self.year
        ]
        if own:
            return str(own[-1])
        for fact in self.registers.said("member.enrolled", member):
            if "same_as" in fact["data"] and (grade := self.decided(fact["data"]["same_as"])):
                return grade
        return None

    def check_body(self, data: Fact, home: str) -> None:
        branch = self.registers.deciding(home, self.today)
        deciders, pool = set(data["deciders"]), data.get("pool", ())
        open_ids = {one for one in deciders if not self.registers.is_closed(one)}
        refuse_if(data["by"] not in deciders or open_ids != deciders, "not_permitted")
        above = uppers(self.registers, branch, self.today)
        if deciders <= above:
            for sister in pool:
                is_branch = self.registers.is_unit(sister) and self._is_branch(sister)
                refuse_if(not is_branch, "not_permitted")
                refuse_if(deciders - uppers(self.registers, sister, self.today), "not_permitted")
            return
        refuse_if(pool or "over_quota" in data or len(deciders) < BODY, "not_permitted")
        committee = self.registers.holders(branch, self.today, "committee", "secretary")
        meeting = {
            one
            for one in self.registers.holders(branch, self.today, "member")
            if self.registers.standing(one, self.today) == "full"
        }
        refuse_if(data["by"] not in committee | above, "not_permitted")
        refuse_if(deciders - committee - above - meeting, "not_permitted")

    def _is_branch(self, unit: str) -> bool:
        said = self.registers.unit_on(unit, self.today)
        return (
            self.registers.kind_of(unit) == "branch"
            if said is None
            else said["data"]["kind"] == "branch"
        )


def grade_decided(registers: Registers, fact: Fact, claims: Mapping[str, Claim]) -> None:
    member, data = fact["subject"], fact["data"]
    today = registers.local_day(fact["recordedtime"])
    refuse_if(not registers.is_open(member), "unknown_member")
    rules = GradeRules(registers, claims, data["year"], today)
    refuse_if(not registers.documents or not rules.is_gradable(member), "not_gradable")
    people = registers.identities({data["by"], *data["deciders"]})
    refuse_if(member in people, "self_review")
    home = rules.home(member)
    assert home is not None
    rules.check_body(data, home)
    refuse_if("basis" not in data, "basis_required")
    refuse_if(data.get("told_on", "9999-12-31") > today.isoformat(), "not_told")
    branches = {home}
    if len(rules.candidates(branches)) < SMALL:
        branches |= set(data.get("pool", ()))
    is_other = data["grade"] != rules.proposal(member, branches)
    refuse_if((is_other or "over_quota" in data) and "reason" not in data, "reason_required")
    if data["grade"] == "excellent":
        refuse_if(is_vetoed(registers, member, today), "veto_in_force")
        others = [one for one in rules.people(branches) if one != member]
        taken = sum(rules.decided(one) == "excellent" for one in others)
        is_full = taken >= rules.quota(len(rules.candidates(branches)))
        refuse_if(is_full and "over_quota" not in data, "quota_exceeded")
