"""Accept events: each is refused with a reason, or durable when this returns."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from jifen_ingest.application.event_log import Entry, EventLog, Missed, Outcome, Stored
from jifen_ingest.application.gate import Gate
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import AtomicRefused, Busy, Fault, Refusal, StreamLost
from jifen_ingest.domain.stamping import StampedEvent, stamped

# A thousand checks in one go would hold up every other caller of the loop.
CHECKS_BEFORE_YIELD: Final = 100
FAULTS_MAX: Final = 100


class Accepted(NamedTuple):
    id: str
    source: str
    seq: int
    payload_sha256: str
    duplicate: bool


Answer = Accepted | Refusal


class AcceptEvents:
    def __init__(
        self, log: EventLog, gate: Gate, clock_ms: Callable[[], int], draw: Callable[[int], bytes]
    ) -> None:
        self._log = log
        self._gate = gate
        self._clock_ms = clock_ms
        self._draw = draw

    async def __call__(
        self,
        credential: Credential,
        sent: Sequence[object],
        *,
        atomic: bool = False,
        traceparent: str | None = None,
    ) -> list[Answer]:
        """Answer each event in its place. Raises RateLimited, AtomicRefused, Busy for all.

        Something that could not even be read comes in, and goes out, as its Refusal. The
        request's `traceparent` is that of every event which does not name its own.
        """
        with self._gate.enter(credential.name, len(sent)):
            checked = await self._checked(credential, sent, traceparent)
            if atomic:
                _refuse_unless_all_are_valid(checked)
            answers = await self._stored(credential.scheme, checked, atomic=atomic)
        _raise_if_nothing_was_confirmed(answers)
        return answers

    async def _checked(
        self, credential: Credential, sent: Sequence[object], traceparent: str | None
    ) -> list[StampedEvent | Refusal]:
        checked: list[StampedEvent | Refusal] = []
        for number, one in enumerate(sent, start=1):
            if isinstance(one, Refusal):
                checked.append(one)
                continue
            try:
                now_ms = self._clock_ms()
                checked.append(stamped(one, credential, now_ms, self._draw, traceparent))
            except Refusal as refusal:
                checked.append(refusal)
            if number % CHECKS_BEFORE_YIELD == 0:
                await asyncio.sleep(0)
        return checked

    async def _stored(
        self, scheme: str, checked: Sequence[StampedEvent | Refusal], *, atomic: bool
    ) -> list[Answer]:
        answers: list[Answer | None] = [
            one if isinstance(one, Refusal) else None for one in checked
        ]
        valid = [(place, one) for place, one in enumerate(checked) if not isinstance(one, Refusal)]
        missed = await self._keep_private(scheme, valid)
        if missed and atomic:
            raise missed[min(missed)]
        for place, busy in missed.items():
            answers[place] = busy
        ready = [(place, event) for place, event in valid if place not in missed]
        entries = [
            Entry(
                event.content,
                event.broker_subject,
                event.payload,
                event.payload_sha256,
                event.traceparent,
            )
            for _, event in ready
        ]
        outcomes = await self._log.append(scheme, entries, atomic=atomic)
        for (place, event), outcome in zip(ready, outcomes, strict=True):
            answers[place] = _answer_of(event, outcome)
        return [answer for answer in answers if answer is not None]

    async def _keep_private(
        self, scheme: str, valid: Sequence[tuple[int, StampedEvent]]
    ) -> dict[int, Busy]:
        """Store the private parts before any event that has one; return the places that failed.

        A crash in between leaves an unused private message, never an event without its part.
        """
        places: list[int] = []
        parts: list[Entry] = []
        for place, event in valid:
            # A known content will not be stored again, so neither is a part of it.
            if event.private is None or self._log.known(scheme, event.content):
                continue
            part = event.private
            payload_sha256 = hashlib.sha256(part.payload).hexdigest()
            content = bytes.fromhex(part.privatehash)
            parts.append(Entry(content, part.subject, part.payload, payload_sha256))
            places.append(place)
        if not parts:
            return {}
        outcomes = await self._log.keep_private(scheme, parts)
        return {
            place: Busy(
                f"The private part was not confirmed, so the event was not sent. {outcome.reason}"
            )
            for place, outcome in zip(places, outcomes, strict=True)
            if isinstance(outcome, Missed)
        }


def _answer_of(event: StampedEvent, outcome: Outcome) -> Answer:
    if isinstance(outcome, Stored):
        return Accepted(
            event.id, event.source, outcome.seq, outcome.payload_sha256, outcome.duplicate
        )
    if outcome.lost:
        return StreamLost(outcome.reason)
    fate = "Nothing was stored" if outcome.certain else "It may or may not be stored"
    return Busy(f"{outcome.reason} {fate}.")


def _refuse_unless_all_are_valid(checked: Sequence[StampedEvent | Refusal]) -> None:
    faults = [
        Fault(f"/{index}", f"{one.code}: {one.detail}")
        for index, one in enumerate(checked)
        if isinstance(one, Refusal)
    ]
    if len(checked) == 1 and isinstance(checked[0], Refusal):
        raise checked[0]
    if faults:
        raise AtomicRefused(
            f"{len(faults)} of {len(checked)} events were refused, so none was stored",
            faults[:FAULTS_MAX],
        )


def _raise_if_nothing_was_confirmed(answers: Sequence[Answer]) -> None:
    """Say busy for the whole request when the log confirmed no event that reached it."""
    busy = [answer for answer in answers if isinstance(answer, Busy)]
    if busy and not any(isinstance(answer, Accepted) for answer in answers):
        raise busy[0]
