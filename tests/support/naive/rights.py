"""Who may decide about a claim, by domain.md §3.2."""

from collections.abc import Iterable
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
    def home(self) -> str | None:
        """The branch on the deed date, as far as anything is known of it."""
        return self.registers.branch(self.claim.holder, self.claim.day) or self.claim.branch

    @property
    def branch(self) -> str | None:
        """The branch that decides: the home, or what came after it."""
        return self.registers.deciding(self.home, self.day) if self.home else None

    @property
    def people(self) -> set[str]:
        """Everybody who took part."""
        return self.registers.identities(self.deciders | {self.by})

    @property
    def panel(self) -> Fact | None:
        return self.registers.panel(self.branch, self.day) if self.branch else None

    @property
    def upper(self) -> set[str]:
        branch = self.branch
        if branch is None:
            return set()
        # Nobody is above the root unit: its own officers decide.
        above = tuple(self.registers.above(branch, self.day)) or (branch,)
        return set().union(*(self.registers.holders(unit, self.day, "upper") for unit in above))

    @property
    def is_for_upper_alone(self) -> bool:
        """The claims of a unit and of the branch's secretary are verified one level up."""
        holder = self.claim.holder
        if self.registers.is_unit(holder) or self.home is None or self.branch is None:
            return True
        then = self.registers.secretaries(self.home, self.claim.day)
        return holder in then | self.registers.secretaries(self.branch, self.day)

    def near(self, item: str, *, counterparts_may_decide: bool) -> set[str]:
        """Everybody who must step back from such a claim, beside its holder."""
        named = self.claim.project if self.registers.has_shares(item, self.claim.day) else None
        project = self.registers.project(named) if named else None
        near = {share["member"] for share in project["data"]["shares"]} if project else set()
        near |= set(project["data"].get("organisers", ())) if project else set()
        near |= set() if counterparts_may_decide else set(self.claim.counterpart)
        for pair in (self.panel or {}).get("recusals", ()):
            is_towards = self.registers.identity(pair["towards"]) == self.claim.holder
            near |= {pair["member"]} if is_towards else set()
        return self.registers.identities(near)

    def check_distance(self, roles: Iterable[tuple[str, str]]) -> None:
        """`roles` are the items that the claim is or becomes, with who decides on each."""
        deciders = self.people
        refuse_if(self.claim.holder in deciders, "self_review")
        for item, role in roles:
            near = self.near(item, counterparts_may_decide=role == "counterpart")
            refuse_if(near & deciders, "recused")

    def check_roles(self, roles: Iterable[str]) -> None:
        roles, upper = tuple(roles), self.upper
        refuse_if(self.by not in self.deciders, "not_permitted")
        refuse_if(any(map(self.registers.is_closed, self.deciders)), "not_permitted")
        for role in roles:
            refuse_if(not self.deciders <= self._able(role) | upper, "not_permitted")
        if self.deciders <= upper:
            return
        if "panel" in roles:
            assert self.panel is not None
            quorum = len(self.panel["members"]) // 2 + 1
            refuse_if(len(self.deciders) < quorum, "quorum_not_met")
        if "counterpart" in roles:
            absent = [name for name in self.claim.counterpart if not self._speakers(name)]
            refuse_if(absent, "quorum_not_met")

    def admits(self) -> bool:
        """Whether the deciders may let a late claim in: all of them, and enough."""
        members, upper = self._able("panel"), self.upper
        aside = {self.claim.holder} | self.near(self.claim.item, counterparts_may_decide=False)
        if self.registers.identities(self.deciders) & aside or not self.deciders:
            return False
        if any(map(self.registers.is_closed, self.deciders)):
            return False
        if not self.deciders <= members | upper:
            return False
        return self.deciders <= upper or len(self.deciders) >= len(members) // 2 + 1

    def _able(self, role: str) -> set[str]:
        branch = self.branch
        if branch is None or role in ("upper", "record"):
            return set()
        if role == "panel":
            return {entry["member"] for entry in self.panel["members"]} if self.panel else set()
        if role == "counterpart":
            return set().union(*(self._voices(name) for name in self.claim.counterpart))
        if role == "specialist":
            units = (branch, *self.registers.above(branch, self.day))
            return set().union(
                *(self.registers.holders(unit, self.day, "specialist") for unit in units)
            )
        groups = self.registers.held(self.claim.holder, self.claim.day, "group_member")
        leaders = (self.registers.holders(held.unit, self.day, "group_leader") for held in groups)
        return self.registers.holders(branch, self.day, "recorder").union(*leaders)

    def _voices(self, counterpart: str) -> set[str]:
        if not self.registers.is_unit(counterpart):
            return {self.registers.identity(counterpart)}
        roles = ("secretary", "committee", "recorder", "group_leader")
        return self.registers.holders(counterpart, self.day, *roles)

    def _speakers(self, counterpart: str) -> set[str]:
        return self._voices(counterpart) & self.deciders
