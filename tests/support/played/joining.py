"""Two records of one person: deeds under both, the join, and what is tried with it afterwards."""

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, consumes, initialize, multiple, rule

from tests.support.builders import assigned, count, earned, enrolled, tier
from tests.support.judgements import erased
from tests.support.people import ANNA, BO, BRANCH_Y, DORA
from tests.support.played.deciding import Deciding
from tests.support.played.stage import claims, members
from tests.support.stored import Fields

seconds: Bundle[str] = Bundle("seconds")
# Nobody of these decides about others in a play, so that no decision becomes one about oneself.
SURVIVORS = (ANNA, ANNA, BO, DORA)
# Deeds that meet those of the survivor: under the caps of a month, and as the same contest.
DEEDS: tuple[Fields, ...] = (
    {"item": "D03", "member": count()},
    {"item": "C09", "member": tier("larger")},
    {"item": "C04", "member": tier("company-2"), "group": "welding"},
    {"item": "C07", "member": tier("plant")},
)
deeds = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.sampled_from((2, 2, 1, 0))), min_size=1, max_size=4
)


class Joining(Deciding):
    """Somebody was registered twice, and it comes to light."""

    @initialize(target=seconds, told=deeds)
    def begin_with_two_records(self, told: list[tuple[Fields, int]]) -> str:
        """In every play there is something to join."""
        second = self.register_twice()
        self.claim_under(second, told)
        return second

    @rule(target=seconds)
    def register_a_second_time(self) -> str:
        return self.register_twice()

    def register_twice(self) -> str:
        name, day = self.plant.named("m-second"), self.plant.ago(60)
        for act in (
            enrolled(name, since=day, recorded=self.plant.now()),
            assigned(name, "member", BRANCH_Y, since=day, recorded=self.plant.now()),
        ):
            assert self.plant.take(act) is None
        self.plant.seconds.append(name)
        return name

    @rule(target=claims, second=seconds, told=deeds)
    def claim_under_the_other_id(
        self, second: str, told: list[tuple[Fields, int]]
    ) -> MultipleResults[str]:
        return multiple(*self.claim_under(second, told))

    def claim_under(self, second: str, told: list[tuple[Fields, int]]) -> list[str]:
        names = []
        for said, reviews in told:
            name = self.plant.named("c")
            act = earned(
                name, holder=second, on=self.plant.ago(3), recorded=self.plant.now(), **said
            )
            if self.plant.take(act) is None:
                names.append(name)
                for step in (self.look_at_first, self.verify)[:reviews]:
                    step(self.plant.claim(name))
        return names

    @rule(second=consumes(seconds), survivor=st.sampled_from(SURVIVORS))
    def join(self, second: str, survivor: str) -> None:
        """The other id closes; an erased person's records stay apart."""
        self.plant.seconds.remove(second)
        one_of_them = {second, survivor} & self.plant.erased
        act = enrolled(survivor, same_as=second, recorded=self.plant.now())
        if one_of_them:
            self.plant.refuses(act, "erased")
            return
        assert self.plant.take(act) is None
        self.plant.closed[second] = survivor
        for again, code in (
            (enrolled(survivor, same_as=second, recorded=self.plant.now()), "unknown_member"),
            (enrolled(second, same_as=survivor, recorded=self.plant.now()), "already_exists"),
            (earned(self.plant.named("c"), holder=second, recorded=self.plant.now()), "not_active"),
        ):
            self.plant.refuses(again, code, "unknown_member", "too_late")

    @rule(second=seconds)
    def join_nobody(self, second: str) -> None:
        """Neither with a record that is not there, nor with itself."""
        for other in ("m-nobody", second):
            act = enrolled(second, same_as=other, recorded=self.plant.now())
            self.plant.refuses(act, "unknown_member", "erased")

    @rule(person=st.one_of(seconds, members.filter(lambda one: one.startswith("m-new"))))
    def erase(self, person: str) -> None:
        """Totals and claims stay; nobody is enrolled under an erased id again."""
        before = self.plant.balances.copy(), dict(self.plant.state.claims.rows())
        assert self.plant.take(erased(person, recorded=self.plant.now())) is None
        self.plant.erased.add(person)
        assert (self.plant.balances, dict(self.plant.state.claims.rows())) == before
        self.plant.refuses(enrolled(person, recorded=self.plant.now()), "erased")
