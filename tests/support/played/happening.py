"""What else happens: people come, move and hold offices, days pass, messages come twice."""

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, initialize, multiple, precondition, rule

from jifen_contracts.canonical import decode
from jifen_ledger.domain.outcome import Status
from tests.support.builders import assigned, changed, enrolled
from tests.support.judgements import veto_lifted, vetoed
from tests.support.organisation import absent
from tests.support.people import ANNA, BO, BRANCH_X, BRANCH_Y, UPPER, UPPER_TWO
from tests.support.played.claiming import HOLDERS
from tests.support.played.stage import Stage, members
from tests.support.stored import stamp_of

# People are judged, and move, on the day or with a date in the past.
since = st.sampled_from((0, 0, 10, 40))


class Happening(Stage):
    @initialize(target=members)
    def begin(self) -> MultipleResults[str]:
        return multiple(*HOLDERS)

    @rule(days=st.sampled_from((1, 2, 5, 12, 31)))
    def days_pass(self, days: int) -> None:
        self.plant.now(days * 24 * 60)

    @rule(target=members, standing=st.sampled_from(("full", "probationary", "applicant")))
    def enrol(self, standing: str) -> str:
        name, day = self.plant.named("m-new"), self.plant.ago(0)
        for act in (
            enrolled(name, standing, since=day, recorded=self.plant.now()),
            assigned(name, "member", BRANCH_Y, since=day, recorded=self.plant.now()),
        ):
            assert self.plant.take(act) is None
        return name

    @rule(member=st.sampled_from((ANNA, BO)), days=since, ends=st.booleans())
    def hold_an_office(self, member: str, days: int, ends: bool) -> None:  # noqa: FBT001 - drawn
        """The same assignment again is a correction."""
        to = self.plant.ago(0) if ends and days else None
        begins, now = self.plant.ago(days), self.plant.now()
        act = assigned(member, "committee", BRANCH_X, since=begins, to=to, recorded=now)
        assert self.plant.take(act) is None

    @rule(days=since, back=st.booleans())
    def move(self, days: int, back: bool) -> None:  # noqa: FBT001 - a drawn value
        """Anna's home is branch Y from a day on, or was X all the time."""
        day = self.plant.ago(days)
        ended = assigned(ANNA, "member", BRANCH_X, to=None if back else day)
        came = assigned(ANNA, "member", BRANCH_Y, since=day, to=day if back else None)
        for act in (came, ended) if back else (ended, came):
            self.plant.take(changed(act, recordedtime=stamp_of(self.plant.now())))

    @rule(member=members, days=since)
    def be_away(self, member: str, days: int) -> None:
        act = absent(
            member, self.plant.ago(days), self.plant.ago(days - 20), recorded=self.plant.now()
        )
        assert self.plant.take(act) is None

    @rule(member=members, days=since, annulled=st.booleans())
    def judge(self, member: str, days: int, annulled: bool) -> None:  # noqa: FBT001 - drawn
        """A veto moves no points, whether it stays or is annulled by another officer."""
        veto, before = self.plant.named("ve"), self.plant.balances.copy()
        act = vetoed(member, self.plant.ago(days), veto=veto, recorded=self.plant.now())
        assert self.plant.take(act) is None
        if annulled:
            own = veto_lifted(member, veto=veto, by=UPPER, recorded=self.plant.now())
            self.plant.refuses(own, "same_reviewer")
            act = veto_lifted(member, veto=veto, by=UPPER_TWO, recorded=self.plant.now())
            assert self.plant.take(act) is None
        assert self.plant.balances == before

    @precondition(lambda self: self.plant.history)
    @rule(one=st.integers(0, 1000), other=st.integers(0, 1000))
    def invariant_4_send_again(self, one: int, other: int) -> None:
        """The same event through another door, and another event under the same id."""
        told = zip(self.plant.history, self.plant.records, strict=True)
        firsts = [payload for payload, record in told if record.first]
        sent, later = firsts[one % len(firsts)], firsts[other % len(firsts)]
        stamps = {"recordedtime": stamp_of(self.plant.now()), "nonce": "f" * 32}
        before = self.plant.balances.copy()
        self.plant.take(changed(sent, **stamps))
        assert self.plant.records[-1].outcome.status is Status.DUPLICATE
        one_said, other_said = decode(sent), decode(later)
        same_source = one_said["source"] == other_said["source"]
        if same_source and one_said["data"] != other_said["data"]:
            self.plant.refuses(changed(later, id=one_said["id"]), "conflicting_duplicate")
        assert self.plant.balances == before
