"""The reception behind both doors: a request with its headers becomes one answer with a status."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import orjson
import structlog

from jifen_contracts.tracing import TRACEPARENT, trace_id_of, traceparent_of
from jifen_ingest.adapters.content_modes import Mode, attributes_in, mode_of, sent_in
from jifen_ingest.adapters.problems import (
    PROBLEM_JSON,
    problem_of,
    refusal_body,
    refusal_headers,
)
from jifen_ingest.adapters.refused_lines import tell_refused
from jifen_ingest.adapters.sources import Sources
from jifen_ingest.adapters.telemetry import Door, Telemetry
from jifen_ingest.adapters.traced import Request, Tracing
from jifen_ingest.application.accept_events import Accepted, AcceptEvents, Answer
from jifen_ingest.application.event_log import EventLog
from jifen_ingest.domain.credentials import Credential
from jifen_ingest.domain.refusals import (
    BatchTooLarge,
    Malformed,
    Refusal,
    SchemeNotAllowed,
    TooLarge,
    UnknownScheme,
)

JSON: Final = "application/json"
BATCH_DETAIL_CHARS_MAX: Final = 300

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReceptionLimits:
    single_bytes_max: int
    body_bytes_max: int
    events_max: int
    retry_after_s: int


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    media_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Someone who may send to this scheme, and how much."""

    credential: Credential
    mode: Mode
    bytes_max: int
    atomic: bool
    door: Door
    began_s: float

    def too_large(self) -> Refusal:
        if self.mode.single:
            return TooLarge(f"a single event is longer than {self.bytes_max} bytes")
        return BatchTooLarge(f"the body is longer than {self.bytes_max} bytes")


class Reception:
    def __init__(
        self,
        sources: Sources,
        log: EventLog,
        accept: AcceptEvents,
        limits: ReceptionLimits,
        telemetry: Telemetry,
        tracing: Tracing | None = None,
    ) -> None:
        self._sources = sources
        self._log = log
        self._accept = accept
        self._limits = limits
        self._telemetry = telemetry
        self._tracing = tracing

    async def admit(
        self, scheme: str, headers: Mapping[str, str], atomic: str | None, door: Door
    ) -> Admitted:
        """Let the caller in before the body is read; `headers` have lower-case names.

        Raises Unauthorised, SchemeNotAllowed, UnknownScheme, UnsupportedMedia, Malformed, Busy.
        """
        began_s = time.perf_counter()
        credential = self._sources.credential_of(headers.get("authorization"))
        if credential.scheme != scheme:
            raise SchemeNotAllowed("the credential is not one of this scheme")
        if not await self._log.has(scheme):
            raise UnknownScheme("the scheme has no stream")
        mode = mode_of(headers.get("content-type"))
        if atomic not in {None, "true", "false"}:
            raise Malformed("atomic is true or false")
        limits = self._limits
        bytes_max = limits.single_bytes_max if mode.single else limits.body_bytes_max
        return Admitted(credential, mode, bytes_max, atomic == "true", door, began_s)

    async def receive(self, admitted: Admitted, headers: Mapping[str, str], body: bytes) -> Reply:
        """Accept what the body holds and answer. Raises the Refusal of the whole request."""
        try:
            if self._tracing is None:
                return await self._receive(admitted, headers, body, None)
            credential = admitted.credential
            with self._tracing.request(headers, credential.scheme, credential.name) as request:
                return await self._receive(admitted, headers, body, request)
        finally:
            seconds = time.perf_counter() - admitted.began_s
            self._telemetry.answered(admitted.door, seconds)

    async def _receive(
        self,
        admitted: Admitted,
        headers: Mapping[str, str],
        body: bytes,
        request: Request | None,
    ) -> Reply:
        if len(body) > admitted.bytes_max:
            raise admitted.too_large()
        binary = admitted.mode is Mode.BINARY
        attributes = attributes_in(headers) if binary else {}
        sent = sent_in(admitted.mode, body, attributes, self._limits.events_max)
        trace = headers.get(TRACEPARENT)
        traceparent = None if trace is None else traceparent_of(trace)
        answers = await self._accept(
            admitted.credential, sent.events, atomic=admitted.atomic, traceparent=traceparent
        )
        refused = [index for index, one in enumerate(answers) if isinstance(one, Refusal)]
        if refused:
            trace_id = trace_id_of(traceparent) if request is None else request.trace_id
            tell_refused(admitted.credential, sent.events, answers, trace_id)
        if request is not None:
            request.answered(HTTPStatus.OK, len(answers) - len(refused), len(refused))
        if sent.single:
            return self._single(answers[0])
        return self._batch(answers)

    def refuse(self, refusal: Refusal, instance: str, trace: str | None = None) -> Reply:
        """Return the problem that tells of a refusal; `trace` is the request's `traceparent`."""
        self._telemetry.refused(refusal.code)
        trace_id = trace_id_of(trace)
        # Ids of the request only: details may speak of what was sent.
        ids = {} if trace_id is None else {"trace_id": trace_id}
        _log.info("refused", code=str(refusal.code), instance=instance, **ids)
        return Reply(
            problem_of(refusal).status,
            PROBLEM_JSON,
            refusal_body(refusal, instance),
            refusal_headers(refusal, self._limits.retry_after_s),
        )

    def _single(self, answer: Answer) -> Reply:
        if isinstance(answer, Refusal):
            raise answer
        self._telemetry.accepted(duplicate=answer.duplicate)
        return Reply(HTTPStatus.OK, JSON, orjson.dumps(_accepted(answer)))

    def _batch(self, answers: list[Answer]) -> Reply:
        results: list[dict[str, object]] = []
        accepted = 0
        for index, answer in enumerate(answers):
            if isinstance(answer, Accepted):
                accepted += 1
                self._telemetry.accepted(duplicate=answer.duplicate)
                results.append({"status": "accepted", **_accepted(answer)})
            else:
                self._telemetry.refused(answer.code)
                results.append(_refused(index, answer))
        body = {
            "results": results,
            "accepted": accepted,
            "refused": len(results) - accepted,
        }
        return Reply(HTTPStatus.OK, JSON, orjson.dumps(body))


def _accepted(answer: Accepted) -> dict[str, object]:
    return {
        "id": answer.id,
        "source": answer.source,
        "seq": answer.seq,
        "payload_sha256": answer.payload_sha256,
        "duplicate": answer.duplicate,
    }


def _refused(index: int, refusal: Refusal) -> dict[str, object]:
    return {
        "status": "refused",
        "index": index,
        "code": str(refusal.code),
        "detail": refusal.detail[:BATCH_DETAIL_CHARS_MAX],
    }
