"""The ledger's application, lent to one test after another: its routes take long to make."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from jifen_ledger.adapters.evidence_store import NatsEvidence
from jifen_ledger.adapters.http.application import LAG_MAX, make_application
from jifen_ledger.adapters.http.asking import Desk
from jifen_ledger.adapters.readers import Readers
from jifen_ledger.adapters.reads.snapshot import Snapshots
from jifen_ledger.application.evidence import Evidence
from jifen_ledger.application.status import ProjectionStatus

_FREE: list[FastAPI] = []


@contextmanager
def own_application(
    engine: AsyncEngine,
    readers: Readers,
    status: ProjectionStatus,
    *,
    evidence: Evidence | None,
    clock_ms: Callable[[], int],
) -> Iterator[FastAPI]:
    """An application that nobody else had."""
    yield make_application(engine, readers, status, evidence=evidence, clock_ms=clock_ms)


@contextmanager
def lent_application(
    engine: AsyncEngine,
    readers: Readers,
    status: ProjectionStatus,
    *,
    evidence: Evidence | None,
    clock_ms: Callable[[], int],
) -> Iterator[FastAPI]:
    """An application that answers from these; its metrics are those of all who had it before."""
    application = _FREE.pop() if _FREE else make_application(engine, readers, status)
    application.state.desk = Desk(
        Snapshots(engine), readers, status, evidence or NatsEvidence(), LAG_MAX, clock_ms
    )
    try:
        yield application
    finally:
        _FREE.append(application)
