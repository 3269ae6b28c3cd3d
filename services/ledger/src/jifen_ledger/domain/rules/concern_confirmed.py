"""`concern.confirmed`: a raiser is satisfied (domain.md §2.2, §6.2)."""

from __future__ import annotations

from dataclasses import replace

from jifen_contracts.codes import Code
from jifen_contracts.events import ConcernConfirmed
from jifen_ledger.domain.concern_group import group_of, known_concern, standing_for
from jifen_ledger.domain.concern_rights import is_above
from jifen_ledger.domain.concern_voices import (
    Speech,
    speaker_of,
    tally_of,
    with_code,
    with_voice,
)
from jifen_ledger.domain.concerns import CONFIRMED, Concern, Voice
from jifen_ledger.domain.moment import Moment
from jifen_ledger.domain.outcome import Effect, Refused
from jifen_ledger.domain.state import State


def confirm_concern(state: State, event: ConcernConfirmed, moment: Moment) -> Effect:
    """Count the raiser's yes; more than half of them confirm the concern.

    Raises `unknown_reference`, `wrong_state`, `not_raiser`. Who has been silent for long may still
    speak: a time-out never means no.
    """
    data = event.data
    named = known_concern(state, event.subject, data.concern)
    concern = standing_for(state, named)
    if not concern.is_closed:
        raise Refused(Code.WRONG_STATE, refers_to=concern.seq)
    speech = Speech(data.by, data.survey_code, event.source)
    group = group_of(state, concern)
    speaker = _speaker(state, named, group, speech, moment)
    if concern.state == CONFIRMED and _has_confirmed(concern, speaker):
        raise Refused(Code.WRONG_STATE, refers_to=concern.seq)
    if speaker is None:
        raise Refused(Code.NOT_RAISER)
    coded = with_code(named, speech)
    if coded != named:
        state.keep("concerns", moment.seq, coded)
        concern = standing_for(state, coded)
    voice = Voice(speaker, moment.recorded_day, satisfaction=data.satisfaction)
    heard = with_voice(concern, voice)
    confirms = concern.mends_health or tally_of(state, heard, group).confirms
    if confirms and heard.state != CONFIRMED:
        heard = replace(heard, state=CONFIRMED, confirmed_on=moment.recorded_day)
    state.keep("concerns", moment.seq, heard)
    return Effect()


def _speaker(
    state: State, named: Concern, group: tuple[Concern, ...], speech: Speech, moment: Moment
) -> str | None:
    """Return who confirms: a raiser; for the fix of a red line somebody from above."""
    if not group[0].mends_health:
        return speaker_of(state, named, group, speech)
    by = speech.by
    return by if by is not None and is_above(state, group[0], by, moment.recorded_day) else None


def _has_confirmed(concern: Concern, speaker: str | None) -> bool:
    return any(
        voice.raiser == speaker and voice.satisfaction is not None for voice in concern.voices
    )
