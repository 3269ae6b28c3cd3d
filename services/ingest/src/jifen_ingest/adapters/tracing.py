"""Spans of requests and events, sent by OTLP; imported only where there is an endpoint."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Link, Span, SpanContext, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from jifen_contracts.tracing import TRACEPARENT, is_sampled, trace_id_of
from jifen_ingest.application.event_log import Entry

SERVICE: Final = "jifen-ingest"
# So many events of a request have spans of their own.
EVENTS_TRACED_MAX: Final = 128
EXPORT_TIMEOUT_S: Final = 5

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class RequestSpan:
    def __init__(self, span: Span) -> None:
        self._span = span
        self.trace_id = trace.format_trace_id(span.get_span_context().trace_id)

    def answered(self, status: int, accepted: int, refused: int) -> None:
        self._span.set_attributes(
            {
                "http.response.status_code": status,
                "jifen.accepted": accepted,
                "jifen.refused": refused,
            }
        )


class OtlpTracing:
    """The spans of one process; a collector that is away costs spans and nothing else."""

    def __init__(self, endpoint: str, ratio: float) -> None:
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(ratio),
            resource=Resource.create({"service.name": SERVICE}),
            shutdown_on_exit=False,
        )
        exporter = OTLPSpanExporter(endpoint=endpoint, timeout=EXPORT_TIMEOUT_S)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)

    def close(self) -> None:
        """Send what is left, and stop."""
        self._provider.shutdown()

    @contextmanager
    def request(
        self, headers: Mapping[str, str], scheme: str, credential: str
    ) -> Iterator[RequestSpan]:
        # What a refusal says may speak of what was sent: the span has its code and no more.
        with self._tracer.start_as_current_span(
            "accept request",
            _PROPAGATOR.extract(headers, Context()),
            SpanKind.SERVER,
            {"jifen.scheme": scheme, "jifen.credential": credential},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield RequestSpan(span)

    @contextmanager
    def carried(self, entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
        request = trace.get_current_span().get_span_context()
        beside = _traceparent_of(request)
        own: list[Span] = []
        try:
            carried: list[Entry] = []
            for entry in entries:
                hop = beside
                if len(own) < EVENTS_TRACED_MAX and _is_of_another_trace(entry, request):
                    own.append(self._accepting(entry, request))
                    hop = _traceparent_of(own[-1].get_span_context())
                carried.append(entry._replace(hop=hop))
            yield carried
        finally:
            for span in own:
                span.end()

    def _accepting(self, entry: Entry, request: SpanContext) -> Span:
        """Begin the span of one event, in the trace that the event names."""
        return self._tracer.start_span(
            "accept event",
            _PROPAGATOR.extract({TRACEPARENT: entry.traceparent or ""}, Context()),
            SpanKind.PRODUCER,
            {"messaging.system": "nats"},
            [Link(request)],
        )


def _is_of_another_trace(entry: Entry, request: SpanContext) -> bool:
    own = entry.traceparent
    if own is None or not is_sampled(own):
        return False
    return not request.trace_flags.sampled or trace_id_of(own) != trace.format_trace_id(
        request.trace_id
    )


def _traceparent_of(context: SpanContext) -> str | None:
    """Return what goes beside a message; nobody follows what is not sampled."""
    if not context.trace_flags.sampled:
        return None
    ids = trace.format_trace_id(context.trace_id), trace.format_span_id(context.span_id)
    return f"00-{ids[0]}-{ids[1]}-01"
