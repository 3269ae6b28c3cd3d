"""What a batch will ask the state for, so that it can be loaded in a few queries.

The fold does not rely on it: whatever is missing here is asked for by NotLoaded. Each round goes
one step deeper (claim → holder, branch, counting claims, figures) until nothing more is wanted.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import Any, Final

from jifen_ledger.domain import concern_needs
from jifen_ledger.domain.claim_needs import (
    Opening,
    Stack,
    rewards,
    want_counting,
    want_decided,
    want_earned,
    want_stack_of,
)
from jifen_ledger.domain.register_needs import REGISTER_NEEDS, want_wallet
from jifen_ledger.domain.state import State
from jifen_ledger.domain.wanted import Needs, Wanted

ASKED_AT_A_STRETCH: Final = 50


class Asking:
    """Messages that are folded together, and what they ask the state for, round by round."""

    def __init__(self, events: Iterable[dict[str, Any]]) -> None:
        """Take the JSON objects of events that were found to be of their contract."""
        self._events = list(events)
        self._opened: dict[str, Opening] = {}
        # Stacks that were not known, with the capacities they were asked for.
        self._stacks: dict[Stack, set[str]] = {}

    def needs(self, state: State) -> Generator[None, None, Needs]:
        """Return the keys by table that are asked for and that the state does not know.

        Asked again after loading, only those events answer that may have learnt of more. Whoever
        asks may do something else after each stretch of events.
        """
        wanted = Wanted()
        for stack, capacities in self._stacks.items():
            want_stack_of(state, stack, capacities, wanted)
        rest = []
        for place, event in enumerate(self._events):
            if place % ASKED_AT_A_STRETCH == ASKED_AT_A_STRETCH - 1:
                yield
            wanted.may_name_more = False
            _event_needs(state, event, wanted, self._opened)
            if wanted.may_name_more:
                rest.append(event)
        self._events, self._stacks = rest, wanted.stacks
        return wanted.unknown()


def _event_needs(
    state: State, event: dict[str, Any], wanted: Wanted, opened: dict[str, Opening]
) -> None:
    subject, data = event["subject"], event["data"]
    wanted.want(state.first_seen, (event["source"], event["id"]))
    match event["type"].removeprefix("jifen.").removesuffix(".v1"):
        case "points.earned":
            want_earned(state, event, wanted, opened)
        case "points.reviewed" | "points.reversed":
            want_decided(state, event, wanted, opened)
        case "unit.registered":
            wanted.want(state.members, subject)
        case "member.enrolled":
            _enrolled(state, subject, data, wanted)
        case "member.assigned":
            wanted.want_all(state.members, (subject, *data.get("of", ())))
            wanted.want(state.bearers, data["assignment"])
        case "member.left":
            wanted.want(state.members, subject)
        case "panel.formed":
            wanted.want(state.panels, subject)
            people = [one["member"] for one in data["members"]]
            pairs = [person for one in data.get("recusals", ()) for person in one.values()]
            wanted.want_all(state.members, (data["chair"], *people, *pairs))
        case "shares.declared":
            wanted.want(state.splits, data["project"])
            wanted.want(state.split_uses, data["project"])
            people = [one["member"] for one in data["shares"]]
            others = (*data.get("organisers", ()), *data["agreed_by"], data["by"])
            wanted.want_all(state.members, (*people, *others))
        case "concern.reopened":
            _reopened(state, subject, data, wanted)
        case verb if verb in REGISTER_NEEDS:
            REGISTER_NEEDS[verb](state, subject, data, wanted)
        case _:
            return


def _enrolled(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want(state.members, subject)
    wanted.want(state.erasures, subject)
    other = data.get("same_as")
    if other is None:
        return
    wanted.want(state.members, other)
    wanted.want(state.erasures, other)
    wanted.want(state.awards_of, other)
    wanted.want(state.grades_of, other)
    if state.vetoes_of.get(other):
        wanted.want_all(state.figure_keys, (subject, other))
    for holder in (subject, other):
        want_wallet(state, holder, wanted)
        wanted.want(state.redemptions_of, holder)
        wanted.want(state.holdings, holder)
        wanted.want(state.assessments_by, holder)
        if state.assessments_by.knows(other):
            months = (key[1:] for key in state.assessments_by.get(other))
            wanted.want_all(state.assessments, ((subject, *month) for month in months))
        if state.holdings.knows(holder):
            for id_ in state.holdings.get(holder):
                claim = state.claims.get(id_) if state.claims.knows(id_) else None
                if claim is not None:
                    wanted.want(state.periods_of, claim.branch)
                    want_counting(state, claim, wanted)


def _reopened(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    for id_ in concern_needs.reopened(state, subject, data, wanted):
        claim = state.claims.get(id_) if state.claims.knows(id_) else None
        if claim is not None:
            wanted.want(state.periods_of, claim.branch)
            want_counting(state, claim, wanted)
            if claim.project is not None:
                wanted.want(state.split_uses, claim.project)
            if rewards(state, claim.item):
                want_wallet(state, claim.holder, wanted)
