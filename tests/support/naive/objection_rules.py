"""What is accepted of objections, complaints, statements and re-checks, and of their answers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from jifen_contracts.periods import end_day, next_quarter
from tests.support.naive.facts import OPEN, Claim, Fact, Refused, refuse_if
from tests.support.naive.quarters import Quarter
from tests.support.naive.registers import Registers
from tests.support.naive.rights import Rights


@dataclass(frozen=True)
class Filed:
    """What was filed, and its answer; `place` is the branch and quarter that answer for it."""

    id: str
    subject: str
    kind: str
    claim: str | None
    place: tuple[str, str]
    by: str | None
    at: int
    state: str = "open"
    decision: str | None = None
    corrects: tuple[str, ...] = ()


def pending_corrections(filed: Iterable[Filed], claims: Mapping[str, Claim]) -> set[str]:
    """The claims that upheld objections want reversed."""
    upheld = [one for one in filed if one.decision in ("upheld", "partly")]
    return {name for one in upheld for name in one.corrects if claims[name].state != "reversed"}


def has_answered(filed: Iterable[Filed], registers: Registers, claim: str) -> bool:
    """Whether the holder made a statement since the claim was last stated."""
    stated = [
        place
        for place, fact in enumerate(registers.facts)
        if fact["type"] == "jifen.points.earned.v1" and fact["data"]["claim"] == claim
    ]
    answers = [one.at for one in filed if one.kind == "statement" and one.claim == claim]
    return any(at > stated[-1] for at in answers)


class AtPlace(Rights):
    """Rights over a claim in the branch that has accounted for it, whatever was corrected since."""

    @property
    def home(self) -> str | None:
        return self.claim.branch


@dataclass(frozen=True)
class ObjectionRules:
    registers: Registers
    claims: Mapping[str, Claim]
    filed: Mapping[str, Filed]

    def file(self, fact: Fact) -> Filed:
        data, about = fact["data"], fact["data"]["about"]
        refuse_if(data["objection"] in self.filed, "already_exists")
        day = self.registers.local_day(fact["recordedtime"])
        if "claim" in about:
            claim = self.claims.get(about["claim"])
            refuse_if(claim is None or claim.holder != fact["subject"], "unknown_claim")
            assert claim is not None
            place = self._about_claim(claim, data, day)
        else:
            subject = fact["subject"]
            is_known = self.registers.is_member(subject) or self.registers.is_unit(subject)
            refuse_if(not is_known or not self.registers.is_unit(about["unit"]), "unknown_unit")
            place = self._about_quarter(about, data, day)
        return Filed(
            data["objection"],
            fact["subject"],
            data["kind"],
            about.get("claim"),
            place,
            data.get("by"),
            len(self.registers.facts),
            state="noted" if data["kind"] == "statement" else "open",
        )

    def _about_claim(self, claim: Claim, data: Fact, day: date) -> tuple[str, str]:
        assert claim.branch is not None
        place = (claim.branch, claim.quarter)
        if data["kind"] == "statement":
            refuse_if(data.get("by") not in self._voices(claim, data, day), "not_permitted")
            is_deduction = any(worth.kind == "deduct" for worth in claim.worth.values())
            is_waiting = claim.state in ("claimed", "preliminary")
            refuse_if(not (is_deduction and is_waiting), "wrong_state")
        if data["kind"] == "sample":
            refuse_if(data.get("by") not in self._upper(claim.branch, day), "not_permitted")
            refuse_if(claim.state != "verified", "wrong_state")
        if data["kind"] == "objection":
            return claim.branch, self._questioned(claim, day)
        return place

    def _voices(self, claim: Claim, data: Fact, day: date) -> set[str]:
        if self.registers.is_unit(claim.holder):
            roles = ("secretary", "committee", "recorder", "group_leader")
            return self._open(self.registers.holders(claim.holder, day, *roles))
        by = data.get("by")
        return {by} if by and self.registers.identity(by) == claim.holder else set()

    def _upper(self, branch: str, day: date) -> set[str]:
        return self._open(upper_of(self.registers, branch, day))

    def _open(self, people: set[str]) -> set[str]:
        """An id that was closed acts no more."""
        return {person for person in people if not self.registers.is_closed(person)}

    def _questioned(self, claim: Claim, day: date) -> str:
        """The quarter whose window is open for the claim: its own, or the one that shows it."""
        refuse_if(claim.state in OPEN, "wrong_state")
        assert claim.branch is not None
        own = Quarter(self.registers, claim.branch, claim.quarter)
        if own.is_published and day <= own.window_end:
            return claim.quarter
        decided = max(
            place
            for place, fact in enumerate(self.registers.facts)
            if fact["data"].get("claim") == claim.id
            and fact["type"] in ("jifen.points.reviewed.v1", "jifen.points.reversed.v1")
        )
        shown = own
        while shown.is_published and shown.bulletins[0][0] < decided:
            shown = Quarter(self.registers, claim.branch, next_quarter(shown.name))
        self._check_window(shown, day)
        return shown.name

    def _check_window(self, quarter: Quarter, day: date) -> None:
        refuse_if(not quarter.is_published, "wrong_state")
        refuse_if(day > quarter.window_end, "window_closed")

    def _about_quarter(self, about: Fact, data: Fact, day: date) -> tuple[str, str]:
        last = max(date.fromordinal(end_day(about["period"]).toordinal() - 1), date.min)
        branch = self.registers.branch_for(about["unit"], last)
        refuse_if(data["kind"] == "statement", "not_permitted")
        if data["kind"] == "sample":
            refuse_if(data.get("by") not in self._upper(branch, day), "not_permitted")
            raise Refused("wrong_state")
        if data["kind"] == "objection":
            self._check_window(Quarter(self.registers, branch, about["period"]), day)
        return branch, about["period"]

    # Decided

    def decided(self, fact: Fact) -> Filed:
        data = fact["data"]
        one = self.filed.get(data["objection"])
        if one is None or one.subject != fact["subject"] or one.state == "noted":
            raise Refused("unknown_reference")
        names = {*data.get("corrects", ()), *([one.claim] if one.claim else [])}
        found = [self.claims[name] for name in names if name in self.claims]
        claims = [claim for claim in found if claim.branch == one.place[0]]
        refuse_if(len(claims) < len(names), "unknown_reference")
        is_carried = data["decision"] == "carried"
        refuse_if(one.state == "decided", "already_decided")
        refuse_if(one.state == "carried" and is_carried, "already_decided")
        day = self.registers.local_day(fact["recordedtime"])
        self._check_deciders(one, claims, data, day)
        refuse_if("reason" not in data, "reason_required")
        return replace(
            one,
            state="carried" if is_carried else "decided",
            decision=data["decision"],
            corrects=tuple(data.get("corrects", ())),
        )

    def _check_deciders(self, one: Filed, claims: Collection[Claim], data: Fact, day: date) -> None:
        registers, deciders, by = self.registers, {*data["deciders"]} or {data["by"]}, data["by"]
        people = registers.identities(deciders | {by})
        concerned = {one.subject, *(claim.holder for claim in claims)}
        concerned |= {one.by} if one.by else set()
        refuse_if(registers.identities(concerned) & people, "self_review")
        refuse_if(self._decided_before(one, claims, day) & people, "recused")
        refuse_if(by not in deciders or any(map(registers.is_closed, deciders)), "not_permitted")
        upper = self._upper(one.place[0], day)
        if deciders <= upper:
            return
        refuse_if(data["decision"] == "carried", "not_permitted")
        refuse_if(any(self._is_for_upper(claim, day) for claim in claims), "not_permitted")
        panel = registers.panel(registers.deciding(one.place[0], day), day)
        members = {entry["member"] for entry in panel["members"]} if panel else set()
        refuse_if(not deciders <= members | upper or not panel, "not_permitted")
        refuse_if(len(deciders) < len(members) // 2 + 1, "quorum_not_met")

    def _decided_before(self, one: Filed, claims: Iterable[Claim], day: date) -> set[str]:
        people = set[str]()
        if one.claim is None:
            people |= Quarter(self.registers, *one.place).decided_by
        for claim in claims:
            people |= deciders_of(self.registers, claim)
            rights = AtPlace(self.registers, claim, frozenset(), "", day)
            people |= rights.near(claim.item, counterparts_may_decide=False)
        return self.registers.identities(people)

    def _is_for_upper(self, claim: Claim, day: date) -> bool:
        return AtPlace(self.registers, claim, frozenset(), "", day).is_for_upper_alone


def upper_of(registers: Registers, branch: str, day: date) -> set[str]:
    """The officers of the units above the branch, or above what came after it."""
    deciding = registers.deciding(branch, day)
    above = tuple(registers.above(deciding, day)) or (deciding,)
    return set().union(*(registers.holders(unit, day, "upper") for unit in above))


def deciders_of(registers: Registers, claim: Claim) -> set[str]:
    """Who decided the claim as it was last stated: each stage's last decision, but no returns."""
    last: dict[str, Fact] = {}
    for fact in registers.facts:
        data = fact["data"]
        if data.get("claim") != claim.id:
            continue
        match fact["type"]:
            case "jifen.points.earned.v1":
                last = {}
            case "jifen.points.reversed.v1":
                last["reversed"] = data
            case "jifen.points.reviewed.v1" if data["decision"] != "return":
                ends = data["stage"] == "verified" and data["decision"] == "reject"
                last["reversed" if ends else data["stage"]] = data
    return {person for data in last.values() for person in data.get("deciders") or (data["by"],)}
