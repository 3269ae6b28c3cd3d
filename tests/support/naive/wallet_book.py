"""The wallets of domain.md §6.1, computed anew from everything that ever touched one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from jifen_contracts.points import parse_points
from jifen_contracts.scheme.terms import WalletTerms
from tests.support.naive.effect import Effects

BACK_FOR_DAYS = 30

Place = tuple[str, str]


@dataclass(frozen=True)
class Day:
    """When something happened to a wallet, and the terms of that day."""

    seq: int
    day: date
    terms: WalletTerms


@dataclass(frozen=True)
class Counts:
    """F of a set of claims by item and month, and what each of them counts."""

    points: Effects
    claims: Mapping[str, tuple[date, Place, int]]


@dataclass(frozen=True)
class Decided:
    """A decision moved the incentive points of a holder."""

    at: Day
    holder: str
    claim: str
    before: Counts
    after: Counts


@dataclass(frozen=True)
class Reserved:
    at: Day
    holder: str
    redemption: str
    tenths: int


@dataclass(frozen=True)
class Ended:
    """Goods were handed over, or not."""

    at: Day
    holder: str
    redemption: str
    is_fulfilled: bool


@dataclass(frozen=True)
class Joined:
    at: Day
    closed: str
    survivor: str
    theirs: Counts
    own: Counts
    both: Counts


@dataclass(frozen=True)
class Together:
    """One record decided about several claims, one after another."""

    parts: "tuple[Happening, ...]"


Happening = Decided | Reserved | Ended | Joined | Together


@dataclass(frozen=True)
class Moved:
    """What a wallet account gained or lost, and the account on the other side."""

    holder: str
    other: str
    kind: str
    item: str
    month: str
    delta: int


@dataclass
class Lot:
    claim: str
    seq: int
    holder: str
    item: str
    amount: int
    left: int
    due: date
    expires: date
    holds: Counter[str] = field(default_factory=Counter)

    @property
    def free(self) -> int:
        return self.left - sum(self.holds.values())


@dataclass
class Book:
    lots: list[Lot] = field(default_factory=list)
    debts: Counter[str] = field(default_factory=Counter)
    withheld: Counter[tuple[str, Place]] = field(default_factory=Counter)
    issued: Counter[int] = field(default_factory=Counter)
    moved: list[Moved] = field(default_factory=list)
    is_short: bool = False

    @staticmethod
    def after(happenings: Iterable[Happening]) -> "Book":
        book = Book()
        for happening in happenings:
            book.apply(happening)
        return book

    def apply(self, happening: Happening) -> None:
        """`moved` and `is_short` tell what the last of the happenings did."""
        self.moved, self.is_short = [], False
        match happening:
            case Decided():
                self._decided(happening)
            case Reserved():
                self._expire(happening.holder, happening.at)
                for lot in self.open_lots(happening.holder):
                    missing = happening.tenths - self.held_for(happening.redemption)
                    lot.holds[happening.redemption] = min(missing, lot.free)
            case Ended():
                self._ended(happening)
            case Joined():
                self._joined(happening)
            case Together():
                self._together(happening)

    def _together(self, happening: Together) -> None:
        moved, is_short = list[Moved](), False
        for part in happening.parts:
            self.apply(part)
            moved += self.moved
            is_short = is_short or self.is_short
        self.moved, self.is_short = moved, is_short

    # Asked

    def open_lots(self, holder: str) -> list[Lot]:
        mine = [lot for lot in self.lots if lot.holder == holder and lot.left]
        return sorted(mine, key=lambda lot: (lot.expires, lot.seq, lot.claim))

    def available(self, holder: str, day: date) -> int:
        return sum(lot.free for lot in self.open_lots(holder) if day <= lot.expires)

    def held_for(self, redemption: str) -> int:
        return sum(lot.holds[redemption] for lot in self.lots)

    def balance(self, holder: str) -> int:
        return sum(lot.left for lot in self.open_lots(holder)) - self.debts[holder]

    # Done

    def _expire(self, holder: str, at: Day) -> None:
        for lot in self.open_lots(holder):
            if lot.free and at.day > lot.expires:
                self.moved.append(
                    Moved(holder, "expired", "expire", lot.item, f"{at.day:%Y-%m}", -lot.free)
                )
                lot.left -= lot.free

    def _lose(self, holder: str, tenths: int, claims: set[str]) -> None:
        lots = self.open_lots(holder)
        own = [lot for lot in lots if lot.claim in claims]
        for lot in (*own, *(lot for lot in lots if lot not in own)):
            taken = min(tenths, lot.free)
            lot.left -= taken
            tenths -= taken
        self.debts[holder] += tenths

    def _gain(self, holder: str, at: Day, claim: str, item: str, tenths: int) -> None:
        due = _last_day(at)
        repaid = min(self.debts[holder], tenths)
        self.debts[holder] -= repaid
        self.lots.append(Lot(claim, at.seq, holder, item, tenths, tenths - repaid, due, due))

    def _decided(self, what: Decided) -> None:
        holder, at = what.holder, what.at
        changes = _differences(what.before.points, what.after.points)
        losses, gains = {}, {}
        for place, change in sorted(changes.items()):
            if change < 0:
                losses[place] = -change - self._forgiven(holder, place, -change)
            else:
                gains[place] = self._within_budget(at, change)
                self.withheld[holder, place] += change - gains[place]
                self.is_short = self.is_short or gains[place] < change
        if any(losses.values()) or any(gains.values()):
            self._expire(holder, at)
        for (item, month), tenths in losses.items():
            self._lose(holder, tenths, _moved_claims(what, (item, month), sign=-1))
            self.moved.append(Moved(holder, "reversed:inc", "reversal", item, month, -tenths))
        for (item, month), tenths in gains.items():
            risen = _moved_claims(what, (item, month), sign=1)
            order = sorted(risen, key=lambda name: (*what.after.claims[name][:1], name))
            claim = what.claim if what.claim in risen else order[0]
            self.moved.append(Moved(holder, f"issue:{item}:inc", "award", item, month, tenths))
            if tenths:
                self._gain(holder, at, claim, item, tenths)

    def _forgiven(self, holder: str, place: Place, tenths: int) -> int:
        """What was never issued is not taken back."""
        forgiven = min(tenths, self.withheld[holder, place])
        self.withheld[holder, place] -= forgiven
        return forgiven

    def _within_budget(self, at: Day, tenths: int) -> int:
        budget = at.terms.year_budget
        if budget is not None:
            tenths = min(tenths, max(0, parse_points(budget) - self.issued[at.day.year]))
        self.issued[at.day.year] += tenths
        return tenths

    def _ended(self, what: Ended) -> None:
        self._expire(what.holder, what.at)
        for lot in self.lots:
            tenths = lot.holds.pop(what.redemption, 0)
            if tenths and what.is_fulfilled:
                lot.left -= tenths
                month = f"{what.at.day:%Y-%m}"
                self.moved.append(Moved(what.holder, "spent", "spend", lot.item, month, -tenths))
            elif tenths and what.at.day > lot.due:
                lot.expires = max(lot.expires, what.at.day + timedelta(days=BACK_FOR_DAYS))
        self._settle_debt(what.holder)

    def _settle_debt(self, holder: str) -> None:
        """Free points and a debt do not stand beside each other."""
        debt, self.debts[holder] = self.debts[holder], 0
        self._lose(holder, debt, set())

    def _joined(self, what: Joined) -> None:
        closed, survivor = what.closed, what.survivor
        kept_back = any(self.withheld[closed, place] for place in what.theirs.points)
        is_empty = not (self.open_lots(closed) or self.debts[closed] or kept_back)
        if not what.theirs.points and is_empty:
            return
        for holder in (closed, survivor):
            self._expire(holder, what.at)
        balance = self.balance(closed) + self.balance(survivor)
        earned = {who: self._earned(who, what) for who in (closed, survivor)}
        used = sum(earned[closed].values()) - self.balance(closed)
        for lot in self.lots:
            lot.holder = survivor if lot.holder == closed else lot.holder
        self.debts[survivor] += self.debts.pop(closed, 0)
        for (holder, place), tenths in list(self.withheld.items()):
            if holder == closed:
                self.withheld[survivor, place] += tenths
                self.withheld[closed, place] = 0
        self._settle_debt(survivor)
        self._count_together(what)
        after = {
            place: value - self.withheld[survivor, place]
            for place, value in what.both.points.items()
        }
        for (item, month), tenths in _differences(earned[closed], {}).items():
            self._moved_by_join(closed, item, month, tenths)
        for (item, month), tenths in _differences(earned[survivor], after).items():
            self._moved_by_join(survivor, item, month, tenths)
        self.moved.append(Moved(survivor, f"wallet:{closed}", "join", "", "", -used))
        change = sum(tenths.delta for tenths in self.moved if tenths.other.endswith(":inc"))
        assert self.balance(survivor) == balance + change

    def _earned(self, holder: str, what: Joined) -> Effects:
        points = what.theirs.points if holder == what.closed else what.own.points
        return {place: value - self.withheld[holder, place] for place, value in points.items()}

    def _count_together(self, what: Joined) -> None:
        before = Counter(what.theirs.points)
        before.update(what.own.points)
        counted = {**what.theirs.claims, **what.own.claims}
        for place, change in sorted(_differences(before, what.both.points).items()):
            here = {name for name, one in what.both.claims.items() if one[1] == place}
            if change < 0:
                fallen = {name for name in here if what.both.claims[name][2] < counted[name][2]}
                loss = -change - self._forgiven(what.survivor, place, -change)
                self._lose(what.survivor, loss, fallen)
            else:
                last = max(here, key=lambda name: (what.both.claims[name][0], name))
                self._gain(what.survivor, what.at, last, place[0], change)

    def _moved_by_join(self, holder: str, item: str, month: str, tenths: int) -> None:
        kind = "release" if tenths > 0 else "absorb"
        self.moved.append(Moved(holder, f"issue:{item}:inc", kind, item, month, tenths))


def _differences(before: Mapping[Place, int], after: Mapping[Place, int]) -> Effects:
    places = sorted(before.keys() | after.keys())
    found = {place: after.get(place, 0) - before.get(place, 0) for place in places}
    return {place: delta for place, delta in found.items() if delta}


def _moved_claims(what: Decided, place: Place, *, sign: int) -> set[str]:
    """The claims of the item and month that count more (or less) than before."""
    before, after = what.before.claims, what.after.claims
    found = set()
    for name in before.keys() | after.keys():
        here = (after if name in after else before)[name][1]
        was, now = (claims[name][2] if name in claims else 0 for claims in (before, after))
        # A claim that only now counts, or no longer, moved even if it counted nothing.
        is_new = sign > 0 and name not in before
        is_gone = sign < 0 and name not in after
        if here == place and (is_new or is_gone or (now - was) * sign > 0):
            found.add(name)
    return found


def _last_day(at: Day) -> date:
    expiry = at.terms.expiry
    if f"{at.day:%m-%d}" >= expiry.if_posted_from:
        return date.fromisoformat(f"{at.day.year + 1}-{expiry.then}")
    last = date.fromisoformat(f"{at.day.year}-{expiry.month_day}")
    return last if last >= at.day else last.replace(year=last.year + 1)
