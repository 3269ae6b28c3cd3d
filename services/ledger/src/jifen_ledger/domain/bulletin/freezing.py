"""Freezes a revision of a branch's bulletin in the state, with what changed since the last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jifen_ledger.domain.bulletin.concerns_measured import concerns_of_branch, mended_since
from jifen_ledger.domain.bulletin.content import Change, Content
from jifen_ledger.domain.bulletin.gathering import content_of
from jifen_ledger.domain.bulletin.health import red_lines
from jifen_ledger.domain.bulletin.lines import present
from jifen_ledger.domain.bulletin.measured import earlier_quarters
from jifen_ledger.domain.bulletin.publishing import publish_lines
from jifen_ledger.domain.bulletin.sheets import freeze
from jifen_ledger.domain.bulletins import Bulletin
from jifen_ledger.domain.claim import Claim
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.periods import Period
from jifen_ledger.domain.quarter_claims import claims_of_quarter
from jifen_ledger.domain.state import State


def freeze_bulletin(state: State, period: Period, moment: Moment) -> Bulletin:
    """Keep and return the revision that `period` stands at."""
    before = _revision(state, period, period.revision - 1)
    since = None if before is None else before.seq
    content = content_of(
        state,
        period,
        moment,
        changes=() if since is None else tuple(changes_since(state, period, since)),
        still_red=still_red(state, period),
    )
    bulletin = _frozen(content, None if before is None else before.full_sheet)
    state.keep("bulletins", moment.seq, bulletin)
    publish_lines(state, content)
    return bulletin


def _frozen(content: Content, before: bytes | None) -> Bulletin:
    frozen = freeze(content, before)
    return Bulletin(
        content.upto_seq,
        content.branch,
        content.quarter,
        content.revision,
        *frozen,
        red=tuple(sorted(red_lines(content.health))),
    )


def _revision(state: State, period: Period, revision: int) -> Bulletin | None:
    if not revision:
        return None
    return state.bulletins.get((period.branch, period.quarter, revision))


def still_red(state: State, period: Period) -> frozenset[str]:
    """Return the lines that were red in the branch's last bulletin and have no confirmed fix."""
    for quarter in earlier_quarters(period.quarter)[1:]:
        earlier = state.periods.get((period.branch, quarter))
        if earlier is not None and earlier.revision:
            last = _revision(state, earlier, earlier.revision)
            assert last is not None
            concerns = concerns_of_branch(state, period.branch, period.quarter)
            return frozenset(last.red) - mended_since(concerns, last.seq)
    return frozenset()


def changes_since(state: State, period: Period, since: int) -> Iterator[Change]:
    """Yield why figures of the quarter moved after a record: decisions, reversals, vetoes.

    Who had another home branch for a part of the quarter may have been decided about there.
    """
    homes = {
        assignment.unit
        for one in present(state, period.branch, period.quarter)
        if one.partial
        for assignment in one.member.assignments
        if assignment.role == "member"
    }
    for branch in sorted(homes | {period.branch}):
        yield from _decided(claims_of_quarter(state, branch, period.quarter), since)


def _decided(claims: Iterable[Claim], since: int) -> Iterator[Change]:
    for claim in claims:
        if claim.verified_seq is not None and claim.verified_seq > since:
            yield Change(claim.holder, claim.verified_seq, claim.verified_deciders)
        if claim.reversed_seq is not None and claim.reversed_seq > since:
            yield Change(claim.holder, claim.reversed_seq, claim.ended_by)
