"""Where the acts of a play meet: one plant, and bundles of what acts may be about."""

from hypothesis.stateful import Bundle, RuleBasedStateMachine

from tests.support.played.plant import Plant

members: Bundle[str] = Bundle("members")
claims: Bundle[str] = Bundle("claims")
objections: Bundle[str] = Bundle("objections")
redemptions: Bundle[str] = Bundle("redemptions")
concerns: Bundle[str] = Bundle("concerns")


class Stage(RuleBasedStateMachine):
    """Every kind of act adds its rules; a play has them all."""

    def __init__(self) -> None:
        super().__init__()
        self.plant = Plant()
