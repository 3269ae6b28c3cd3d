"""The naive ledger: one message in, one record out."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.content import content_hash
from jifen_contracts.events import FOLDED_TYPES, UnknownType, Unreadable, read_event
from jifen_contracts.scheme.terms import WalletTerms
from jifen_contracts.times import instant_ms
from tests.support.naive import register_rules as rules
from tests.support.naive import shop_rules as shop
from tests.support.naive.absence_rules import absence_recorded
from tests.support.naive.claim_rules import Change, ClaimRules
from tests.support.naive.concern_rules import check_concern
from tests.support.naive.effect import figures
from tests.support.naive.facts import Claim, Fact, Refused, refuse_if
from tests.support.naive.moves import Posting, postings, wallet_moves
from tests.support.naive.objection_rules import Filed, ObjectionRules
from tests.support.naive.period_rules import PeriodRules
from tests.support.naive.registers import Registers
from tests.support.naive.reopening import reopened
from tests.support.naive.wallet_book import Book, Day, Happening
from tests.support.purses import Purse, PursedLot

AHEAD_MS_MAX = 5 * 60 * 1000
POSTINGS_MAX = 256
POSTINGS_BYTES_MAX = 49_152

# Rules that only say whether a fact is accepted.
REGISTER_RULES: Mapping[str, Callable[[Registers, Fact], None]] = {
    "jifen.unit.registered.v1": rules.unit_registered,
    "jifen.member.assigned.v1": rules.member_assigned,
    "jifen.member.left.v1": rules.member_left,
    "jifen.absence.recorded.v1": absence_recorded,
    "jifen.panel.formed.v1": rules.panel_formed,
    "jifen.offer.listed.v1": shop.offer_listed,
    "jifen.concern.raised.v1": check_concern,
    "jifen.concern.assigned.v1": check_concern,
    "jifen.concern.resolved.v1": check_concern,
    "jifen.concern.confirmed.v1": check_concern,
}

Scores = tuple[int, int, int, int, int, int | None]


@dataclass(frozen=True)
class NaiveRecord:
    seq: int
    status: str
    code: str | None = None
    refers_to: int | None = None
    notices: tuple[str, ...] = ()
    postings: tuple[Posting, ...] = ()


class NaiveLedger:
    """Keeps every accepted fact and every record, and computes all else from them."""

    def __init__(self, scheme: str) -> None:
        self.registers = Registers(scheme)
        self.records: list[NaiveRecord] = []
        self.claims: dict[str, Claim] = {}
        self.filed: dict[str, Filed] = {}
        self.happenings: list[Happening] = []
        self._first: dict[tuple[str, str], tuple[int, bytes]] = {}
        self._is_live = False

    def fork(self) -> "NaiveLedger":
        """A ledger with the same past, so that many futures can be tried."""
        other = NaiveLedger(self.registers.scheme)
        other.registers.facts = list(self.registers.facts)
        other.registers.documents = list(self.registers.documents)
        other.records = list(self.records)
        other.claims = dict(self.claims)
        other.filed = dict(self.filed)
        other.happenings = list(self.happenings)
        other._first = dict(self._first)
        other._is_live = self._is_live
        return other

    def receive(self, payload: bytes) -> NaiveRecord:
        record = self._record(payload, len(self.records) + 1)
        self.records.append(record)
        return record

    def balances(self) -> dict[str, int]:
        """Every account that was ever posted to, with the sum of its postings."""
        totals: Counter[str] = Counter()
        for record in self.records:
            for posting in record.postings:
                totals[posting["account"]] += posting["delta"]
        return dict(sorted(totals.items()))

    def scores(self, holder: str, capacity: str, quarter: str) -> Scores:
        """Base earned, base applicable, bonus, excess, deductions, score (None: not scored)."""
        mine = [claim for claim in self.claims.values() if claim.holder == holder]
        verified = [claim for claim in mine if claim.state == "verified"]
        found = figures(verified, capacity, quarter)
        return (
            found.base_earned,
            found.base_applicable,
            found.bonus,
            found.excess,
            found.deductions,
            found.score,
        )

    def wallet(self, holder: str, day: str) -> Purse:
        book = Book.after(self.happenings)
        lots = [
            PursedLot(lot.claim, lot.left, lot.left - lot.free, lot.expires.isoformat())
            for lot in book.open_lots(holder)
        ]
        free = book.available(holder, date.fromisoformat(day))
        return Purse(book.debts[holder], free, tuple(lots))

    def claim(self, claim_id: str) -> Claim:
        return self.claims[claim_id]

    def _record(self, payload: bytes, seq: int) -> NaiveRecord:
        try:
            event = read_event(payload, self.registers.scheme)
        except Unreadable as unreadable:
            return NaiveRecord(seq, "refused", str(unreadable.code))
        if event.type not in FOLDED_TYPES:
            raise UnknownType(event.type)
        fact = MappingProxyType(decode(payload))
        hashed = content_hash(fact)
        first_seq, first_hash = self._first.setdefault((event.source, event.id), (seq, hashed))
        was_live = self._is_live
        self._is_live = was_live or "importedtime" not in fact
        if first_seq < seq and first_hash == hashed:
            return NaiveRecord(seq, "duplicate", refers_to=first_seq)
        try:
            if first_seq < seq:
                raise Refused("conflicting_duplicate", first_seq)  # noqa: TRY301
            refuse_if("importedtime" in fact and was_live, "history_closed")
            ahead = instant_ms(event.time) - instant_ms(event.recordedtime)
            refuse_if(ahead > AHEAD_MS_MAX, "in_future")
            return self._accept(fact, seq)
        except Refused as refused:
            return NaiveRecord(seq, "refused", refused.code, refused.refers_to)

    def _accept(self, fact: Fact, seq: int) -> NaiveRecord:
        at = self._day(fact, seq)
        change = self._change(fact, at)
        book = Book.after(self.happenings)
        happening = change.touched(at) if change.touched else None
        if happening:
            book.apply(happening)
        is_of_claims = fact["data"].keys() & {"claim", "concern"}
        about = change.claims[0] if is_of_claims and len(change.claims) == 1 else None
        happened = book.moved if happening else ()
        moves = [*change.moves, *wallet_moves(happened, change.bookings)]
        posted = postings(moves, about)
        is_too_much = len(posted) > POSTINGS_MAX or len(canonical(posted)) > POSTINGS_BYTES_MAX
        refuse_if(is_too_much, "too_many_postings")
        self.registers.facts.append(fact)
        self.claims |= {claim.id: claim for claim in change.claims}
        self.filed |= {one.id: one for one in change.filed}
        self.happenings += [happening] if happening else []
        status = "posted" if posted else "recorded"
        short = {"budget_exhausted"} if happening and book.is_short else set[str]()
        notices = tuple(sorted(change.notices | short))
        return NaiveRecord(seq, status, notices=notices, postings=tuple(posted))

    def _day(self, fact: Fact, seq: int) -> Day:
        day = self.registers.local_day(fact["recordedtime"])
        documents = self.registers.documents
        terms = self.registers.calendar_document(day).incentive if documents else WalletTerms()
        return Day(seq, day, terms)

    def _change(self, fact: Fact, at: Day) -> Change:
        claim_rules = ClaimRules(self.registers, self.claims, self.filed)
        objection_rules = ObjectionRules(self.registers, self.claims, self.filed)
        match fact["type"]:
            case "jifen.scheme.published.v1":
                self.registers.documents.append(rules.scheme_published(self.registers, fact))
            case "jifen.member.enrolled.v1":
                rules.member_enrolled(self.registers, fact)
                if "same_as" in fact["data"]:
                    return claim_rules.joined(fact["subject"], fact["data"]["same_as"])
            case "jifen.shares.declared.v1":
                rules.shares_declared(self.registers, fact, self.claims)
            case "jifen.points.earned.v1":
                return claim_rules.earned(fact)
            case "jifen.points.reviewed.v1":
                return claim_rules.reviewed(fact)
            case "jifen.points.reversed.v1":
                return claim_rules.reversed(fact)
            case "jifen.period.advanced.v1":
                PeriodRules(self.registers, self.claims, self.filed).advanced(fact)
            case "jifen.objection.filed.v1" | "jifen.objection.decided.v1" as step:
                is_new = step == "jifen.objection.filed.v1"
                tell = objection_rules.file if is_new else objection_rules.decided
                return Change(filed=(tell(fact),))
            case "jifen.concern.reopened.v1":
                check_concern(self.registers, fact)
                return reopened(claim_rules, fact)
            case redeems if redeems.startswith("jifen.redemption."):
                happening = shop.redeemed(self.registers, fact, at, self.happenings)
                return Change(touched=lambda _: happening)
            case other:
                REGISTER_RULES[other](self.registers, fact)
        return Change()
