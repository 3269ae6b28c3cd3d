"""What becomes of a claim: earned, reviewed, reversed, with every code in its order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial

from jifen_contracts.points import parse_points
from tests.support.naive.booking import Booking
from tests.support.naive.effect import counted_rewards, points, rewards
from tests.support.naive.facts import OPEN, Claim, Fact, Refused, refuse_if
from tests.support.naive.moves import (
    Move,
    differences,
    issue,
    join_moves,
    point_moves,
    waiting,
)
from tests.support.naive.notices import earned_notices, released, verified_notices
from tests.support.naive.objection_rules import Filed, has_answered
from tests.support.naive.quarters import Quarter
from tests.support.naive.record_rules import first_state
from tests.support.naive.registers import SCORED_STANDINGS, Registers
from tests.support.naive.rights import Rights
from tests.support.naive.valuation import check_item, valued
from tests.support.naive.wallet_book import Counts, Day, Decided, Happening, Joined


@dataclass(frozen=True)
class Change:
    """What an accepted fact does: claims and objections in their new state, movements, notices."""

    claims: tuple[Claim, ...] = ()
    moves: tuple[Move, ...] = ()
    notices: frozenset[str] = field(default_factory=frozenset)
    filed: tuple[Filed, ...] = ()
    touched: Callable[[Day], Happening] | None = None
    bookings: Mapping[str, Booking] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimRules:
    registers: Registers
    claims: Mapping[str, Claim]
    filed: Mapping[str, Filed]

    # Earned

    def earned(self, fact: Fact) -> Change:
        holder, data = fact["subject"], fact["data"]
        recorded = self.registers.local_day(fact["recordedtime"])
        claim = self._claimed(fact, recorded)
        refuse_if(self.registers.document_on(claim.day) is None, "scheme_not_published")
        self._check_names(fact)
        check_item(self.registers, claim)
        refuse_if(self._is_too_late(claim, data, recorded), "too_late")
        refuse_if(not self._is_active(holder, claim.day), "not_active")
        before = self.claims.get(claim.id)
        if before is not None:
            is_returned = before.state_on(recorded) == "returned"
            refuse_if(before.holder != holder or not is_returned, "duplicate_claim")
        self._check_deed(claim, recorded)
        claim = valued(self.registers, claim, recorded)
        values = {capacity: worth.raw for capacity, worth in claim.worth.items()}
        refuse_if("points" in data and _tenths(data["points"]) != values, "points_mismatch")
        notices = earned_notices(self.registers, claim, fact, recorded)
        moves = (Move(issue(claim.item), waiting(holder), claim.pending),)
        claim = replace(claim, state=first_state(self.registers, claim))
        return Change((claim,), moves, notices)

    def _claimed(self, fact: Fact, recorded: date) -> Claim:
        data = fact["data"]
        return Claim(
            id=data["claim"],
            holder=fact["subject"],
            by=data.get("by"),
            item=data["item"],
            deed=data["deed"],
            group=data.get("group"),
            day=self.registers.local_day(fact["time"]),
            measure=data["measure"],
            counterpart=tuple(data.get("counterpart", ())),
            project=data.get("project") if self._is_shared(fact) else None,
            signed=data.get("signed"),
            evidence_kinds=tuple(entry["kind"] for entry in data.get("evidence", ())),
            has_basis="basis" in data,
            noticed_on=recorded,
            branch=self.registers.branch(fact["subject"], self.registers.local_day(fact["time"])),
        )

    def _is_shared(self, fact: Fact) -> bool:
        day = self.registers.local_day(fact["time"])
        return self.registers.has_shares(fact["data"]["item"], day)

    def _check_names(self, fact: Fact) -> None:
        holder, data = fact["subject"], fact["data"]
        registers = self.registers
        is_known = registers.is_member(holder) or registers.is_unit(holder)
        for_unit_alone = set(data["measure"]) == {"unit"}
        refuse_if(not is_known and not for_unit_alone, "unknown_member")
        for name in data.get("counterpart", ()):
            is_somebody = registers.is_open(name) or registers.is_unit(name)
            refuse_if(not is_somebody, "unknown_member")
        refuse_if("by" in data and not registers.is_open(data["by"]), "unknown_member")
        refuse_if(not is_known, "unknown_unit")

    def _is_too_late(self, claim: Claim, data: Fact, recorded: date) -> bool:
        days = self.registers.calendar_document(recorded).calendar.late_days
        if recorded <= claim.day + timedelta(days=days):
            return False
        replaced = self.claims.get(data.get("replaces", ""))
        if replaced is not None and replaced.state == "reversed":
            is_same = (replaced.holder, replaced.deed) == (claim.holder, claim.deed)
            if is_same:
                return False
        admitted = data.get("admitted")
        if admitted is None:
            return True
        deciders = frozenset(admitted["deciders"])
        return not Rights(self.registers, claim, deciders, "", recorded).admits()

    def _is_active(self, holder: str, day: date) -> bool:
        if self.registers.is_unit(holder):
            return self.registers.unit_in_force(holder, day)
        is_scored = self.registers.standing(holder, day) in SCORED_STANDINGS
        home = self.registers.home(holder, day)
        has_home = home is not None and self.registers.unit_in_force(home, day)
        return is_scored and has_home and not self.registers.is_closed(holder)

    def _check_deed(self, claim: Claim, recorded: date) -> None:
        place = (claim.holder, claim.deed, claim.item)
        for other in self.claims.values():
            is_same = (other.holder, other.deed, other.item) == place and other.id != claim.id
            refuse_if(is_same and other.is_live(recorded), "duplicate_deed")

    # Reviewed

    def reviewed(self, fact: Fact) -> Change:
        data = fact["data"]
        recorded = self.registers.local_day(fact["recordedtime"])
        claim = self._known(fact)
        original = data.get("duplicate_of")
        refuse_if(original is not None and original not in self.claims, "unknown_claim")
        refuse_if(original == claim.id, "unknown_claim")
        self._check_stage(claim, data, recorded)
        rights = self._rights(claim, data, recorded)
        self._check_deciders(rights, data)
        accepts = data["decision"] == "accept"
        if accepts and data["stage"] == "verified":
            self._check_statement(claim, recorded)
        refuse_if(
            (not accepts or _changes(claim, data)) and "reason" not in data, "reason_required"
        )
        if not accepts:
            return self._sent_back(claim, data, rights, recorded)
        return self._accepted(claim, data, rights, recorded)

    def _known(self, fact: Fact) -> Claim:
        claim = self.claims.get(fact["data"]["claim"])
        if claim is None or claim.holder != fact["subject"]:
            raise Refused("unknown_claim")
        return claim

    def _check_stage(self, claim: Claim, data: Fact, recorded: date) -> None:
        state = claim.state_on(recorded)
        is_verifying = data["stage"] == "verified"
        decided = (
            ("verified", "rejected") if is_verifying else ("preliminary", "verified", "rejected")
        )
        original = self.claims.get(claim.duplicate_of or "")
        is_second_look = (
            is_verifying
            and data["decision"] == "accept"
            and state == "rejected"
            and original is not None
        )
        refuse_if(state in decided and not is_second_look, "already_decided")
        refuse_if(state == "lapsed", "claim_lapsed")
        if is_second_look:
            assert original is not None
            refuse_if(original.is_live(recorded), "original_stands")
            return
        refuse_if(state != ("preliminary" if is_verifying else "claimed"), "wrong_state")

    def _rights(self, claim: Claim, data: Fact, recorded: date) -> Rights:
        deciders = frozenset(data.get("deciders") or [data["by"]])
        return Rights(self.registers, claim, deciders, data["by"], recorded)

    def _check_deciders(self, rights: Rights, data: Fact) -> None:
        """Who makes another item of a claim must be right for both."""
        claim, at_first = rights.claim, data["stage"] == "preliminary"
        document = self.registers.document_on(claim.day)
        assert document is not None
        named = {claim.item} | ({data.get("item")} if data["decision"] == "accept" else set())
        items = [item for item in document.items if item.code in named]
        roles = [
            (item.code, (item.preliminary if at_first else item.confirm) or "") for item in items
        ]
        rights.check_distance(roles)
        deciders = rights.people
        before = self.registers.identities(claim.preliminary_deciders)
        refuse_if(not at_first and deciders & before, "same_reviewer")
        only_upper = not at_first and rights.is_for_upper_alone
        rights.check_roles(["upper"] if only_upper else [role for _, role in roles])

    def _check_statement(self, claim: Claim, recorded: date) -> None:
        if all(worth.kind != "deduct" for worth in claim.worth.values()):
            return
        days = self.registers.calendar_document(recorded).calendar.statement_days
        last = self.registers.working_days_after(claim.noticed_on, days, recorded)
        answered = has_answered(self.filed.values(), self.registers, claim.id)
        refuse_if(recorded <= last and not answered, "statement_pending")

    def _sent_back(self, claim: Claim, data: Fact, rights: Rights, recorded: date) -> Change:
        days = self.registers.calendar_document(recorded).calendar.return_days
        until = self.registers.working_days_after(recorded, days, recorded)
        if "until" in data:
            until = max(recorded, date.fromisoformat(data["until"]))
        is_return = data["decision"] == "return"
        after = replace(
            claim,
            state="returned" if is_return else "rejected",
            until=until if is_return else None,
            duplicate_of=None if is_return else data.get("duplicate_of"),
        )
        if data["stage"] == "preliminary":
            after = replace(after, preliminary_deciders=rights.deciders)
        return Change((after,), (Move(waiting(claim.holder), issue(claim.item), claim.pending),))

    def _accepted(self, claim: Claim, data: Fact, rights: Rights, recorded: date) -> Change:
        said = data.get("points", {})
        item, measure = data.get("item", claim.item), data.get("measure", claim.measure)
        after = replace(claim, item=item, measure=measure, branch=rights.home)
        check_item(self.registers, after)
        if after.item != claim.item or claim.state not in OPEN:
            self._check_deed(after, recorded)
        after = _with_points(
            claim, valued(self.registers, after, recorded, claim, tuple(said)), said
        )
        # A claim rejected as a duplicate left `pending` when it was rejected.
        waits = claim.pending if claim.state in OPEN else 0
        moves = [Move(waiting(claim.holder), issue(claim.item), waits)]
        if data["stage"] == "preliminary":
            deciders = rights.deciders
            after = replace(after, state="preliminary", preliminary_deciders=deciders)
            moves.append(Move(issue(after.item), waiting(after.holder), after.pending))
            return Change((after,), tuple(moves))
        before = self._verified_of(claim.holder)
        after = replace(after, state="verified")
        live = [*before, after]
        moves += self._moves_of(after, before, live, reverses=False)
        notices = verified_notices(after, before, live)
        change = Change((after,), tuple(moves), notices)
        return self._touching(change, after, before, live)

    def _verified_of(self, holder: str) -> list[Claim]:
        mine = [claim for claim in self.claims.values() if claim.holder == holder]
        return [claim for claim in mine if claim.state == "verified"]

    def _moves_of(
        self, claim: Claim, before: list[Claim], after: list[Claim], *, reverses: bool
    ) -> list[Move]:
        booking = Booking.of_decision(self.registers, claim, before, after)
        moves: list[Move] = []
        for capacity in claim.worth:
            held, holds = points(before, capacity), points(after, capacity)
            moves += point_moves(claim, capacity, held, holds, booking, reverses=reverses)
        return moves

    def _touching(
        self, change: Change, claim: Claim, before: list[Claim], after: list[Claim]
    ) -> Change:
        """The change, with what it does to the wallet."""
        if not differences(rewards(before), rewards(after)):
            return change
        touched = partial(
            Decided,
            holder=claim.holder,
            claim=claim.id,
            before=_counts(before),
            after=_counts(after),
        )
        booking = Booking.of_decision(self.registers, claim, before, after)
        return replace(change, touched=touched, bookings={claim.holder: booking})

    # Reversed

    def reversed(self, fact: Fact) -> Change:
        data = fact["data"]
        recorded = self.registers.local_day(fact["recordedtime"])
        claim = self._known(fact)
        state = claim.state_on(recorded)
        refuse_if(state == "reversed", "already_reversed")
        after = replace(claim, state="reversed")
        if data["cause"] == "withdrawn":
            refuse_if(state not in OPEN, "wrong_state")
            refuse_if(data["by"] not in (claim.holder, claim.by), "not_permitted")
            refuse_if("reason" not in data, "reason_required")
            waits = 0 if state == "returned" else claim.pending
            return Change((after,), (Move(waiting(claim.holder), issue(claim.item), waits),))
        refuse_if(state != "verified", "wrong_state")
        rights = self._rights(claim, data, recorded)
        rights.check_distance([(claim.item, "panel")])
        assert claim.branch is not None
        is_final = Quarter(self.registers, claim.branch, claim.quarter).state == "final"
        rights.check_roles(["upper" if is_final or rights.is_for_upper_alone else "panel"])
        refuse_if("reason" not in data, "reason_required")
        return self.taken_back(claim)

    def taken_back(self, claim: Claim) -> Change:
        """What the reversal of a verified claim does."""
        before = self._verified_of(claim.holder)
        live = [other for other in before if other.id != claim.id]
        moves = self._moves_of(claim, before, live, reverses=True)
        notices = released(claim, before, live)
        change = Change((replace(claim, state="reversed"),), tuple(moves), notices)
        return self._touching(change, claim, before, live)

    # Joined

    def joined(self, survivor: str, closed: str) -> Change:
        moving = [claim for claim in self.claims.values() if claim.holder == closed]
        moved = tuple(replace(claim, holder=survivor) for claim in moving)
        waits = sum(claim.pending for claim in moving if claim.state in ("claimed", "preliminary"))
        moves = [Move(waiting(closed), waiting(survivor), waits)]
        mine, theirs = self._verified_of(survivor), self._verified_of(closed)
        together = [*mine, *(claim for claim in moved if claim.state == "verified")]
        bookings = {}
        for holder, before, after in ((closed, theirs, []), (survivor, mine, together)):
            booking = bookings[holder] = Booking(self.registers, [*before, *after])
            for capacity in ("committee", "member"):
                changes = differences(points(before, capacity), points(after, capacity))
                moves += join_moves(f"member:{holder}:{capacity}", changes, booking)
        touched = partial(
            Joined,
            closed=closed,
            survivor=survivor,
            theirs=_counts(theirs),
            own=_counts(mine),
            both=_counts(together),
        )
        return Change(moved, tuple(moves), touched=touched, bookings=bookings)


def _counts(claims: list[Claim]) -> Counts:
    counted = counted_rewards(claims)
    rewarded = [claim for claim in claims if claim.id in counted]
    return Counts(
        rewards(claims),
        {claim.id: (claim.day, (claim.item, claim.month), counted[claim.id]) for claim in rewarded},
    )


def _tenths(points: Mapping[str, str]) -> dict[str, int]:
    return {capacity: parse_points(text) for capacity, text in points.items()}


def _changes(claim: Claim, data: Fact) -> bool:
    """Whether an accept says another item, measure or value than the claim has."""
    given = _tenths(data.get("points", {}))
    values = {capacity: worth.value for capacity, worth in claim.worth.items()}
    return (
        data.get("item", claim.item) != claim.item
        or data.get("measure", claim.measure) != claim.measure
        or any(values.get(capacity) != value for capacity, value in given.items())
    )


def _with_points(before: Claim, after: Claim, said: Mapping[str, str]) -> Claim:
    """Points given by the reviewer; else what was decided before, while the worth is the same."""
    worths = {}
    for capacity, worth in after.worth.items():
        earlier = before.worth.get(capacity)
        is_same = before.item == after.item and before.measure == after.measure
        value = earlier.value if earlier and is_same and earlier.raw == worth.raw else worth.raw
        if capacity in said:
            value = parse_points(said[capacity])
            low, high = min(0, worth.raw), max(0, worth.raw)
            refuse_if(not low <= value <= high, "points_too_high")
        worths[capacity] = replace(worth, value=value)
    return replace(after, worth=worths)
