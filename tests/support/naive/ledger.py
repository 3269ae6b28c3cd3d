"""The naive ledger: one message in, one record out."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jifen_contracts.canonical import canonical, decode
from jifen_contracts.content import content_hash
from jifen_contracts.events import FOLDED_TYPES, UnknownType, Unreadable, read_event
from jifen_contracts.times import instant_ms
from tests.support.naive import register_rules as rules
from tests.support.naive.absence_rules import absence_recorded
from tests.support.naive.award_rules import award_granted, award_revoked
from tests.support.naive.claim_rules import Change, ClaimRules
from tests.support.naive.effect import figures
from tests.support.naive.facts import Claim, Fact, Refused, refuse_if
from tests.support.naive.grade_rules import grade_decided
from tests.support.naive.moves import Posting, postings
from tests.support.naive.objection_rules import Filed, ObjectionRules
from tests.support.naive.period_rules import PeriodRules
from tests.support.naive.person_rules import check_not_erased, log_continued, person_erased
from tests.support.naive.registers import Registers
from tests.support.naive.veto_rules import is_zeroed, veto_imposed, veto_lifted

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
    "jifen.veto.imposed.v1": veto_imposed,
    "jifen.veto.lifted.v1": veto_lifted,
    "jifen.award.granted.v1": award_granted,
    "jifen.award.revoked.v1": award_revoked,
    "jifen.person.erased.v1": person_erased,
}
# The same, by what became of the claims.
RULES_WITH_CLAIMS: Mapping[str, Callable[[Registers, Fact, Mapping[str, Claim]], None]] = {
    "jifen.shares.declared.v1": rules.shares_declared,
    "jifen.grade.decided.v1": grade_decided,
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
        change = self._change(fact)
        posted = postings(change.moves)
        is_too_much = len(posted) > POSTINGS_MAX or len(canonical(posted)) > POSTINGS_BYTES_MAX
        refuse_if(is_too_much, "too_many_postings")
        self.registers.facts.append(fact)
        self.claims |= {claim.id: claim for claim in change.claims}
        self.filed |= {one.id: one for one in change.filed}
        status = "posted" if posted else "recorded"
        notices = tuple(sorted(change.notices))
        return NaiveRecord(seq, status, notices=notices, postings=tuple(posted))

    def _change(self, fact: Fact) -> Change:
        claim_rules = ClaimRules(self.registers, self.claims, self.filed)
        objection_rules = ObjectionRules(self.registers, self.claims, self.filed)
        match fact["type"]:
            case "jifen.scheme.published.v1":
                self.registers.documents.append(rules.scheme_published(self.registers, fact))
            case "jifen.member.enrolled.v1":
                rules.member_enrolled(self.registers, fact)
                check_not_erased(self.registers, fact["subject"], fact["data"].get("same_as"))
                if "same_as" in fact["data"]:
                    return claim_rules.joined(fact["subject"], fact["data"]["same_as"])
            case "jifen.log.continued.v1":
                log_continued(len(self.records) + 1)
            case name if name in RULES_WITH_CLAIMS:
                RULES_WITH_CLAIMS[name](self.registers, fact, self.claims)
            case "jifen.points.earned.v1":
                return claim_rules.earned(fact)
            case "jifen.points.reviewed.v1":
                return claim_rules.reviewed(fact)
            case "jifen.points.reversed.v1":
                return claim_rules.reversed(fact)
            case "jifen.period.advanced.v1":
                PeriodRules(self.registers, self.claims, self.filed).advanced(fact)
            case "jifen.objection.filed.v1":
                return Change(filed=(objection_rules.file(fact),))
            case "jifen.objection.decided.v1":
                return Change(filed=(objection_rules.decided(fact),))
            case other:
                REGISTER_RULES[other](self.registers, fact)
        return Change()
