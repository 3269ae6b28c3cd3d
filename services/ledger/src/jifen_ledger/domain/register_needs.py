"""What the events of the registers ask the state for, by type (see `domain/needs.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jifen_contracts.periods import months_of
from jifen_ledger.domain import concern_needs
from jifen_ledger.domain.bulletin.wants import bulletin_needs
from jifen_ledger.domain.people_needs import PEOPLE_NEEDS
from jifen_ledger.domain.state import State
from jifen_ledger.domain.three_levels import want_assessments, want_levels
from jifen_ledger.domain.wallets import OPEN
from jifen_ledger.domain.wanted import Wanted

# Takes the state, the subject, the data and where to put what is wanted.
NeedsOf = Callable[[State, str, Mapping[str, Any], Wanted], None]


def _absence(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want(state.members, subject)
    wanted.want(state.absences, (subject, data["absence"]))
    wanted.want(state.absences_of, subject)


def _period(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    key = (subject, data["period"])
    wanted.want_all(state.members, (data["by"], *data.get("deciders", ())))
    wanted.want(state.periods_of, subject)
    wanted.want(state.periods, key)
    wanted.want(state.panels, subject)
    if data["to"] in ("preliminary", "verified"):
        wanted.want(state.quarter_claims, key)
    if data["to"] == "verified":
        _facts(state, subject, wanted)
        for month in months_of(data["period"]):
            want_levels(state, subject, month, wanted)
    if data["to"] in ("published", "final"):
        bulletin_needs(state, key, wanted)
        wanted.want(state.objections_of, key)
        if state.objections_of.knows(key):
            for objection in state.objections_of.get(key):
                _objection_of(state, objection, wanted)


def _facts(state: State, branch: str, wanted: Wanted) -> None:
    """Want what tells which facts are due: the branch's people and when they were away."""
    wanted.want(state.people_of, branch)
    if state.people_of.knows(branch):
        people = state.people_of.get(branch)
        wanted.want_all(state.members, people)
        wanted.want_all(state.absences_of, people)


def _objection_of(state: State, objection: str, wanted: Wanted) -> None:
    """Want an objection and the claims that it is about."""
    wanted.want(state.objections, objection)
    found = state.objections.get(objection) if state.objections.knows(objection) else None
    if found is not None:
        about = () if found.claim is None else (found.claim,)
        wanted.want_all(state.claims, (*about, *found.corrects))


def _objection_filed(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    about = data["about"]
    wanted.want(state.objections, data["objection"])
    wanted.want(state.members, subject)
    if "by" in data:
        wanted.want(state.members, data["by"])
    if "claim" not in about:
        wanted.want(state.periods_of, about["unit"])
        wanted.want(state.objections_of, (about["unit"], about["period"]))
        return
    wanted.want(state.claims, about["claim"])
    wanted.want(state.objections_about, about["claim"])
    claim = state.claims.get(about["claim"]) if state.claims.knows(about["claim"]) else None
    if claim is not None:
        wanted.want(state.periods_of, claim.branch)


def _objection_decided(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    id_, corrects = data["objection"], data.get("corrects", ())
    wanted.want_all(state.members, (subject, data["by"], *data["deciders"]))
    wanted.want_all(state.claims, corrects)
    _objection_of(state, id_, wanted)
    found = state.objections.get(id_) if state.objections.knows(id_) else None
    if found is None:
        return
    wanted.want(state.panels, found.branch)
    wanted.want(state.periods_of, found.branch)
    if found.by is not None:
        wanted.want(state.members, found.by)
    for claim_id in (*corrects, *(() if found.claim is None else (found.claim,))):
        claim = state.claims.get(claim_id) if state.claims.knows(claim_id) else None
        if claim is not None:
            people = (claim.holder, *claim.counterpart, *claim.decided_by)
            wanted.want_all(state.members, people)
            if claim.project is not None:
                wanted.want(state.splits, claim.project)


def _offer(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    del subject
    wanted.want(state.offers, data["offer"])


def _reservation(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    wanted.want(state.members, subject)
    wanted.want(state.redemptions, data["redemption"])
    wanted.want(state.redemptions_of, subject)
    wanted.want(state.offers, data["offer"])
    want_wallet(state, subject, wanted)


def _redemption(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    id_ = data["redemption"]
    wanted.want(state.redemptions, id_)
    want_wallet(state, subject, wanted)
    redemption = state.redemptions.get(id_) if state.redemptions.knows(id_) else None
    if redemption is not None:
        wanted.want(state.offers, redemption.offer)


def want_wallet(state: State, holder: str, wanted: Wanted) -> None:
    """Want what an event that touches a holder's wallet looks at."""
    wanted.want(state.lots_of, (holder, OPEN))
    wanted.want(state.wallets, holder)


def _assessment(state: State, subject: str, data: Mapping[str, Any], wanted: Wanted) -> None:
    listed = [one["id"] for one in data.get("missing", ())]
    wanted.want_all(state.members, (subject, data["by"], *listed))
    want_assessments(state, (subject,), data["month"], wanted)
    if data["level"] != "member":
        want_levels(state, subject, data["month"], wanted)


REGISTER_NEEDS: Final[Mapping[str, NeedsOf]] = {
    "absence.recorded": _absence,
    "period.advanced": _period,
    "objection.filed": _objection_filed,
    "objection.decided": _objection_decided,
    "offer.listed": _offer,
    "redemption.reserved": _reservation,
    "redemption.fulfilled": _redemption,
    "redemption.cancelled": _redemption,
    **PEOPLE_NEEDS,
    "assessment.submitted": _assessment,
    "concern.raised": concern_needs.raised,
    "concern.assigned": concern_needs.changed,
    "concern.resolved": concern_needs.changed,
    "concern.confirmed": concern_needs.changed,
}
