"""What one event does to a holder's wallet: lots opened, held, spent, taken back, expired.

Whoever posts to a wallet, or reserves, fulfils or cancels for it, lets expired points go first
(`expire`): only then are all free points of open lots usable ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.offers import Hold
from jifen_ledger.domain.postings import EXPIRED, SPENT, Movements, wallet
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import calendar_on
from jifen_ledger.domain.wallets import (
    OPEN,
    USED,
    Lot,
    Wallet,
    Withheld,
    last_day,
    returned_until,
)

NOBODY: frozenset[str] = frozenset()


class Purse:
    """One holder's wallet at the moment of one event."""

    def __init__(self, state: State, moves: Movements, holder: str, moment: Moment) -> None:
        """Look at the open lots and the debt."""
        self._state = state
        self._moves = moves
        self._moment = moment
        self.holder = holder
        keys = state.lots_of.get((holder, OPEN))
        found = (state.lots.get(key) for key in keys)
        self._lots = {lot.key: lot for lot in found if lot is not None}
        self.wallet = state.wallets.get(holder) or Wallet(moment.seq, holder)

    @property
    def lots(self) -> list[Lot]:
        """The open lots in the order in which their points are used up."""
        return sorted(self._lots.values(), key=lambda lot: lot.order)

    @property
    def free(self) -> int:
        """What is free and not expired; a debt is not looked at."""
        day = self._moment.recorded_day
        return sum(lot.free for lot in self._lots.values() if lot.usable(day))

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing in it, and nothing owed or kept back."""
        return not (self._lots or self.wallet.debt or self.wallet.withheld)

    @property
    def balance(self) -> int:
        """What the account holds."""
        return sum(lot.left for lot in self._lots.values()) - self.wallet.debt

    def expire(self) -> None:
        """Post what is free in lots whose last day has passed; held points stay."""
        for lot in self.lots:
            if lot.free and not lot.usable(self._moment.recorded_day):
                self._post(EXPIRED, lot, lot.free, "expire")
                self._keep(replace(lot, left=lot.held))

    def put(self, claim: str, item: str, tenths: int) -> None:
        """Open a lot; a debt is repaid from it first."""
        moment = self._moment
        document, _ = calendar_on(self._state.versions, moment.recorded_day)
        due = last_day(document.incentive.expiry, moment.recorded_day)
        repaid = min(tenths, self.wallet.debt)
        lot = Lot(
            moment.seq,
            claim,
            self.holder,
            item,
            amount=tenths,
            left=tenths - repaid,
            held=0,
            posted=moment.recorded_day,
            due=due,
            expires=due,
            state=OPEN if tenths > repaid else USED,
        )
        earlier = self._state.lots.rows().get(lot.key)
        if earlier is None:
            self._state.add("lots", moment.seq, lot)
            if lot.left:
                self._lots[lot.key] = lot
        else:
            # A record that takes back several claims may let another rise more than once.
            both = replace(earlier, amount=earlier.amount + tenths, left=earlier.left + lot.left)
            self._keep(both)
        self._set(replace(self.wallet, debt=self.wallet.debt - repaid))

    def take(self, tenths: int, claims: Collection[str] = NOBODY) -> None:
        """Take points back: from the claims' own lots, then from others; the rest is a debt."""
        own = sorted(self.lots, key=lambda lot: lot.claim not in claims)
        rest = tenths
        for lot in own:
            taken = min(rest, lot.free)
            if taken:
                self._keep(replace(lot, left=lot.left - taken))
                rest -= taken
        self._set(replace(self.wallet, debt=self.wallet.debt + rest))

    def hold(self, tenths: int) -> tuple[Hold, ...]:
        """Hold free points of the lots that expire first; there are enough."""
        holds = []
        for lot in self.lots:
            held = min(tenths, lot.free)
            if held:
                self._keep(replace(lot, held=lot.held + held))
                holds.append(Hold(*lot.key, held))
                tenths -= held
        assert tenths == 0
        return tuple(holds)

    def spend(self, holds: Iterable[Hold]) -> None:
        """Spend held points."""
        for hold in holds:
            lot = self._lots[hold.claim, hold.seq]
            self._post(SPENT, lot, hold.tenths, "spend")
            left, held = lot.left - hold.tenths, lot.held - hold.tenths
            self._keep(replace(lot, left=left, held=held))

    def release(self, holds: Iterable[Hold]) -> None:
        """Let held points go; those of a lot past its last day can be used a while longer."""
        for hold in holds:
            lot = self._lots[hold.claim, hold.seq]
            expires = returned_until(lot, self._moment.recorded_day)
            self._keep(replace(lot, held=lot.held - hold.tenths, expires=expires))
        self.repay()

    def repay(self) -> None:
        """Repay a debt from points that have become free: nothing is free beside a debt."""
        debt = self.wallet.debt
        if debt:
            self._set(replace(self.wallet, debt=0))
            self.take(debt)

    def forgive(self, item: str, month: str, tenths: int) -> int:
        """Return what is to be taken back of a loss: what was never issued is not."""
        withheld = self.wallet.withheld_of(item, month)
        forgiven = min(tenths, withheld)
        self._withhold(item, month, withheld - forgiven)
        return tenths - forgiven

    def withhold(self, item: str, month: str, tenths: int) -> None:
        """Remember points that were earned and that no budget was left for."""
        self._withhold(item, month, self.wallet.withheld_of(item, month) + tenths)

    def take_over(self, other: Purse) -> None:
        """Take all lots, the debt and what was withheld of another purse of the same person."""
        for lot in other.lots:
            self._keep(replace(lot, holder=self.holder))
        for one in other.wallet.withheld:
            self.withhold(*one)
        self._set(replace(self.wallet, debt=self.wallet.debt + other.wallet.debt))
        other.close()
        self.repay()

    def close(self) -> None:
        """Leave nothing behind: everything has gone to another purse."""
        self._lots.clear()
        self._set(replace(self.wallet, debt=0, withheld=()))

    def _withhold(self, item: str, month: str, tenths: int) -> None:
        others = [one for one in self.wallet.withheld if (one.item, one.month) != (item, month)]
        kept = [*others, Withheld(item, month, tenths)] if tenths else others
        self._set(replace(self.wallet, withheld=tuple(sorted(kept))))

    def _post(self, target: str, lot: Lot, tenths: int, kind: str) -> None:
        # No deed stands behind it: its quarter is the one in which it happens.
        quarter = quarter_of(self._moment.recorded_day)
        details = {"item": lot.item, "quarter": quarter, "booked": quarter}
        self._moves.move(wallet(self.holder), target, tenths, kind=kind, **details)

    def _keep(self, lot: Lot) -> None:
        lot = replace(lot, state=OPEN if lot.left else USED)
        self._state.keep("lots", self._moment.seq, lot)
        if lot.left:
            self._lots[lot.key] = lot
        else:
            self._lots.pop(lot.key, None)

    def _set(self, wallet: Wallet) -> None:
        if wallet != self.wallet:
            self._state.keep("wallets", self._moment.seq, wallet)
            self.wallet = wallet
