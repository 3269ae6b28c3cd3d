"""Gathers from the state what a bulletin of a branch's quarter says (domain.md §5.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from jifen_contracts.periods import end_day
from jifen_contracts.points import parse_points
from jifen_contracts.scheme.document import SchemeDocument
from jifen_ledger.domain.bulletin.content import (
    Adjustment,
    Change,
    Content,
    Objections,
    PanelShown,
    Ranks,
    Waived,
)
from jifen_ledger.domain.bulletin.health import HealthLine, health_check
from jifen_ledger.domain.bulletin.lines import lines_of, present
from jifen_ledger.domain.bulletin.measured import Quarter, measured, objections_about
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.life import is_live
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.objections import Objection
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.quarter_claims import claims_of_quarter
from jifen_ledger.domain.registers import Version
from jifen_ledger.domain.roles import panel_in_force
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import version_on

RANKED = ("committee", "member")


def content_of(
    state: State,
    period: Period,
    moment: Moment,
    *,
    changes: Sequence[Change],
    still_red: Collection[str],
) -> Content:
    """Return the content of the revision that `period` stands at, as of the moment's record."""
    branch, name = period.branch, period.quarter
    claims = claims_of_quarter(state, branch, name)
    quarter = Quarter(
        branch, name, claims, present(state, branch, name), period, moment.recorded_day
    )
    version = version_on(state.versions, _last_day(name)) or state.versions[0]
    return Content(
        scheme=state.scheme,
        branch=branch,
        quarter=name,
        revision=period.revision,
        upto_seq=moment.seq,
        versions=_versions(version, claims),
        ranks=_ranks(version.document),
        panel=_panel(state, branch, moment),
        lines=lines_of(state, branch, name),
        adjustments=_adjustments(state, branch, name),
        waived=tuple(Waived(*one) for one in sorted(period.waived_facts)),
        claims_late=state.tallies.get((branch, name)).late,
        claims_open=sum(_is_open(claim, moment) for claim in claims),
        objections=_counted(objections_about(state, branch, name)),
        health=_health(state, version.document, quarter, still_red),
        changes=tuple(changes),
    )


def _last_day(quarter: str) -> date:
    return end_day(quarter) - timedelta(days=1)


def _versions(version: Version, claims: Iterable[Claim]) -> tuple[int, ...]:
    """Return the versions that values of the quarter rest on, and the one in force at its end."""
    used = {claim.version for claim in claims if claim.state is ClaimState.VERIFIED}
    return tuple(sorted(used | {version.version}))


def _ranks(document: SchemeDocument) -> Ranks:
    ranking = document.ranking
    return Ranks(
        {capacity: getattr(ranking.policy, capacity) for capacity in RANKED},
        tuple(parse_points(band) for band in ranking.bands),
        ranking.min_n,
    )


def _panel(state: State, branch: str, moment: Moment) -> PanelShown | None:
    panel = panel_in_force(state, branch, moment.recorded_day)
    return None if panel is None else PanelShown(panel.id, panel.chair, panel.members)


def _adjustments(state: State, branch: str, quarter: str) -> tuple[Adjustment, ...]:
    kept = (state.adjustments.get(key) for key in state.adjustments_of.get((branch, quarter)))
    shown = (
        Adjustment(one.holder, one.capacity, one.quarter, one.item, one.points, one.seq)
        for one in kept
        if one is not None
    )
    return tuple(sorted(shown, key=lambda one: (one.seq, one.holder, one.capacity, one.item)))


def _is_open(claim: Claim, moment: Moment) -> bool:
    decided = claim.state is ClaimState.VERIFIED
    return not decided and is_live(claim, moment.recorded_day)


def _counted(objections: Sequence[Objection]) -> Objections:
    ends = Counter(one.decision for one in objections)
    return Objections(
        len(objections), ends["upheld"], ends["partly"], ends["dismissed"], ends["carried"]
    )


def _health(
    state: State, document: SchemeDocument, quarter: Quarter, still_red: Collection[str]
) -> tuple[HealthLine, ...]:
    return health_check(document.health, measured(state, quarter), still_red)
