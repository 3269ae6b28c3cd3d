"""Metrics of the projections and of what must always hold; labels are schemes, units and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from jifen_ledger.application.buckets import Buckets
from jifen_ledger.application.counted import Counted
from jifen_ledger.application.invariants import Invariants
from jifen_ledger.application.status import PrivateStatus, ProjectionStatus, SchemeStatus

TENTHS = 10
_Value = TypeVar("_Value", bound=str)


class ProjectionMetrics(Collector):
    """The projections' progress, read from their status at every scrape: the fold pays nothing."""

    def __init__(self, status: ProjectionStatus) -> None:
        """Read this status."""
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Return the metrics as they are now."""
        schemes = list(self._status.schemes.values())
        yield _gauge("records", "Records of the scheme.", schemes, "size")
        yield _gauge("lag", "Messages without a record.", schemes, "lag")
        yield _gauge("alarms", "Records that raised an alarm since the start.", schemes, "alarms")
        yield _gauge("held", "1 where this process projects the scheme.", schemes, "held")
        for name, text, attribute in (
            ("stopped", "1 where the projection stands still.", "stopped"),
            ("waiting", "1 where it waits for a server or for the clock.", "waiting"),
        ):
            family = GaugeMetricFamily(f"jifen_ledger_{name}", text, labels=["scheme"])
            for one in schemes:
                family.add_metric([one.scheme], int(bool(getattr(one, attribute))))
            yield family
        mine = {one.scheme: one.counted for one in schemes if one.held}
        yield _counter(
            "outcomes", "Records written by this process.", "status", mine, lambda one: one.outcomes
        )
        yield _counter(
            "refused", "The refused among them, by code.", "code", mine, lambda one: one.refused
        )
        yield _histogram("batch_events", "Events of a batch.", mine, lambda one: one.batch_events)
        yield _histogram("batch_seconds", "Time of a batch.", mine, lambda one: one.batch_seconds)


class InvariantMetrics(Collector):
    """What was found when the invariants were last computed, by the worker that holds a scheme."""

    def __init__(self, status: ProjectionStatus) -> None:
        """Read this status."""
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Return the gauges as they are now."""
        found = {
            one.scheme: one.invariants
            for one in self._status.schemes.values()
            if one.invariants is not None
        }
        sums = GaugeMetricFamily(
            "jifen_ledger_trial_balance_points",
            "Sum of all balances of a unit of points; anything but 0 is an alarm.",
            labels=["scheme", "unit"],
        )
        for scheme, invariants in found.items():
            for unit, tenths in invariants.books.sums.items():
                sums.add_metric([scheme, unit], tenths / TENTHS)
        yield sums
        for name, text, value in _INVARIANTS:
            family = GaugeMetricFamily(f"jifen_ledger_{name}", text, labels=["scheme"])
            for scheme, invariants in found.items():
                family.add_metric([scheme], value(invariants))
            yield family


_INVARIANTS: tuple[tuple[str, str, Callable[[Invariants], float]], ...] = (
    (
        "unbalanced_accounts",
        "Balances that are not the sum of their postings.",
        lambda one: one.books.unbalanced_accounts,
    ),
    (
        "missing_records",
        "Sequences up to the head that have no record.",
        lambda one: one.books.missing_records,
    ),
    (
        "missing_messages",
        "Sequences up to the stream's last that it no longer has.",
        lambda one: one.missing_messages,
    ),
    (
        "checked_timestamp_seconds",
        "When the invariants were last computed.",
        lambda one: one.checked_ms / 1_000,
    ),
)


class PrivateMetrics(Collector):
    """The copies of private parts; a mismatch is an alarm."""

    def __init__(self, status: ProjectionStatus) -> None:
        """Read this status at every scrape."""
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Return the gauges as they are now."""
        copies = list(self._status.private.values())
        yield _gauge("private_copied", "Private parts copied since the start.", copies, "copied")
        yield _gauge(
            "private_mismatches",
            "Messages of the private stream that do not open their hash, since the start.",
            copies,
            "mismatches",
        )
        yield _gauge("private_erased", "Ids whose private parts were erased.", copies, "erased")


def _gauge(
    name: str, text: str, schemes: Iterable[SchemeStatus | PrivateStatus], attribute: str
) -> Metric:
    family = GaugeMetricFamily(f"jifen_ledger_{name}", text, labels=["scheme"])
    for one in schemes:
        family.add_metric([one.scheme], getattr(one, attribute))
    return family


def _counter(
    name: str,
    text: str,
    label: str,
    counted: Mapping[str, Counted],
    counts: Callable[[Counted], Mapping[_Value, int]],
) -> Metric:
    family = CounterMetricFamily(f"jifen_ledger_{name}", text, labels=["scheme", label])
    for scheme, one in counted.items():
        for value, count in counts(one).items():
            family.add_metric([scheme, value], count)
    return family


def _histogram(
    name: str, text: str, counted: Mapping[str, Counted], buckets: Callable[[Counted], Buckets]
) -> Metric:
    family = HistogramMetricFamily(f"jifen_ledger_{name}", text, labels=["scheme"])
    for scheme, one in counted.items():
        found = buckets(one)
        family.add_metric([scheme], found.upto(), found.total)
    return family
