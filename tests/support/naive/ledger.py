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
from tests.support.naive.assessment_rules import assessment_submitted
from tests.support.naive.award_rules import award_granted, award_revoked
from tests.support.naive.claim_rules import Change, ClaimRules
from tests.support.naive.concern_rules import check_concern
from tests.support.naive.effect import figures
from tests.support.naive.facts import Claim, Fact, Refused, refuse_if
from tests.support.naive.grade_rules import grade_decided
from tests.support.naive.moves import Posting, postings, wallet_moves
from tests.support.naive.objection_rules import Filed, ObjectionRules
from tests.support.naive.period_rules import PeriodRules
from tests.support.naive.person_rules import check_not_erased, log_continued, person_erased
from tests.support.naive.publishing import Frozen, Late, frozen_now, late_decisions
from tests.support.naive.publishing import published_score as score_told
from tests.support.naive.quarters import Quarter
from tests.support.naive.registers import Registers
from tests.support.naive.reopening import reopened
from tests.support.naive.veto_rules import is_zeroed, veto_imposed, veto_lifted
from tests.support.naive.wallet_book import Book, Day, Happening
from tests.support.purses import Purse, PursedLot

AHEAD_MS_MAX = 5 * 60 * 1000
POSTINGS_MAX = 256
POSTINGS_BYTES_MAX = 49_152

# Rules that only say whether a fact is accepted, and with which notices.
REGISTER_RULES: Mapping[str, Callable[[Registers, Fact], frozenset[str] | None]] = {
    "jifen.unit.registered.v1": rules.unit_registered,
    "jifen.member.assigned.v1": rules.member_assigned,
    "jifen.member.left.v1": rules.member_left,
    "jifen.absence.recorded.v1": absence_recorded,
    "jifen.assessment.submitted.v1": assessment_submitted,
    "jifen.panel.formed.v1": rules.panel_formed,
    "jifen.offer.listed.v1": shop.offer_listed,
    "jifen.veto.imposed.v1": veto_imposed,
    "jifen.veto.lifted.v1": veto_lifted,
    "jifen.award.granted.v1": award_granted,
    "jifen.award.revoked.v1": award_revoked,
    "jifen.person.erased.v1": person_erased,
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
        self.frozen: list[Frozen] = []
        self.late: list[Late] = []
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
        other.frozen, other.late = list(self.frozen), list(self.late)
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
        zeroed = found.score is not None and is_zeroed(self.registers, holder, quarter)
        return (
            found.base_earned,
            found.base_applicable,
            found.bonus,
            found.excess,
            found.deductions,
            0 if zeroed else found.score,
        )

    def published_score(self, holder: str, capacity: str, quarter: str) -> int | None:
        """What a published year counts of the quarter."""
        return score_told(self.registers, self.frozen, (holder, capacity, quarter))

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
        after = self.claims | {claim.id: claim for claim in change.claims}
        if about is not None and self._counts(about) != self._counts(self.claims.get(about.id)):
            self.late += late_decisions(self.registers, about, self.claims, after)
        self.registers.facts.append(fact)
        self.claims = after
        self.filed |= {one.id: one for one in change.filed}
        self.happenings += [happening] if happening else []
        self._freeze(fact)
        status = "posted" if posted else "recorded"
        short = {"budget_exhausted"} if happening and book.is_short else set[str]()
        notices = tuple(sorted(change.notices | short))
        return NaiveRecord(seq, status, notices=notices, postings=tuple(posted))

    @staticmethod
    def _counts(claim: Claim | None) -> bool:
        return claim is not None and claim.state == "verified"

    def _freeze(self, fact: Fact) -> None:
        """Keep what was just published, if anything."""
        if fact["type"] != "jifen.period.advanced.v1":
            return
        branch, name = fact["subject"], fact["data"]["period"]
        bulletins = Quarter(self.registers, branch, name).bulletins
        if bulletins and bulletins[-1][1] is fact:
            self.frozen.append(frozen_now(self.registers, branch, name, self.claims, self.late))

    def _day(self, fact: Fact, seq: int) -> Day:
        day = self.registers.local_day(fact["recordedtime"])
        documents = self.registers.documents
        terms = self.registers.calendar_document(day).incentive if documents else WalletTerms()
        return Day(seq, day, terms)

    def _change(self, fact: Fact, at: Day) -> Change:
        if fact["type"] in REGISTER_RULES:
            notices = REGISTER_RULES[fact["type"]](self.registers, fact)
            return Change(notices=notices or frozenset())
        return CHANGES[fact["type"]](self, fact, at) or Change()

    @property
    def claim_rules(self) -> ClaimRules:
        return ClaimRules(self.registers, self.claims, self.filed)

    @property
    def objection_rules(self) -> ObjectionRules:
        return ObjectionRules(self.registers, self.claims, self.filed)


def _published(own: NaiveLedger, fact: Fact, _: Day) -> None:
    own.registers.documents.append(rules.scheme_published(own.registers, fact))


def _enrolled(own: NaiveLedger, fact: Fact, _: Day) -> Change | None:
    rules.member_enrolled(own.registers, fact)
    check_not_erased(own.registers, fact["subject"], fact["data"].get("same_as"))
    if "same_as" not in fact["data"]:
        return None
    return own.claim_rules.joined(fact["subject"], fact["data"]["same_as"])


def _advanced(own: NaiveLedger, fact: Fact, _: Day) -> None:
    PeriodRules(own.registers, own.claims, own.filed).advanced(fact)


def _reopened(own: NaiveLedger, fact: Fact, _: Day) -> Change:
    check_concern(own.registers, fact)
    return reopened(own.claim_rules, fact)


def _redeemed(own: NaiveLedger, fact: Fact, at: Day) -> Change:
    happening = shop.redeemed(own.registers, fact, at, own.happenings)
    return Change(touched=lambda _: happening)


# Rules that look at claims, or change more than the list of facts.
CHANGES: Mapping[str, Callable[[NaiveLedger, Fact, Day], Change | None]] = {
    "jifen.scheme.published.v1": _published,
    "jifen.member.enrolled.v1": _enrolled,
    "jifen.log.continued.v1": lambda own, *_: log_continued(len(own.records) + 1),
    "jifen.grade.decided.v1": lambda own, fact, _: grade_decided(own.registers, fact, own.claims),
    "jifen.shares.declared.v1": lambda own, fact, _: rules.shares_declared(
        own.registers, fact, own.claims
    ),
    "jifen.points.earned.v1": lambda own, fact, _: own.claim_rules.earned(fact),
    "jifen.points.reviewed.v1": lambda own, fact, _: own.claim_rules.reviewed(fact),
    "jifen.points.reversed.v1": lambda own, fact, _: own.claim_rules.reversed(fact),
    "jifen.period.advanced.v1": _advanced,
    "jifen.objection.filed.v1": lambda own, fact, _: Change(
        filed=(own.objection_rules.file(fact),)
    ),
    "jifen.objection.decided.v1": lambda own, fact, _: Change(
        filed=(own.objection_rules.decided(fact),)
    ),
    "jifen.concern.reopened.v1": _reopened,
    "jifen.redemption.reserved.v1": _redeemed,
    "jifen.redemption.fulfilled.v1": _redeemed,
    "jifen.redemption.cancelled.v1": _redeemed,
}
