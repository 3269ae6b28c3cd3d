"""Ingest's metrics: plain numbers on the way of an event, made into metrics at a scrape.

Labels are codes, doors and nothing that grows.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from jifen_contracts.codes import Code
from jifen_ingest.adapters.problems import PROBLEMS

Door = Literal["http", "nats"]

DOORS: Final[tuple[Door, ...]] = ("http", "nats")
_GROUP_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000)
_GROUP_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_REQUEST_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class Buckets:
    """A histogram without locks: everything here happens in one event loop."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self._total = 0.0

    def add(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._total += value

    def add_to(self, family: HistogramMetricFamily, labels: Sequence[str] = ()) -> None:
        found: list[tuple[str, float]] = []
        count = 0
        for bound, here in zip((*map(str, self._bounds), "+Inf"), self._counts, strict=True):
            count += here
            found.append((bound, float(count)))
        family.add_metric(labels, found, self._total)


class Telemetry:
    def __init__(self) -> None:
        # They double the lines and nobody graphs them.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.events = {"false": 0, "true": 0}
        self.files = {"false": 0, "true": 0}
        self.file_bytes = 0
        # Whoever watches a counter grow must have seen it at nought.
        self.refusals: dict[Code, int] = dict.fromkeys(PROBLEMS, 0)
        self.unconfirmed = {"no": 0, "unknown": 0}
        self.group_events = Buckets(_GROUP_SIZES)
        self.group_seconds = Buckets(_GROUP_SECONDS)
        self.request_seconds: dict[Door, Buckets] = {
            door: Buckets(_REQUEST_SECONDS) for door in DOORS
        }
        self._registry = CollectorRegistry()
        self._registry.register(_Counted(self))
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def accepted(self, *, duplicate: bool) -> None:
        self.events["true" if duplicate else "false"] += 1

    def kept(self, size: int, *, duplicate: bool) -> None:
        self.files["true" if duplicate else "false"] += 1
        if not duplicate:
            self.file_bytes += size

    def refused(self, code: Code) -> None:
        self.refusals[code] += 1

    def group(self, size: int, seconds: float) -> None:
        self.group_events.add(size)
        self.group_seconds.add(seconds)

    def missed(self, *, certain: bool) -> None:
        self.unconfirmed["no" if certain else "unknown"] += 1

    def answered(self, door: Door, seconds: float) -> None:
        self.request_seconds[door].add(seconds)

    def watch(self, queued: Callable[[], int], connected: Callable[[], bool]) -> None:
        """Ask these at every scrape."""
        self._registry.register(_Watched(queued, connected))

    def exposition(self) -> bytes:
        return generate_latest(self._registry)


class _Counted(Collector):
    def __init__(self, counts: Telemetry) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        counts = self._counts
        for name, text, label, values in (
            (
                "accepted",
                "Events that are durable; duplicates were so before.",
                "duplicate",
                counts.events,
            ),
            (
                "refused",
                "Events and requests refused, by code.",
                "code",
                {code.value: count for code, count in counts.refusals.items()},
            ),
            (
                "unconfirmed",
                "Messages that the log did not confirm, by whether it has them.",
                "stored",
                counts.unconfirmed,
            ),
            (
                "files",
                "Files of evidence that are durable; duplicates were so before.",
                "duplicate",
                counts.files,
            ),
        ):
            family = CounterMetricFamily(f"jifen_ingest_{name}", text, labels=[label])
            for value, count in values.items():
                family.add_metric([value], count)
            yield family
        yield CounterMetricFamily(
            "jifen_ingest_file_bytes", "Bytes of new files of evidence.", value=counts.file_bytes
        )
        events = HistogramMetricFamily(
            "jifen_ingest_group_events", "Messages of one group commit.", labels=[]
        )
        counts.group_events.add_to(events)
        yield events
        seconds = HistogramMetricFamily(
            "jifen_ingest_group_seconds", "Time of one group commit.", labels=[]
        )
        counts.group_seconds.add_to(seconds)
        yield seconds
        requests = HistogramMetricFamily(
            "jifen_ingest_request_seconds",
            "Time to answer a request, from its admission on.",
            labels=["door"],
        )
        for door, buckets in counts.request_seconds.items():
            buckets.add_to(requests, [door])
        yield requests


class _Watched(Collector):
    def __init__(self, queued: Callable[[], int], connected: Callable[[], bool]) -> None:
        self._queued = queued
        self._connected = connected

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "jifen_ingest_queue_events",
            "Events waiting for their group commit.",
            value=self._queued(),
        )
        yield GaugeMetricFamily(
            "jifen_ingest_connected",
            "1 while the broker is connected.",
            value=int(self._connected()),
        )
