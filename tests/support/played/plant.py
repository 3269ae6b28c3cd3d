"""A plant that is played: what was sent to its ledger, and what the fold made of each message."""

from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from jifen_contracts.canonical import decode
from jifen_contracts.periods import months_of, next_quarter
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.outcome import Record
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.quarter_duties import missing_facts
from jifen_ledger.domain.score import NO_FIGURES, Figures
from jifen_ledger.domain.state import State
from tests.support.builders import assigned, enrolled, panel, shares, world
from tests.support.folded import FoldedLedger
from tests.support.naive import NaiveLedger
from tests.support.naive.beginnings import taken
from tests.support.organisation import absent
from tests.support.people import (
    ANNA,
    BO,
    BRANCH_X,
    BRANCH_Y,
    CHEN,
    COMMITTEE,
    LEADER,
    PANEL_X,
    RECORDER,
    SCHEME,
    SECRETARY,
)
from tests.support.shop import offered
from tests.support.stored import Fields, changed, told

STRANGER = "m-stranger"  # of branch Y, without any part in branch X
BEGUN = datetime(2023, 7, 20, 12)  # noqa: DTZ001 - local time, as the builders take it
SPLIT = {ANNA: 50, BO: 30, COMMITTEE: 20}
# Postings of a wallet behind which no claim stands.
USED_UP = ("spend", "expire")
# Who of the panel must step back, and from whose claims.
PAIR = (PANEL_X[0], BO)


def beginning() -> list[bytes]:
    """The small world, with what its people's deeds may rest on."""
    return [
        *world(),
        enrolled(STRANGER),
        assigned(STRANGER, "member", BRANCH_Y),
        assigned(COMMITTEE, "helper", SCHEME, of=[BO, CHEN]),
        assigned(COMMITTEE, "delegate", BRANCH_Y),
        assigned(LEADER, "mentor", BRANCH_X, of=[CHEN]),
        panel(recusals=[PAIR], name="pl-pair"),
        shares("pj-wax", SPLIT, organisers=[COMMITTEE, SECRETARY], by=RECORDER),
        offered(price="5", stock=1000, per_member=100),
        # A waiver has room for 300 facts; of these people none is due.
        *(absent(one, "2023-01-01", "2025-01-01", kind="study") for one in PANEL_X[:3]),
    ]


@cache
def _begun() -> tuple[FoldedLedger, NaiveLedger]:
    ledgers = FoldedLedger(SCHEME), NaiveLedger(SCHEME)
    for ledger in ledgers:
        taken(ledger, beginning())
    return ledgers


def begun() -> tuple[FoldedLedger, NaiveLedger]:
    """The fold and the model, both fresh, after `beginning()`."""
    fold, model = _begun()
    return fold.fork(), model.fork()


Standing = tuple[str, int]


def _standing(period: Period | None) -> Standing:
    return ("open", 0) if period is None else (str(period.state), period.revision)


class Plant:
    """Takes in events in time order, and adds up what they moved."""

    def __init__(self) -> None:
        self.fold, _ = begun()
        self.history: list[bytes] = []
        self.records: list[Record] = []
        self.clock = BEGUN
        self.numbers = count()
        self.balances = Counter[str]()
        # What claims moved: (account, item, deed quarter).
        self.moved = Counter[tuple[str, str, str]]()
        self.claimed: dict[str, bytes] = {}
        # Second records of somebody, whose record was joined into whose, and who was erased.
        self.seconds: list[str] = []
        self.closed: dict[str, str] = {}
        self.erased: set[str] = set()
        self.published: dict[tuple[str, str, int], Bulletin] = {}
        # Bulletins whose lines have been compared with their sheets.
        self.read: set[tuple[str, str, int]] = set()
        # From where to where quarters moved, each with its revision.
        self.steps: list[tuple[Standing, Standing]] = []

    @property
    def state(self) -> State:
        return self.fold.state

    @property
    def today(self) -> date:
        return self.clock.date()

    def now(self, minutes: int = 7) -> str:
        """A recorded time a little after the last one."""
        self.clock += timedelta(minutes=minutes)
        return self.clock.isoformat()[:16]

    def ago(self, days: int) -> str:
        return (self.today - timedelta(days=days)).isoformat()

    def named(self, kind: str) -> str:
        return f"{kind}-{next(self.numbers)}"

    def take(self, payload: bytes) -> str | None:
        """The code with which the event was refused; None where it was accepted."""
        before, owed = dict(self.state.periods.rows()), self._debts()
        figures = dict(self.state.figures.rows())
        record = self.fold.fold(payload)
        self.history.append(payload)
        self.records.append(record)
        for one in record.postings:
            self.balances[one.account] += one.delta
            if one.kind and one.kind not in USED_UP:
                self.moved[one.account, one.item, one.quarter] += one.delta
        if record.outcome.code is not None:
            return record.outcome.code.value
        if record.envelope and record.envelope.type == "jifen.points.earned.v1" and record.first:
            self.claimed.setdefault(record.claim, payload)
        self._check_booked(record)
        self._check_listed(record, figures)
        # Invariant 12: only a reversal leaves a debt, whatever is spent or given back.
        if record.envelope and record.envelope.type.startswith("jifen.redemption."):
            assert self._debts() <= owed, payload
        moved = [key for key, now in self.state.periods.rows().items() if before.get(key) != now]
        self.steps += [(_standing(before.get(key)), self.stands(*key)) for key in moved]
        return None

    def _debts(self) -> Counter[str]:
        wallets = self.state.wallets.rows().values()
        return Counter({wallet.holder: wallet.debt for wallet in wallets if wallet is not None})

    def refuses(self, payload: bytes, *codes: str) -> None:
        """The event is refused by one of the codes, and nothing of it is left."""
        before = self.balances.copy(), dict(self.state.claims.rows())
        code = self.take(payload)
        assert code in codes, (code, codes, payload)
        assert (self.balances, dict(self.state.claims.rows())) == before

    def claim(self, name: str) -> Claim:
        found = self.state.claims.get(name)
        assert found is not None
        return found

    def told_again(self, name: str) -> bytes:
        """What told of the claim, under the id by which its holder goes today."""
        payload, holder = self.claimed[name], self.claim(name).holder
        said: Any = decode(payload)
        if said["subject"] == holder:
            return payload
        by = holder if said["data"].get("by") == said["subject"] else said["data"].get("by")
        return changed(told(payload, by=by), subject=holder)

    def stands(self, branch: str, quarter: str) -> Standing:
        """Where the quarter of a branch stands, and its last revision."""
        return _standing(self.state.periods.get((branch, quarter)))

    def waiver(self, branch: str, quarter: str) -> Fields:
        """A waiver of everything that the quarter lacks."""
        lacking = missing_facts(self.state, branch, quarter, ())
        facts = sorted({(one.holder, one.item, one.period) for one in lacking})
        return {
            "facts": [{"holder": one[0], "item": one[1], "period": one[2]} for one in facts],
            "assessments": [{"holder": branch, "month": month} for month in months_of(quarter)],
            "reason": "trial",
        }

    def _check_booked(self, record: Record) -> None:
        """A movement is booked in the first quarter, from the deed's on, that is not published."""
        for one in record.postings:
            if one.kind and record.claim and one.quarter:
                branch = self.claim(record.claim).branch
                quarter = one.quarter
                while self.stands(branch, quarter)[1]:
                    quarter = next_quarter(quarter)
                own = (one.item, one.quarter) == (record.item, record.quarter)
                assert not own or (one.booked or one.quarter) == quarter, (one, quarter)

    def _check_listed(self, record: Record, before: dict[Any, Figures]) -> None:
        """Whatever moves the figures of a published quarter will be listed as an adjustment."""
        if not record.claim or not self.stands(self.claim(record.claim).branch, record.quarter)[1]:
            return
        listed = {
            (one.holder, one.capacity, one.quarter)
            for one in self.state.adjustments.rows().values()
            if one is not None and one.seq == record.seq
        }
        own = (self.claim(record.claim).holder, record.quarter)
        for key, figures in self.state.figures.rows().items():
            was = before.get(key, NO_FIGURES)
            if (key[0], key[2]) == own and _sums(figures) != _sums(was):
                assert key in listed, key


def _sums(figures: Figures) -> tuple[int, ...]:
    return figures.earned, figures.applicable, figures.bonus, figures.deductions, figures.severe
