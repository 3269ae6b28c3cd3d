"""Whole quarters are played by people, reviewers and upstream systems; the laws of §8.1 hold.

Hypothesis chooses what is done, by whom and in which order: what is allowed, and what is not. After
every step all laws are asked of the fold; at the end of a play the naive model must have said the
same of every message, and a second fold must write the same bytes.

A few plays are enough for every change. To look for what is rare, say how many should be played,
and how long: `PLAYS=2000 STEPS=80 python -m pytest tests/ledger/test_quarter_machine.py`.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from tests.support.budget import examples
from tests.support.folded import told
from tests.support.people import ANNA, BRANCH_X, UPPER
from tests.support.played.caring import Caring
from tests.support.played.changing import Changing
from tests.support.played.claiming import Claiming
from tests.support.played.happening import Happening
from tests.support.played.joining import SURVIVORS, Joining
from tests.support.played.laws import LAWS
from tests.support.played.plant import begun
from tests.support.played.quartering import Q3, Quartering
from tests.support.played.rewarding import Rewarding
from tests.support.played.spending import Spending


class QuarterMachine(
    Claiming, Quartering, Spending, Caring, Happening, Joining, Changing, Rewarding
):
    """A year of one plant, in time order."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    @invariant()
    def the_laws_hold(self) -> None:
        if self.plant.history:
            for law in LAWS:
                law(self.plant)
        self.asked = len(self.plant.history)

    def teardown(self) -> None:
        """Every play ends with a bulletin, an objection and a correction, and is told again.

        Two records of one person are joined before and after the bulletin, awards are revoked, and
        at last somebody is erased.
        """
        if self.asked < len(self.plant.history):
            return  # A law or an expectation is broken already.
        self.join_what_is_left(half=True)
        self.end_of_the_quarter((BRANCH_X, Q3), 20, ["upheld", "dismissed"])
        self.step_out_of_turn((BRANCH_X, Q3), "window")
        for objection in list(self.plant.state.objections.rows()):
            self.correct(objection)
        self.join_what_is_left()
        for award, found in list(self.plant.state.awards.rows().items()):
            if found is not None:
                self.revoke((found.holder, award), UPPER)
        self.erase(ANNA)
        self.the_laws_hold()
        self.invariant_3_tell_again()

    def join_what_is_left(self, *, half: bool = False) -> None:
        """Every second record, or every other one, becomes part of a first."""
        for second in self.plant.seconds[:: 2 if half else 1]:
            self.join(second, SURVIVORS[len(second) % len(SURVIVORS)])

    def invariant_3_tell_again(self) -> None:
        """What the laws do not ask after: every outcome and posting, and replay."""
        again, model = begun()
        for payload, record in zip(self.plant.history, self.plant.records, strict=True):
            said, ours = model.receive(payload), told(record)
            assert (ours.status, ours.code) == (said.status, said.code), payload
            assert (ours.notices, ours.postings) == (said.notices, said.postings), payload
            assert again.fold(payload).bytes == record.bytes, payload


TestQuarterMachine = QuarterMachine.TestCase
TestQuarterMachine.settings = settings(
    max_examples=int(os.environ.get("PLAYS", examples(20, nightly=200))),
    stateful_step_count=int(os.environ.get("STEPS", "30")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
