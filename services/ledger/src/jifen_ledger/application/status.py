"""How far each scheme's projection is; read by readiness, metrics and people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jifen_ledger.application.counted import Counted
from jifen_ledger.application.stopped import Reason
from jifen_ledger.application.waiting import OldestWaiting

if TYPE_CHECKING:
    from jifen_ledger.application.invariants import Invariants


@dataclass(slots=True)
class Reconciled:
    """What comparing stream, journal and log has shown: changed by the reconciler only."""

    # When the heads and the newest messages were compared last.
    looked_ms: int | None = None
    # How far the pass under way has come, and when one last came to its end, and at which size.
    compared: int = 0
    whole_ms: int | None = None
    whole_size: int = 0
    # What is wrong, until it is no longer so.
    finding: Reason | None = None
    detail: str = ""
    waiting: str = ""


@dataclass(slots=True)
class SchemeStatus:
    """One scheme: changed by its projection and its reconciler only, read by anyone."""

    scheme: str
    size: int = 0
    stream_last: int = 0
    stopped: Reason | None = None
    detail: str = ""
    # Not stopped, but not moving: a server is away, or an event is ahead of our clock.
    waiting: str = ""
    last_commit_ms: int | None = None
    records: int = 0
    alarms: int = 0
    # Who projects it: this process where `held`, else another one, or nobody ("").
    worker: str = ""
    held: bool = True
    oldest: OldestWaiting = field(default_factory=OldestWaiting)
    counted: Counted = field(default_factory=Counted)
    # None until they were first computed here.
    invariants: Invariants | None = None
    reconciled: Reconciled = field(default_factory=Reconciled)

    def gain(self, worker: str) -> None:
        """Begin anew: this process projects the scheme from now on."""
        self.worker, self.held = worker, True
        self.stopped, self.detail, self.waiting = None, "", "not begun"
        self.reconciled = Reconciled()

    def see(self, worker: str, size: int, stream_last: int, trouble: str) -> None:
        """Take what the worker that holds the scheme told of it."""
        self.worker, self.held = worker, False
        self.stopped, self.detail, self.waiting = None, "", trouble
        self.reconciled = Reconciled()
        self.size, self.stream_last = size, stream_last
        self.oldest, self.invariants = OldestWaiting(), None

    @property
    def lag(self) -> int:
        """How many messages of the stream have no record yet."""
        return max(0, self.stream_last - self.size)


@dataclass(slots=True)
class PrivateStatus:
    """One scheme's copy of its private parts; readiness does not depend on it."""

    scheme: str
    seq: int = 0
    copied: int = 0
    mismatches: int = 0
    erased: int = 0
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
    """The schemes of this process."""

    schemes: dict[str, SchemeStatus] = field(default_factory=dict)
    private: dict[str, PrivateStatus] = field(default_factory=dict)

    def of(self, scheme: str) -> SchemeStatus:
        """Return the scheme's status, a new one for a scheme not seen before."""
        return self.schemes.setdefault(scheme, SchemeStatus(scheme))

    def private_of(self, scheme: str) -> PrivateStatus:
        """Return the status of the scheme's private copy, a new one where there was none."""
        return self.private.setdefault(scheme, PrivateStatus(scheme))

    def ready(self, lag_max: int) -> bool:
        """Tell whether every scheme moves and none is further behind than that."""
        return all(
            one.stopped is None and not one.waiting and one.lag <= lag_max
            for one in self.schemes.values()
        )
