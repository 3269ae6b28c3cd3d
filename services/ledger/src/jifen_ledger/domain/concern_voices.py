"""Who raised a concern, who of them speaks, and what they say together (domain.md §6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from jifen_ledger.domain.concerns import Concern, Voice
from jifen_ledger.domain.people import identity
from jifen_ledger.domain.state import State

# Before the id of a concern whose raiser nobody names; no id begins so.
UNNAMED = ":"


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says something about a concern: a person, or whoever has a survey code."""

    by: str | None
    survey_code: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many raisers there are, and how many of them say yes and no."""

    raisers: int
    yes: int
    no: int

    @property
    def confirms(self) -> bool:
        """Whether more than half of the raisers are satisfied."""
        return self.yes * 2 > self.raisers

    @property
    def denies(self) -> bool:
        """Whether so many are not that more than half can no longer be."""
        return self.no * 2 >= self.raisers


def raiser_of(state: State, concern: Concern) -> str:
    """Return who raised a concern: a person's surviving id, an alias, or nobody by name."""
    return UNNAMED + concern.concern if concern.by is None else identity(state, concern.by)


def speaker_of(
    state: State, named: Concern, group: Sequence[Concern], speech: Speech
) -> str | None:
    """Return which raiser of the group speaks, None for anybody else.

    Without a name a survey code tells: whoever gave its SHA-256 as alias has the code, and where
    nobody is named, the source that took the concern in vouches for the first code it brings.
    """
    if speech.by is not None:
        # An id that was closed speaks no more: the surviving one does.
        raisers = {raiser_of(state, one) for one in group if one.by is not None}
        return speech.by if speech.by in raisers else None
    if speech.survey_code is None:
        return None
    alias = sha256(speech.survey_code.encode()).hexdigest()
    if any(one.by == alias for one in group):
        return alias
    known = named.code in (None, speech.survey_code)
    vouched = named.by is None and named.source == speech.source and known
    return raiser_of(state, named) if vouched else None


def with_code(named: Concern, speech: Speech) -> Concern:
    """Return the concern with the survey code that its unnamed raiser has shown."""
    return named if named.by is not None else replace(named, code=speech.survey_code)


def with_voice(concern: Concern, voice: Voice) -> Concern:
    """Return the concern with what a raiser says now, in place of what they said before."""
    others = (one for one in concern.voices if one.raiser != voice.raiser)
    return replace(concern, voices=(*others, voice))


def tally_of(state: State, concern: Concern, group: Sequence[Concern]) -> Tally:
    """Return what the raisers of the group say; of two records of one person the last word."""
    raisers = {raiser_of(state, one) for one in group}
    said = {
        one.raiser if one.raiser.startswith(UNNAMED) else identity(state, one.raiser): one
        for one in concern.voices
    }
    satisfied = [said[raiser].satisfaction is not None for raiser in raisers if raiser in said]
    return Tally(len(raisers), satisfied.count(True), satisfied.count(False))
