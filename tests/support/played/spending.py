"""The wallet: goods reserved, collected, given up, and more asked for than is there."""

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, precondition, rule

from jifen_ledger.domain.offers import OPEN
from tests.support.people import ANNA, BO
from tests.support.played.deciding import Deciding
from tests.support.played.plant import BEGUN
from tests.support.played.stage import members, redemptions
from tests.support.shop import MEAL, cancelled, fulfilled, reserved

PRICE = 50
PIECES_MAX = 100
customers = st.one_of(st.sampled_from((ANNA, BO)), members)


class Spending(Deciding):
    """Whoever has points may spend them once."""

    @rule(target=redemptions, member=customers, pieces=st.integers(1, 3))
    def reserve(self, member: str, pieces: int) -> str | MultipleResults[str]:
        name = self.plant.named("rd")
        act = reserved(name, member, quantity=pieces, recorded=self.plant.now())
        return multiple() if self.plant.take(act) else name

    @rule(member=customers)
    def reserve_too_much(self, member: str) -> None:
        purse = self.plant.fold.wallet(member, self.plant.today.isoformat())
        pieces = purse.free // PRICE + 1
        code = "debt_outstanding" if purse.debt else "insufficient_points"
        if pieces + self._taken(member) <= PIECES_MAX:
            act = reserved(
                self.plant.named("rd"), member, quantity=pieces, recorded=self.plant.now()
            )
            self.plant.refuses(act, code)

    @rule(member=customers)
    def spend_all_and_lose_a_claim(self, member: str) -> None:
        """Goods are not taken back: what a reversal finds spent becomes a debt."""
        purse = self.plant.fold.wallet(member, self.plant.today.isoformat())
        pieces = min(purse.free // PRICE, PIECES_MAX - self._taken(member))
        if pieces:
            name = self.plant.named("rd")
            act = reserved(name, member, quantity=pieces, recorded=self.plant.now())
            assert self.plant.take(act) is None
            assert self.plant.take(fulfilled(name, member, recorded=self.plant.now())) is None
        lots = [lot for lot in self.plant.state.lots.rows().values() if lot is not None]
        for name in sorted({lot.claim for lot in lots if lot.holder == member})[:1]:
            self.reverse(name, by_upper=True)
        self.reserve_too_much(member)

    @precondition(lambda self: self.plant.today.year == BEGUN.year)
    @rule()
    def the_year_turns(self) -> None:
        """What was posted before December cannot be used in January."""
        self.plant.clock = BEGUN.replace(year=BEGUN.year + 1, month=1, day=2)
        for member in (ANNA, BO):
            self.reserve_too_much(member)

    @rule(redemption=redemptions, cancels=st.booleans())
    def end(self, redemption: str, cancels: bool) -> None:  # noqa: FBT001 - a drawn value
        found = self.plant.state.redemptions.get(redemption)
        assert found is not None
        now, build = self.plant.now(), cancelled if cancels else fulfilled
        act = build(redemption, found.member, recorded=now)
        if found.state != OPEN:
            self.plant.refuses(act, "wrong_state")
        elif not cancels and self.plant.today > found.code_until:
            self.plant.refuses(act, "code_expired")
        else:
            assert self.plant.take(act) is None

    def _taken(self, member: str) -> int:
        found = self.plant.state.redemptions.rows().values()
        mine = [
            one for one in found if one is not None and (one.member, one.offer) == (member, MEAL)
        ]
        return sum(one.quantity for one in mine)
