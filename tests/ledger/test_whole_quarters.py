"""People, reviewers and quarters at random: whatever happens, the laws of §8.1 hold."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import count as numbers
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jifen_contracts.canonical import decode
from jifen_contracts.periods import next_quarter
from tests.support.builders import (
    deduction,
    earned,
    fact,
    preliminary,
    reversal,
    reviewers,
    tier,
    verified,
    world,
)
from tests.support.folded import FoldedLedger
from tests.support.naive import NaiveRecord
from tests.support.naive.beginnings import started as naive
from tests.support.naive.beginnings import taken
from tests.support.naive.effect import points, rewards
from tests.support.organisation import assigned
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    COMMITTEE,
    PANEL_X,
    PANEL_Y,
    QUORUM,
    SCHEME,
    UPPER,
    UPPER_TWO,
)
from tests.support.quarters import advanced, answered, objected, statement, waiver

Q2, Q3 = "2023-Q2", "2023-Q3"
PLACES = ((BRANCH_X, Q2), (BRANCH_X, Q3), (BRANCH_Y, Q3))
BRANCHES = {BRANCH_X: PANEL_X, BRANCH_Y: PANEL_Y}
DAYS = ("2023-06-20", "2023-07-12", "2023-07-31", "2023-08-10", "2023-09-05")
DECIDERS = (QUORUM, QUORUM, PANEL_X[2:], PANEL_X[3:], (UPPER,), (UPPER_TWO,), (ANNA, *QUORUM[1:]))
NEXT = {"open": "preliminary", "preliminary": "verified", "verified": "published"}
BEGUN = datetime(2023, 9, 6, 8)  # noqa: DTZ001 - local time, as the builders take it
deeds = st.tuples(
    st.sampled_from((ANNA, ANNA, BO, COMMITTEE)),
    st.sampled_from(("D03", "D03", "C09", "C04", "C04", "B01", "B06")),
    st.sampled_from(DAYS),
    st.sampled_from((2, 2, 2, 1, 0)),
)
minutes = st.integers(1, 3 * 24 * 60)


class WholeQuarters(RuleBasedStateMachine):
    """One plant: the fold and the model take in the same events, in time order."""

    @initialize(early=st.sets(st.sampled_from(PLACES), max_size=3))
    def begin(self, early: set[tuple[str, str]]) -> None:
        """Some quarters are published before the first deed of theirs is claimed."""
        self.fold, self.model = FoldedLedger(SCHEME), naive()
        taken(self.fold, world())
        self.clock, self.numbers = BEGUN, numbers()
        self.claims: dict[str, tuple[str, str]] = {}
        self.states: dict[tuple[str, str], tuple[str, int]] = {}
        self.filed: list[tuple[str, str]] = []
        self.home = {ANNA: BRANCH_X}
        for branch, quarter in sorted(early):
            for _ in range(3):
                self._advance(branch, quarter, self._now(1))

    # What happens

    @rule(deeds=st.lists(deeds, min_size=1, max_size=4))
    def claim(self, deeds: list[tuple[str, str, str, int]]) -> None:
        """Deeds are claimed, and mostly decided at once by those who should."""
        for deed in deeds:
            self._claim(*deed)

    def _claim(self, holder: str, item: str, on: str, reviews: int) -> None:
        name = f"c-{next(self.numbers)}"
        more: dict[str, Any] = {"on": on, "recorded": self._now(30)}
        payload = {
            "D03": lambda: earned(name, holder=holder, **more),
            "C09": lambda: earned(name, "C09", holder, member=tier("larger"), **more),
            "C04": lambda: earned(
                name,
                "C04",
                holder,
                member=tier("plant-1" if on < "2023-08" else "company-2"),
                group="welding",
                **more,
            ),
            "B01": lambda: fact(name, holder=holder, period=on[:7], recorded=self._now(0)),
            "B06": lambda: deduction(name, holder=holder, **more),
        }[item]()
        if self._take(payload).code is not None:
            return
        self.claims[name] = (holder, item)
        first, second = reviewers(item, holder)
        if item == "B06":
            self._take(statement(name, holder, objection=f"st-{name}", recorded=self._now(9)))
        if reviews:
            self._take(preliminary(name, holder, deciders=first, recorded=self._now(60)))
        if reviews > 1:
            self._judge(verified(name, holder, deciders=second, recorded=self._now(60)))

    @rule(data=st.data(), by=st.sampled_from(DECIDERS))
    def review(self, data: st.DataObject, by: tuple[str, ...]) -> None:
        """A claim that waits, or has waited, is decided by whoever comes."""
        if not self.claims:
            return
        name, (holder, item) = data.draw(st.sampled_from(sorted(self.claims.items())))
        first, _ = reviewers(item, holder)
        self._take(preliminary(name, holder, deciders=first, recorded=self._now(60)))
        self._judge(verified(name, holder, deciders=by, recorded=self._now(60)))

    @rule(data=st.data(), by=st.sampled_from(DECIDERS))
    def reverse(self, data: st.DataObject, by: tuple[str, ...]) -> None:
        if self.claims:
            name, (holder, _) = data.draw(st.sampled_from(sorted(self.claims.items())))
            self._judge(reversal(name, holder, deciders=by, recorded=self._now(60)))

    @rule(
        branch=st.sampled_from((BRANCH_X, BRANCH_X, BRANCH_Y)),
        quarter=st.sampled_from((Q3, Q3, Q2)),
        steps=st.integers(1, 4),
        later=minutes,
    )
    def advance(self, branch: str, quarter: str, steps: int, later: int) -> None:
        """The upper level takes the next steps of the quarter, whatever they are."""
        for _ in range(steps):
            self._advance(branch, quarter, self._now(later))

    def _advance(self, branch: str, quarter: str, recorded: str) -> None:
        state, revision = self.states.get((branch, quarter), ("open", 0))
        to = NEXT.get(state, "final")
        more: dict[str, Any] = {"by": UPPER, "recorded": recorded}
        if to == "verified":
            also = [ANNA] if branch == BRANCH_Y else []
            more |= {"waive": waiver(quarter, branch, also=also)}
        if state == "final":
            more |= {"revision": revision + 1, "reason": "corrected"}
        if self._take(advanced(to, quarter, branch, **more)).code is None:
            made = revision + (to == "published" or state == "final")
            self.states[branch, quarter] = (to, made)

    @rule(quarter=st.sampled_from((Q3, Q2)))
    def revise(self, quarter: str) -> None:
        state, revision = self.states.get((BRANCH_X, quarter), ("open", 0))
        more: dict[str, Any] = {"by": PANEL_X[0], "reason": "corrected", "revision": revision + 1}
        step = advanced("published", quarter, recorded=self._now(60), **more)
        if self._take(step).code is None:
            self.states[BRANCH_X, quarter] = (state, revision + 1)

    @rule(data=st.data(), upheld=st.booleans(), by=st.sampled_from(DECIDERS))
    def object(self, data: st.DataObject, upheld: bool, by: tuple[str, ...]) -> None:  # noqa: FBT001
        if not self.claims:
            return
        claim, (holder, _) = data.draw(st.sampled_from(sorted(self.claims.items())))
        name = f"ob-{next(self.numbers)}"
        filed = objected(name, claim=claim, subject=holder, by=BO, recorded=self._now(30))
        if self._take(filed).code is not None:
            return
        decision, corrects = ("upheld", [claim]) if upheld else ("dismissed", None)
        more: dict[str, Any] = {"subject": holder, "corrects": corrects, "deciders": by}
        answer = answered(name, decision, recorded=self._now(30), **more)
        before = self._deciders_of(claim)
        if self._take(answer).code is None:
            assert before.isdisjoint(by), "nobody who decided a claim decides its objection"
            assert not {holder, BO} & {*by}

    @rule(
        to=st.sampled_from((BRANCH_X, BRANCH_Y)), on=st.sampled_from(("2023-07-20", "2023-08-20"))
    )
    def move(self, to: str, on: str) -> None:
        """Anna's home is another branch from a day on; back-dated, as such news often come."""
        if to == self.home[ANNA]:
            return
        ended = assigned(ANNA, "member", self.home[ANNA], to=on, recorded=self._now(5))
        if self._take(ended).code is None:
            come = assigned(ANNA, "member", to, since=on, recorded=self._now(5))
            if self._take(come).code is None:
                self.home[ANNA] = to

    # What always holds

    @invariant()
    def points_come_from_nowhere_and_go_nowhere(self) -> None:
        totals = Counter[str]()
        for name, amount in self.fold.balances().items():
            inc = name.startswith("wallet:") or name.endswith(":inc")
            totals["inc" if inc else "pt"] += amount
        assert not any(totals.values())

    @invariant()
    def balances_are_f_of_the_claims_that_stand_whatever_their_order_was(self) -> None:
        for holder in (ANNA, BO, COMMITTEE):
            mine = [claim for claim in self.model.claims.values() if claim.holder == holder]
            live = [claim for claim in mine if claim.state == "verified"]
            balances = self.fold.balances()
            member, wallet = f"member:{holder}:member", f"wallet:{holder}"
            assert balances.get(member, 0) == sum(points(live, "member").values())
            assert balances.get(wallet, 0) == sum(rewards(live).values())

    # How

    def _now(self, later: int) -> str:
        """A recorded time so many minutes after the last one."""
        self.clock += timedelta(minutes=max(later, 1))
        return self.clock.isoformat()[:16]

    def _take(self, payload: bytes) -> NaiveRecord:
        """Fold the event; the model says the same, and nothing is booked in a published quarter."""
        record, said = self.fold.receive(payload), self.model.receive(payload)
        assert (record.status, record.code) == (said.status, said.code), payload
        assert record.postings == said.postings
        self._check_booked(payload, record)
        return record

    def _check_booked(self, payload: bytes, record: NaiveRecord) -> None:
        data: Any = decode(payload)["data"]
        for posting in record.postings:
            if "kind" in posting and "item" not in posting and "quarter" not in posting:
                claim = self.model.claim(data["claim"])
                quarter = posting.get("booked", claim.quarter)
                assert (claim.branch, quarter) not in self._published
                assert quarter == claim.quarter or self._all_before(claim, quarter)

    def _all_before(self, claim: Any, booked: str) -> bool:
        """Whether every quarter from the deed's up to the booked one is published."""
        quarter = claim.quarter
        while quarter < booked and (claim.branch, quarter) in self._published:
            quarter = next_quarter(quarter)
        return bool(quarter == booked)

    @property
    def _published(self) -> set[tuple[str, str]]:
        return {place for place, (_, revision) in self.states.items() if revision}

    def _judge(self, payload: bytes) -> None:
        """Take a decision of the second stage, and check who took it."""
        data: Any = decode(payload)["data"]
        before = self._deciders_of(data["claim"])
        if self._take(payload).code is not None:
            return
        deciders = set(data.get("deciders") or [data["by"]])
        holder, _ = self.claims[data["claim"]]
        assert holder not in deciders
        if "stage" in data:
            assert deciders.isdisjoint(before)
        upper = {UPPER, UPPER_TWO}
        panels = [set(panel) for panel in BRANCHES.values()]
        assert deciders <= upper or any(
            deciders <= panel | upper and len(deciders) > len(panel) // 2 for panel in panels
        )

    def _deciders_of(self, claim: str) -> set[str]:
        found = self.fold.claim(claim) if claim in self.claims else None
        return set() if found is None else set(found.decided_by)


TestWholeQuarters = WholeQuarters.TestCase
TestWholeQuarters.settings = settings(
    max_examples=80,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
