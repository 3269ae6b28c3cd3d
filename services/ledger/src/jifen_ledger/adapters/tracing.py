"""Spans of the projection, sent by OTLP; imported only where there is an endpoint."""

from __future__ import annotations

import time
from collections.abc import Sequence

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Link, SpanContext, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from jifen_contracts.subjects import stream_of
from jifen_contracts.tracing import TRACEPARENT, is_sampled
from jifen_ledger.application.ports import Batch, Message
from jifen_ledger.application.taken import Said
from jifen_ledger.application.traced import Begun
from jifen_ledger.domain.outcome import Record

SERVICE = "jifen-ledger"
# So many events of a batch have spans of their own; OpenTelemetry links no more either.
EVENTS_TRACED_MAX = 128
EXPORT_TIMEOUT_S = 5

_PROPAGATOR = TraceContextTextMapPropagator()


class Tracing:
    """The spans of one process; a collector that is away costs spans and nothing else."""

    def __init__(self, endpoint: str, ratio: float) -> None:
        """Begin to send what is traced."""
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(ratio),
            resource=Resource.create({"service.name": SERVICE}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_TIMEOUT_S)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self.batches = TracedBatches(self._provider.get_tracer(SERVICE))

    def close(self) -> None:
        """Send what is left, and stop."""
        self._provider.shutdown()


class TracedBatches:
    """One span for a batch, in its first event's trace, and one for each event, in its own."""

    def __init__(self, tracer: Tracer) -> None:
        """Begin spans with this tracer."""
        self._tracer = tracer

    def began(self, messages: Sequence[Message], said: Sequence[Said]) -> Begun:
        """Return which of the messages are traced: by the hop before, or else by the event."""
        traces: dict[int, str] = {}
        for message, what in zip(messages, said, strict=True):
            found = message.trace or getattr(what, "traceparent", None)
            if found is not None and is_sampled(found):
                traces[message.seq] = found
                if len(traces) == EVENTS_TRACED_MAX:
                    break
        return Begun(time.time_ns(), traces)

    def ended(self, begun: Begun, batch: Batch) -> None:
        """Write the spans of a committed batch."""
        parents = {
            record.seq: (record, _context_of(begun.traces[record.seq]))
            for record in batch.records
            if record.seq in begun.traces
        }
        if not parents:
            return
        ended_ns = time.time_ns()
        (_, first), *others = parents.values()
        whole = self._tracer.start_span(
            "project batch",
            _under(first),
            SpanKind.INTERNAL,
            {
                "jifen.scheme": batch.scheme,
                "jifen.seq.first": batch.from_size + 1,
                "messaging.batch.message_count": len(batch.records),
            },
            [Link(context) for _, context in others],
            begun.at_ns,
        )
        whole.end(ended_ns)
        link = Link(whole.get_span_context())
        for record, context in parents.values():
            span = self._tracer.start_span(
                "record event",
                _under(context),
                SpanKind.CONSUMER,
                _attributes_of(batch.scheme, record),
                [link],
                begun.at_ns,
            )
            span.end(ended_ns)


def _context_of(traceparent: str) -> SpanContext:
    found = _PROPAGATOR.extract({TRACEPARENT: traceparent}, Context())
    return trace.get_current_span(found).get_span_context()


def _under(parent: SpanContext) -> Context:
    return trace.set_span_in_context(trace.NonRecordingSpan(parent), Context())


def _attributes_of(scheme: str, record: Record) -> dict[str, str | int]:
    # Whom an event is about is nobody's business here.
    found: dict[str, str | int] = {
        "messaging.system": "nats",
        "messaging.destination.name": stream_of(scheme),
        "jifen.scheme": scheme,
        "jifen.seq": record.seq,
        "jifen.outcome": record.outcome.status.value,
    }
    if record.outcome.code is not None:
        found["jifen.code"] = record.outcome.code.value
    if record.envelope is not None:
        found["cloudevents.event_id"] = record.envelope.id
        found["cloudevents.event_source"] = record.envelope.source
        found["cloudevents.event_type"] = record.envelope.type
    return found
