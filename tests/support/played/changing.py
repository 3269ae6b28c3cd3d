"""What changes under a claim: the version of the rules, and its item by a reviewer's word."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from jifen_contracts.scheme.default import default_document, document_object
from jifen_ledger.domain.claim import ClaimState
from tests.support.builders import count, published, tier
from tests.support.played.deciding import WAITING, Deciding
from tests.support.played.stage import claims

# The first is in the past of every play: only a reason lets it be.
STARTS = ("2023-07-01", "2023-10-01", "2024-01-01")
ITEMS: dict[str, dict[str, Any]] = {
    "D03": {"member": count()},
    "C09": {"member": tier("larger")},
    "C07": {"member": tier("plant")},
    "D04": {"member": count(2)},
}


def dearer(number: int) -> dict[str, Any]:
    """The default document with a snap report and a larger hazard of another value."""
    document = deepcopy(document_object(default_document()))
    by_code = {item["code"]: item for item in document["items"]}
    by_code["D03"]["lines"]["member"]["value"] = ("1", "0.3", "0.8")[number % 3]
    hazards = by_code["C09"]["lines"]["member"]["tiers"]
    next(one for one in hazards if one["key"] == "larger")["value"] = ("2", "4", "1")[number % 3]
    return document


class Changing(Deciding):
    """A deed keeps the version of its day; a reviewer may give it another name, with a reason."""

    @initialize(number=st.sampled_from((0, 0, 1, 2)))
    def begin_with_versions(self, number: int) -> None:
        for _ in range(number):
            self.publish_next(skip=False, silent=False)

    @precondition(lambda self: len(self.plant.state.versions) <= len(STARTS))
    @rule(skip=st.booleans(), silent=st.booleans())
    def publish_a_version(self, skip: bool, silent: bool) -> None:  # noqa: FBT001 - drawn values
        self.publish_next(skip=skip, silent=silent)

    def publish_next(self, *, skip: bool, silent: bool) -> None:
        """Later deeds are worth something else; what is verified keeps its value."""
        known = len(self.plant.state.versions)
        start, document = STARTS[known - 1], dearer(known)
        is_past = start <= self.plant.ago(0)
        said: dict[str, Any] = {"document": document, "recorded": self.plant.now()}
        before = self.plant.balances.copy()
        if skip:
            wrong = published(known + 2, start, id=self.plant.named("v"), **said)
            self.plant.refuses(wrong, "version_not_next")
        if is_past and silent:
            wrong = published(known + 1, start, id=self.plant.named("v"), **said)
            self.plant.refuses(wrong, "effective_date_invalid")
        reason = "wrong_value" if is_past else None
        act = published(known + 1, start, retroactive=reason, id=self.plant.named("v"), **said)
        assert self.plant.take(act) is None
        assert self.plant.balances == before

    @rule(claim=claims, item=st.sampled_from(sorted(ITEMS)), reason=st.booleans())
    def call_it_something_else(self, claim: str, item: str, reason: bool) -> None:  # noqa: FBT001
        """What was claimed as one item is accepted as another, and both stay visible."""
        found = self.plant.claim(claim)
        step = self.look_at_first if found.state is ClaimState.CLAIMED else self.verify
        more: dict[str, Any] = {"item": item, "measure": ITEMS[item]}
        step(found, **more, **({"reason": "wrong_item"} if reason else {}))
        after = self.plant.claim(claim)
        if found.state not in WAITING:
            assert after == found
        elif after.state is not found.state and item != found.item:
            assert reason
            assert after.item == item
