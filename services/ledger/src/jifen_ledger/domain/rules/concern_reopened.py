"""`concern.reopened`: it is not settled; points resting on it are taken back (§2.2, §6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from jifen_contracts.codes import Code
from jifen_contracts.events import ConcernReopened
from jifen_contracts.periods import quarter_of
from jifen_ledger.domain.claim import Claim, ClaimState
from jifen_ledger.domain.concern_group import group_of, known_concern, standing_for, wholes_of
from jifen_ledger.domain.concern_items import rests_on_concern
from jifen_ledger.domain.concern_rights import is_above
from jifen_ledger.domain.concern_voices import (
    Speech,
    speaker_of,
    tally_of,
    with_code,
    with_voice,
)
from jifen_ledger.domain.concerns import CONFIRMED, REOPENED, Concern, Voice
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Notice, Refused
from jifen_ledger.domain.postings import Movements
from jifen_ledger.domain.reversing import Ending, end_claim
from jifen_ledger.domain.state import State
from jifen_ledger.domain.versions import catalogue_of


def reopen_concern(state: State, event: ConcernReopened, moment: Moment) -> Effect:
    """Count the raiser's no, and open the concern where it, or `upper`, settles that.

    Raises `unknown_reference`, `wrong_state`, `not_raiser`, `reason_required`. Of several raisers
    one does not undo what more than half of them confirm; the no is kept.
    """
    data = event.data
    named = known_concern(state, event.subject, data.concern)
    concern = standing_for(state, named)
    if not concern.is_closed:
        raise Refused(Code.WRONG_STATE, refers_to=concern.seq)
    from_above = data.by is not None and is_above(state, concern, data.by, moment.recorded_day)
    speech = Speech(data.by, data.survey_code, event.source)
    group = group_of(state, concern)
    speaker = data.by if from_above else speaker_of(state, named, group, speech)
    if speaker is None:
        raise Refused(Code.NOT_RAISER)
    if data.reason is None:
        raise Refused(Code.REASON_REQUIRED)
    coded = with_code(named, speech)
    if coded != named:
        state.keep("concerns", moment.seq, coded)
        concern = standing_for(state, coded)
    heard = with_voice(concern, Voice(speaker, moment.recorded_day, reason=data.reason))
    state.keep("concerns", moment.seq, heard)
    tally = tally_of(state, heard, group)
    undone = concern.state == CONFIRMED and not tally.confirms
    if not (from_above or tally.denies or undone):
        return Effect()
    # Who raised a concern stands nowhere in the claims that fall with it.
    deciders = (speaker,) if from_above else ()
    by = speaker if from_above else None
    return _open_again(state, heard, Ending(moment, by, deciders, data.reason))


def _open_again(state: State, concern: Concern, ending: Ending) -> Effect:
    """Open the concern and what it is a part of, and take back what rests on them."""
    opened = _with_wholes(state, concern)
    for one in opened:
        state.keep(
            "concerns",
            ending.moment.seq,
            replace(
                one,
                state=REOPENED,
                in_use=None,
                paused_days=None,
                resolved_on=None,
                confirmed_on=None,
                reopenings=one.reopenings + 1,
            ),
        )
    return _take_back(state, _verified_on(state, opened), ending)


def _with_wholes(state: State, concern: Concern) -> list[Concern]:
    """Return the concern and every closed one above it: a whole is open while a part is."""
    opened = {concern.concern: concern}
    waiting = [concern]
    while waiting:
        for whole in wholes_of(state, waiting.pop()):
            if whole.is_closed and whole.concern not in opened:
                opened[whole.concern] = whole
                waiting.append(whole)
    return list(opened.values())


def _verified_on(state: State, concerns: Sequence[Concern]) -> list[str]:
    """Return the verified claims whose deed is one of the concerns.

    What counts last of a stack (domain.md §5.1) comes first: the other way round, taking one back
    would give points to the next, only for these to be taken back too.
    """
    found: list[Claim] = []
    for concern in concerns:
        for id_ in state.resting_on.get(concern.concern):
            claim = state.claims.get(id_)
            assert claim is not None
            if claim.deed == concern.concern and _rests(state, claim):
                found.append(claim)
    return [claim.id for claim in sorted(found, key=_place_in_stack, reverse=True)]


def _rests(state: State, claim: Claim) -> bool:
    """Tell whether the claim's points rest on its deed; a reviewer may have changed its item."""
    item = catalogue_of(state.versions, claim).items[claim.item]
    return claim.state is ClaimState.VERIFIED and rests_on_concern(item)


def _place_in_stack(claim: Claim) -> tuple[date, int, str, str]:
    highest = max(claim.worth.raw.values(), default=0)
    return claim.deed_date, -highest, claim.item, claim.id


def _take_back(state: State, ids: Sequence[str], ending: Ending) -> Effect:
    """Reverse the claims one after another."""
    moves = Movements()
    notices: set[Notice] = set()
    ended: list[Claim] = []
    for id_ in ids:
        # What the claims before left behind is what this one counts now.
        claim = state.claims.get(id_)
        assert claim is not None
        notices.update(end_claim(state, moves, claim, ending))
        ended.append(claim)
    if len(ended) != 1:
        return Effect(moves.postings(), tuple(notices))
    [claim] = ended
    quarter = quarter_of(claim.deed_date)
    return Effect(moves.postings(), tuple(notices), claim.id, claim.item, quarter)
