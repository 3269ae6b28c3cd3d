"""Awards: granted with a document, not under a veto, never points, and revoked by those above."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, initialize, multiple, rule

from tests.support.judgements import awarded, revoked
from tests.support.people import UPPER, UPPER_TWO
from tests.support.played.claiming import HOLDERS
from tests.support.played.plant import STRANGER
from tests.support.played.stage import Stage, members

awards: Bundle[tuple[str, str]] = Bundle("awards")
kinds = st.sampled_from(("title", "honour", "badge", "benefit", "benefit"))


class Rewarding(Stage):
    @initialize(target=awards, member=st.sampled_from(HOLDERS), kind=kinds)
    def begin_with_an_award(self, member: str, kind: str) -> MultipleResults[tuple[str, str]]:
        return self.granted(member, kind)

    @rule(target=awards, member=members, kind=kinds)
    def grant(self, member: str, kind: str) -> MultipleResults[tuple[str, str]]:
        return self.granted(member, kind)

    def granted(self, member: str, kind: str) -> MultipleResults[tuple[str, str]]:
        name, before = self.plant.named("aw"), self.plant.balances.copy()
        month = self.plant.ago(0)[:7] if kind == "benefit" else None
        act = awarded(
            member,
            kind,
            award=name,
            month=month,
            since=self.plant.ago(0),
            recorded=self.plant.now(),
        )
        code = self.plant.take(act)
        assert self.plant.balances == before
        if code is not None:
            # A benefit has one key a month, a veto is in force, or the badge it rests on is over.
            assert code in ("already_granted", "veto_in_force", "basis_required"), code
            return multiple()
        return multiple((member, name))

    @rule(award=awards)
    def grant_it_wrongly(self, award: tuple[str, str]) -> None:
        """Under an id that is taken, without a document, or by nobody who may."""
        member, name = award
        now, fresh = self.plant.now(), self.plant.named("aw")
        for act, code in (
            (awarded(member, award=name, id=f"e-{fresh}-1", recorded=now), "already_exists"),
            (awarded(member, award=fresh, basis=None, recorded=now), "basis_required"),
            (
                awarded(member, award=fresh, by=STRANGER, id=f"e-{fresh}-2", recorded=now),
                "not_permitted",
            ),
        ):
            self.plant.refuses(act, code)

    @rule(award=awards, by=st.sampled_from((UPPER, UPPER_TWO, STRANGER)))
    def revoke(self, award: tuple[str, str], by: str) -> None:
        """It ends once, moves nothing, and stays in the history."""
        member, name = award
        before, found = self.plant.balances.copy(), self.plant.state.awards.get(name)
        assert found is not None
        act = revoked(
            found.holder, award=name, by=by, id=self.plant.named("e-rv"), recorded=self.plant.now()
        )
        if found.revoked_on is not None:
            self.plant.refuses(act, "wrong_state")
        elif by == STRANGER:
            self.plant.refuses(act, "not_permitted")
        else:
            assert self.plant.take(act) is None
        assert self.plant.balances == before
        assert member in (found.holder, *self.plant.closed)
