"""What a concern that is reopened takes with it: the claims that rest on it, one after another."""

from dataclasses import replace

from tests.support.naive.claim_rules import Change, ClaimRules
from tests.support.naive.concern_rules import resting_on
from tests.support.naive.facts import Fact
from tests.support.naive.wallet_book import Day, Happening, Together


def reopened(rules: ClaimRules, fact: Fact) -> Change:
    claims, found = dict(rules.claims), Change()
    touched = []
    for claim in resting_on(rules.registers, rules.claims, fact):
        change = replace(rules, claims=claims).taken_back(claim)
        claims[claim.id] = change.claims[0]
        touched += [change.touched] if change.touched else []
        found = Change(
            (*found.claims, *change.claims),
            (*found.moves, *change.moves),
            found.notices | change.notices,
            bookings={**found.bookings, **change.bookings},
        )

    def together(at: Day) -> Happening:
        return Together(tuple(one(at) for one in touched))

    return replace(found, touched=together) if touched else found
