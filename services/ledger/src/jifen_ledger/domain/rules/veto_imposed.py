"""`veto.imposed`: the upper level puts a veto on a member; no posting changes (§2.2, §4.5)."""

from __future__ import annotations

from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import VetoImposed
from jifen_ledger.domain.belonging import is_above
from jifen_ledger.domain.figure_moves import rezero
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.people import is_member
from jifen_ledger.domain.state import State
from jifen_ledger.domain.vetoes import Veto


def impose_veto(state: State, event: VetoImposed, moment: Moment) -> Effect:
    """Keep the veto, and zero the scores it covers.

    Raises `unknown_member`, `already_exists`, `not_permitted`, `basis_required`, `dates_invalid`.
    """
    data, member = event.data, event.subject
    if not is_member(state, member):
        raise Refused(Code.UNKNOWN_MEMBER)
    earlier = state.vetoes.get(data.veto)
    if earlier is not None:
        raise Refused(Code.ALREADY_EXISTS, refers_to=earlier.seq)
    if not is_above(state, data.by, member, moment.recorded_day):
        raise Refused(Code.NOT_PERMITTED)
    if data.basis is None:
        raise Refused(Code.BASIS_REQUIRED)
    from_ = date.fromisoformat(data.from_)
    to = None if data.to is None else date.fromisoformat(data.to)
    if to is not None and to <= from_:
        raise Refused(Code.DATES_INVALID)
    veto = Veto(
        moment.seq,
        data.veto,
        member,
        data.kind,
        data.effect,
        from_,
        to,
        data.basis.sha256,
        data.by,
    )
    state.keep("vetoes", moment.seq, veto)
    rezero(state, member)
    return Effect()
