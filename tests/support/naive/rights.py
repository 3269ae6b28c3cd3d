"""Who may decide about a claim, by domain.md §3.2."""

from dataclasses import dataclass
from datetime import date

from tests.support.naive.facts import Claim, Fact, refuse_if
from tests.support.naive.registers import Registers


@dataclass(frozen=True)
class Rights:
    """The rights of some deciders over one claim on the day their decision was recorded."""

    registers: Registers
    claim: Claim
    deciders: frozenset[str]
    by: str
    day: date

    @property
    def branch(self) -> str | None:
        return self.registers.branch(self.claim.holder, self.claim.day)

    @property
    def panel(self) -> Fact | None:
        return self.registers.panel(self.branch, self.day) if self.branch else None

    @property
    def upper(self) -> set[str]:
        above = self.registers.above(self.branch) if self.branch else ()
        return set().union(*(self.registers.holders(unit, self.day, "upper") for unit in above))

    @property
    def is_for_upper_alone(self) -> bool:
        """The claims of a unit and of the branch's secretary are verified one level up."""
        if self.registers.is_unit(self.claim.holder):
            return True
        branch = self.branch
        secretaries = self.registers.holders(branch, self.day, "secretary") if branch else set()
        return self.claim.holder in secretaries

    def near(self, *, counterparts_may_decide: bool) -> set[str]:
        """Everybody who must step back from this claim, beside its holder."""
        project = self.registers.project(self.claim.project) if self.claim.project else None
        near = {share["member"] for share in project["data"]["shares"]} if project else set()
        near |= set(project["data"].get("organisers", ())) if project else set()
        near |= set() if counterparts_may_decide else set(self.claim.counterpart)
        for pair in (self.panel or {}).get("recusals", ()):
            near |= {pair["member"]} if pair["towards"] == self.claim.holder else set()
        return near

    def check_distance(self, *, counterparts_may_decide: bool) -> None:
        refuse_if(self.claim.holder in self.deciders, "self_review")
        near = self.near(counterparts_may_decide=counterparts_may_decide)
        refuse_if(near & self.deciders, "recused")

    def check_role(self, role: str) -> None:
        able = self._able(role)
        refuse_if(self.by not in self.deciders, "not_permitted")
        refuse_if(not self.deciders <= able | self.upper, "not_permitted")
        if self.deciders <= self.upper:
            return
        if role == "panel":
            assert self.panel is not None
            quorum = len(self.panel["members"]) // 2 + 1
            refuse_if(len(self.deciders) < quorum, "quorum_not_met")
        if role == "counterpart":
            absent = [name for name in self.claim.counterpart if not self._speakers(name)]
            refuse_if(absent, "quorum_not_met")

    def admits(self) -> bool:
        """Whether those of the deciders who are eligible may let a late claim in."""
        members, upper = self._able("panel"), self.upper
        aside = {self.claim.holder} | self.near(counterparts_may_decide=False)
        eligible = (self.deciders & (members | upper)) - aside
        if not eligible or eligible <= upper:
            return bool(eligible)
        return len(eligible) >= len(members) // 2 + 1

    def _able(self, role: str) -> set[str]:
        branch = self.branch
        if branch is None or role in ("upper", "record"):
            return set()
        if role == "panel":
            return {entry["member"] for entry in self.panel["members"]} if self.panel else set()
        if role == "counterpart":
            return set().union(*(self._voices(name) for name in self.claim.counterpart))
        if role == "specialist":
            units = (branch, *self.registers.above(branch))
            return set().union(
                *(self.registers.holders(unit, self.day, "specialist") for unit in units)
            )
        groups = self.registers.held(self.claim.holder, self.claim.day, "group_member")
        leaders = (self.registers.holders(held.unit, self.day, "group_leader") for held in groups)
        return self.registers.holders(branch, self.day, "recorder").union(*leaders)

    def _voices(self, counterpart: str) -> set[str]:
        if not self.registers.is_unit(counterpart):
            return {counterpart}
        roles = ("secretary", "committee", "recorder", "group_leader")
        return self.registers.holders(counterpart, self.day, *roles)

    def _speakers(self, counterpart: str) -> set[str]:
        return self._voices(counterpart) & self.deciders
