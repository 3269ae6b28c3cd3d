"""Who decides a claim in the demo: people with the role, nobody who has to step back."""

from __future__ import annotations

from random import Random

from jifen_local.demo.filed import Filed
from jifen_local.demo.rules import Rules
from jifen_local.demo.world import World


class Reviewers:
    """Picks deciders for a claim; the first named one speaks for all."""

    def __init__(self, world: World, rules: Rules, rng: Random) -> None:
        """Pick with the drawn luck of `rng` where several could decide."""
        self.world = world
        self.rules = rules
        self.rng = rng

    def preliminary(self, filed: Filed) -> tuple[str, ...]:
        """Return who gives the preliminary review (初评)."""
        match self.rules.preliminary(filed.item):
            case "recorder":
                return (self._recorder(filed),)
            case "specialist":
                return (self.rng.choice(self.world.specialists),)
            case "counterpart":
                return filed.counterpart
            case "panel":
                return self.panel(filed, ())
            case _:
                return self.upper(filed, ())

    def verifying(self, filed: Filed, earlier: tuple[str, ...]) -> tuple[str, ...]:
        """Return who verifies (核实): other people than those who took the earlier step."""
        if self.by_upper(filed) or self.rules.confirm(filed.item) == "upper":
            return self.upper(filed, earlier)
        return self.panel(filed, earlier)

    def by_upper(self, filed: Filed) -> bool:
        """Tell whether the branch must not decide this claim itself."""
        return filed.of_unit or filed.holder == filed.branch.secretary

    def upper(self, filed: Filed, earlier: tuple[str, ...]) -> tuple[str, ...]:
        """Return one officer of the upper level (上级)."""
        free = [one for one in self.world.uppers if one != filed.holder and one not in earlier]
        return (self.rng.choice(free),)

    def panel(self, filed: Filed, earlier: tuple[str, ...]) -> tuple[str, ...]:
        """Return the quorum of the assessment group (考核小组), chair first if eligible."""
        away = {filed.holder, *earlier, *filed.counterpart, *filed.participants}
        panel = filed.branch.panel
        away |= {member for member, towards in panel.recusals if towards == filed.holder}
        eligible = [one for one in panel.kinds if one not in away]
        assert len(eligible) >= panel.quorum, filed
        return tuple(eligible[: panel.quorum])

    def _recorder(self, filed: Filed) -> str:
        leader = self.world.group_leader(filed.holder)
        if leader is not None and leader != filed.holder:
            return leader
        if filed.branch.recorder != filed.holder:
            return filed.branch.recorder
        return self.upper(filed, ())[0]
