"""Concerns: raised, handled, confirmed, claimed for, and opened again."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, rule

from jifen_ledger.domain.concerns import CLOSED, RESOLVED
from tests.support.concerns import confirmed, handed, paid_for, raised, reopened, resolved
from tests.support.people import ANNA
from tests.support.played.plant import STRANGER
from tests.support.played.stage import Stage, claims, concerns


class Caring(Stage):
    @rule(target=concerns, urgency=st.sampled_from(("at_once", "urgent", "ordinary")))
    def raise_a_concern(self, urgency: str) -> str:
        name = self.plant.named("cn")
        assert self.plant.take(raised(name, urgency=urgency, on=self.plant.now())) is None
        return name

    @rule(concern=concerns, steps=st.sampled_from((3, 3, 2, 1)), days=st.sampled_from((0, 1, 4)))
    def handle(self, concern: str, steps: int, days: int) -> None:
        """Some of the steps from being handed over to being confirmed."""
        in_use = self.plant.today.isoformat()
        acts: tuple[Any, ...] = (
            lambda now: handed(concern, on=now),
            lambda now: resolved(concern, in_use=in_use, on=now),
            lambda now: confirmed(concern, by=ANNA, on=now),
        )
        for act in acts[:steps]:
            self.plant.take(act(self.plant.now()))
        self.plant.now(days * 24 * 60)

    @rule(target=claims, concern=concerns)
    def claim_for_it(self, concern: str) -> str | MultipleResults[str]:
        name, now = self.plant.named("c"), self.plant.now()
        act = paid_for(name, concern, on=now, recorded=now)
        return multiple() if self.plant.take(act) else name

    @rule(concern=concerns)
    def open_it_again(self, concern: str) -> None:
        found = self.plant.state.concerns.get(concern)
        assert found is not None
        act = reopened(concern, on=self.plant.now())
        if found.state in CLOSED:
            assert self.plant.take(act) is None
        else:
            self.plant.refuses(act, "wrong_state")

    @rule(concern=concerns)
    def speak_for_others(self, concern: str) -> None:
        """Only the raiser is satisfied, and only the handler has resolved it."""
        found = self.plant.state.concerns.get(concern)
        assert found is not None
        if found.state == RESOLVED:
            self.plant.refuses(confirmed(concern, by=STRANGER, on=self.plant.now()), "not_raiser")
        if found.state == "assigned":
            act = resolved(concern, by=STRANGER, in_use=self.plant.ago(0), on=self.plant.now())
            self.plant.refuses(act, "not_permitted")
